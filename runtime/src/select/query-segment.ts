import type { Comparison, Scalar } from "./compare.js";
import type { QueryPattern } from "./pattern.js";

/**
 * One step of a query, as plain data: a path's step (a name, an index, `"[*]"` for every element of a list), or
 *
 * - `".*"`: every value of an object;
 * - `name`: a name that looks like one of these signs;
 * - `slice`: elements of a list from `start` to before `end` by `step` (RFC 9535 §2.3.4), `null` where it is left out;
 * - `union`: what each of the steps or paths finds, one after the other;
 * - `descend`: what the step finds in the value and in everything inside it, outer values first;
 * - `where`: the elements or values for which a test holds;
 * - `sort`: the list, sorted;
 * - `parent`: the value itself, once for each match of the path.
 */
export type QuerySegment =
  | string
  | number
  | { readonly name: string }
  | { readonly slice: QuerySlice }
  | { readonly union: readonly (QuerySegment | readonly QuerySegment[])[] }
  | { readonly descend: QuerySegment }
  | { readonly where: QueryTest }
  | { readonly sort: readonly SortKey[] }
  | { readonly parent: readonly QuerySegment[] };

/** Start, end and step of a slice; `null` is as if it were not there. */
export type QuerySlice = readonly [start: number | null, end?: number | null, step?: number];

/** What a list is sorted by: the value at a path of its elements. */
export interface SortKey {
  readonly by: readonly QuerySegment[];
  readonly descending?: boolean;
}

/** A path from the value that is tested or, as `root`, from the body. */
export type QueryNodes = readonly QuerySegment[] | { readonly root: readonly QuerySegment[] };

/**
 * What a filter asks of a value, as plain data:
 *
 * - `all`, `some`, `not`: of other tests;
 * - `exists`: whether a path finds anything;
 * - `any`: whether any match of a path compares to `value`, as jsonpath-ng compares: with `whole`, matches are
 *   read as whole numbers first (`"5"` is 5, 1.5 is 1), and booleans are 0 and 1;
 * - `left`, `right`: whether two values compare, as RFC 9535 compares;
 * - `fits`: whether a pattern fits any match of a path, or a value.
 */
export type QueryTest =
  | { readonly all: readonly QueryTest[] }
  | { readonly some: readonly QueryTest[] }
  | { readonly not: QueryTest }
  | { readonly exists: QueryNodes }
  | {
      readonly any: readonly QuerySegment[];
      readonly is: Comparison;
      readonly value: Scalar;
      readonly whole?: true;
    }
  | { readonly left: QueryOperand; readonly is: Comparison; readonly right: QueryOperand }
  | { readonly any: readonly QuerySegment[]; readonly fits: QueryPattern }
  | { readonly left: QueryOperand; readonly fits: QueryPattern };

/** A side of a comparison: a value, what a singular path finds, or a function of RFC 9535 §2.4. */
export type QueryOperand =
  | Scalar
  | QueryNodes
  | { readonly length: QueryOperand }
  | { readonly count: QueryNodes }
  | { readonly value: QueryNodes };

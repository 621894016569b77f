import type { Comparison, Scalar } from "./compare.js";
import type { QueryPattern } from "./pattern.js";

/**
 * A segment of a query, as plain data: a step of a path (a name, an index, `"[*]"` for every element of a list), or
 *
 * - `".*"`: every value of an object;
 * - `name`: a name that looks like one of these wildcards;
 * - `slice`: elements of a list from `start` up to, excluding, `end` by `step` (RFC 9535 §2.3.4), `null` for a default;
 * - `union`: the matches of several segments or paths, in order;
 * - `descend`: the matches of a segment in the value and all its descendants, outer values first;
 * - `where`: the elements or values that satisfy a test;
 * - `sort`: the sorted list;
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

/** Start, end and step of a slice; `null` means the default. */
export type QuerySlice = readonly [start: number | null, end?: number | null, step?: number];

/** A path from the tested value or, as `root`, from the body. */
export type QueryNodes = readonly QuerySegment[] | { readonly root: readonly QuerySegment[] };

/**
 * The condition of a filter, as plain data:
 *
 * - `all`, `some`, `not`: combine other tests;
 * - `exists`: a path has a match;
 * - `any`: any match of a path compares with `value` by the rules of jsonpath-ng: with `whole`, matches are first
 *   converted to integers (`"5"` is 5, 1.5 is 1); booleans are 0 and 1;
 * - `left`, `right`: two values compare by the rules of RFC 9535;
 * - `fits`: a pattern matches any match of a path, or a value.
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

/** A side of a comparison: a value, the match of a singular path, or a function of RFC 9535 §2.4. */
export type QueryOperand =
  | Scalar
  | QueryNodes
  | { readonly length: QueryOperand }
  | { readonly count: QueryNodes }
  | { readonly value: QueryNodes };

/** A sort key: the value at a path of the elements. */
export interface SortKey {
  readonly by: readonly QuerySegment[];
  readonly descending?: boolean;
}

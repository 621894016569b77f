import { compileTest, type Compilers, type Context, type Find } from "./filter.js";
import type { Patterns } from "./pattern.js";
import { elementsOf, type Query } from "./path.js";
import type { QuerySegment, QuerySlice, SortKey } from "./query-segment.js";
import { toSorted } from "./sort.js";

/** A compiled segment. */
interface Step {
  /** Whether it has at most one match. */
  readonly isSingular: boolean;
  /** The containers that it can select from. */
  readonly into: { readonly list: boolean; readonly object: boolean };
  readonly find: Find;
  /** Replaces `find` below a step with several matches. */
  readonly findBelow?: Find;
}

/**
 * Creates a selector from segments. It reads own properties only, runs no regular expressions, and recurses only as deep
 * as the query, not the body. Patterns need the second argument: `patterns()` or `unicodePatterns()`.
 */
export function query(segments: readonly QuerySegment[], pattern: Patterns = noPatterns): Query {
  const compilers: Compilers = { path: (inner) => path(inner, compilers).find, pattern };
  const steps = segments.map((segment) => ({
    ...compile(segment, compilers),
    ...(segment === "[*]" && { findBelow: elementsOf }),
  }));
  const isSingular = steps.every((step) => step.isSingular);
  return {
    isSingular,
    run: (body) => run(steps, body),
    includes: () => !isSingular,
    join: (separator) => segments.map(toText).join(separator),
  };
}

function noPatterns(): never {
  throw new TypeError("a query with patterns needs patterns() as its second argument");
}

/** Prints a segment for messages; patterns appear as their source. */
function toText(segment: QuerySegment): string {
  const omitProgram = (key: string, value: unknown): unknown => (key === "program" ? undefined : value);
  return typeof segment === "object" ? JSON.stringify(segment, omitProgram) : String(segment);
}

/** Runs a query. Up to the first step with several matches, a missing value gives `undefined`, an empty one `[]`. */
function run(steps: readonly Step[], body: unknown): readonly unknown[] | undefined {
  const context: Context = { root: body, known: new Map() };
  let found: readonly unknown[] = [body];
  let isMulti = false;
  for (const { isSingular, into, find, findBelow = find } of steps) {
    const findIn = isMulti ? findBelow : find;
    if (!isMulti && !isSingular) {
      const [node] = found;
      if (Array.isArray(node) ? !into.list : !isObject(node) || !into.object) return undefined;
      isMulti = true;
    }
    found = found.flatMap((node) => findIn(node, context));
    if (!isMulti && found.length === 0) return undefined;
  }
  return found;
}

function compile(segment: QuerySegment, compilers: Compilers): Step {
  if (typeof segment === "number") return indexed(segment);
  if (segment === "[*]") return elements((list) => list);
  if (segment === ".*") return members();
  if (typeof segment === "string") return named(segment);
  if ("name" in segment) return named(segment.name);
  if ("slice" in segment) return elements((list) => slice(list, segment.slice));
  if ("union" in segment)
    return union(segment.union.map((part) => path(isPath(part) ? part : [part], compilers)));
  if ("descend" in segment) return descend(compile(segment.descend, compilers));
  if ("where" in segment) return filter(compileTest(segment.where, compilers));
  if ("sort" in segment) return { ...sorted(segment.sort, compilers), isSingular: true };
  return parent(path(segment.parent, compilers));
}

const lists = { list: true, object: false };
const objects = { list: false, object: true };
const both = { list: true, object: true };

function named(name: string): Step {
  const find: Find = (node) => (isObject(node) && Object.hasOwn(node, name) ? [node[name]] : []);
  return { isSingular: true, into: objects, find };
}

function indexed(index: number): Step {
  return { ...elements((list) => list.slice(index, index + 1 || undefined)), isSingular: true };
}

function elements(pick: (list: readonly unknown[]) => readonly unknown[]): Step {
  return { isSingular: false, into: lists, find: (node) => (isList(node) ? pick(node) : []) };
}

function members(): Step {
  return {
    isSingular: false,
    into: objects,
    find: (node) => (isObject(node) ? Object.values(node) : []),
  };
}

function filter(test: (node: unknown, context: Context) => boolean): Step {
  return {
    isSingular: false,
    into: both,
    find: (node, context) => childrenOf(node).filter((child) => test(child, context)),
  };
}

function sorted(keys: readonly SortKey[], compilers: Compilers): Step {
  const compiled = keys.map(({ by, descending = false }) => ({ find: compilers.path(by), descending }));
  return elements((list) => [toSorted(list, compiled)]);
}

/** Combines the segments of a path into one step. */
function path(segments: readonly QuerySegment[], compilers: Compilers): Step {
  const steps = segments.map((segment) => compile(segment, compilers));
  return {
    isSingular: steps.every(({ isSingular }) => isSingular),
    into: steps[0]?.into ?? both,
    find: (node, context) =>
      steps.reduce<readonly unknown[]>(
        (found, { find }) => found.flatMap((each) => find(each, context)),
        [node],
      ),
  };
}

function union(parts: readonly Step[]): Step {
  return {
    isSingular: false,
    into: {
      list: parts.some(({ into }) => into.list),
      object: parts.some(({ into }) => into.object),
    },
    find: (node, context) => parts.flatMap(({ find }) => find(node, context)),
  };
}

function parent({ isSingular, into, find }: Step): Step {
  return { isSingular, into, find: (node, context) => find(node, context).map(() => node) };
}

/** Iterative, because bodies can be nested deeper than the call stack allows. */
function descend({ find }: Step): Step {
  return {
    isSingular: false,
    into: both,
    find: (top, context) => {
      const found: unknown[] = [];
      const waiting: unknown[] = [top];
      while (waiting.length > 0) {
        const node = waiting.pop();
        for (const match of find(node, context)) found.push(match);
        const children = childrenOf(node);
        for (let index = children.length - 1; index >= 0; index -= 1) waiting.push(children[index]);
      }
      return found;
    },
  };
}

/** Slices a list by RFC 9535 §2.3.4.2. For positive steps, this equals `Array.prototype.slice`. */
function slice(list: readonly unknown[], [start, end = null, step = 1]: QuerySlice): readonly unknown[] {
  if (step > 0) return list.slice(start ?? 0, end ?? undefined).filter((_, index) => index % step === 0);
  const found: unknown[] = [];
  const first = start === null ? list.length - 1 : Math.min(fromStart(start, list), list.length - 1);
  const last = end === null ? -1 : Math.max(fromStart(end, list), -1);
  for (let index = first; step < 0 && index > last; index += step) found.push(list[index]);
  return found;
}

function fromStart(index: number, list: readonly unknown[]): number {
  return index < 0 ? list.length + index : index;
}

function childrenOf(node: unknown): readonly unknown[] {
  if (isList(node)) return node;
  return isObject(node) ? Object.values(node) : [];
}

function isPath(part: QuerySegment | readonly QuerySegment[]): part is readonly QuerySegment[] {
  return Array.isArray(part);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

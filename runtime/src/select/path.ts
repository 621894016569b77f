/**
 * Where a value stands in a body: names, indexes (from the end when negative) and `"[*]"` for every element of a
 * list, as the generator compiles them from a selector. A path without `"[*]"` has one match at most.
 */
export type Path = readonly (string | number)[];

/** A selector that is more than a path: what `query` makes. `includes` and `join` answer as a path's would. */
export interface Query {
  /** Whether it has one match at most. */
  readonly isSingular: boolean;
  /** What it finds, in document order; `undefined` where a path would find nothing, see `select`. */
  readonly run: (body: unknown) => readonly unknown[] | undefined;
  /** Of `"[*]"`: whether there may be several matches. */
  readonly includes: (step: string) => boolean;
  /** The query for messages. */
  readonly join: (separator: string) => string;
}

/** Where values stand in a body. */
export type Selector = Path | Query;

const each = "[*]";

/** What a selector finds, in document order; `undefined` when a name or index before the first `[*]` is not there. */
export function select(selector: Selector, body: unknown): readonly unknown[] | undefined {
  if ("run" in selector) return selector.run(body);
  let found: readonly unknown[] = [body];
  let isMulti = false;
  for (const step of selector) {
    // Over anything but a list, `[*]` finds nothing.
    isMulti ||= step === each && Array.isArray(found[0]);
    found = found.flatMap((node) => children(node, step));
    if (!isMulti && !found.length) return undefined;
  }
  return found;
}

/** The records of a page: all matches, or what the one match holds: a list, an object, or with `null` nothing. */
export function selectRecords(selector: Selector, body: unknown): readonly unknown[] | undefined {
  const found = select(selector, body);
  const value = selector.includes(each) || found?.[0];
  return Array.isArray(value) ? (value as readonly unknown[]) : value === null ? [] : found;
}

/** Own properties and elements only: a selector never reaches into prototypes. */
function children(node: unknown, step: string | number): readonly unknown[] {
  if (step === each) return Array.isArray(node) ? (node as readonly unknown[]) : [];
  // A name is no index, whatever it looks like. After -1 comes the end, not 0.
  if (typeof step === "number") return Array.isArray(node) ? node.slice(step, step + 1 || undefined) : [];
  const isThere =
    typeof node === "object" && !Array.isArray(node) && Object.hasOwn(Object(node) as object, step);
  return isThere ? [(node as Readonly<Record<string, unknown>>)[step]] : [];
}

/**
 * A path to values in a body, compiled from a selector: names, indexes (negative ones count from the end) and `"[*]"`
 * for every element of a list. A path without `"[*]"` has at most one match.
 */
export type Path = readonly (string | number)[];

/** A selector with more than names, indexes and `"[*]"`, created by `query`. `includes` and `join` mirror those of a path. */
export interface Query {
  /** Whether it has at most one match. */
  readonly isSingular: boolean;
  /** Returns the matches in document order, or `undefined` in the cases of `select`. */
  readonly run: (body: unknown) => readonly unknown[] | undefined;
  /** For `"[*]"`: whether several matches are possible. */
  readonly includes: (step: string) => boolean;
  /** Prints the query for messages. */
  readonly join: (separator: string) => string;
}

/** Selects values in a body. */
export type Selector = Path | Query;

const each = "[*]";

/** Returns the matches in document order, or `undefined` if a name or index before the first `[*]` does not exist. */
export function select(selector: Selector, body: unknown): readonly unknown[] | undefined {
  if ("run" in selector) return selector.run(body);
  let found: readonly unknown[] = [body];
  let isMulti = false;
  for (const step of selector) {
    if (isMulti) {
      found = found.flatMap((node) => (step === each ? elementsOf(node) : children(node, step)));
      continue;
    }
    // The first `[*]` matches nothing outside lists.
    isMulti = step === each && Array.isArray(found[0]);
    found = children(found[0], step);
    if (!isMulti && !found.length) return undefined;
  }
  return found;
}

/**
 * Returns the records of a page: all matches, or the content of a single match, which is the items of a list, an object,
 * or nothing for `null`. A single text or number is a record too, unless the records are objects (`areObjects`). `false` and
 * `""` are not records.
 */
export function selectRecords(
  selector: Selector,
  body: unknown,
  areObjects?: boolean,
): readonly unknown[] | undefined {
  const found = select(selector, body);
  if (!found || selector.includes(each)) return found;
  const [value] = found;
  if (Array.isArray(value)) return value as readonly unknown[];
  if (value === null) return [];
  return typeof value === "object" || (value !== false && value !== "" && !areObjects) ? found : undefined;
}

/** Prints a selector for messages as a spec writes it: `data.items[*].id`. */
export function printSelector(selector: Pick<Query, "join">): string {
  return selector.join(".").replaceAll(".[", "[") || "$";
}

/**
 * Returns the elements of a value below a list. A value that is not a list counts as a list with this one element, as in
 * jsonpath-ng. `null` and other empty values have no elements.
 */
export function elementsOf(node: unknown): readonly unknown[] {
  return Array.isArray(node) ? (node as readonly unknown[]) : node ? [node] : [];
}

/** Returns the matches of a step: own properties and elements only, never those of prototypes. */
function children(node: unknown, step: string | number): readonly unknown[] {
  if (step === each) return Array.isArray(node) ? (node as readonly unknown[]) : [];
  // Names never select from lists. The slice from -1 runs to the end, not to 0.
  if (typeof step === "number") return Array.isArray(node) ? node.slice(step, step + 1 || undefined) : [];
  const exists =
    typeof node === "object" && !Array.isArray(node) && Object.hasOwn(Object(node) as object, step);
  return exists ? [(node as Readonly<Record<string, unknown>>)[step]] : [];
}

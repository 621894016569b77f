/**
 * Where a value stands in a body: names, indexes (from the end when negative) and `"[*]"` for every element of a
 * list, as the generator compiles them from a selector. A path without `"[*]"` has one match at most.
 */
export type Path = readonly (string | number)[];

const each = "[*]";

/** What a path finds, in document order; `undefined` when a name or index before the first `[*]` is not there. */
export function select(path: Path, body: unknown): readonly unknown[] | undefined {
  let found: readonly unknown[] = [body];
  let isSingular = true;
  for (const step of path) {
    if (step === each && isSingular && !Array.isArray(found[0])) return undefined;
    isSingular &&= step !== each;
    found = found.flatMap((node) => children(node, step));
    if (isSingular && found.length === 0) return undefined;
  }
  return found;
}

/** The records of a page: all matches, or what the one match holds: a list, an object, or with `null` nothing. */
export function selectRecords(path: Path, body: unknown): readonly unknown[] | undefined {
  const found = select(path, body);
  if (!found || path.includes(each)) return found;
  const [value] = found;
  if (Array.isArray(value)) return value as readonly unknown[];
  return value === null ? [] : found;
}

/** Own properties and elements only: a path never reaches into prototypes. */
function children(node: unknown, step: string | number): readonly unknown[] {
  if (Array.isArray(node)) {
    const list = node as readonly unknown[];
    if (step === each) return list;
    // A name is no index, whatever it looks like. After -1 comes the end, not 0.
    return typeof step === "number" ? list.slice(step, step + 1 || undefined) : [];
  }
  const object = Object(node) as Readonly<Record<string, unknown>>;
  return typeof node === "object" && typeof step === "string" && Object.hasOwn(object, step)
    ? [object[step]]
    : [];
}

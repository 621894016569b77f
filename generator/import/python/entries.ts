import { constant, type PyConstant, type PyEntry } from "./values.js";

/**
 * Returns the name of the entry under a key. Keys that are equal in Python have one name, such as `1`, `1.0` and `True`;
 * `1` and `"1"` have two.
 */
export function entryName({ value }: PyConstant): string {
  if (typeof value === "string") return value;
  return `\0${value === null ? "None" : Number(value)}`;
}

/** Creates the entry under a key. An entry that it replaces keeps its key. */
export function entryUnder(
  key: PyConstant,
  entry: Pick<PyEntry, "key" | "value">,
  before?: PyEntry,
): PyEntry {
  return typeof key.value === "string" ? entry : { ...entry, given: before?.given ?? key };
}

/** Returns the keys of entries. */
export function keysOf(entries: ReadonlyMap<string, PyEntry>): readonly PyConstant[] {
  return [...entries].map(([name, { key, given }]) => given ?? constant(name, key));
}

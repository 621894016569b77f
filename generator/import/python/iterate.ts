import { enumMembers } from "./classes.js";
import type { Span } from "./nodes.js";
import { constant, listValue, type PyValue, unknown } from "./values.js";

/** Returns the items over which a loop runs. Returns `undefined` if none of them is known. */
export function itemsOf(value: PyValue): readonly PyValue[] | undefined {
  switch (value.kind) {
    case "list":
      return value.items;
    case "dict":
      return value.rest.length === 0
        ? [...value.entries].map(([name, { key }]) => constant(name, key))
        : undefined;
    case "constant":
      return typeof value.value === "string"
        ? Array.from(value.value).map((character) => constant(character, value.origin))
        : undefined;
    case "class":
      return enumMembers(value);
    case "handle":
      return [value];
    default:
      return undefined;
  }
}

/** Returns the entries of a dict as pairs of key and value. Returns `undefined` if some are unknown. */
export function pairsOf(value: PyValue): readonly (readonly [PyValue, PyValue])[] | undefined {
  if (value.kind !== "dict" || value.rest.length > 0) return undefined;
  return [...value.entries].map(([name, entry]) => [constant(name, entry.key), entry.value] as const);
}

/** Creates a list of pairs. */
export function pairList(
  pairs: readonly (readonly [PyValue, PyValue])[],
  origin: PyValue["origin"],
): PyValue {
  return listValue(
    pairs.map(([key, value]) => listValue([key, value], origin)),
    origin,
  );
}

/** Returns the items that `*value` adds to a list. */
export function spreadItems(value: PyValue, origin: Span): readonly PyValue[] {
  if (value.kind === "list") return value.items;
  if (value.kind === "dict" && value.rest.length === 0)
    return [...value.entries].map(([name, { key }]) => constant(name, key));
  if (value.kind === "handle") return [value];
  return [unknown("spread", origin, { isSpread: true })];
}

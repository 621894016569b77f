import { enumMembers } from "./classes.js";
import type { Evaluator } from "./evaluator.js";
import type { Span } from "./nodes.js";
import { keysOf } from "./entries.js";
import {
  constant,
  isUncertainItem,
  isWhole,
  listValue,
  type PyValue,
  tupleValue,
  unknown,
} from "./values.js";

/**
 * Returns the value over which a loop runs: the known one of two alternatives, or the default of an external value.
 * Records the assumption.
 */
export function settleItems({ assumptions }: Evaluator, value: PyValue): PyValue {
  if (value.kind === "choice") {
    const isThen = hasItems(value.then);
    const chosen = isThen ? value.then : value.otherwise;
    if (!chosen || !hasItems(chosen)) return value;
    const { from, to } = value.condition.test;
    assumptions.set(from, { from, to, outcome: isThen ? "true" : "false" });
    return chosen;
  }
  if (value.kind !== "reference" || !value.fallback || !hasItems(value.fallback)) return value;
  const { from, to } = value.origin;
  assumptions.set(from, { from, to, outcome: "not given" });
  return value.fallback;
}

/** Whether a value is a list of constants and other known values. */
function hasItems(value: PyValue | undefined): boolean {
  return (
    isWhole(value) &&
    value.items.length > 0 &&
    value.items.every(({ kind }) => kind !== "unknown" && kind !== "reference" && kind !== "call")
  );
}

/** Returns the items over which a loop runs. Returns `undefined` if none of them is known. */
export function itemsOf(value: PyValue): readonly PyValue[] | undefined {
  switch (value.kind) {
    case "list":
      return value.items;
    case "dict":
      return value.rest.length === 0 ? keysOf(value.entries) : undefined;
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
  const keys = keysOf(value.entries);
  return [...value.entries.values()].map(
    (entry, index) => [keys[index] ?? entry.value, entry.value] as const,
  );
}

/**
 * Replaces an item of a list. An item that the list may lack stays one, and any number of items stay unknown. Returns
 * `undefined` if the replacement is unknown.
 */
export function replaceItem(
  item: PyValue,
  replace: (item: PyValue) => PyValue | undefined,
): PyValue | undefined {
  if (!isUncertainItem(item)) return replace(item);
  if (item.kind !== "choice") return item;
  const { then, otherwise } = item;
  const side = then ?? otherwise;
  const replaced = side && replace(side);
  return replaced && { ...item, ...(then ? { then: replaced } : { otherwise: replaced }) };
}

/** Creates a list of pairs. */
export function pairList(
  pairs: readonly (readonly [PyValue, PyValue])[],
  origin: PyValue["origin"],
): PyValue {
  return listValue(
    pairs.map(([key, value]) => tupleValue([key, value], origin)),
    origin,
  );
}

/** Returns the items that `*value` adds to a list. */
export function spreadItems(value: PyValue, origin: Span): readonly PyValue[] {
  if (value.kind === "list") return value.items;
  if (value.kind === "dict" && value.rest.length === 0) return keysOf(value.entries);
  if (value.kind === "handle") return [value];
  return [unknown("spread", origin, { isSpread: true })];
}

/** The order of the keys that objects have, by the keys as they came: most records of a resource have the same ones. */
const orders = new Map<string, readonly string[]>();
const maxOrders = 1000;

/** Sorts the keys of all objects in a value, so that equal records have equal texts. */
export function sortKeys(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  const given = value as Readonly<Record<string, unknown>>;
  const result: Record<string, unknown> = {};
  for (const key of orderOf(Object.keys(given))) {
    const inner = given[key];
    const item = typeof inner === "object" ? sortKeys(inner) : inner;
    // Assignment would set the prototype.
    if (key === "__proto__") Object.defineProperty(result, key, { value: item, enumerable: true });
    else result[key] = item;
  }
  return result;
}

function orderOf(keys: readonly string[]): readonly string[] {
  const id = keys.join("\0");
  const known = orders.get(id);
  if (known) return known;
  const sorted = [...keys].sort();
  if (orders.size >= maxOrders) orders.clear();
  orders.set(id, sorted);
  return sorted;
}

/** Keys in their original order, and sorted. */
interface Order {
  readonly given: readonly string[];
  readonly sorted: readonly string[];
}

/** The last order by number of keys. Most records of a resource have the same keys. */
const orders: Order[] = [];
const maxKeys = 1000;

/** Sorts the keys of all objects in a value, so equal records have equal texts. */
export function sortKeys(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  const given = value as Readonly<Record<string, unknown>>;
  const result: Record<string, unknown> = {};
  for (const key of orderOf(Object.keys(given))) {
    const inner = given[key];
    const item = typeof inner === "object" ? sortKeys(inner) : inner;
    // An assignment would set the prototype.
    if (key === "__proto__") Object.defineProperty(result, key, { value: item, enumerable: true });
    else result[key] = item;
  }
  return result;
}

/** Sorts keys. */
export function orderOf(keys: readonly string[]): readonly string[] {
  const last = orders[keys.length];
  if (last && keys.every((key, index) => key === last.given[index])) return last.sorted;
  const sorted = [...keys].sort();
  if (keys.length <= maxKeys) orders[keys.length] = { given: keys, sorted };
  return sorted;
}

/** The keys of an object in their original order, and sorted. */
interface SortedKeys {
  readonly given: readonly string[];
  readonly sorted: readonly string[];
  /** The sorted keys as a text that no other keys have: `{2:id4:name}`. */
  readonly text: string;
}

/** The last order by number of keys. Most records of a resource have the same keys. */
const orders: SortedKeys[] = [];
const maxKeys = 1000;

/** Sorts the keys of all objects in a value, so equal records have equal texts. */
export function sortKeys(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  const given = value as Readonly<Record<string, unknown>>;
  const result: Record<string, unknown> = {};
  for (const key of sortedKeysOf(Object.keys(given)).sorted) {
    const inner = given[key];
    const item = typeof inner === "object" ? sortKeys(inner) : inner;
    // An assignment would set the prototype.
    if (key === "__proto__") Object.defineProperty(result, key, { value: item, enumerable: true });
    else result[key] = item;
  }
  return result;
}

/** Returns the keys of an object, sorted. */
export function sortedKeysOf(keys: readonly string[]): SortedKeys {
  const last = orders[keys.length];
  if (last && keys.every((key, index) => key === last.given[index])) return last;
  const sorted = [...keys].sort();
  const text = `{${sorted.map((key) => `${key.length}:${key}`).join("")}}`;
  const order = { given: keys, sorted, text };
  if (keys.length <= maxKeys) orders[keys.length] = order;
  return order;
}

/** A value without `bigint`, and the first field that held one. */
export interface PlainValue<T> {
  readonly value: T;
  /** The path of that field, joined by dots; empty if the value itself was one; absent if none was. */
  readonly field?: string;
}

/** Replaces each `bigint` in a value by its digits as text. Returns the same value if there is none. */
export function withoutBigIntegers<T>(value: T): PlainValue<T> {
  const field = findBigInteger(value, "");
  if (field === undefined) return { value };
  const text = JSON.stringify(value, (_, item: unknown) => (typeof item === "bigint" ? String(item) : item));
  return { value: JSON.parse(text) as T, field };
}

function findBigInteger(value: unknown, path: string): string | undefined {
  if (typeof value === "bigint") return path;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [name, item] of Object.entries(value)) {
    const inner = Array.isArray(value) ? path : path ? `${path}.${name}` : name;
    const found = findBigInteger(item, inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

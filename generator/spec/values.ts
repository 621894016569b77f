import type { JsonValue } from "@connector-gen/runtime";
import type { Path } from "./load/document.js";

/** An object of a spec whose values are not yet checked. */
export type Raw = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object: neither null nor a list. */
export function isObject(value: unknown): value is Raw {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads an own property of a value; `undefined` if the value is not an object or has no such property. */
export function own(value: unknown, key: string | number): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string | number, unknown>>)[key];
}

/** Returns the value if it is an object, otherwise an empty object. */
export function objectOf(value: unknown): Raw {
  return isObject(value) ? value : {};
}

/** Returns the value if it is a list, otherwise an empty list. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Returns the value if it is a string, otherwise `undefined`. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Returns the value if it is a number, otherwise `undefined`. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** Parses JSON, without its byte order mark. Returns `undefined` for any other text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.startsWith("\ufeff") ? text.slice(1) : text) as unknown;
  } catch {
    return undefined;
  }
}

/** Returns a function that calls another one at its first call, and always returns that result. */
export function once<T>(get: () => T): () => T {
  let result: { readonly value: T } | undefined;
  return () => (result ??= { value: get() }).value;
}

/** Returns the value at a path, or `undefined` if the path does not exist. */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce(own, root);
}

/** Copies a value with another one at a path. Creates the lists and objects on the way that are missing. */
export function withValue(root: JsonValue | undefined, [step, ...rest]: Path, value: JsonValue): JsonValue {
  if (step === undefined) return value;
  if (typeof step === "number") {
    const items = Array.isArray(root) ? [...(root as readonly JsonValue[])] : [];
    items[step] = withValue(items[step], rest, value);
    return items;
  }
  const object = isObject(root) ? root : {};
  return { ...object, [step]: withValue(object[step], rest, value) };
}

/** Whether a path exists; its value may be `null`. */
export function hasPath(root: unknown, path: Path): boolean {
  return valueAt(root, path) !== undefined;
}

/** Copies an object without its `undefined` properties. */
export function given<T extends object>(properties: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const present: { [K in keyof T]?: T[K] } = {};
  for (const key of Object.keys(properties) as (keyof T)[])
    if (properties[key] !== undefined) present[key] = properties[key];
  return present as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/**
 * Copies a value deeply. Several times faster than `structuredClone`, which also supports values that JSON cannot
 * contain.
 */
export function copy<T extends JsonValue | undefined>(value: T): T {
  return copyOf(value) as T;
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isObject(value)) return value;
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const inner = copyOf(value[key]);
    // Assignment would set the prototype.
    if (key === "__proto__")
      Object.defineProperty(result, key, {
        value: inner,
        ...{ enumerable: true, writable: true, configurable: true },
      });
    else result[key] = inner;
  }
  return result;
}

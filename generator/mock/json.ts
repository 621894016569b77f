import type { JsonIr } from "../ir/source-ir.js";

/** A JSON object under construction. */
export type MutableObject = Record<string, JsonIr>;

/** Whether a value is an object in the sense of JSON: neither null nor a list. */
export function isObject(value: JsonIr): value is Readonly<Record<string, JsonIr>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a list. Unlike `Array.isArray`, narrows read-only lists. */
export function isList(value: JsonIr): value is readonly JsonIr[] {
  return Array.isArray(value);
}

/** Sets a property with any name. Assigning `__proto__` would set the prototype instead. */
export function setOwn(target: MutableObject, name: string, value: JsonIr): void {
  if (name !== "__proto__") target[name] = value;
  else Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

/** Returns the value at a dotted path of names and indexes, if it exists. */
export function valueAt(value: JsonIr, path: string): JsonIr | undefined {
  return path.split(".").reduce<JsonIr | undefined>((inner, name) => {
    if (inner === undefined) return undefined;
    if (isList(inner)) return /^\d+$/.test(name) ? inner[Number(name)] : undefined;
    return isObject(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined;
  }, value);
}

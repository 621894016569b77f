import type { JsonIr } from "../ir/source-ir.js";

/** A JSON object under construction. */
export type MutableObject = Record<string, JsonIr>;

/** Whether a value is an object in the sense of JSON: neither null nor a list. */
export function isObject(value: JsonIr): value is Readonly<Record<string, JsonIr>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `Array.isArray` for read-only lists, which it does not tell from objects. */
export function isList(value: JsonIr): value is readonly JsonIr[] {
  return Array.isArray(value);
}

/** Sets a property whatever its name: `__proto__` by assignment would set the prototype. */
export function setOwn(target: MutableObject, name: string, value: JsonIr): void {
  if (name !== "__proto__") target[name] = value;
  else Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

/** The value at a dotted path of names; nothing where it does not lead. */
export function at(value: JsonIr, path: string): JsonIr | undefined {
  return path
    .split(".")
    .reduce<JsonIr | undefined>(
      (inner, name) =>
        inner !== undefined && isObject(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined,
      value,
    );
}

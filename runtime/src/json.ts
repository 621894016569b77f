import { parseExact, toJson } from "./exact-json.js";

/** Any JSON value. `JsonValue<bigint>` is one whose integers beyond 2^53 are `bigint`s. */
export type JsonValue<Big extends bigint = never> =
  string | number | boolean | null | Big | readonly JsonValue<Big>[] | JsonObject<Big>;

/** A JSON object; the record type of a resource without a schema. */
export interface JsonObject<Big extends bigint = never> {
  readonly [key: string]: JsonValue<Big>;
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

/** Returns the values of a record's key as one text, or `undefined` if one of them is missing, null or an object. */
export function keyOf(record: unknown, names: readonly string[] = []): string | undefined {
  let key: string | undefined;
  for (const name of names) {
    const value = (Object(record) as JsonObject)[name];
    if (value == null || typeof value === "object") return undefined;
    key = (key === undefined ? "" : `${key},`) + typeof value + String(value);
  }
  return key;
}

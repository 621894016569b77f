/** Any value that JSON can carry. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object; the record type of a resource without a schema. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Whether a value is an object in the sense of JSON: neither null nor a list. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Any value that JSON can carry. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object; the record type of a resource without a schema. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

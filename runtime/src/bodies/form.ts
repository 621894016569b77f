import { toText, type JsonObject, type JsonValue } from "../json.js";

/** A field of a form. */
export type FormField = readonly [name: string, value: JsonValue];

/** Writes a form: lists are repeated, `null` is omitted, objects are JSON. */
export function writeForm(fields: readonly FormField[]): string {
  return fields
    .flatMap(([name, value]) => [value].flat().map((item: JsonValue) => [name, item] as const))
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${encodeField(name)}=${encodeField(toText(value))}`)
    .join("&");
}

/** Writes the fields of an object as a form. */
export function toForm(fields: JsonObject): string {
  return writeForm(Object.entries(fields));
}

/** Encodes a text as forms do: `application/x-www-form-urlencoded`. */
export function encodeField(text: string): string {
  return encodeURIComponent(text).replaceAll("%20", "+");
}

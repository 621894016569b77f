import type { JsonObject } from "../json.js";
import { toText } from "../client/template.js";

/** Writes a form: lists become repeated fields, `null` is left out. */
export function toForm(fields: JsonObject): string {
  return Object.entries(fields)
    .flatMap(([name, value]) => [value].flat().map((item) => [name, item] as const))
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${encodeField(name)}=${encodeField(toText(value))}`)
    .join("&");
}

/** Encodes a text as forms do: `application/x-www-form-urlencoded`. */
export function encodeField(text: string): string {
  return encodeURIComponent(text).replaceAll("%20", "+");
}

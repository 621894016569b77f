import type { JsonValue } from "@connector-gen/runtime";
import { parseJson } from "../spec/values.js";

/** A request that the user gives as a URL with flags, as a curl command, or in a recording. */
export interface RequestSample {
  readonly method: string;
  readonly url: URL;
  /** In order, as given. May contain secrets. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
}

/** Parses `Name: value`. Returns `undefined` if the text is not a header. */
export function parseHeader(text: string): readonly [string, string] | undefined {
  const [, name, value = ""] = /^([\w!#$%&'*+.^`|~-]+)\s*:\s*(.*)$/s.exec(text) ?? [];
  return name === undefined ? undefined : [name, value.trim()];
}

/** Parses a JSON or form body; `undefined` for any other text. */
export function parseBody(
  text: string,
): { readonly key: "json" | "data"; readonly value: JsonValue } | undefined {
  const value = parseJson(text);
  if (value !== undefined) return { key: "json", value: value as JsonValue };
  if (!/^[^\s={}]+=[^\s]*$/.test(text)) return undefined;
  return { key: "data", value: Object.fromEntries(new URLSearchParams(text)) };
}

/** Encodes `name:password` as the value of `Authorization`. Without a colon, the password is empty. */
export function basicHeader(user: string): readonly [string, string] {
  const pair = user.includes(":") ? user : `${user}:`;
  return ["Authorization", `Basic ${Buffer.from(pair).toString("base64")}`];
}

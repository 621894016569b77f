import { ConnectorError, Fault } from "../errors.js";
import type { JsonValue } from "../json.js";

/** Finds the value of a placeholder, e.g. of `secrets.api_key` or `resources.users.id`. */
export type Lookup = (name: string) => Promise<JsonValue>;

/** Puts values in place of `{name}`; `{{` and `}}` stand for braces. There is no text for `null`. */
export async function expand(template: string, lookup: Lookup): Promise<string> {
  if (!/[{}]/.test(template)) return template;
  let text = "";
  let end = 0;
  for (const match of template.matchAll(/\{\{|\}\}|\{([^{}]*)\}/g)) {
    const [found, name] = match;
    let value: JsonValue = found.slice(1);
    if (name !== undefined && (value = await lookup(name)) == null)
      throw new Fault(ConnectorError, "INVALID_PARAMS", `\`${name}\` is null`);
    text += template.slice(end, match.index) + toText(value);
    end = match.index + found.length;
  }
  return text + template.slice(end);
}

/** Expands every text of a value. A text that is one placeholder and nothing else becomes its value, type and all. */
export async function expandValue(value: JsonValue, lookup: Lookup): Promise<JsonValue> {
  if (typeof value === "string") {
    const name = /^\{([^{}]*)\}$/.exec(value)?.[1];
    return name === undefined ? expand(value, lookup) : lookup(name);
  }
  if (typeof value !== "object" || !value) return value;
  const entries = Object.entries(value).map(([name, item]: readonly [string, JsonValue]) =>
    Promise.all([expand(name, lookup), expandValue(item, lookup)]),
  );
  const expanded = Object.fromEntries(await Promise.all(entries));
  return Array.isArray(value) ? Object.values(expanded) : expanded;
}

/** A value as text: objects and lists as JSON. */
export function toText(value: JsonValue): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

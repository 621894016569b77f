import { ConnectorError, ReadFailure } from "../errors.js";
import { toText, type JsonValue } from "../json.js";

/** Returns the value of a placeholder, e.g. of `secrets.api_key` or `resources.users.id`. */
export type Lookup = (name: string) => Promise<JsonValue>;

/**
 * The parameters of a read. `undefined` and `null` mean "not given". A plan adds the values of its placeholders under
 * their names: `resources.users.id`.
 */
export type Params = Readonly<Record<string, JsonValue | undefined>>;

/** Replaces each `{name}` by its value; `{{` and `}}` are braces. Throws if a value is `null`. */
export async function expand(template: string, lookup: Lookup): Promise<string> {
  if (!/[{}]/.test(template)) return template;
  let text = "";
  let end = 0;
  for (const match of template.matchAll(/\{\{|\}\}|\{([^{}]*)\}/g)) {
    const [found, name] = match;
    let value: JsonValue = found.slice(1);
    if (name !== undefined && (value = await lookup(name)) == null)
      throw new ReadFailure(ConnectorError, "INVALID_PARAMS", `\`${name}\` is null`);
    text += template.slice(end, match.index) + toText(value);
    end = match.index + found.length;
  }
  return text + template.slice(end);
}

/** Expands every text in a value. A text that is exactly one placeholder becomes its value and keeps the value's type. */
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

import { ConnectorError, ReadFailure } from "../errors.js";
import { toText, type JsonValue } from "../json.js";

/** Returns the value of a placeholder, e.g. of `secrets.api_key` or `resources.users.id`. */
export type Lookup = (name: string) => Promise<JsonValue>;

/**
 * The parameters of a read. `undefined` and `null` mean "not given". A plan adds the values of its placeholders under
 * their names: `resources.users.id`.
 */
export type Params = Readonly<Record<string, JsonValue | undefined>>;

/** Replaces each `{name}` with its value; `{{` and `}}` are braces. Throws if a value is `null`. */
export async function expand(template: string, lookup: Lookup): Promise<string> {
  if (!/[{}]/.test(template)) return template;
  // After each text come the name of a placeholder and a doubled brace, one of which is undefined.
  const parts = template.split(/\{([^{}]*)\}|([{}])\2/) as (string | undefined)[];
  for (let i = 1; i < parts.length; i += 3) {
    const name = parts[i];
    if (name === undefined) continue;
    const value = (await lookup(name)) as JsonValue | undefined;
    if (value == null) throw new ReadFailure(ConnectorError, "INVALID_PARAMS", `\`${name}\` is null`);
    parts[i] = toText(value);
  }
  return parts.join("");
}

/** Parts of descriptors without placeholders, remembered because they are expanded for every page. */
const plain = new WeakSet();

/** Expands every text in a value. A text that is exactly one placeholder becomes its value and keeps the value's type. */
export async function expandValue(value: JsonValue, lookup: Lookup): Promise<JsonValue> {
  if (typeof value === "string") {
    const name = /^\{([^{}]*)\}$/.exec(value)?.[1];
    return name === undefined ? expand(value, lookup) : lookup(name);
  }
  if (typeof value !== "object" || !value || plain.has(value)) return value;
  // Most values have no placeholders: their entries have no braces.
  if (!/[{}]/.test(toText(Object.entries(value)))) {
    plain.add(value);
    return value;
  }
  const entries = Object.entries(value).map(([name, item]: readonly [string, JsonValue]) =>
    Promise.all([expand(name, lookup), expandValue(item, lookup)]),
  );
  const expanded = Object.fromEntries(await Promise.all(entries));
  return Array.isArray(value) ? Object.values(expanded) : expanded;
}

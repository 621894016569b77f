import { isObject, type Raw } from "../values.js";

/** The value of a keyword: a schema, a list of schemas, schemas by name, or something else. */
type Content = "schema" | "list" | "map" | "other";

const keywords: ReadonlyMap<string, Content> = new Map([
  ...contents("schema", "items additionalProperties additionalItems contains propertyNames not if then else"),
  ...contents("schema", "unevaluatedItems unevaluatedProperties contentSchema"),
  ...contents("list", "allOf anyOf oneOf prefixItems"),
  ...contents("map", "properties patternProperties $defs definitions dependentSchemas dependencies"),
  ...contents("other", "$schema $id $anchor $ref $comment $vocabulary $dynamicAnchor $dynamicRef id"),
  ...contents("other", "type enum const format required nullable title description default deprecated"),
  ...contents(
    "other",
    "examples example readOnly writeOnly minimum maximum exclusiveMinimum exclusiveMaximum",
  ),
  ...contents("other", "multipleOf minLength maxLength pattern minItems maxItems uniqueItems minContains"),
  ...contents("other", "maxContains minProperties maxProperties contentEncoding contentMediaType"),
  ...contents("other", "dependentRequired discriminator xml externalDocs big_integers"),
]);

/** The keywords of JSON Schema and OpenAPI. */
export const schemaKeywords: readonly string[] = [...keywords.keys()];

/** Whether a word is one of these keywords. */
export function isSchemaKeyword(word: string): boolean {
  return keywords.has(word);
}

/** Called with a direct subschema, its keyword, and its name or index beneath the keyword. */
type Visit = (part: unknown, keyword: string, key?: string | number) => void;

/** Calls `visit` with every direct subschema. */
export function forEachSubschema(schema: Raw, visit: Visit): void {
  for (const keyword of Object.keys(schema)) {
    const content = keywords.get(keyword);
    if (content === "other" || content === undefined) continue;
    const value = schema[keyword];
    // Before 2020-12, `items` may be a list.
    if (Array.isArray(value) && (content === "list" || keyword === "items"))
      value.forEach((item, index) => visit(item, keyword, index));
    else if (content === "schema") visit(value, keyword);
    if (content === "map" && isObject(value)) {
      for (const name of Object.keys(value)) visit(value[name], keyword, name);
    }
  }
}

/** Returns what replaces a direct subschema, from its keyword, and its name or index beneath the keyword. */
type Replace = (part: unknown, keyword: string, key?: string | number) => unknown;

/** Replaces every direct subschema. Returns the same schema if that changes nothing, otherwise a copy. */
export function mapSubschemas(schema: Raw, replace: Replace): Raw {
  return mapValues(schema, (value, keyword) => {
    const content = keywords.get(keyword);
    if (content === "other" || content === undefined) return value;
    if (Array.isArray(value))
      return content === "list" || keyword === "items"
        ? mapItems(value, (part, index) => replace(part, keyword, index))
        : value;
    if (content === "schema") return replace(value, keyword);
    if (content !== "map" || !isObject(value)) return value;
    return mapValues(value, (part, name) => (Array.isArray(part) ? part : replace(part, keyword, name)));
  });
}

function mapItems(
  items: readonly unknown[],
  replace: (item: unknown, index: number) => unknown,
): readonly unknown[] {
  const mapped = items.map(replace);
  return mapped.some((item, index) => item !== items[index]) ? mapped : items;
}

/** Replaces the values of an object, in a copy if any changes; `__proto__` remains an ordinary key. */
function mapValues(object: Raw, replace: (value: unknown, key: string) => unknown): Raw {
  const keys = Object.keys(object);
  let changed: Map<string, unknown> | undefined;
  for (const key of keys) {
    const value = replace(object[key], key);
    if (value !== object[key]) (changed ??= new Map()).set(key, value);
  }
  if (!changed) return object;
  return Object.fromEntries(keys.map((key) => [key, changed.has(key) ? changed.get(key) : object[key]]));
}

function contents(content: Content, words: string): (readonly [string, Content])[] {
  return words.split(" ").map((keyword) => [keyword, content] as const);
}

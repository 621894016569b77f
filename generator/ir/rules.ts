import { documentationKeywords, type JsonSchema, type SchemaObject } from "../spec/spec.js";
import type { JsonIr, RulesIr } from "./source-ir.js";

/** Keywords that no type expresses. */
const limits = [
  ...["minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
  ...["multipleOf", "minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains"],
  ...["minProperties", "maxProperties", "propertyNames", "dependentRequired", "dependentSchemas"],
  ...["not", "if", "then", "else"],
];

/** Keywords that may become rules. */
const limiting: ReadonlySet<string> = new Set([...limits, "patternProperties", "anyOf", "oneOf"]);

const none: RulesIr = {};

/** Keywords that only document values. */
const documentation = [
  ...documentationKeywords,
  ...["format", "discriminator", "externalDocs", "xml", "big_integers"],
];

/** Returns the keywords of one part of a schema that its type cannot express. */
export function rulesOf(schema: SchemaObject): RulesIr {
  if (!Object.keys(schema).some((keyword) => limiting.has(keyword))) return none;
  const kept = Object.entries(schema).filter(([keyword]) => limits.includes(keyword));
  const { patternProperties, additionalProperties, properties } = schema;
  const hasPatterns = patternProperties !== undefined;
  const names = Object.keys((properties ?? {}) as object).map((name) => [name, true] as const);
  return withoutDocumentation({
    ...Object.fromEntries(kept),
    ...(patternProperties !== undefined && { patternProperties }),
    // `additionalProperties` applies to the fields that neither keyword names.
    ...(hasPatterns && additionalProperties !== undefined && { additionalProperties }),
    ...(hasPatterns &&
      additionalProperties !== undefined &&
      names.length > 0 && { properties: Object.fromEntries(names) }),
    ...limitingChoices(schema),
  });
}

/** Returns the alternatives that have no shape, such as `anyOf: [{ "required": ["a"] }, { "required": ["b"] }]`. */
function limitingChoices(schema: SchemaObject): RulesIr {
  const choices = (["anyOf", "oneOf"] as const).flatMap((keyword) => {
    const options = schema[keyword];
    const isLimiting = Array.isArray(options) && (options as readonly JsonSchema[]).every(isLimit);
    return isLimiting ? [[keyword, options] as const] : [];
  });
  return Object.fromEntries(choices);
}

const shaping = [
  ...["type", "$ref", "allOf", "anyOf", "oneOf", "properties", "items", "prefixItems", "enum", "const"],
  ...["patternProperties", "additionalProperties", "unevaluatedProperties", "unevaluatedItems"],
];

function isLimit(schema: JsonSchema): boolean {
  return schema === true || (typeof schema === "object" && !shaping.some((keyword) => keyword in schema));
}

/**
 * Returns `additionalProperties` with the fields beside it; `undefined` if it limits nothing or also depends on patterns.
 */
export function othersOf(schema: SchemaObject): RulesIr | undefined {
  const { additionalProperties, patternProperties, properties } = schema;
  if (additionalProperties === undefined || additionalProperties === true) return undefined;
  if (patternProperties !== undefined) return undefined;
  const names = Object.keys((properties ?? {}) as object).map((name) => [name, true] as const);
  return withoutDocumentation({ properties: Object.fromEntries(names), additionalProperties });
}

/** Whether a schema limits the fields or items that its other keywords do not describe. */
export function isUnevaluated(schema: SchemaObject): boolean {
  return "unevaluatedProperties" in schema || "unevaluatedItems" in schema;
}

/** Copies a schema without documentation. */
export function withoutDocumentation(schema: SchemaObject): RulesIr {
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword]) => !documentation.includes(keyword) && !/^x-/i.test(keyword))
      .map(([keyword, value]) => [keyword, clean(keyword, value)]),
  );
}

const lists = ["allOf", "anyOf", "oneOf", "prefixItems"];
const maps = ["properties", "patternProperties", "dependentSchemas"];
const nested = [
  ...["items", "additionalProperties", "contains", "propertyNames", "not", "if", "then", "else"],
  ...["unevaluatedProperties", "unevaluatedItems"],
];

function clean(keyword: string, value: JsonIr): JsonIr {
  const schemaOf = (part: JsonIr): JsonIr =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? withoutDocumentation(part as SchemaObject)
      : part;
  if (lists.includes(keyword) && Array.isArray(value)) return (value as readonly JsonIr[]).map(schemaOf);
  if (nested.includes(keyword)) return schemaOf(value);
  if (!maps.includes(keyword) || typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, schemaOf(part)]));
}

/** Joins rules that all apply. Keywords that occur in several rules stay separate. */
export function joinRules(rules: readonly RulesIr[]): RulesIr | undefined {
  if (rules.length < 2) return rules[0];
  const distinct = [...new Map(rules.map((each) => [JSON.stringify(each), each])).values()];
  const [first, ...others] = distinct;
  if (!first) return undefined;
  const groups = ["additionalProperties", "unevaluatedProperties", "unevaluatedItems", "if", "contains"];
  const merged: Record<string, JsonIr> = { ...first };
  const apart: RulesIr[] = [];
  for (const each of others) {
    const keys = Object.keys(each);
    const isApart =
      keys.some((key) => key in merged || groups.includes(key)) || groups.some((key) => key in merged);
    if (isApart) apart.push(each);
    else Object.assign(merged, each);
  }
  return apart.length === 0
    ? merged
    : { ...merged, allOf: [...((merged["allOf"] ?? []) as readonly JsonIr[]), ...apart] };
}

/** Returns the shared schemas to which rules refer, directly or through others. */
export function definitionsOf(
  rules: readonly RulesIr[],
  schemas: Readonly<Record<string, JsonSchema>>,
): Readonly<Record<string, JsonIr>> {
  const found = new Map<string, JsonIr>();
  const visit = (value: JsonIr): void => {
    if (typeof value !== "object" || value === null) return;
    const { $ref } = value as Readonly<Record<string, JsonIr>>;
    const name = typeof $ref === "string" ? $ref.replace("#/schemas/", "") : undefined;
    if (name !== undefined && !found.has(name)) {
      const schema = schemas[name] ?? true;
      const definition = typeof schema === "object" ? withoutDocumentation(schema) : schema;
      found.set(name, definition);
      visit(definition);
    }
    Object.values(value).forEach((part) => visit(part));
  };
  rules.forEach(visit);
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

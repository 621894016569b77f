import type { JsonObject, JsonValue } from "@connector-gen/runtime";
import { documentationKeywords, type JsonSchema, type SchemaObject } from "../spec/spec.js";
import { isUnevaluated, othersOf, rulesOf, withoutDocumentation } from "./rules.js";
import type { RulesIr } from "./source-ir.js";

/** Alternatives of a schema: `oneOf` or `anyOf`. */
export interface Choice {
  readonly keyword: "oneOf" | "anyOf";
  readonly options: readonly JsonSchema[];
}

/** The keywords that determine the type of a value, from a schema and the parts of its `allOf` and `$ref`. */
export interface FlatSchema {
  /** Absent: any type. */
  readonly types?: readonly string[];
  readonly values?: readonly JsonValue[];
  readonly isOpen?: boolean;
  readonly properties: ReadonlyMap<string, JsonSchema>;
  readonly required: ReadonlySet<string>;
  readonly additional?: JsonSchema;
  /** `additionalProperties` with the fields beside it. Absent in merged schemas, where it is one of the rules. */
  readonly others?: RulesIr;
  readonly patterns: ReadonlyMap<string, JsonSchema>;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly minItems?: number;
  readonly choices: readonly Choice[];
  readonly format?: string;
  readonly bigIntegers?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  /** Keywords that a type cannot express, of each part. */
  readonly rules: readonly RulesIr[];
}

/** A schema that allows any value. */
export const anything: FlatSchema = {
  properties: new Map(),
  required: new Set(),
  patterns: new Map(),
  choices: [],
  rules: [],
};

/** A schema that no value matches. */
const nothing: FlatSchema = { ...anything, types: [] };

/** Returns the schema with a name in `schemas`. */
export type Resolve = (name: string) => JsonSchema;

/** Returns the name of the shared schema to which a schema refers. */
export function refOf(schema: JsonSchema | undefined): string | undefined {
  const ref = typeof schema === "object" ? schema["$ref"] : undefined;
  return typeof ref === "string" && ref.startsWith("#/schemas/") ? ref.slice("#/schemas/".length) : undefined;
}

/** Returns the parts of a schema: the schema behind its `$ref`, those of its `allOf`, and its own keywords. */
export function partsOf(schema: JsonSchema): readonly JsonSchema[] {
  if (typeof schema === "boolean") return schema ? [] : [false];
  // Most schemas have only their own keywords.
  if (!("$ref" in schema || "allOf" in schema)) return Object.keys(schema).length > 0 ? [schema] : [];
  const { $ref, allOf, ...own } = schema;
  const nested = Array.isArray(allOf) ? (allOf as readonly JsonSchema[]).flatMap(partsOf) : [];
  return [
    ...($ref === undefined ? [] : [{ $ref }]),
    ...nested,
    ...(Object.keys(own).length > 0 ? [own] : []),
  ];
}

/** Merges a schema, its `allOf` and the schemas that it refers to. References in its fields and items remain. */
export function flatten(schema: JsonSchema, resolve: Resolve, depth = 0): FlatSchema {
  // Circular references and longer chains are errors in the spec.
  if (depth > 32) return anything;
  const parts = partsOf(schema);
  if (parts[0] === schema) return withWholes(readFlat(schema), schema);
  const flats = parts.map((part) => {
    const name = refOf(part);
    return name === undefined ? readFlat(part) : flatten(resolve(name), resolve, depth + 1);
  });
  const [first = anything, ...others] = flats;
  const flat = others.reduce(intersect, first);
  return withWholes(flat, schema);
}

function withWholes(flat: FlatSchema, schema: JsonSchema): FlatSchema {
  const wholes = wholesOf(schema);
  return wholes.length === 0 ? flat : { ...flat, rules: [...flat.rules, ...wholes] };
}

/** Returns the parts of a schema that limit unevaluated fields or items. The limit depends on all keywords of a part. */
function wholesOf(schema: JsonSchema): readonly RulesIr[] {
  if (typeof schema !== "object") return [];
  if (isUnevaluated(schema)) return [withoutDocumentation(schema)];
  const { allOf } = schema;
  return Array.isArray(allOf) ? (allOf as readonly JsonSchema[]).flatMap(wholesOf) : [];
}

function readFlat(schema: JsonSchema): FlatSchema {
  if (typeof schema === "boolean") return schema ? anything : nothing;
  // Fill in one object, because copies of parts would take most of the time.
  const flat: Writable<FlatSchema> = {
    properties: mapOf(schema["properties"]),
    required: setOf(schema["required"]),
    patterns: mapOf(schema["patternProperties"]),
    choices: choicesOf(schema),
    rules: ownRules(schema),
  };
  const types = typesOf(schema);
  if (types) flat.types = types;
  readValues(schema, flat);
  readParts(schema, flat);
  if (typeof schema["format"] === "string") flat.format = schema["format"];
  if (typeof schema["big_integers"] === "string") flat.bigIntegers = schema["big_integers"];
  if (typeof schema["minimum"] === "number") flat.minimum = schema["minimum"];
  if (typeof schema["maximum"] === "number") flat.maximum = schema["maximum"];
  return flat;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function readValues(schema: SchemaObject, flat: Writable<FlatSchema>): void {
  const values = "const" in schema ? [schema["const"] ?? null] : schema["enum"];
  if (Array.isArray(values)) flat.values = values as readonly JsonValue[];
  if (schema["x-open-enum"] === true) flat.isOpen = true;
}

/** Reads the keywords for items and for unnamed fields. */
function readParts(schema: SchemaObject, flat: Writable<FlatSchema>): void {
  const { prefixItems, minItems } = schema;
  const additional = schema["additionalProperties"] ?? schema["unevaluatedProperties"];
  const items = schema["items"] ?? schema["unevaluatedItems"];
  const others = othersOf(schema);
  if (additional !== undefined) flat.additional = additional as JsonSchema;
  if (items !== undefined) flat.items = items as JsonSchema;
  if (Array.isArray(prefixItems)) flat.prefixItems = prefixItems as readonly JsonSchema[];
  if (typeof minItems === "number") flat.minItems = minItems;
  if (others) flat.others = others;
}

function ownRules(schema: SchemaObject): readonly RulesIr[] {
  const rules = rulesOf(schema);
  return Object.keys(rules).length > 0 ? [rules] : anything.rules;
}

function setOf(value: JsonValue | undefined): ReadonlySet<string> {
  return Array.isArray(value) ? new Set(value as readonly string[]) : anything.required;
}

function mapOf(value: JsonValue | undefined): ReadonlyMap<string, JsonSchema> {
  return value === undefined || value === null
    ? anything.properties
    : new Map(Object.entries(value as Readonly<Record<string, JsonSchema>>));
}

function choicesOf(schema: SchemaObject): readonly Choice[] {
  if (!("oneOf" in schema || "anyOf" in schema)) return anything.choices;
  return (["oneOf", "anyOf"] as const).flatMap((keyword) => {
    const options = schema[keyword];
    return Array.isArray(options) ? [{ keyword, options: options as readonly JsonSchema[] }] : [];
  });
}

/** Returns the types of a schema. A schema without `type` that describes fields or items is a schema of objects or lists. */
function typesOf(schema: SchemaObject): readonly string[] | undefined {
  const { type } = schema;
  if (typeof type === "string") return [type];
  if (Array.isArray(type)) return type as readonly string[];
  if ("properties" in schema || "additionalProperties" in schema || "patternProperties" in schema)
    return ["object"];
  return "items" in schema || "prefixItems" in schema ? ["array"] : undefined;
}

/** Returns the intersection of two schemas. If their keywords exclude each other, the later schema applies. */
export function intersect(a: FlatSchema, b: FlatSchema): FlatSchema {
  const types = meet(a.types, b.types, meetTypes);
  const values = meet(a.values, b.values, meetValues);
  const items = meet(a.items, b.items, (left, right) => both(left, right));
  const prefixItems = meet(a.prefixItems, b.prefixItems, meetItems);
  const minimum = meet(a.minimum, b.minimum, Math.max);
  const maximum = meet(a.maximum, b.maximum, Math.min);
  const minItems = meet(a.minItems, b.minItems, Math.max);
  const additional = meet(a.additional, b.additional, (left, right) => both(left, right));
  const format = b.format ?? a.format;
  const bigIntegers = b.bigIntegers ?? a.bigIntegers;
  return {
    ...(types && { types }),
    ...(values && { values }),
    ...(a.isOpen === true && b.isOpen !== false && !b.values && { isOpen: true }),
    ...(b.isOpen === true && { isOpen: true }),
    properties: meetMaps(a.properties, b.properties),
    required: new Set([...a.required, ...b.required]),
    ...(additional !== undefined && { additional }),
    patterns: meetMaps(a.patterns, b.patterns),
    ...(items !== undefined && { items }),
    ...(prefixItems && { prefixItems }),
    ...(minItems !== undefined && { minItems }),
    choices: [...a.choices, ...b.choices],
    ...(format !== undefined && { format }),
    ...(bigIntegers !== undefined && { bigIntegers }),
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
    rules: [a, b].flatMap(({ rules, others }) => (others ? [...rules, others] : rules)),
  };
}

function meet<T>(a: T | undefined, b: T | undefined, join: (a: T, b: T) => T): T | undefined {
  if (a === undefined) return b;
  return b === undefined ? a : join(a, b);
}

function meetTypes(a: readonly string[], b: readonly string[]): readonly string[] {
  // Every integer is a number.
  const has = (types: readonly string[], type: string): boolean =>
    types.includes(type) || (type === "integer" && types.includes("number"));
  const common = [...new Set([...a.filter((type) => has(b, type)), ...b.filter((type) => has(a, type))])];
  return common.length > 0 || a.length === 0 || b.length === 0 ? common : b;
}

function meetValues(a: readonly JsonValue[], b: readonly JsonValue[]): readonly JsonValue[] {
  const texts = new Set(a.map((value) => JSON.stringify(value)));
  const common = b.filter((value) => texts.has(JSON.stringify(value)));
  return common.length > 0 ? common : b;
}

function meetItems(a: readonly JsonSchema[], b: readonly JsonSchema[]): readonly JsonSchema[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, at) => both(a[at] ?? true, b[at] ?? true));
}

function meetMaps(
  a: ReadonlyMap<string, JsonSchema>,
  b: ReadonlyMap<string, JsonSchema>,
): ReadonlyMap<string, JsonSchema> {
  const merged = new Map(a);
  for (const [name, schema] of b) {
    const other = merged.get(name);
    merged.set(name, other === undefined ? schema : both(other, schema));
  }
  return merged;
}

/**
 * Returns the schema of values that match both. Its parts are in one list, so merging schemas that refer to themselves
 * ends.
 */
export function both(a: JsonSchema, b: JsonSchema): JsonSchema {
  if (a === true || b === false) return b;
  if (b === true || a === false) return a;
  const parts = new Map<string, JsonSchema>();
  const documentation: JsonObject = Object.assign({}, ...[a, b].map(documentationOf)) as JsonObject;
  for (const schema of [a, b]) {
    for (const part of partsOf(undocumented(schema))) parts.set(JSON.stringify(part), part);
  }
  const all = [...parts.values()];
  const [only = {}] = all;
  return all.length < 2 && typeof only === "object"
    ? { ...documentation, ...only }
    : { ...documentation, allOf: all };
}

function documentationOf(schema: JsonSchema): JsonObject {
  const entries = Object.entries(typeof schema === "object" ? schema : {});
  return Object.fromEntries(entries.filter(([keyword]) => documentationKeywords.includes(keyword)));
}

function undocumented(schema: JsonSchema): JsonSchema {
  if (typeof schema !== "object") return schema;
  return Object.fromEntries(
    Object.entries(schema).filter(([keyword]) => !documentationKeywords.includes(keyword)),
  );
}

import type { JsonValue } from "@connector-gen/runtime";
import type { BigIntegerMode, JsonSchema } from "../spec/spec.js";
import type { Scope } from "./names.js";
import { toPascal, toSingularPascal } from "./names.js";
import type { DeclarationIr, FieldIr, JsonIr, TypeIr } from "./source-ir.js";

/** Converts the JSON Schemas of one spec to types and named declarations. */
export interface TypeBuilder {
  /** The type of a schema; objects in it become declarations named after `name`, collected in `into`. */
  readonly build: (schema: JsonSchema, name: string, into: DeclarationIr[]) => TypeIr;
  /** Declares a schema under a name that is claimed already. */
  readonly declare: (schema: JsonSchema, name: string, into: DeclarationIr[]) => TypeIr;
  /** The same builder for schemas whose integers beyond 2^53 appear in one way. */
  readonly withBigIntegers: (mode: BigIntegerMode) => Pick<TypeBuilder, "build" | "declare">;
  /** The declarations of all shared schemas in use so far, in the spec's order. */
  readonly shared: () => readonly DeclarationIr[];
}

type SchemaObject = Exclude<JsonSchema, boolean>;

interface Context {
  readonly scope: Scope;
  readonly into: DeclarationIr[];
  readonly reference: (name: string) => TypeIr;
  readonly resolve: (schema: JsonSchema) => SchemaObject;
  readonly bigIntegers: ReadonlySet<BigIntegerMode>;
}

const json: TypeIr = { kind: "json" };

/** How deep schemas that refer to each other are built within each other; deeper ones are built afterwards. */
const maxRecursion = 50;

/** Creates a builder for a spec with these shared schemas. The integers of a shared schema may appear in all given ways. */
export function createTypeBuilder(
  schemas: Readonly<Record<string, JsonSchema>>,
  scope: Scope,
  allModes: ReadonlySet<BigIntegerMode>,
): TypeBuilder {
  const named = new Map<string, { readonly name: string; readonly declarations: DeclarationIr[] }>();
  const resolve = (schema: JsonSchema, depth = 0): SchemaObject => {
    const target = typeof schema === "object" ? refOf(schema) : undefined;
    const isAlone =
      typeof schema === "object" && !["properties", "required", "allOf"].some((key) => key in schema);
    if (target === undefined || !isAlone || depth > 32) return typeof schema === "object" ? schema : {};
    return resolve(schemas[target] ?? true, depth + 1);
  };
  const contextOf = (into: DeclarationIr[], bigIntegers: ReadonlySet<BigIntegerMode>): Context => ({
    scope,
    into,
    reference,
    resolve,
    bigIntegers,
  });
  const declareAs = (schema: JsonSchema, name: string, context: Context): TypeIr => {
    const { into } = context;
    const place = into.push(declare(name, schema, json)) - 1;
    into[place] = declare(name, schema, bodyOf(schema, name, context));
    return { kind: "ref", name };
  };
  const reference = (key: string): TypeIr => {
    const known = named.get(key);
    if (known) return { kind: "ref", name: known.name };
    const entry = { name: scope.claim(toPascal(key), "Schema"), declarations: [] as DeclarationIr[] };
    // Registered before its parts are built, because a schema may refer to itself.
    named.set(key, entry);
    const build = (): TypeIr =>
      declareAs(schemas[key] ?? true, entry.name, contextOf(entry.declarations, allModes));
    if (depth >= maxRecursion) later.push(build);
    else nest(build);
    return { kind: "ref", name: entry.name };
  };
  /** Schemas that refer to each other can form a chain as long as the spec. */
  const later: (() => TypeIr)[] = [];
  let depth = 0;
  const nest = (build: () => TypeIr): TypeIr => {
    depth += 1;
    const type = build();
    depth -= 1;
    return type;
  };
  const nestAll = (build: () => TypeIr): TypeIr => {
    const type = nest(build);
    for (let next = later.pop(); next; next = later.pop()) nest(next);
    return type;
  };
  const withModes = (modes: ReadonlySet<BigIntegerMode>): Pick<TypeBuilder, "build" | "declare"> => ({
    build: (schema, name, into) => nestAll(() => typeOf(schema, name, contextOf(into, modes))),
    declare: (schema, name, into) => nestAll(() => declareAs(schema, name, contextOf(into, modes))),
  });
  return {
    ...withModes(new Set()),
    withBigIntegers: (mode) => withModes(new Set([mode])),
    shared: () => Object.keys(schemas).flatMap((key) => named.get(key)?.declarations ?? []),
  };
}

/** The name of the shared schema that a schema refers to. */
export function refOf(schema: SchemaObject): string | undefined {
  const ref = schema["$ref"];
  const match = typeof ref === "string" ? /^#\/schemas\/(.+)$/.exec(ref) : null;
  return match?.[1]?.replaceAll("~1", "/").replaceAll("~0", "~");
}

function declare(name: string, schema: JsonSchema, type: TypeIr): DeclarationIr {
  return { name, type, ...describe(schema) };
}

function describe(schema: JsonSchema): Pick<FieldIr, "description" | "deprecated" | "examples"> {
  if (typeof schema === "boolean") return {};
  const { description, title, deprecated, examples, example } = schema;
  const text = [description, title].find((part) => typeof part === "string" && part.trim() !== "");
  const samples = Array.isArray(examples)
    ? (examples as readonly JsonIr[])
    : example === undefined
      ? []
      : [example];
  return {
    ...(typeof text === "string" && { description: text }),
    ...(deprecated === true && { deprecated }),
    ...(samples.length > 0 && { examples: samples }),
  };
}

/** The type of a field. Objects with properties become declarations, and the type refers to them. */
function typeOf(schema: JsonSchema, name: string, context: Context): TypeIr {
  if (typeof schema === "boolean") return json;
  const key = refOf(schema);
  if (key !== undefined && !hasOwnShape(schema, context)) return nullable(schema, context.reference(key));
  if (!hasFields(schema, context) || isMixed(schema)) return bodyOf(schema, name, context);
  const claimed = context.scope.claim(name);
  const place = context.into.push(declare(claimed, schema, json)) - 1;
  const body = objectOf(schema, claimed, context);
  context.into[place] = declare(claimed, schema, body);
  return nullable(schema, { kind: "ref", name: claimed });
}

/** The type of a declaration, in full. */
function bodyOf(schema: JsonSchema, name: string, context: Context): TypeIr {
  if (typeof schema === "boolean") return json;
  const key = refOf(schema);
  if (key !== undefined && !hasOwnShape(schema, context)) return nullable(schema, context.reference(key));
  if (hasFields(schema, context) && !isMixed(schema))
    return nullable(schema, objectOf(schema, name, context));
  return nullable(schema, shapeOf(schema, name, context));
}

function shapeOf(schema: SchemaObject, name: string, context: Context): TypeIr {
  if ("const" in schema) return { kind: "enum", values: [schema["const"] as string] };
  if (Array.isArray(schema["enum"])) return enumOf(schema["enum"] as readonly JsonValue[]);
  const alternatives = [schema["oneOf"], schema["anyOf"]].find(Array.isArray) as
    readonly JsonSchema[] | undefined;
  if (alternatives)
    return unionOf(alternatives.map((part, i) => typeOf(part, variantName(part, name, i), context)));
  if (Array.isArray(schema["allOf"])) {
    const parts = (schema["allOf"] as readonly JsonSchema[])
      .map((part, i) => typeOf(part, `${name}${i + 1}`, context))
      // Any value: a part that only limits the others, for example by `required`.
      .filter(({ kind }) => kind !== "json");
    const [only = json, ...others] = parts;
    return others.length > 0 ? { kind: "intersection", parts } : only;
  }
  const types = typesOf(schema).filter((type) => type !== "null");
  const shapes = types.map((type) => simpleOf(type, schema, { name, context }));
  if (typesOf(schema).length > 0 && types.length === 0) return { kind: "null" };
  return shapes.length === 0 ? json : unionOf(shapes);
}

function simpleOf(
  type: string,
  schema: SchemaObject,
  { name, context }: { name: string; context: Context },
): TypeIr {
  switch (type) {
    case "string":
      return { kind: "string", ...(typeof schema["format"] === "string" && { format: schema["format"] }) };
    case "integer":
    case "number":
      return {
        kind: "number",
        integer: type === "integer",
        ...bounds(schema),
        ...formsOf(type, schema, context),
      };
    case "boolean":
      return { kind: "boolean" };
    case "array":
      return arrayOf(schema, name, context);
    case "object":
      return hasFields(schema, context)
        ? typeOf({ ...schema, type: "object", nullable: false }, name, context)
        : { kind: "map", values: mapValues(schema, name, context) };
    default:
      return json;
  }
}

/** A mode of the field applies to all its integers, one of the resource only to those beyond 2^53. */
function formsOf(
  type: string,
  schema: SchemaObject,
  { bigIntegers }: Context,
): Pick<Extract<TypeIr, { kind: "number" }>, "forms"> {
  const own = schema["big_integers"];
  if (own === "string" || own === "bigint") return { forms: type === "integer" ? [own] : ["number", own] };
  const others = (["string", "bigint"] as const).filter((mode) => bigIntegers.has(mode));
  return own === undefined && type === "integer" && others.length > 0 ? { forms: ["number", ...others] } : {};
}

function arrayOf(schema: SchemaObject, name: string, context: Context): TypeIr {
  const items = schema["items"] as JsonSchema | undefined;
  const element = toSingularPascal(name);
  if (!Array.isArray(schema["prefixItems"])) {
    return { kind: "array", items: items === undefined ? json : typeOf(items, element, context) };
  }
  const first = (schema["prefixItems"] as readonly JsonSchema[]).map((part, i) =>
    typeOf(part, `${element}${i + 1}`, context),
  );
  if (items === false) return { kind: "tuple", items: first };
  return { kind: "tuple", items: first, rest: items === undefined ? json : typeOf(items, element, context) };
}

function mapValues(schema: SchemaObject, name: string, context: Context): TypeIr {
  const values = schema["additionalProperties"] as JsonSchema | undefined;
  return typeof values === "object" ? typeOf(values, `${name}Value`, context) : json;
}

function objectOf(schema: SchemaObject, name: string, context: Context): TypeIr {
  const { properties, required } = mergedFields(schema, context);
  const fields = Object.entries(properties).map(([key, property]): FieldIr => {
    const type = typeOf(property, name + toPascal(key), context);
    return { name: key, required: required.has(key), type, ...describe(property) };
  });
  return { kind: "object", fields };
}

/** The properties of an object schema and of the parts of its `allOf`. Later parts win. */
function mergedFields(
  schema: SchemaObject,
  context: Context,
  depth = 0,
): { readonly properties: Readonly<Record<string, JsonSchema>>; readonly required: ReadonlySet<string> } {
  const parts =
    depth > 16 ? [] : partsOf(schema).map((part) => mergedFields(context.resolve(part), context, depth + 1));
  const own = (schema["properties"] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const required = Array.isArray(schema["required"]) ? (schema["required"] as readonly string[]) : [];
  const names = new Set([...parts.flatMap((part) => [...part.required]), ...required]);
  // Entries, not assignment: a property may be called `__proto__`.
  const entries = [...parts.flatMap((part) => Object.entries(part.properties)), ...Object.entries(own)];
  const properties: Readonly<Record<string, JsonSchema>> = Object.fromEntries(entries);
  if (depth > 0) return { properties, required: names };
  // A required property may have no schema: it holds any value.
  const missing = [...names].filter((key) => !Object.hasOwn(properties, key));
  const free = missing.map((key): [string, JsonSchema] => [key, true]);
  return { properties: Object.fromEntries([...Object.entries(properties), ...free]), required: names };
}

function partsOf(schema: SchemaObject): readonly JsonSchema[] {
  const parts = Array.isArray(schema["allOf"]) ? (schema["allOf"] as readonly JsonSchema[]) : [];
  return refOf(schema) === undefined ? parts : [{ $ref: schema["$ref"] ?? "" }, ...parts];
}

/**
 * Whether a schema is an object with named properties, or the parts of its `allOf` are. Parts that name neither a type
 * nor properties only limit the others.
 */
function hasFields(schema: SchemaObject, context: Context, depth = 0): boolean {
  const properties = schema["properties"];
  if (typeof properties === "object" && properties !== null && Object.keys(properties).length > 0)
    return typesOf(schema).includes("object");
  const parts = depth < 16 ? partsOf(schema).map(context.resolve) : [];
  const shaped = parts.filter((part) => !isOnlyLimit(part, context, depth + 1));
  return shaped.length > 0 && shaped.every((part) => hasFields(part, context, depth + 1));
}

/** Whether a schema has no shape of its own: `{ "required": ["name"] }`, also as alternatives. */
function isOnlyLimit(schema: SchemaObject, context: Context, depth = 0): boolean {
  if (depth > 16 || refOf(schema) !== undefined) return false;
  const shaping = ["properties", "enum", "const", "items", "prefixItems"];
  if (shaping.some((keyword) => keyword in schema) || typeof schema["additionalProperties"] === "object")
    return false;
  if (typesOf(schema).some((type) => type !== "object")) return false;
  return ["allOf", "anyOf", "oneOf"].every((keyword) => {
    const parts = schema[keyword];
    if (!Array.isArray(parts)) return true;
    return (parts as readonly JsonSchema[]).every((part) =>
      isOnlyLimit(context.resolve(part), context, depth + 1),
    );
  });
}

/** Whether a schema allows objects with properties, and values of other types than `null`. */
function isMixed(schema: SchemaObject): boolean {
  return "properties" in schema && typesOf(schema).filter((type) => type !== "null").length > 1;
}

/** Whether a keyword besides `$ref` changes the shape. */
function hasOwnShape(schema: SchemaObject, context: Context): boolean {
  const own = ["properties", "allOf", "oneOf", "anyOf", "enum", "const"];
  return own.some((keyword) => keyword in schema) || ("required" in schema && hasFields(schema, context));
}

function enumOf(values: readonly JsonValue[]): TypeIr {
  const simple = values.filter((value) => typeof value !== "object" || value === null);
  return simple.length < values.length ? json : { kind: "enum", values: [...new Set(simple)] as string[] };
}

function variantName(part: JsonSchema, name: string, index: number): string {
  const title = typeof part === "object" ? part["title"] : undefined;
  return typeof title === "string" && toPascal(title)
    ? name + toPascal(title)
    : index === 0
      ? name
      : `${name}${index + 1}`;
}

/** A union without duplicates, with `null` at the end. Any JSON value if one of the types is. */
export function unionOf(options: readonly TypeIr[]): TypeIr {
  const flat = options.flatMap((option) => (option.kind === "union" ? option.options : [option]));
  if (flat.some((option) => option.kind === "json")) return json;
  const unique = [...new Map(flat.map((option) => [JSON.stringify(option), option])).values()];
  // By convention, `null` comes last.
  const ordered = [
    ...unique.filter(({ kind }) => kind !== "null"),
    ...unique.filter(({ kind }) => kind === "null"),
  ];
  return ordered.length === 1 && ordered[0] ? ordered[0] : { kind: "union", options: ordered };
}

/** Adds `null` if the schema allows it by `type: [..., "null"]` or OpenAPI's `nullable`. */
function nullable(schema: SchemaObject, type: TypeIr): TypeIr {
  const isNullable =
    schema["nullable"] === true || (typesOf(schema).length > 1 && typesOf(schema).includes("null"));
  if (!isNullable || type.kind === "json" || type.kind === "null") return type;
  if (type.kind === "enum")
    return type.values.includes(null) ? type : { kind: "enum", values: [...type.values, null] };
  return unionOf([type, { kind: "null" }]);
}

function typesOf(schema: SchemaObject): readonly string[] {
  const { type } = schema;
  if (typeof type === "string") return [type];
  if (Array.isArray(type)) return type as readonly string[];
  if ("properties" in schema || "additionalProperties" in schema) return ["object"];
  return "items" in schema || "prefixItems" in schema ? ["array"] : [];
}

function bounds(schema: SchemaObject): { readonly minimum?: number; readonly maximum?: number } {
  const { minimum, maximum } = schema;
  return {
    ...(typeof minimum === "number" && { minimum }),
    ...(typeof maximum === "number" && { maximum }),
  };
}

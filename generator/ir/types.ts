import {
  documentationKeywords,
  type BigIntegerMode,
  type JsonSchema,
  type SchemaObject,
  type Spec,
} from "../spec/spec.js";
import { flatten, type FlatSchema } from "./flat-schema.js";
import { toPascal, toSpelled } from "./names.js";
import type { Scope, Wish } from "./scope.js";
import { typeOfFlat, withRules, type Naming, type SchemaContext } from "./schema-types.js";
import type { DeclarationIr, FieldIr, JsonIr, TypeIr } from "./source-ir.js";
import { discriminatorValues, tagFields, type Tags } from "./discriminators.js";
import { limitsBeside, onlyRef } from "./only-ref.js";
import { json } from "./type-paths.js";
import { isNameless } from "./variant-names.js";

/** Converts the JSON Schemas of one spec to types and named declarations. */
export interface TypeBuilder {
  /** Builds the type of a schema. Objects in it become declarations that are named after it and collected in `into`. */
  readonly build: (schema: JsonSchema, naming: Naming, into: DeclarationIr[]) => TypeIr;
  /** Declares a schema under a name that has already been claimed. References to `schemaName` refer to that declaration. */
  readonly declare: (
    schema: JsonSchema,
    names: Naming & { readonly schemaName?: string | undefined },
    into: DeclarationIr[],
  ) => TypeIr;
  /** Returns the same builder for schemas whose integers beyond 2^53 appear in one mode. */
  readonly withBigIntegers: (mode: BigIntegerMode) => Pick<TypeBuilder, "build" | "declare">;
  /** Returns the declarations of all shared schemas in use so far, in the spec's order. */
  readonly shared: () => readonly DeclarationIr[];
}

/** Maximum depth to which schemas that refer to each other are built recursively. Deeper ones are built afterwards. */
const maxRecursion = 50;

/** Creates a builder for a spec. The integers of a shared schema may appear in all modes that the resources name. */
export function createTypeBuilder(spec: Spec, scope: Scope): TypeBuilder {
  const { schemas } = spec;
  const allModes = bigIntegersOf(spec);
  const { flattenRef, flattenOnce, flattenKnown, resolve } = createFlattener(schemas);
  const tags = discriminatorValues([
    ...Object.values(schemas),
    ...spec.resources.flatMap(({ schema }): readonly JsonSchema[] => (schema === undefined ? [] : [schema])),
  ]);
  const named = new Map<string, { readonly name: string; readonly declarations: DeclarationIr[] }>();
  const sharedNames = nameShared(schemas, scope);
  const recursion = createRecursion();

  const contextOf = ({ into, modes }: Target): SchemaContext => {
    const context: SchemaContext = {
      bigIntegers: modes,
      typeOf: (schema, naming) => typeOf(schema, naming, context),
      flatten: flattenOnce,
      describe,
      declare: (schema, naming, build) => {
        const name = scope.claim(wishOf(schema, naming));
        const place = into.push(declaration(name, schema, json)) - 1;
        into[place] = declaration(name, schema, build(name));
        return { kind: "ref", name };
      },
      open: new Map(),
    };
    return context;
  };
  const plainTypes = new Map<string, TypeIr>();
  const typeOf = (schema: JsonSchema, naming: Naming, context: SchemaContext): TypeIr => {
    const form = plainForm(schema);
    if (form === undefined) return typeOfOther(schema, naming, context);
    const key = `${form} ${[...context.bigIntegers].join()}`;
    const type = plainTypes.get(key) ?? typeOfOther(schema, naming, context);
    plainTypes.set(key, type);
    return type;
  };
  const typeOfOther = (schema: JsonSchema, naming: Naming, context: SchemaContext): TypeIr => {
    const ref = onlyRef(schema, flattenRef);
    if (ref !== undefined) return withRules(reference(ref), limitsBeside(schema));
    return typeOfFlat(flattenKnown(schema), { ...naming, schema }, context);
  };
  const declareAs = (schema: JsonSchema, { name, path }: Naming, { tag, ...target }: Target): TypeIr => {
    const { into } = target;
    const place = into.push(declaration(name, schema, json)) - 1;
    const ref = tag ? undefined : onlyRef(schema, flattenRef);
    const flat = tagFields(flatten(schema, resolve), tag);
    const naming = { name, path, isDeclared: true, schema };
    const type =
      ref === undefined
        ? typeOfFlat(flat, naming, contextOf(target))
        : withRules(reference(ref), limitsBeside(schema));
    into[place] = declaration(name, schema, type);
    return { kind: "ref", name };
  };
  const reference = (key: string): TypeIr => {
    const known = named.get(key);
    if (known) return { kind: "ref", name: known.name };
    const name = sharedNames(key);
    const into: DeclarationIr[] = [];
    // Registered before its parts are built, because a schema may refer to itself.
    named.set(key, { name, declarations: into });
    const naming = { name, path: `schemas ${key}` };
    recursion.nest(() => declareAs(resolve(key), naming, { into, modes: allModes, tag: tags.get(key) }));
    return { kind: "ref", name };
  };
  const withModes = (modes: ReadonlySet<BigIntegerMode>): Pick<TypeBuilder, "build" | "declare"> => ({
    build: (schema, naming, into) => recursion.all(() => typeOf(schema, naming, contextOf({ into, modes }))),
    declare: (schema, { schemaName, ...naming }, into) => {
      if (schemaName !== undefined && !named.has(schemaName))
        named.set(schemaName, { name: naming.name, declarations: [] });
      return recursion.all(() => declareAs(schema, naming, { into, modes }));
    },
  });
  return {
    ...withModes(new Set()),
    withBigIntegers: (mode) => withModes(new Set([mode])),
    shared: () => Object.keys(schemas).flatMap((key) => named.get(key)?.declarations ?? []),
  };
}

/**
 * Returns the type and the format of a schema that has no other keywords except documentation. Most fields of a spec
 * share a few of these forms, so their types are built once.
 */
function plainForm(schema: JsonSchema): string | undefined {
  if (typeof schema !== "object" || !isNameless(schema) || !("type" in schema)) return undefined;
  for (const keyword of Object.keys(schema)) if (!plainKeywords.has(keyword)) return undefined;
  return JSON.stringify([schema["type"], schema["format"]]);
}

const plainKeywords: ReadonlySet<string> = new Set([
  "type",
  "format",
  "x-unit",
  "x-units",
  ...documentationKeywords,
]);

/** The list that collects declarations, and the mode of the integers in them. */
interface Target {
  readonly into: DeclarationIr[];
  readonly modes: ReadonlySet<BigIntegerMode>;
  readonly tag?: Tags | undefined;
}

/** Resolves the names of shared schemas, and caches the flattened schemas. */
function createFlattener(schemas: Readonly<Record<string, JsonSchema>>): {
  readonly resolve: (name: string) => JsonSchema;
  readonly flattenRef: (name: string) => FlatSchema;
  /** Flattens a schema that may be needed again, such as an alternative, and caches the result. */
  readonly flattenOnce: (schema: JsonSchema) => FlatSchema;
  /** Flattens a schema unless its result is cached. */
  readonly flattenKnown: (schema: JsonSchema) => FlatSchema;
} {
  const flats = new WeakMap<object, FlatSchema>();
  const resolve = (name: string): JsonSchema => schemas[name] ?? true;
  const flattenKnown = (schema: JsonSchema): FlatSchema =>
    (typeof schema === "object" ? flats.get(schema) : undefined) ?? flatten(schema, resolve);
  const flattenOnce = (schema: JsonSchema): FlatSchema => {
    const flat = flattenKnown(schema);
    if (typeof schema === "object") flats.set(schema, flat);
    return flat;
  };
  return { resolve, flattenRef: (name) => flattenOnce(resolve(name)), flattenOnce, flattenKnown };
}

/** Limits the depth of recursion, because schemas that refer to each other can form a chain as long as the spec. */
function createRecursion(): {
  /** Builds a schema now, or later if it is nested too deeply. */
  readonly nest: (build: () => unknown) => void;
  /** Builds a schema and all postponed schemas. */
  readonly all: (build: () => TypeIr) => TypeIr;
} {
  const later: (() => unknown)[] = [];
  let depth = 0;
  const run = <T>(build: () => T): T => {
    depth += 1;
    const type = build();
    depth -= 1;
    return type;
  };
  return {
    nest: (build) => {
      if (depth >= maxRecursion) later.push(build);
      else run(build);
    },
    all: (build) => {
      const type = run(build);
      for (let next = later.pop(); next; next = later.pop()) run(next);
      return type;
    },
  };
}

/** Returns all modes for integers beyond 2^53 in a spec. */
function bigIntegersOf({ bigIntegers = "error", resources }: Spec): ReadonlySet<BigIntegerMode> {
  return new Set(resources.map((resource) => resource.bigIntegers ?? bigIntegers));
}

/** Names all shared schemas at the first call, because the order of their uses must not matter. */
function nameShared(schemas: Readonly<Record<string, JsonSchema>>, scope: Scope): (key: string) => string {
  let names: ReadonlyMap<string, string> | undefined;
  return (key) => {
    names ??= new Map(
      Object.keys(schemas)
        .sort()
        .map((each) => {
          const wish = toPascal(each);
          const names = [wish, `${wish}Schema`, toSpelled(each)];
          return [each, scope.claim({ names, key: `schemas ${each}`, rank: 3 })];
        }),
    );
    return names.get(key) ?? "";
  };
}

/**
 * Returns the wish of a nested type. Types nested in it come later: their names begin with its name, so it must not
 * depend on them.
 */
function wishOf(schema: JsonSchema, naming: Naming): Wish {
  const { path } = naming;
  return { names: namesOf(schema, naming), key: `types ${path}`, rank: 6 - 1 / path.split(" ").length };
}

/**
 * Returns the names that fit a nested object: its path, its path with its title if others want the same name, or its path
 * as spelled.
 */
function namesOf(schema: JsonSchema, { name, spelled }: Naming): readonly string[] {
  const title = typeof schema === "object" && typeof schema["title"] === "string" ? schema["title"] : "";
  const titled = title !== "" && title.length < 40 ? toPascal(title) : "";
  return [name, ...(titled ? [name + titled] : []), ...(spelled === undefined ? [] : [spelled])];
}

function declaration(name: string, schema: JsonSchema, type: TypeIr): DeclarationIr {
  const { description, deprecated } = describe(schema);
  return { name, type, ...(description !== undefined && { description }), ...(deprecated && { deprecated }) };
}

type Docs = Omit<FieldIr, "name" | "required" | "type">;

/** Returns the documentation in a schema. */
function describe(schema: JsonSchema): Docs {
  if (typeof schema === "boolean") return {};
  const { deprecated, default: standard } = schema;
  const text = [schema["description"], schema["title"]].find(isText);
  const samples = examplesOf(schema);
  const unit = [schema["x-unit"], schema["x-units"]].find(isString);
  const docs: { -readonly [K in keyof Docs]: Docs[K] } = {};
  if (text !== undefined) docs.description = text;
  if (deprecated === true) docs.deprecated = true;
  if (samples.length > 0) docs.examples = samples;
  if (standard !== undefined) docs.default = standard;
  if (unit !== undefined) docs.unit = unit;
  return docs;
}

function isString(value: JsonIr | undefined): value is string {
  return typeof value === "string";
}

function isText(value: JsonIr | undefined): value is string {
  return isString(value) && value.trim() !== "";
}

function examplesOf({ examples, example }: SchemaObject): readonly JsonIr[] {
  if (Array.isArray(examples)) return examples as readonly JsonIr[];
  return example === undefined ? [] : [example];
}

import type { JsonValue } from "@connector-gen/runtime";
import type { BigIntegerMode, JsonSchema } from "../spec/spec.js";
import { anything, intersect, partsOf, refOf, type Choice, type FlatSchema } from "./flat-schema.js";
import { toPascal, toSingularPascal, toSpelled } from "./names.js";
import { digest } from "./scope.js";
import { isNameless, variantNames } from "./variant-names.js";
import { withoutDocumentation, joinRules } from "./rules.js";
import type { FieldIr, JsonIr, RulesIr, TypeIr } from "./source-ir.js";
import { jsonOf } from "./type-paths.js";
import { unionOf } from "./union.js";

/** The name of a schema, from which the names of nested schemas derive. */
export interface Naming {
  readonly name: string;
  /** Identifies the schema, independently of its name and of the order of the spec. */
  readonly path: string;
  /** A name that spells out the path below the enclosing type: `Order_line_item`. */
  readonly spelled?: string;
  /** True if the schema is the body of the declaration with this name. */
  readonly isDeclared?: boolean;
  /** For documentation. */
  readonly schema?: JsonSchema;
}

/** The context in which schemas are converted to types. */
export interface SchemaContext {
  readonly bigIntegers: ReadonlySet<BigIntegerMode>;
  readonly typeOf: (schema: JsonSchema, naming: Naming) => TypeIr;
  readonly flatten: (schema: JsonSchema) => FlatSchema;
  readonly describe: (schema: JsonSchema) => Omit<FieldIr, "name" | "required" | "type">;
  /** Declares a type that refers to itself or deserves a name. */
  readonly declare: (schema: JsonSchema, naming: Naming, build: (name: string) => TypeIr) => TypeIr;
  /** The declared names of merged objects that are being built, by their content. */
  readonly open: Map<string, string>;
}

/** Maximum number of alternatives in the product of several unions. */
const maxProduct = 64;

/** Returns the type of a merged schema. Objects with fields become declarations, unless already declared. */
export function typeOfFlat(flat: FlatSchema, naming: Naming, context: SchemaContext): TypeIr {
  const beside = typesBesideNull(flat);
  const isObject =
    (flat.types === undefined || (beside.length === 1 && beside[0] === "object")) && flat.properties.size > 0;
  const hasChoices = flat.choices.some((each) => isStructural(each, context));
  // The rules of an object belong to its declaration.
  if (isObject && !flat.values && !hasChoices) return shapeOf(flat, naming, context);
  const map = beside.includes("object") && flat.properties.size === 0 && !hasChoices && !flat.values;
  const isFree = flat.properties.size === 0 && !hasChoices && flat.required.size > 0;
  const free = isFree ? [{ required: [...flat.required] }] : [];
  const closed = map && isClosed(flat) ? [{ additionalProperties: false }] : [];
  const rules = joinRules([...flat.rules, ...free, ...closed]);
  return withRules(shapeOf(flat.rules.length === 0 ? flat : { ...flat, rules: [] }, naming, context), rules);
}

/** Adds rules to a type; in a nullable type, to the members other than `null`. */
export function withRules(type: TypeIr, rules: RulesIr | undefined): TypeIr {
  if (!rules || type.kind === "never") return type;
  const [only, last, ...others] = type.kind === "union" ? type.options : [];
  const isNullable = only && last?.kind === "null" && others.length === 0;
  const isGeneral = ["not", "if", "anyOf", "oneOf", "allOf", "enum"].some((keyword) => keyword in rules);
  if (type.kind === "union" && isNullable && !isGeneral)
    return { ...type, options: [withRules(only, rules), last] };
  return { ...type, rules: joinRules([...(type.rules ? [type.rules] : []), rules]) ?? rules };
}

function shapeOf(flat: FlatSchema, naming: Naming, context: SchemaContext): TypeIr {
  const { types, values } = flat;
  if (values) return withNull(enumOf(flat, values, { naming, context }), flat);
  const [choice, ...others] = flat.choices.filter((each) => isStructural(each, context));
  if (choice) return withNull(choiceOf({ ...flat, choices: others }, choice, { naming, context }), flat);
  if (!types) return flat.properties.size > 0 ? objectOf(flat, naming, context) : jsonOf(context.bigIntegers);
  if (types.length === 0) return { kind: "never" };
  const shapes = types.map((type): TypeIr => {
    const isAlone = types.every((each) => each === type || each === "null");
    const inner =
      isAlone || naming.isDeclared !== true ? naming : below(naming, "object", `${naming.name}Object`);
    return simpleOf(type, flat, { naming: isAlone && types.length > 1 ? nested(naming) : inner, context });
  });
  return unionOf(shapes);
}

/** Names a nullable object, which becomes a declaration beside `null`. */
function nested(naming: Naming): Naming {
  const { name, isDeclared, schema } = naming;
  const inner = isDeclared === true ? below(naming, "object", `${name}Object`) : { ...naming };
  return { ...inner, ...(schema !== undefined && { schema }) };
}

/** Returns the naming of a part of a schema. */
function below({ name, path, spelled = name }: Naming, step: string, wish: string): Naming {
  return { name: wish, path: `${path} ${step}`, spelled: `${spelled}_${toSpelled(step)}` };
}

interface Place {
  readonly naming: Naming;
  readonly context: SchemaContext;
}

/** Adds `null` to alternatives and values if the types beside them name it. */
function withNull(type: TypeIr, { types = [] }: FlatSchema): TypeIr {
  if (!types.includes("null") || type.kind === "json") return type;
  const isFlat = type.kind === "union" && type.exclusive === true && !type.rules;
  if (!isFlat) return unionOf([type, { kind: "null" }]);
  const hasNull = type.options.some(({ kind }) => kind === "null");
  return hasNull ? type : { ...type, options: [...type.options, { kind: "null" }] };
}

function enumOf(flat: FlatSchema, values: readonly JsonValue[], { naming, context }: Place): TypeIr {
  const { types } = flat;
  const fitting = types ? values.filter((value) => types.some((type) => isOfType(value, type))) : values;
  const kept = fitting.length > 0 ? fitting : values;
  const simple = [...new Set(kept.filter((value) => typeof value !== "object" || value === null))];
  const others = kept.filter((value) => typeof value === "object" && value !== null);
  const literals: readonly TypeIr[] =
    simple.length > 0 ? [{ kind: "enum", values: simple, ...(flat.isOpen && { open: true }) }] : [];
  const type = unionOf([...literals, ...others.map((value) => literalOf(value, naming, context))]);
  // The types of lists and objects allow more than one value.
  return others.length === 0 ? type : withRules(type, { enum: kept as readonly JsonIr[] });
}

function isOfType(value: JsonValue, type: string): boolean {
  if (value === null) return type === "null";
  if (Array.isArray(value)) return type === "array";
  if (type === "integer") return Number.isInteger(value);
  return typeof value === type;
}

/** Returns the type of a list or an object that is the only valid value. */
function literalOf(value: JsonValue, naming: Naming, context: SchemaContext): TypeIr {
  if (Array.isArray(value)) {
    const items = (value as readonly JsonValue[]).map((item, at) =>
      context.typeOf({ const: item }, below(naming, String(at), naming.name)),
    );
    return { kind: "tuple", items };
  }
  const fields = Object.entries(value as Readonly<Record<string, JsonValue>>);
  if (fields.length === 0) return { kind: "map", values: { kind: "never" } };
  const properties = Object.fromEntries(fields.map(([name, inner]) => [name, { const: inner }]));
  const schema = { type: "object", properties, required: fields.map(([name]) => name) };
  const name = naming.isDeclared === true ? `${naming.name}Object` : naming.name;
  return context.typeOf(schema, below(naming, digest(value), name));
}

/** Whether alternatives differ in their types. Alternatives of `required` alone do not. */
function isStructural({ options }: Choice, context: SchemaContext): boolean {
  return options.some((option) => {
    if (typeof option === "boolean") return !option;
    if (isNameless(option)) return true;
    const flat = context.flatten(option);
    return (
      isShaped(flat) || flat.types !== undefined || flat.choices.length > 0 || refOf(option) !== undefined
    );
  });
}

/** Whether a schema describes more than the type of a value. */
function isShaped(flat: FlatSchema): boolean {
  const { properties, patterns, items, prefixItems, values, additional } = flat;
  const parts = [properties.size, patterns.size, items, prefixItems, values, typeof additional === "object"];
  return parts.some(Boolean);
}

/** Returns the union of alternatives. The keywords beside them apply to each alternative. */
function choiceOf(base: FlatSchema, { keyword, options }: Choice, { naming, context }: Place): TypeIr {
  const isAlone = !isShaped(base) && base.choices.length === 0;
  const possible =
    isAlone && options.every(isNameless)
      ? options.map((option) => ({ option, inner: naming }))
      : nameOptions(options, naming, context);
  const needsBase = (option: JsonSchema): boolean =>
    !isAlone ||
    (typesBesideNull(base).length > 0 && context.flatten(option).types === undefined && isPlain(option));
  const product = base.choices.reduce((count, each) => count * each.options.length, options.length);
  if (product > maxProduct && isShaped(base)) {
    const rest = typeOfFlat(base, below(naming, "base", `${naming.name}Base`), context);
    return {
      kind: "intersection",
      parts: [rest, choiceOf(anything, { keyword: "anyOf", options }, { naming, context })],
    };
  }
  const types = possible.map(({ option, inner }) => {
    if (!needsBase(option)) return context.typeOf(option, inner);
    const merged = intersect({ ...base, types: typesBesideNull(base) }, context.flatten(option));
    const { types: all, ...untyped } = merged;
    return typeOfFlat(
      all?.length === 0 && !isNever(option) ? untyped : merged,
      { ...inner, schema: option },
      context,
    );
  });
  const union = unionOf(types);
  return keyword === "oneOf" ? exclusive(union, types, { options, context }) : union;
}

/** Names the types that alternatives may declare. */
function nameOptions(
  options: readonly JsonSchema[],
  naming: Naming,
  context: SchemaContext,
): readonly { readonly option: JsonSchema; readonly inner: Naming }[] {
  const flats = options.map((option) => context.flatten(option));
  const names = variantNames(options, naming, flats);
  return options.map((option, at) => {
    const name = names[at] ?? naming.name;
    const inner = below(naming, name.slice(naming.name.length) || digest(option), name);
    // Several options may have no name of their own.
    return { option, inner: { ...inner, path: `${inner.path} ${digest(option)}` } };
  });
}

/** Marks a union whose options exclude each other, unless their types already exclude each other. */
function exclusive(
  union: TypeIr,
  types: readonly TypeIr[],
  { options, context }: { readonly options: readonly JsonSchema[]; readonly context: SchemaContext },
): TypeIr {
  if (options.length < 2 || areDistinct(options, context)) return union;
  const isWhole =
    union.kind === "union" &&
    union.options.length === options.length &&
    types.every(({ kind }) => kind !== "union");
  if (isWhole) return { ...union, exclusive: true };
  const rules = withoutDocumentation({ oneOf: options });
  return withRules(union, rules);
}

/** Whether no value matches two schemas: their types differ, or the values of a field that all of them require. */
function areDistinct(options: readonly JsonSchema[], context: SchemaContext): boolean {
  const flats = options.map((option) => context.flatten(option));
  const kinds = flats.flatMap(({ types, values }) => types ?? values?.map(kindOf) ?? ["any", "any"]);
  const distinct = new Set(kinds.map((kind) => (kind === "integer" ? "number" : kind)));
  if (distinct.size === kinds.length) return true;
  if (flats.every(({ values }) => values)) {
    const all = flats.flatMap(({ values = [] }) => values.map((value) => JSON.stringify(value)));
    return new Set(all).size === all.length;
  }
  const [first = anything] = flats;
  return [...first.required].some((name) => {
    const values = flats.flatMap(({ properties, required }) => {
      const property = properties.get(name);
      const found =
        required.has(name) && property !== undefined ? context.flatten(property).values : undefined;
      return found?.map((value) => JSON.stringify(value)) ?? ["", ""];
    });
    return new Set(values).size === values.length;
  });
}

function kindOf(value: JsonValue): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function isNever(option: JsonSchema): boolean {
  return partsOf(option).includes(false);
}

function isPlain(option: JsonSchema): boolean {
  return partsOf(option).every((part) => refOf(part) === undefined);
}

function typesBesideNull({ types = [] }: FlatSchema): readonly string[] {
  return types.filter((type) => type !== "null");
}

function simpleOf(type: string, flat: FlatSchema, { naming, context }: Place): TypeIr {
  switch (type) {
    case "string":
      return { kind: "string", ...(flat.format !== undefined && { format: flat.format }) };
    case "integer":
    case "number":
      return {
        kind: "number",
        integer: type === "integer",
        ...(flat.minimum !== undefined && { minimum: flat.minimum }),
        ...(flat.maximum !== undefined && { maximum: flat.maximum }),
        ...formsOf(type, flat, context),
      };
    case "boolean":
      return { kind: "boolean" };
    case "null":
      return { kind: "null" };
    case "array":
      return arrayOf(flat, naming, context);
    case "object":
      return flat.properties.size > 0
        ? objectOf(flat, naming, context)
        : { kind: "map", values: othersOf(flat, naming, context) ?? jsonOf(context.bigIntegers) };
    default:
      return jsonOf(context.bigIntegers);
  }
}

/** A mode of the field applies to all integers; one of the resource only to those beyond 2^53. */
function formsOf(
  type: string,
  { bigIntegers: own }: FlatSchema,
  { bigIntegers }: SchemaContext,
): Pick<Extract<TypeIr, { kind: "number" }>, "forms"> {
  if (own === "string" || own === "bigint") return { forms: type === "integer" ? [own] : ["number", own] };
  const others = (["string", "bigint"] as const).filter((mode) => bigIntegers.has(mode));
  return own === undefined && type === "integer" && others.length > 0 ? { forms: ["number", ...others] } : {};
}

function arrayOf(flat: FlatSchema, naming: Naming, context: SchemaContext): TypeIr {
  const { name, isDeclared } = naming;
  const { items, prefixItems, minItems } = flat;
  const itemType = (schema: JsonSchema, at = ""): TypeIr => {
    if (isNameless(schema)) return context.typeOf(schema, naming);
    const singular = toSingularPascal(name);
    const element = isDeclared === true && singular === name ? `${name}Item` : singular;
    return context.typeOf(schema, below(naming, `item${at}`, `${element}${at}`));
  };
  const free = jsonOf(context.bigIntegers);
  if (!prefixItems) {
    if (items === false) return { kind: "tuple", items: [] };
    return { kind: "array", items: items === undefined ? free : itemType(items) };
  }
  const first = prefixItems.map((part, at) => itemType(part, String(at + 1)));
  return {
    kind: "tuple",
    items: first,
    ...(minItems !== undefined && minItems < first.length && { required: minItems }),
    ...(items !== false && { rest: items === undefined ? free : itemType(items) }),
  };
}

/** Returns the type of fields that `properties` does not name; `undefined` if it is not defined. */
function othersOf(flat: FlatSchema, naming: Naming, context: SchemaContext): TypeIr | undefined {
  const { additional, patterns } = flat;
  const schemas = [
    ...[...patterns].map(([pattern, schema]) => [`value ${pattern}`, schema] as const),
    ...(typeof additional === "object" ? [["value", additional] as const] : []),
  ];
  const described = schemas.filter(([, schema]) => schema !== true && schema !== false);
  if (described.length === 0) return undefined;
  return unionOf(
    described.map(([step, schema]) => context.typeOf(schema, below(naming, step, `${naming.name}Value`))),
  );
}

function objectOf(flat: FlatSchema, naming: Naming, context: SchemaContext): TypeIr {
  if (naming.isDeclared === true) return fieldsOf(flat, naming, context);
  const { schema = true, path } = naming;
  // Merged objects may contain themselves.
  const key = partsOf(schema).length > 1 ? JSON.stringify(schema) : undefined;
  const known = key === undefined ? undefined : context.open.get(key);
  if (known !== undefined) return { kind: "ref", name: known };
  const type = context.declare(schema, naming, (name) => {
    if (key !== undefined) context.open.set(key, name);
    return fieldsOf(flat, { name, path }, context);
  });
  if (key !== undefined) context.open.delete(key);
  return type;
}

/** Returns rules for fields such as `constructor`, for which zod would read the inherited property. */
function inheritedRules({ properties, required }: FlatSchema): readonly RulesIr[] {
  const inherited = [...properties].filter(([name]) => name in Object.prototype);
  if (inherited.length === 0) return [];
  const names = inherited.map(([name]) => name).filter((name) => required.has(name));
  const schemas = inherited.map(([name, schema]) => {
    const rule: JsonIr = typeof schema === "object" ? withoutDocumentation(schema) : schema;
    return [name, rule] as const;
  });
  return [{ properties: Object.fromEntries(schemas), ...(names.length > 0 && { required: names }) }];
}

function isClosed({ others }: FlatSchema): boolean {
  return others?.["additionalProperties"] === false;
}

function fieldsOf(flat: FlatSchema, naming: Naming, context: SchemaContext): TypeIr {
  const own: Naming = { name: naming.name, path: naming.path };
  const named: FieldIr[] = [];
  for (const [key, property] of flat.properties) {
    const inner = isNameless(property) ? own : below(own, key, own.name + toPascal(key));
    const type = context.typeOf(property, inner);
    const isSent = typeof property !== "object" || property["writeOnly"] !== true;
    const required = flat.required.has(key) && isSent;
    named.push(Object.assign({ name: key, required, type }, context.describe(property)));
  }
  // A required property may have no schema: it holds any value.
  const free = [...flat.required]
    .filter((key) => !flat.properties.has(key))
    .map((key): FieldIr => ({ name: key, required: true, type: jsonOf(context.bigIntegers) }));
  // Fields that no pattern matches may hold anything.
  const isLimited = flat.patterns.size === 0 || flat.additional !== undefined;
  const additional = isLimited ? othersOf(flat, own, context) : undefined;
  const rules = joinRules([...flat.rules, ...inheritedRules(flat)]);
  return {
    kind: "object",
    fields: [...named, ...free],
    ...(additional && { additional }),
    ...(isClosed(flat) && { closed: true }),
    ...(rules && { rules }),
  };
}

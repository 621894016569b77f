import type { FieldIr, JsonIr, SourceIr, TypeIr } from "../../ir/source-ir.js";
import type { Declarations } from "./types.js";

/** A schema in JSON Schema. */
export type Schema = boolean | { readonly [keyword: string]: JsonIr };

/** Schemas by name, to which `#/schemas/<name>` refers. */
export type Definitions = Readonly<Record<string, Schema>>;

/** Returns the schemas to which the schemas of a source's types refer: those of its rules, and one per declared type. */
export function definitionsOf({ definitions = {} }: SourceIr, declarations: Declarations): Definitions {
  const types = [...declarations].map(([name, type]) => [nameOf(name), schemaOf(type)] as const);
  return { ...(definitions as Definitions), ...Object.fromEntries(types) };
}

/** Returns the name of a declared type among the definitions. No shared schema has such a name. */
function nameOf(type: string): string {
  return `type ${type}`;
}

/** Returns the schema of the values that the API sends for a type. */
export function schemaOf(type: TypeIr): Schema {
  const shape = shapeOf(type);
  if (!type.rules) return shape;
  return shape === true ? type.rules : { allOf: [shape, type.rules] };
}

function shapeOf(type: TypeIr): Schema {
  switch (type.kind) {
    case "string":
    case "boolean":
    case "null":
      return { type: type.kind };
    case "number":
      return numberOf(type);
    case "json":
      return true;
    case "never":
      return false;
    case "enum":
      return enumOf(type);
    case "array":
      return { type: "array", items: restOf(type, type.items) };
    case "tuple":
      return tupleOf(type);
    case "map":
      return { type: "object", additionalProperties: restOf(type, type.values) };
    case "object":
      return objectOf(type);
    case "union":
      return { [type.exclusive ? "oneOf" : "anyOf"]: type.options.map(schemaOf) };
    case "intersection":
      return { allOf: type.parts.map(schemaOf) };
    case "ref":
      return { $ref: `#/schemas/${nameOf(type.name)}` };
    default:
      return type satisfies never;
  }
}

function numberOf({ integer, minimum, maximum }: Extract<TypeIr, { kind: "number" }>): Schema {
  return {
    type: integer ? "integer" : "number",
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
  };
}

function enumOf({ values, open }: Extract<TypeIr, { kind: "enum" }>): Schema {
  if (!open) return { enum: values };
  const types = ["string", "number"].filter((type) => values.some((value) => typeof value === type));
  return { anyOf: [{ enum: values }, { type: types }] };
}

function tupleOf(type: Extract<TypeIr, { kind: "tuple" }>): Schema {
  const { items, required = items.length, rest } = type;
  return {
    type: "array",
    prefixItems: items.map(schemaOf),
    minItems: required,
    items: rest ? restOf(type, rest) : false,
  };
}

function objectOf(type: Extract<TypeIr, { kind: "object" }>): Schema {
  const { fields, base, additional, closed } = type;
  const others = closed ? false : additional && restOf(type, additional);
  return {
    type: "object",
    properties: propertiesOf(fields),
    required: fields.filter(({ required }) => required).map(({ name }) => name),
    ...(others !== undefined && { additionalProperties: others }),
    ...(base !== undefined && { allOf: [shapeOf({ kind: "ref", name: base })] }),
  };
}

function propertiesOf(fields: readonly FieldIr[]): Readonly<Record<string, JsonIr>> {
  return Object.fromEntries(fields.map(({ name, type }) => [name, schemaOf(type)]));
}

/** Returns the schema of the remaining fields or items, unless rules describe them because they depend on other keywords. */
function restOf({ rules }: TypeIr, rest: TypeIr): Schema {
  const keywords = /"(?:patternProperties|unevaluatedProperties|unevaluatedItems)":/;
  return keywords.test(JSON.stringify(rules ?? {})) || schemaOf(rest);
}

import type { DeclarationIr, ResourceIr, SourceIr, TypeIr } from "../ir/source-ir.js";
import type { Imports } from "./imports.js";
import { printKey, printLiteral } from "./literal.js";

/** The view of `schemas.hbs`: one zod schema per declared type, and a table by resource. */
export function viewSchemas(source: SourceIr, types: Imports): Readonly<Record<string, unknown>> {
  const declarations = [...source.resources.flatMap((resource) => resource.declarations), ...source.shared];
  const checked = source.resources.filter(({ hooks }) => !hooks?.map);
  const mapped = source.resources.filter(({ hooks }) => hooks?.map).map(({ name }) => `\`${name}\``);
  const untyped = checked.filter(isUntyped).map(({ name }) => `\`${name}\``);
  const recordOf = ({ record }: { readonly record: TypeIr }): string => schemaOf(record, types);
  return {
    declarations: declarations.map((declaration) => ({
      constant: constantOf(declaration.name),
      type: declaration.name,
      schema: bodyOf(declaration, types),
    })),
    all: schemasName(source),
    allDocs: [
      "The schemas of all records by resource, for the client option `schemas`.",
      mapped.length > 0 && `Without ${mapped.join(", ")}, whose records a hook transforms.`,
      untyped.length > 0 &&
        `Any JSON object passes for ${untyped.join(", ")}, because the spec has no schema.`,
    ]
      .filter(Boolean)
      .join(" "),
    records: checked.map((resource) => ({
      key: printKey(resource.name),
      schema: recordOf(resource),
    })),
  };
}

function isUntyped({ record }: ResourceIr): boolean {
  return record.kind === "map" && record.values.kind === "json";
}

/** The table of all records' schemas: `analyticsSchemas`. */
export function schemasName({ names }: SourceIr): string {
  return names.source.replace(/Source$/, "Schemas");
}

/** The constant that validates a type: `courseSchema`. */
export function constantOf(type: string): string {
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}Schema`;
}

/** The schema of a declaration. It keeps properties that it does not name, as the records do. */
function bodyOf({ type }: DeclarationIr, types: Imports): string {
  if (type.kind !== "object") return schemaOf(type, types);
  const fields = type.fields.map((field) => {
    const schema = schemaOf(field.type, types);
    return `${printKey(field.name)}: ${field.required ? schema : `${schema}.exactOptional()`}`;
  });
  const shape = `{ ${fields.join(", ")} }`;
  const own = type.additional
    ? `z.object(${shape}).catchall(${schemaOf(type.additional, types)})`
    : `z.looseObject(${shape})`;
  return type.base === undefined
    ? own
    : `z.intersection(${schemaOf({ kind: "ref", name: type.base }, types)}, ${own})`;
}

function unionOf(options: readonly TypeIr[], of: (type: TypeIr) => string): string {
  const others = options.filter(({ kind }) => kind !== "null").map(of);
  const [only = "z.null()"] = others;
  const union = others.length > 1 ? `z.union([${others.join(", ")}])` : only;
  return others.length < options.length && others.length > 0 ? `${union}.nullable()` : union;
}

function numberOf({ integer, forms = ["number"] }: Extract<TypeIr, { kind: "number" }>): string {
  const schemas = forms.map((form) => (form === "number" && integer ? "z.int()" : `z.${form}()`));
  return schemas.length > 1 ? `z.union([${schemas.join(", ")}])` : schemas.join("");
}

/** The values of an enum; any text or number besides, if it is open. */
function enumOf({ values, open }: Extract<TypeIr, { kind: "enum" }>): string {
  if (open !== true) return `z.literal(${printLiteral(values)})`;
  const types = ["string", "number"].filter((type) => values.some((value) => typeof value === type));
  const others = values.filter((value) => !types.includes(typeof value));
  const schemas = [
    ...types.map((type) => `z.${type}()`),
    ...(others.length > 0 ? [`z.literal(${printLiteral(others)})`] : []),
  ];
  return schemas.length > 1 ? `z.union([${schemas.join(", ")}])` : schemas.join("");
}

function tupleOf(type: Extract<TypeIr, { kind: "tuple" }>, of: (type: TypeIr) => string): string {
  const { items, required = items.length, rest } = type;
  const schemas = items.map((item, at) => (at < required ? of(item) : `${of(item)}.exactOptional()`));
  return `z.tuple([${schemas.join(", ")}]${rest ? `, ${of(rest)}` : ""})`;
}

function schemaOf(type: TypeIr, types: Imports): string {
  const of = (inner: TypeIr): string => schemaOf(inner, types);
  switch (type.kind) {
    case "string":
      return "z.string()";
    case "number":
      return numberOf(type);
    case "boolean":
      return "z.boolean()";
    case "null":
      return "z.null()";
    case "json":
      return "z.json()";
    case "never":
      return "z.never()";
    case "enum":
      return enumOf(type);
    case "array":
      return `z.array(${of(type.items)})`;
    case "tuple":
      return tupleOf(type, of);
    case "map":
      return `z.record(z.string(), ${of(type.values)})`;
    case "object":
      return "z.looseObject({})";
    case "union":
      return unionOf(type.options, of);
    case "intersection":
      return type.parts.map(of).reduce((left, right) => `z.intersection(${left}, ${right})`);
    case "ref":
      // Lazy, because a type may be declared later or refer to itself.
      return `z.lazy(() => ${constantOf(type.name)})`;
    default:
      return type satisfies never;
  }
}

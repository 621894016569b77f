import type { DeclarationIr, ResourceIr, RulesIr, SourceIr, TypeIr } from "../ir/source-ir.js";
import type { Imports } from "./imports.js";
import { printRules } from "./rules.js";
import { printKey, printLiteral } from "./literal.js";

/** Returns the view of `schemas.hbs`: one zod schema per declared type, and a table by resource. */
export function viewSchemas(source: SourceIr, imports: SchemaImports): Readonly<Record<string, unknown>> {
  const { checks } = imports;
  const declarations = [...source.resources.flatMap((resource) => resource.declarations), ...source.shared];
  const checked = source.resources.filter(({ hooks }) => !hooks?.map);
  const mapped = source.resources.filter(({ hooks }) => hooks?.map).map(({ name }) => `\`${name}\``);
  const untyped = checked.filter(isUntyped).map(({ name }) => `\`${name}\``);
  const recordOf = ({ record }: { readonly record: TypeIr }): string =>
    `${checks.use("explain")}(${schemaOf(record, checks)})`;
  return {
    declarations: declarations.map((declaration) => ({
      constant: constantOf(declaration.name),
      type: declaration.name,
      schema: bodyOf(declaration, checks),
    })),
    definitions: source.definitions && printLiteral(source.definitions),
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

/** The imports of a module with schemas. */
export interface SchemaImports {
  /** The helpers of `@connector-gen/runtime/schemas`. */
  readonly checks: Imports;
}

function isUntyped({ record }: ResourceIr): boolean {
  return record.kind === "map" && record.values.kind === "json";
}

/** Returns the name of the table of all record schemas: `analyticsSchemas`. */
export function schemasName({ names }: SourceIr): string {
  return names.source.replace(/Source$/, "Schemas");
}

/** Returns the name of the constant that validates a type: `courseSchema`. */
export function constantOf(type: string): string {
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}Schema`;
}

/** Prints the schema of a declaration. Like records, it keeps properties that it does not name. */
function bodyOf({ type }: DeclarationIr, checks: Imports): string {
  if (type.kind !== "object") return schemaOf(type, checks);
  const fields = type.fields.map((field) => {
    // zod would also read inherited properties such as `constructor`, so a rule checks these fields.
    const schema = field.name in Object.prototype ? "z.any()" : schemaOf(field.type, checks);
    return `${printKey(field.name)}: ${field.required ? schema : `${schema}.exactOptional()`}`;
  });
  const shape = `{ ${fields.join(", ")} }`;
  const own = `${objectOf(type, { shape, checks })}${printRules(type, checks)}`;
  return type.base === undefined
    ? own
    : `z.intersection(${schemaOf({ kind: "ref", name: type.base }, checks)}, ${own})`;
}

function objectOf(
  { closed, additional, rules }: Extract<TypeIr, { kind: "object" }>,
  { shape, checks }: { readonly shape: string; readonly checks: Imports },
): string {
  if (closed === true) return `z.strictObject(${shape})`;
  if (!additional) return `z.looseObject(${shape})`;
  return `z.object(${shape}).catchall(${isByRules(rules) ? "z.any()" : schemaOf(additional, checks)})`;
}

/** Whether only rules can check the remaining values of an object or a list, because those depend on other keywords. */
function isByRules(rules: RulesIr = {}): boolean {
  return /"(?:patternProperties|unevaluatedProperties|unevaluatedItems)":/.test(JSON.stringify(rules));
}

function unionOf(
  { options, exclusive }: Extract<TypeIr, { kind: "union" }>,
  of: (type: TypeIr) => string,
): string {
  const all = options.filter(({ kind }) => kind !== "null").map(of);
  const others = exclusive ? all : [...new Set(all)];
  const [only = "z.null()"] = others;
  const union = others.length > 1 ? `z.${exclusive ? "xor" : "union"}([${others.join(", ")}])` : only;
  return all.length < options.length && all.length > 0 ? `${union}.nullable()` : union;
}

function numberOf({ integer, forms = ["number"] }: Extract<TypeIr, { kind: "number" }>): string {
  const schemas = forms.map((form) => (form === "number" && integer ? "z.int()" : `z.${form}()`));
  return schemas.length > 1 ? `z.union([${schemas.join(", ")}])` : schemas.join("");
}

/** Prints the values of an enum. An open enum also accepts any other text or number. */
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
  const { items, required = items.length, rest, rules } = type;
  const schemas = items.map((item, at) => (at < required ? of(item) : `${of(item)}.exactOptional()`));
  return `z.tuple([${schemas.join(", ")}]${rest ? `, ${isByRules(rules) ? "z.any()" : of(rest)}` : ""})`;
}

/** Prints the schema of a type, with its rules. */
function schemaOf(type: TypeIr, checks: Imports): string {
  return `${shapeOf(type, checks)}${printRules(type, checks)}`;
}

function shapeOf(type: TypeIr, checks: Imports): string {
  const of = (inner: TypeIr): string => schemaOf(inner, checks);
  switch (type.kind) {
    case "string":
      return type.form === "Date" ? "z.date()" : "z.string()";
    case "number":
      return numberOf(type);
    case "boolean":
      return "z.boolean()";
    case "null":
      return "z.null()";
    case "json":
      // `z.json()` rejects a `bigint`. Records hold only JSON, so any value that is present is valid.
      return type.exact ? "z.any().nonoptional()" : "z.json()";
    case "never":
      return "z.never()";
    case "enum":
      return enumOf(type);
    case "array":
      return `z.array(${isByRules(type.rules) ? "z.any()" : of(type.items)})`;
    case "tuple":
      return tupleOf(type, of);
    case "map":
      return `z.record(z.string(), ${isByRules(type.rules) ? "z.any()" : of(type.values)})`;
    case "object":
      return "z.looseObject({})";
    case "union":
      return unionOf(type, of);
    case "intersection":
      return type.parts.map(of).reduce((left, right) => `z.intersection(${left}, ${right})`);
    case "ref":
      // Lazy, because a type may be declared later or refer to itself.
      return `z.lazy(() => ${constantOf(type.name)})`;
    default:
      return type satisfies never;
  }
}

import ts from "typescript";
import * as z from "zod";
import { createAuxiliaryTypeStore, printNode, zodToTs } from "zod-to-ts";
import type { TypeIr } from "../ir/source-ir.js";
import type { Imports } from "./imports.js";
import { escapeInvisible } from "./literal.js";

/** Prints any type with zod-to-ts, and imports the runtime types in it. In the bundle, the first call loads the compiler. */
export function printZodType(type: TypeIr, imports: Imports): string {
  // Schemas that represent a name. For these, zod-to-ts prints a reference.
  const references = new WeakMap<object, string>();
  const named = (name: string): z.ZodType => {
    const schema = z.unknown();
    references.set(schema, name);
    return schema;
  };
  const { node } = zodToTs(zodOf(type, { named, imports }), {
    auxiliaryTypeStore: createAuxiliaryTypeStore(),
    overrideFunction: (schema) => {
      const name = references.get(schema);
      return name === undefined ? undefined : ts.factory.createTypeReferenceNode(name);
    },
  });
  // The compiler's printer does not escape U+007F.
  return escapeInvisible(printNode(node));
}

interface Names {
  readonly named: (name: string) => z.ZodType;
  readonly imports: Imports;
}

const printForms = { number: z.number, string: z.string, bigint: z.bigint };

/** Creates a number, or a union if its values appear in several forms. */
function numberOf(forms: readonly ("number" | "string" | "bigint")[]): z.ZodType {
  const types = forms.map((form): z.ZodType => printForms[form]());
  const [only = z.number()] = types;
  return types.length > 1 ? z.union(types) : only;
}

function zodOf(type: TypeIr, names: Names): z.ZodType {
  const of = (inner: TypeIr): z.ZodType => zodOf(inner, names);
  switch (type.kind) {
    case "string":
      return type.form === "Date" ? z.date() : z.string();
    case "number":
      return numberOf(type.forms ?? ["number"]);
    case "boolean":
      return z.boolean();
    case "null":
      return z.null();
    case "json":
      return names.named(names.imports.useType("JsonValue") + (type.exact ? "<bigint>" : ""));
    case "never":
      return z.never();
    case "enum":
      return type.open === true ? z.union(optionsOf(type, names)) : z.literal([...type.values]);
    case "array":
      return listOf(type.items, names);
    case "tuple":
      // zod-to-ts drops rest items and optional items of a tuple, so such a tuple is printed as a name.
      return isOpenTuple(type)
        ? openTuple(type, names)
        : z.tuple(type.items.map(of) as [z.ZodType]).readonly();
    case "map":
      if (type.values.kind === "json")
        return names.named(names.imports.useType("JsonObject") + (type.values.exact ? "<bigint>" : ""));
      return names.named(`Readonly<Record<string, ${printZodType(type.values, names.imports)}>>`);
    case "object":
      return names.named(names.imports.useType("JsonObject"));
    case "union":
      return unionOf(type.options, names);
    case "intersection":
      return type.parts.map(of).reduce((left, right) => z.intersection(left, right));
    case "ref":
      return names.named(type.name);
    default:
      return type satisfies never;
  }
}

/** Properties that annotations do not express: rules are for validators, and a format is for documentation. */
const unprinted: ReadonlySet<string> = new Set(["rules", "closed", "exclusive", "format"]);

/** Returns a key that is the same for types with the same annotation. */
export function keyOf(type: TypeIr): string {
  return JSON.stringify(type, (key, value: unknown) => (unprinted.has(key) ? undefined : value));
}

/** Creates a union. Drops options that differ only in their rules. */
function unionOf(options: readonly TypeIr[], names: Names): z.ZodType {
  const distinct = [...new Map(options.map((option) => [keyOf(option), option])).values()];
  const members = distinct.flatMap((option) => optionsOf(option, names));
  const [only = z.never(), ...others] = members;
  return others.length === 0 ? only : z.union(members);
}

/** Returns the members of a type in a union. `string & {}` lets editors suggest the values of an open enum. */
function optionsOf(type: TypeIr, names: Names): readonly z.ZodType[] {
  if (type.kind !== "enum" || type.open !== true) return [zodOf(type, names)];
  const others = ["string", "number"].filter((other) => type.values.some((value) => typeof value === other));
  return [
    ...type.values.map((value) => z.literal(value)),
    ...others.map((other) => names.named(`(${other} & {})`)),
  ];
}

/** Creates a list. zod-to-ts adds no parentheses around a name, nor around a negative number, where prettier drops them. */
function listOf(items: TypeIr, names: Names): z.ZodType {
  const only = onlyOption(items);
  const isNegative =
    only.kind === "enum" && !only.open && only.values.length === 1 && Number(only.values[0]) < 0;
  if (isNegative) return names.named(`ReadonlyArray<${printZodType(only, names.imports)}>`);
  return isOpenTuple(only)
    ? names.named(`readonly (${printZodType(only, names.imports)})[]`)
    : z.array(zodOf(only, names)).readonly();
}

/** Returns the only option of a union, or the type itself. */
function onlyOption(type: TypeIr): TypeIr {
  const parts = type.kind === "union" ? type.options : type.kind === "intersection" ? type.parts : [];
  const [only, ...others] = new Map(parts.map((part) => [keyOf(part), part])).values();
  return only && others.length === 0 && (type.kind === "union" || parts.length === 1)
    ? onlyOption(only)
    : type;
}

function isOpenTuple(type: TypeIr): boolean {
  return type.kind === "tuple" && (type.rest !== undefined || type.required !== undefined);
}

function openTuple(type: Extract<TypeIr, { kind: "tuple" }>, { named, imports }: Names): z.ZodType {
  const print = (item: TypeIr): string => printZodType(item, imports);
  const { required = type.items.length } = type;
  const items = type.items.map((item, at) => (at < required ? print(item) : `(${print(item)})?`));
  const rest = type.rest === undefined ? "" : `...(${print(type.rest)})[]`;
  return named(`readonly [${[...items, rest].filter(Boolean).join(", ")}]`);
}

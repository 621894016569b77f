import ts from "typescript";
import * as z from "zod";
import { createAuxiliaryTypeStore, printNode, zodToTs } from "zod-to-ts";
import type { TypeIr } from "../ir/source-ir.js";
import type { Imports } from "./imports.js";
import { escapeInvisible } from "./literal.js";

/** Prints types, and imports the types of the runtime in them. */
export interface TypePrinter {
  /** Prints a type as an annotation. */
  readonly print: (type: TypeIr) => string;
}

/** Creates a printer for one module. */
export function createTypePrinter(imports: Imports): TypePrinter {
  // Schemas that represent a name. zod-to-ts asks about each node; for these, the answer is a reference.
  const references = new WeakMap<object, string>();
  const named = (name: string): z.ZodType => {
    const schema = z.unknown();
    references.set(schema, name);
    return schema;
  };
  const toZod = (type: TypeIr): z.ZodType => zodOf(type, { named, imports });
  const printOnce = (type: TypeIr): string => {
    const { node } = zodToTs(toZod(type), {
      auxiliaryTypeStore: createAuxiliaryTypeStore(),
      overrideFunction: (schema) => {
        const name = references.get(schema);
        return name === undefined ? undefined : ts.factory.createTypeReferenceNode(name);
      },
    });
    // The compiler's printer leaves U+007F as it is.
    return escapeInvisible(printNode(node));
  };
  const printed = new Map<string, string>();
  return {
    print: (type) => {
      // Most types differ only in the names of the declarations that they refer to.
      const names: string[] = [];
      const shape = hasText(type) ? type : nameless(type, names);
      const key = keyOf(shape);
      const known = printed.get(key) ?? printOnce(shape);
      printed.set(key, known);
      return names.length === 0
        ? known
        : known.replace(placeholder, (_whole, index: string) => names[Number(index)] ?? "");
    },
  };
}

/** What stands for a name in a nameless type. */
const placeholder = /\uffff(\d+)\uffff/g;

/** Whether a type holds texts of a spec, which could look like a placeholder. */
function hasText(type: TypeIr): boolean {
  if (type.kind === "array") return hasText(type.items);
  return type.kind === "union" ? type.options.some(hasText) : type.kind === "enum";
}

/** Replaces the names in a type by placeholders. */
function nameless(type: TypeIr, names: string[]): TypeIr {
  const of = (inner: TypeIr): TypeIr => nameless(inner, names);
  switch (type.kind) {
    case "ref": {
      const known = names.indexOf(type.name);
      return { kind: "ref", name: `\uffff${known < 0 ? names.push(type.name) - 1 : known}\uffff` };
    }
    case "array":
      return { ...type, items: of(type.items) };
    case "union":
      return { ...type, options: type.options.map(of) };
    default:
      return type;
  }
}

interface Names {
  readonly named: (name: string) => z.ZodType;
  readonly imports: Imports;
}

const printForms = { number: z.number, string: z.string, bigint: z.bigint };

/** A number, or a union if its values appear in several ways. */
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
      return names.named(names.imports.useType("JsonValue"));
    case "never":
      return z.never();
    case "enum":
      return type.open === true ? z.union(optionsOf(type, names)) : z.literal([...type.values]);
    case "array":
      return z.array(of(type.items)).readonly();
    case "tuple":
      // zod-to-ts drops the rest of a tuple and optional items, so these are printed as a name.
      return type.rest === undefined && type.required === undefined
        ? z.tuple(type.items.map(of) as [z.ZodType]).readonly()
        : openTuple(type, names);
    case "map":
      if (type.values.kind === "json") return names.named(names.imports.useType("JsonObject"));
      return names.named(`Readonly<Record<string, ${createTypePrinter(names.imports).print(type.values)}>>`);
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

/** What annotations do not say: rules are for validators only, and a format is for documentation. */
const unprinted: ReadonlySet<string> = new Set(["rules", "closed", "exclusive", "format"]);

/** Identifies a type by what its annotation says. */
function keyOf(type: TypeIr): string {
  return JSON.stringify(type, (key, value: unknown) => (unprinted.has(key) ? undefined : value));
}

/** A union without options that only differ in their rules. */
function unionOf(options: readonly TypeIr[], names: Names): z.ZodType {
  const distinct = [...new Map(options.map((option) => [keyOf(option), option])).values()];
  const members = distinct.flatMap((option) => optionsOf(option, names));
  const [only = z.never(), ...others] = members;
  return others.length === 0 ? only : z.union(members);
}

/** The members of a type in a union. `string & {}` keeps the values of an open enum as suggestions of editors. */
function optionsOf(type: TypeIr, names: Names): readonly z.ZodType[] {
  if (type.kind !== "enum" || type.open !== true) return [zodOf(type, names)];
  const others = ["string", "number"].filter((other) => type.values.some((value) => typeof value === other));
  return [
    ...type.values.map((value) => z.literal(value)),
    ...others.map((other) => names.named(`(${other} & {})`)),
  ];
}

function openTuple(type: Extract<TypeIr, { kind: "tuple" }>, { named, imports }: Names): z.ZodType {
  const { print } = createTypePrinter(imports);
  const { required = type.items.length } = type;
  const items = type.items.map((item, at) => (at < required ? print(item) : `(${print(item)})?`));
  const rest = type.rest === undefined ? "" : `...(${print(type.rest)})[]`;
  return named(`readonly [${[...items, rest].filter(Boolean).join(", ")}]`);
}

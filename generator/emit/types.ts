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
      const words: string[] = [];
      const key = formOf(type, words) ?? keyOf(type);
      const known = printed.get(key) ?? printOnce(words.length === 0 ? type : wordless(type, { next: 0 }));
      printed.set(key, known);
      return words.length === 0
        ? known
        : known.replace(
            placeholder,
            (_whole, name?: string, text?: string) => words[Number(name ?? text)] ?? "",
          );
    },
  };
}

/** What stands for a word in a printed type: a name, or a text in quotes. */
const placeholder = /\uffff(\d+)\uffff|<(\d+)>/g;

/** Texts that look the same in quotes. */
const plainText = /^[ !#-;=?-[\]-~]*$/;

/**
 * The form of a type without its words, which are added to a list: names of declarations, and texts. Most types of a module
 * share a few forms, so that the compiler prints only these. Returns nothing for other types.
 */
function formOf(type: TypeIr, words: string[]): string | undefined {
  switch (type.kind) {
    case "string":
      return type.form ?? "string";
    case "boolean":
    case "null":
      return type.kind;
    case "number":
      return type.forms?.join("/") ?? "number";
    case "ref":
      words.push(type.name);
      return "ref";
    case "array": {
      const items = formOf(type.items, words);
      return items && `${items}[]`;
    }
    case "enum":
      return formOfValues(type, words);
    case "union": {
      const starts: number[] = [];
      const options = type.options.map((option) => {
        starts.push(words.length);
        return formOf(option, words);
      });
      // Options that are the same type are printed once.
      const keys = new Set(
        options.map((form, at) => [form, ...words.slice(starts[at], starts[at + 1])].join()),
      );
      return options.includes(undefined) || keys.size < options.length
        ? withoutWords(words)
        : `(${options.join("|")})`;
    }
    default:
      return withoutWords(words);
  }
}

function formOfValues(
  { values, open }: Extract<TypeIr, { kind: "enum" }>,
  words: string[],
): string | undefined {
  const forms = values.map((value) => {
    if (typeof value !== "string") return JSON.stringify(value);
    if (!plainText.test(value)) return undefined;
    words.push(value);
    return "text";
  });
  return forms.includes(undefined) ? withoutWords(words) : `${open ? "open" : "enum"}{${forms.join()}}`;
}

function withoutWords(words: string[]): string | undefined {
  words.length = 0;
  return undefined;
}

/** Replaces the words of a type by placeholders, in the order of `formOf`. */
function wordless(type: TypeIr, count: { next: number }): TypeIr {
  switch (type.kind) {
    case "ref":
      return { kind: "ref", name: `\uffff${count.next++}\uffff` };
    case "array":
      return { ...type, items: wordless(type.items, count) };
    case "enum":
      return {
        ...type,
        values: type.values.map((value) => (typeof value === "string" ? `<${count.next++}>` : value)),
      };
    case "union":
      return { ...type, options: type.options.map((option) => wordless(option, count)) };
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
      return names.named(names.imports.useType("JsonValue") + (type.exact ? "<bigint>" : ""));
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
      if (type.values.kind === "json")
        return names.named(names.imports.useType("JsonObject") + (type.values.exact ? "<bigint>" : ""));
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

import type { TypeIr } from "../ir/source-ir.js";
import type { Imports } from "./imports.js";

/**
 * Prints a type without the compiler, and imports the runtime types in it. Returns `undefined` for types that need the
 * compiler: intersections, tuples with optional items, unions with duplicate options, and literals that need an escape.
 * Tests compare it with zod-to-ts.
 */
export function printSimpleType(type: TypeIr, imports: Imports): string | undefined {
  switch (type.kind) {
    case "string":
      return type.form ?? "string";
    case "boolean":
    case "null":
    case "never":
      return type.kind;
    case "json":
      return imports.useType("JsonValue") + (type.exact ? "<bigint>" : "");
    case "object":
      return imports.useType("JsonObject");
    case "ref":
      return type.name;
    case "number":
    case "enum":
    case "union":
      return printUnion(optionsOf(type, imports));
    case "array":
      return printList(optionsOf(type.items, imports));
    case "map":
      if (type.values.kind === "json")
        return imports.useType("JsonObject") + (type.values.exact ? "<bigint>" : "");
      return within("Readonly<Record<string, ", printSimpleType(type.values, imports), ">>");
    case "tuple":
      return printTuple(type, imports);
    case "intersection":
      return undefined;
    default:
      return type satisfies never;
  }
}

function within(start: string, type: string | undefined, end: string): string | undefined {
  return type === undefined ? undefined : start + type + end;
}

type Options = readonly (string | undefined)[];

/** Prints the options of a type that may be a union, or the type itself. Nested unions get parentheses. */
function optionsOf(type: TypeIr, imports: Imports): Options {
  if (type.kind === "number") return type.forms ?? ["number"];
  if (type.kind === "enum") return valuesOf(type);
  if (type.kind !== "union") return [printSimpleType(type, imports)];
  const [only, ...others] = type.options;
  if (only && others.length === 0) return optionsOf(only, imports);
  return type.options.flatMap((option) => {
    if (option.kind === "enum" && option.open === true) return valuesOf(option);
    const options = optionsOf(option, imports);
    return options.length > 1 ? [within("(", printUnion(options), ")")] : options;
  });
}

function valuesOf({ values, open }: Extract<TypeIr, { kind: "enum" }>): Options {
  // `string & {}` keeps the values as suggestions of editors.
  const others = open
    ? ["string", "number"].filter((each) => values.some((value) => typeof value === each))
    : [];
  return [...values.map(printLiteral), ...others.map((other) => `(${other} & {})`)];
}

function printUnion(options: Options): string | undefined {
  const isKnown = options.length > 0 && !options.includes(undefined);
  return isKnown && new Set(options).size === options.length ? options.join(" | ") : undefined;
}

const plainText = /^[ !#-[\]-~]*$/;
const plainNumber = /^-?\d+(?:\.\d+)?$/;

function printLiteral(value: string | number | boolean | null): string | undefined {
  if (typeof value === "string") return plainText.test(value) ? `"${value}"` : undefined;
  const isPlain = typeof value !== "number" || (plainNumber.test(String(value)) && !Object.is(value, -0));
  return isPlain ? String(value) : undefined;
}

/**
 * Prints a list. Its item type is in parentheses if `[]` would apply to a part of it. Prettier drops the parentheses
 * around a negative number, although `-1[]` is not a type.
 */
function printList(items: Options): string | undefined {
  const printed = printUnion(items);
  if (printed?.startsWith("-") && items.length === 1) return `ReadonlyArray<${printed}>`;
  const isPart = items.length > 1 || printed?.startsWith("readonly ");
  return isPart ? within("readonly (", printed, ")[]") : within("readonly ", printed, "[]");
}

function printTuple(
  { items, required, rest }: Extract<TypeIr, { kind: "tuple" }>,
  imports: Imports,
): string | undefined {
  const printed = items.map((item) => printSimpleType(item, imports));
  const isSimple = required === undefined && rest === undefined && items.length > 0;
  return isSimple && !printed.includes(undefined) ? `readonly [${printed.join(", ")}]` : undefined;
}

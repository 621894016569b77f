import {
  isSelector,
  type CallIr,
  type JsonIr,
  type KindIr,
  type OptionIr,
  type OptionsIr,
} from "../ir/source-ir.js";
import type { Imports } from "./imports.js";
import { printKey, printLiteral } from "./literal.js";
import { printSelector } from "./selector.js";

type AnyCall = CallIr<OptionsIr | readonly OptionIr[]> & Pick<KindIr, "calls">;

/** The call of a factory; options that are an empty object or list are left out. */
export function printCall(call: AnyCall, imports: Imports): string {
  const { factory, options } = call;
  if (call.type === "hook") return printHook(call, imports);
  if (isList(options)) return `${imports.use(factory)}(${printOption(options, imports)})`;
  const calls = Object.entries(call.calls ?? {}).map(([name, use]) => row(name, printCall(use, imports)));
  const rows = [...printRows(options, imports), ...calls];
  return `${imports.use(factory)}(${rows.length > 0 ? `{ ${rows.join(", ")} }` : ""})`;
}

/** The call of a body's factory; an empty object is a body too. */
export function printBody({ factory, options }: CallIr<JsonIr>, imports: Imports): string {
  return `${imports.use(factory)}(${printLiteral(options)})`;
}

/** The plan of a resource, its parts as arguments. */
export function printPlan(parts: readonly CallIr[], imports: Imports): string {
  return `${imports.use("plan")}(${parts.map((part) => printCall(part, imports)).join(", ")})`;
}

/** `hook("map")`, with the key of its function where that is not the resource's name. */
function printHook({ factory, options }: AnyCall, imports: Imports): string {
  const given = Object.values(options).map((option: OptionIr) => printOption(option, imports));
  return `${imports.use(factory)}(${given.join(", ")})`;
}

function printOption(value: OptionIr, imports: Imports): string {
  if (isList(value)) return `[${value.map((item) => printOption(item, imports)).join(", ")}]`;
  if (typeof value !== "object" || value === null) return printLiteral(value);
  if (isSelector(value)) return printSelector(value, imports);
  const rows = printRows(value.object, imports);
  return rows.length > 0 ? `{ ${rows.join(", ")} }` : "{}";
}

function printRows(options: OptionsIr, imports: Imports): readonly string[] {
  return Object.entries(options).map(([name, value]) => row(name, printOption(value, imports)));
}

function row(name: string, text: string): string {
  return `${printKey(name)}: ${text}`;
}

function isList(value: OptionIr | OptionsIr): value is readonly OptionIr[] {
  return Array.isArray(value);
}

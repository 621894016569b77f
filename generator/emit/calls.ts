import {
  isSelector,
  type KindIr,
  type OptionIr,
  type OptionsIr,
  type ResourceIr,
  type SelectorIr,
} from "../ir/source-ir.js";
import type { Imports } from "./imports.js";
import { printKey, printLiteral } from "./literal.js";
import { printSelector } from "./selector.js";

/** Prints the call of a factory. Omits an object without options. */
export function printCall(call: KindIr, imports: Imports): string {
  const { factory, options } = call;
  if (call.positional) {
    const values = Object.values(options).map((value) => printOption(value, imports));
    return `${imports.use(factory)}(${values.join(", ")})`;
  }
  const calls = Object.entries(call.calls ?? {}).map(([name, use]) => row(name, printCall(use, imports)));
  const rows = [...printRows(options, imports), ...calls];
  return `${imports.use(factory)}(${rows.length > 0 ? `{ ${rows.join(", ")} }` : ""})`;
}

/** Prints the paginator of a resource, as an argument of the factories that change the requests of its pages. */
export function printPaginator(
  { paginator, pageRequests }: Pick<ResourceIr, "paginator" | "pageRequests">,
  imports: Imports,
): string {
  return pageRequests.reduce(
    (inner, { factory, options }) => {
      const rows = printRows(options, imports);
      return `${imports.use(factory)}(${inner}, { ${rows.join(", ")} })`;
    },
    printCall(paginator, imports),
  );
}

/** Prints the selector of the records, as an argument of their layout if they have one. */
export function printRecords(select: SelectorIr, layout: KindIr | undefined, imports: Imports): string {
  const selector = printSelector(select, imports);
  if (!layout) return selector;
  const rows = printRows(layout.options, imports);
  return `${imports.use(layout.factory)}(${selector}${rows.length > 0 ? `, { ${rows.join(", ")} }` : ""})`;
}

/** Prints the plan of a resource, with its parts as arguments. */
export function printPlan(parts: readonly KindIr[], imports: Imports): string {
  return `${imports.use("plan")}(${parts.map((part) => printCall(part, imports)).join(", ")})`;
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

function isList(value: OptionIr): value is readonly OptionIr[] {
  return Array.isArray(value);
}

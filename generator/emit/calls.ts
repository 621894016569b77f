import type { CallIr, JsonIr, KindIr } from "../ir/source-ir.js";
import type { Imports } from "./imports.js";
import { printKey, printLiteral } from "./literal.js";
import { printSelector } from "./selector.js";

/** The call of a factory; options that are an empty object or list are left out. */
export function printCall(call: CallIr<JsonIr> & Pick<KindIr, "calls">, imports: Imports): string {
  const { factory, options, selectors } = call;
  const calls = Object.entries(call.calls ?? {}).map(([name, use]) => row(name, printCall(use, imports)));
  if (call.type === "hook") return printHook(call, imports);
  const paths = selectors.map((path) => path.split("."));
  if (!isObject(options)) return `${imports.use(factory)}(${printValue(options, paths, imports)})`;
  const rows = [...printRows(options, paths, imports), ...calls];
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
function printHook({ factory, options }: CallIr<JsonIr>, imports: Imports): string {
  const given = Object.values(options ?? {}) as readonly JsonIr[];
  return `${imports.use(factory)}(${given.map(printLiteral).join(", ")})`;
}

/** A value of options; a path that ends here says that it is a selector. */
function printValue(value: JsonIr, paths: readonly (readonly string[])[], imports: Imports): string {
  if (paths.length === 0) return printLiteral(value);
  if (typeof value === "string" && paths.some((path) => path.length === 0))
    return printSelector(value, imports);
  if (Array.isArray(value)) {
    const items = (value as readonly JsonIr[]).map((item, at) =>
      printValue(item, below(paths, String(at)), imports),
    );
    return `[${items.join(", ")}]`;
  }
  if (!isObject(value)) return printLiteral(value);
  const rows = printRows(value, paths, imports);
  return rows.length > 0 ? `{ ${rows.join(", ")} }` : "{}";
}

function printRows(
  options: { readonly [key: string]: JsonIr },
  paths: readonly (readonly string[])[],
  imports: Imports,
): readonly string[] {
  return Object.entries(options).map(([name, value]) =>
    row(name, printValue(value, below(paths, name), imports)),
  );
}

function row(name: string, text: string): string {
  return `${printKey(name)}: ${text}`;
}

/** What is left of the paths that lead through a key. */
function below(paths: readonly (readonly string[])[], key: string): readonly (readonly string[])[] {
  return paths.filter(([first]) => first === "*" || first === key).map(([, ...rest]) => rest);
}

function isObject(value: JsonIr): value is { readonly [key: string]: JsonIr } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

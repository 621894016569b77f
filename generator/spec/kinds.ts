import type { JsonValue } from "@connector-gen/runtime";
import type { Kind, Option } from "@connector-gen/runtime/kinds";
import * as runtime from "@connector-gen/runtime/kinds";
import type { Path, Report } from "./load/document.js";
import { toSelector } from "./selector/selector.js";
import type { KindUse, SpecSelector } from "./spec.js";
import { millisecondsOf } from "./grammar/durations.js";
import { isObject, own } from "./values.js";
import { describeUnknown, quote } from "./wording.js";

/** A family of kinds: paginators, auth schemes. */
export type Family = Kind["family"];

/** Every kind that the runtime exports. The exports are the registry: no other list exists. */
const allKinds: readonly Kind[] = Object.entries(runtime)
  // Module namespaces sort their names; a bundler or loader may not.
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([, value]): unknown => value)
  .filter(isKind);

/** The shorthand for `single_page`. */
const noPaging = "none";
const singlePage = "single_page";
/** The type of an auth block without `type` (dlt reference §9). */
const defaultAuth = "bearer";

/** A key of a kind in the spec: the main key of an option, or an alias. */
export interface Row {
  /** snake_case. */
  readonly key: string;
  /** The main key of the option: the key itself unless that is an alias. */
  readonly main: string;
  /** The name of the option in the factory, in camelCase. */
  readonly name: string;
  readonly option: Option;
  readonly alias: boolean;
}

/** Lists the kinds of a family. */
export function kindsOf(family: Family): readonly Kind[] {
  return allKinds.filter((kind) => kind.family === family);
}

/** Finds a kind by its `type`. */
export function findKind(family: Family, type: unknown): Kind | undefined {
  return allKinds.find((kind) => kind.family === family && kind.type === type);
}

/** The paginator for resources that are read in one request. */
export function onePage(): KindUse {
  const kind = findKind("paginator", singlePage);
  if (!kind) throw new Error(`the runtime exports no kind ${singlePage}`);
  return { kind, options: {} };
}

/** The type of a block without `type`; `undefined` if the family requires one. */
export function defaultType(family: Family): string | undefined {
  return family === "auth" ? defaultAuth : undefined;
}

/** Lists the keys of a kind in the spec; aliases follow their main key. */
export function rowsOf(kind: Kind): readonly Row[] {
  return Object.entries(kind.options).flatMap(([name, option]) => {
    const main = keyOf(kind, name);
    const aliases = (option.aliases ?? []).map((key) => ({ key, main, name, option, alias: true }));
    return [{ key: main, main, name, option, alias: false }, ...aliases];
  });
}

/** Whether a spec must set an option. Secrets and credentials may be omitted: the caller of the factory provides them. */
export function isRequired(option: Option): boolean {
  return option.required === true && !isImplied(option);
}

/** Whether an omitted option defaults to `{secrets.x}`. */
export function isImplied(option: Option): boolean {
  return option.required === true && (option.type === "secret" || option.type === "credential");
}

/** Whether a kind, or one of the kinds it contains, requires a request body. */
export function needsBody({ kind, options, uses = {} }: KindUse): boolean {
  return kind.needsBody?.(options) === true || Object.values(uses).some(needsBody);
}

/** Lists the shorthands of a family: the types of the kinds that have no required option. */
export function shorthandsOf(family: Family): readonly string[] {
  const kinds = kindsOf(family).filter((kind) => !Object.values(kind.options).some(isRequired));
  const words = kinds.map((kind) => kind.type);
  return family === "paginator" ? [...words, noPaging] : words;
}

/** Finds the kind and the raw options of a block; `undefined` if the block is invalid. */
export function readKind(family: Family, raw: unknown): { kind: Kind; given: unknown } | undefined {
  if (typeof raw === "string") {
    if (!shorthandsOf(family).includes(raw)) return undefined;
    const kind = findKind(family, family === "paginator" && raw === noPaging ? singlePage : raw);
    return kind && { kind, given: {} };
  }
  if (!isObject(raw)) return undefined;
  const kind = findKind(family, own(raw, "type") ?? defaultType(family));
  return kind && { kind, given: raw };
}

/** The location of a block, and the receiver of its problems. */
interface BlockContext {
  readonly path: Path;
  readonly report: Report;
}

/**
 * Converts a paginator or auth block to its kind and options: resolves aliases, parses selectors and adds the
 * defaults of omitted secrets. Reports invalid combinations of options; the grammar checks the types.
 */
export function readKindUse(family: Family, raw: unknown, context: BlockContext): KindUse | undefined {
  const { path, report } = context;
  const found = readKind(family, raw);
  if (!found) return undefined;
  const { kind, given } = found;
  if (kind.deprecated !== undefined) {
    const message = `${quote(kind.type)} is deprecated: write ${quote(kind.deprecated)}`;
    const typePath = typeof raw === "string" ? path : [...path, "type"];
    report({ severity: "warning", code: "deprecated", message, path: typePath });
  }
  const values: Record<string, JsonValue | SpecSelector> = {};
  for (const [name, option] of Object.entries(kind.options)) {
    const rows = rowsOf(kind).filter((row) => row.name === name && own(given, row.key) !== undefined);
    const [row, ...others] = rows;
    if (row) values[name] = normalize(option, own(given, row.key) as JsonValue);
    else if (isImplied(option)) values[name] = `{secrets.${keyOf(kind, name)}}`;
    else if (isRequired(option)) reportMissing({ kind, name, option }, context);
    for (const other of others) {
      const message = `"${other.key}" and "${row?.key}" set the same option: remove one of them`;
      report({ code: "conflicting-options", message, path: [...path, other.key], at: "key" });
    }
  }
  reportCombinations(kind, values, context);
  const uses = readUses(kind, values, context);
  const options = Object.entries(values).filter(([name]) => !/^kinds?$/.test(kind.options[name]?.type ?? ""));
  return { kind, options: Object.fromEntries(options), ...(uses && { uses }) };
}

/** Reads the kinds inside a block, the default one first; `undefined` if the kind cannot contain others. */
function readUses(
  kind: Kind,
  values: KindUse["options"],
  { path, report }: BlockContext,
): Readonly<Record<string, KindUse>> | undefined {
  const optionOf = (type: Option["type"]): string | undefined =>
    Object.keys(kind.options).find((name) => kind.options[name]?.type === type);
  const holder = optionOf("kinds");
  const chooser = optionOf("kind");
  if (holder === undefined) return undefined;
  const raw = values[holder];
  const holderPath: Path = [...path, toSnakeCase(holder)];
  const uses = Object.entries(isObject(raw) ? raw : {}).flatMap(([name, block]) => {
    const use = readKindUse(kind.family, block, { path: [...holderPath, name], report });
    if (!use?.uses) return use ? [[name, use] as const] : [];
    report({
      code: "conflicting-options",
      message: `${kind.type} cannot contain ${kind.type}`,
      path: [...holderPath, name],
    });
    return [];
  });
  const names = isObject(raw) ? Object.keys(raw) : [];
  if (isObject(raw) && names.length === 0)
    report({ code: "invalid-value", message: `${kind.type} needs at least one scheme`, path: holderPath });
  const first = chooser === undefined ? undefined : values[chooser];
  if (chooser !== undefined && typeof first === "string" && !names.includes(first)) {
    const message = describeUnknown("scheme", first, names);
    report({ code: "unknown-value", message, path: [...path, toSnakeCase(chooser)] });
  }
  return Object.fromEntries(uses.sort(([a], [b]) => Number(b === first) - Number(a === first)));
}

/** Reports a missing option with aliases. The grammar reports the others: it cannot express "one of several keys". */
function reportMissing(
  { kind, name, option }: { kind: Kind; name: string; option: Option },
  { path, report }: BlockContext,
): void {
  if (!option.aliases) return;
  const words = [keyOf(kind, name), ...option.aliases].map((word) => `"${word}"`).join(" or ");
  report({ code: "missing-key", message: `${kind.type} needs ${words}`, path, at: "key" });
}

function reportCombinations(kind: Kind, options: KindUse["options"], { path, report }: BlockContext): void {
  for (const { option, message } of kind.check?.(options) ?? []) {
    const location: Path = option === undefined ? path : [...path, keyOf(kind, option)];
    report({ code: "conflicting-options", message: `${kind.type}: ${message}`, path: location, at: "key" });
  }
}

function normalize(option: Option, value: JsonValue): JsonValue | SpecSelector {
  if (option.type === "duration") return millisecondsOf(value) ?? value;
  if (option.type !== "selector" || typeof value !== "string") return value;
  // As in dlt, an empty path means that there is none.
  if (value === "" && option.nullable) return null;
  return toSelector(value) ?? value;
}

/** The spec's key for an option of a factory: `total_path` for `totalPath`, `leeway` for the duration `leewayMs`. */
function keyOf(kind: Kind, name: string): string {
  return toSnakeCase(kind.options[name]?.type === "duration" ? name.replace(/Ms$/, "") : name);
}

/** Converts the name of a factory option to snake_case: `totalPath` to `total_path`. */
export function toSnakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function isKind(value: unknown): value is Kind {
  return (
    isObject(value) && typeof value["factory"] === "string" && isObject(value["options"]) && "family" in value
  );
}

import type { JsonValue } from "@connector-gen/runtime";
import type { Kind, Option } from "@connector-gen/runtime/kinds";
import * as runtime from "@connector-gen/runtime/kinds";

import type { Path, Report } from "./load/document.js";
import { toSelector } from "./selector/selector.js";
import type { KindUse, SpecSelector } from "./spec.js";
import { millisecondsOf } from "./grammar/durations.js";
import { isObject, own } from "./values.js";
import { didYouMean, list, quote } from "./wording.js";

/** What a kind is used for. */
export type Family = Kind["family"];

/** Every kind that the runtime exports: the exports are the registry, there is no second list. */
const KINDS: readonly Kind[] = Object.entries(runtime)
  // As modules have them, whatever has loaded this one.
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([, value]): unknown => value)
  .filter(isKind);

/** The words that switch paging off beside the kind that reads one page. */
const NO_PAGING = "none";
const ONE_PAGE = "single_page";
/** What an auth object without `type` means (reference §9). */
const DEFAULT_AUTH = "bearer";

/** A key of a kind in the spec: an option's main word, or an alias of it. */
export interface Row {
  /** snake_case. */
  readonly key: string;
  /** The option's main word: the key itself unless that is an alias. */
  readonly main: string;
  /** The factory's name of the option. */
  readonly name: string;
  readonly option: Option;
  readonly alias: boolean;
}

/** Lists the kinds of a family. */
export function kindsOf(family: Family): readonly Kind[] {
  return KINDS.filter((kind) => kind.family === family);
}

/** Finds a kind by its word. */
export function findKind(family: Family, type: unknown): Kind | undefined {
  return KINDS.find((kind) => kind.family === family && kind.type === type);
}

/** The kind for sources that are read in one request. */
export function onePage(): KindUse {
  const kind = findKind("paginator", ONE_PAGE);
  if (!kind) throw new Error(`the runtime exports no kind ${ONE_PAGE}`);
  return { kind, options: {} };
}

/** The type that holds when an object of a family names none. */
export function defaultType(family: Family): string | undefined {
  return family === "auth" ? DEFAULT_AUTH : undefined;
}

/** Lists a kind's keys in the spec, aliases behind their main words. */
export function rowsOf(kind: Kind): readonly Row[] {
  return Object.entries(kind.options).flatMap(([name, option]) => {
    const main = keyOf(kind, name);
    const aliases = (option.aliases ?? []).map((key) => ({ key, main, name, option, alias: true }));
    return [{ key: main, main, name, option, alias: false }, ...aliases];
  });
}

/** Whether a spec must give an option: secrets and credentials have a default, the factory's caller. */
export function isRequired(option: Option): boolean {
  return option.required === true && !isImplied(option);
}

/** Whether an option is read from `{secrets.x}` when the spec leaves it out. */
export function isImplied(option: Option): boolean {
  return option.required === true && (option.type === "secret" || option.type === "credential");
}

/** Whether a kind, or one of those that it is made of, cannot do without a request body. */
export function needsBody({ kind, options, uses = {} }: KindUse): boolean {
  return kind.needsBody?.(options) === true || Object.values(uses).some(needsBody);
}

/** Lists the words that may stand for a whole paginator or auth block: the kinds that need no option. */
export function shorthandsOf(family: Family): readonly string[] {
  const kinds = kindsOf(family).filter((kind) => !Object.values(kind.options).some(isRequired));
  const words = kinds.map((kind) => kind.type);
  return family === "paginator" ? [...words, NO_PAGING] : words;
}

/** The kind and the raw options that a block names; nothing when that is not clear. */
export function readKind(family: Family, raw: unknown): { kind: Kind; given: unknown } | undefined {
  if (typeof raw === "string") {
    if (!shorthandsOf(family).includes(raw)) return undefined;
    const kind = findKind(family, family === "paginator" && raw === NO_PAGING ? ONE_PAGE : raw);
    return kind && { kind, given: {} };
  }
  if (!isObject(raw)) return undefined;
  const kind = findKind(family, own(raw, "type") ?? defaultType(family));
  return kind && { kind, given: raw };
}

/** Where a block stands, and who is told of its mistakes. */
interface Place {
  readonly path: Path;
  readonly report: Report;
}

/**
 * Turns a paginator or auth block into its kind and options: aliases resolved, selectors parsed, secrets that
 * were left out named. Reports combinations that cannot work; the options' own types are the grammar's matter.
 */
export function readKindUse(family: Family, raw: unknown, place: Place): KindUse | undefined {
  const found = readKind(family, raw);
  if (!found) return undefined;
  const { kind, given } = found;
  if (kind.deprecated !== undefined) {
    const message = `${quote(kind.type)} is an old word for ${quote(kind.deprecated)}: write that`;
    const path = typeof raw === "string" ? place.path : [...place.path, "type"];
    place.report({ severity: "warning", code: "deprecated", message, path });
  }
  const values: Record<string, JsonValue | SpecSelector> = {};
  for (const [name, option] of Object.entries(kind.options)) {
    const rows = rowsOf(kind).filter((row) => row.name === name && own(given, row.key) !== undefined);
    const [row, ...others] = rows;
    if (row) values[name] = normalize(option, own(given, row.key) as JsonValue);
    else if (isImplied(option)) values[name] = `{secrets.${keyOf(kind, name)}}`;
    else if (isRequired(option)) reportMissing({ kind, name, option }, place);
    for (const other of others) {
      const message = `"${other.key}" is another word for "${row?.key}": give one of them`;
      place.report({ code: "conflicting-options", message, path: [...place.path, other.key], at: "key" });
    }
  }
  reportCombinations(kind, values, place);
  const uses = readUses(kind, values, place);
  const options = Object.entries(values).filter(([name]) => !/^kinds?$/.test(kind.options[name]?.type ?? ""));
  return { kind, options: Object.fromEntries(options), ...(uses && { uses }) };
}

/** The kinds in a block, the one that an option names as the first; nothing for kinds that hold none. */
function readUses(
  kind: Kind,
  values: KindUse["options"],
  { path, report }: Place,
): Readonly<Record<string, KindUse>> | undefined {
  const optionOf = (type: Option["type"]): string | undefined =>
    Object.keys(kind.options).find((name) => kind.options[name]?.type === type);
  const holder = optionOf("kinds");
  const chooser = optionOf("kind");
  if (holder === undefined) return undefined;
  const raw = values[holder];
  const place: Path = [...path, toSnakeCase(holder)];
  const uses = Object.entries(isObject(raw) ? raw : {}).flatMap(([name, block]) => {
    const use = readKindUse(kind.family, block, { path: [...place, name], report });
    if (!use?.uses) return use ? [[name, use] as const] : [];
    report({
      code: "conflicting-options",
      message: `${kind.type} cannot stand in ${kind.type}`,
      path: [...place, name],
    });
    return [];
  });
  const names = isObject(raw) ? Object.keys(raw) : [];
  if (isObject(raw) && names.length === 0)
    report({ code: "invalid-value", message: `${kind.type} needs at least one scheme`, path: place });
  const first = chooser === undefined ? undefined : values[chooser];
  if (chooser !== undefined && typeof first === "string" && !names.includes(first)) {
    const message = `${quote(first)} is none of the schemes: there are ${list(names)}${didYouMean(first, names)}`;
    report({ code: "unknown-value", message, path: [...path, toSnakeCase(chooser)] });
  }
  return Object.fromEntries(uses.sort(([a], [b]) => Number(b === first) - Number(a === first)));
}

/** The grammar asks for required options itself, except for those with several words: either will do. */
function reportMissing(
  { kind, name, option }: { kind: Kind; name: string; option: Option },
  { path, report }: Place,
): void {
  if (!option.aliases) return;
  const words = [keyOf(kind, name), ...option.aliases].map((word) => `"${word}"`).join(" or ");
  report({ code: "missing-key", message: `${kind.type} needs ${words}`, path, at: "key" });
}

function reportCombinations(kind: Kind, options: KindUse["options"], { path, report }: Place): void {
  for (const { option, message } of kind.check?.(options) ?? []) {
    const where: Path = option === undefined ? path : [...path, keyOf(kind, option)];
    report({ code: "conflicting-options", message: `${kind.type}: ${message}`, path: where, at: "key" });
  }
}

function normalize(option: Option, value: JsonValue): JsonValue | SpecSelector {
  if (option.type === "duration") return millisecondsOf(value) ?? value;
  if (option.type !== "selector" || typeof value !== "string") return value;
  // dlt reads an empty path as none.
  if (value === "" && option.nullable) return null;
  return toSelector(value) ?? value;
}

/** The spec's key for an option of a factory: `total_path` for `totalPath`, `leeway` for the duration `leewayMs`. */
function keyOf(kind: Kind, name: string): string {
  return toSnakeCase(kind.options[name]?.type === "duration" ? name.replace(/Ms$/, "") : name);
}

/** Writes a factory's option as a key of the spec: `totalPath` as `total_path`. */
export function toSnakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function isKind(value: unknown): value is Kind {
  return (
    isObject(value) && typeof value["factory"] === "string" && isObject(value["options"]) && "family" in value
  );
}

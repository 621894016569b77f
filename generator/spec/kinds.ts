import type { Kind, Option } from "@connector-gen/runtime/kinds";
import * as runtime from "@connector-gen/runtime/kinds";

import type { Path } from "./load/document.js";
import {
  isImplied,
  isLiteral,
  isRequired,
  keyOf,
  type OptionPlace,
  readOption,
  reportProblem,
  rowsOf,
  toSnakeCase,
} from "./options.js";
import type { KindUse, SpecValue } from "./spec.js";
import { isObject, own } from "./values.js";
import { didYouMean, list, quote } from "./wording.js";

/** What a kind is used for. */
export type Family = Kind["family"];

/** Every kind that the runtime exports: the exports are the registry, there is no second list. */
const KINDS: readonly Kind[] = Object.entries(runtime)
  // As modules have them, whatever has loaded this one.
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([, value]): unknown => value)
  .filter(runtime.isKind);

/** The words that switch paging off beside the kind that reads one page. */
const NO_PAGING = "none";
const ONE_PAGE = "single_page";
/** What an auth object without `type` means (reference §9). */
const DEFAULT_AUTH = "bearer";

/** Lists the kinds of a family. */
export function kindsOf(family: Family): readonly Kind[] {
  return KINDS.filter((kind) => kind.family === family);
}

/** Finds a kind by its word, or the first of a family. Throws if the runtime exports none. */
export function kindOf(family: Family, type?: string): Kind {
  const kind = kindsOf(family).find((each) => type === undefined || each.type === type);
  if (!kind) throw new Error(`the runtime exports no ${family} ${type ?? ""}`.trim());
  return kind;
}

/** Finds a kind by its word. */
export function findKind(family: Family, type: unknown): Kind | undefined {
  return KINDS.find((kind) => kind.family === family && kind.type === type);
}

/** The kind for sources that are read in one request. */
export function onePage(): KindUse {
  return { kind: kindOf("paginator", ONE_PAGE), options: {} };
}

/** The type that holds when an object of a family names none. */
export function defaultType(family: Family): string | undefined {
  return family === "auth" ? DEFAULT_AUTH : undefined;
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

/**
 * Reads a block that names its kind: aliases resolved, selectors normalised, omitted secrets named. Reports combinations
 * that cannot work; the grammar checks the types of the options.
 */
export function readKindUse(family: Family, raw: unknown, place: OptionPlace): KindUse | undefined {
  const found = readKind(family, raw);
  if (!found) return undefined;
  const { kind, given } = found;
  if (kind.deprecated !== undefined) {
    const message = `${quote(kind.type)} is an old word for ${quote(kind.deprecated)}: write that`;
    const path = typeof raw === "string" ? place.path : [...place.path, "type"];
    place.report({ severity: "warning", code: "deprecated", message, path });
  }
  return readUse(kind, given, place);
}

/**
 * Reads the value of a kind that the spec's key names. A kind with one positional option is its whole value; `true`
 * stands for the default options.
 */
export function readUse(kind: Kind, raw: unknown, place: OptionPlace): KindUse {
  const whole = wholeOption(kind);
  const values: Record<string, SpecValue> = {};
  for (const [name, option] of Object.entries(kind.options).filter(([, { isDerived }]) => !isDerived)) {
    const value =
      name === whole ? readOption(option, raw, place) : readRow({ kind, name, option, raw }, place);
    if (value !== undefined && !isDefault(kind, option, value)) values[name] = value;
  }
  const prefix = kind.key === undefined && kind.family !== "shaper" ? `${kind.type}: ` : "";
  for (const { message, ...problem } of kind.check?.(values) ?? [])
    reportProblem({ ...problem, message: prefix + message }, kind, place);
  const uses = readUses(kind, values, place);
  const options = Object.entries(values).filter(([name]) => !/^kinds?$/.test(kind.options[name]?.type ?? ""));
  return { kind, options: Object.fromEntries(options), ...(uses && { uses }) };
}

/** The key of the spec that holds a kind. */
export function keyOfKind({ key, type }: Kind): string {
  return key ?? type;
}

/** The option that is the whole value of a kind in the spec, if there is one. */
export function wholeOption(kind: Kind): string | undefined {
  const [row, ...others] = rowsOf(kind);
  return kind.positional && row && others.length === 0 ? row.name : undefined;
}

/** Reads an option that stands under its main word or under one of its aliases. */
function readRow(
  { kind, name, option, raw }: { kind: Kind; name: string; option: Option; raw: unknown },
  place: OptionPlace,
): SpecValue | undefined {
  const rows = rowsOf(kind).filter((row) => row.name === name && isGiven(kind, own(raw, row.key)));
  const [row, ...others] = rows;
  for (const other of others) {
    const message = `"${other.key}" is another word for "${row?.key}": give one of them`;
    place.report({ code: "conflicting-options", message, path: [...place.path, other.key], at: "key" });
  }
  if (row) {
    const path: Path = [...place.path, row.key];
    return readOption(option, own(raw, row.key), { ...place, path });
  }
  if (isImplied(option)) return `{secrets.${keyOf(name, option)}}`;
  if (isRequired(option)) reportMissing({ kind, name, option }, place);
  return undefined;
}

function isGiven({ family }: Kind, value: unknown): boolean {
  return value !== undefined && (value !== null || isLiteral(family));
}

function isDefault({ family }: Kind, option: Option, value: SpecValue): boolean {
  return !isLiteral(family) && option.default === value;
}

/** The kinds in a block, the one that an option names as the first; nothing for kinds that hold none. */
function readUses(
  kind: Kind,
  values: KindUse["options"],
  { path, report }: OptionPlace,
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
  { path, report }: OptionPlace,
): void {
  if (!option.aliases) return;
  const words = [keyOf(name, option), ...option.aliases].map((word) => `"${word}"`).join(" or ");
  report({ code: "missing-key", message: `${kind.type} needs ${words}`, path, at: "key" });
}

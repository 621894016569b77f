import type { Kind, Option } from "@connector-gen/runtime/kinds";
import * as runtime from "@connector-gen/runtime/kinds";
import type { Path } from "./load/document.js";
import {
  isImplied,
  isLiteral,
  isRequired,
  keyOf,
  type BlockContext,
  readOption,
  reportProblem,
  type Row,
  rowsOf,
  toSnakeCase,
} from "./options.js";
import type { KindUse, SpecValue } from "./spec.js";
import { isObject, own } from "./values.js";
import { describeUnknown, quote } from "./wording.js";

/** A family of kinds: paginators, auth schemes. */
export type Family = Kind["family"];

/** Every kind that the runtime exports. The exports are the registry: no other list exists. */
export const allKinds: readonly Kind[] = Object.entries(runtime)
  // Module namespaces sort their names; a bundler or loader may not.
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([, value]): unknown => value)
  .filter(runtime.isKind);

/** The shorthand for `single_page`. */
const noPaging = "none";
const singlePage = "single_page";
/** The type of an auth block without `type` (dlt reference §9). */
const defaultAuth = "bearer";

const kindsByFamily = new Map<Family, readonly Kind[]>();

/** Lists the kinds of a family. */
export function kindsOf(family: Family): readonly Kind[] {
  const known = kindsByFamily.get(family) ?? allKinds.filter((kind) => kind.family === family);
  kindsByFamily.set(family, known);
  return known;
}

/** Finds a kind by its `type`, or the first of a family. Throws if the runtime exports none. */
export function kindOf(family: Family, type?: string): Kind {
  const kind = kindsOf(family).find((each) => type === undefined || each.type === type);
  if (!kind) throw new Error(`the runtime exports no ${family} ${type ?? ""}`.trim());
  return kind;
}

/** Finds a kind by its `type`. */
export function findKind(family: Family, type: unknown): Kind | undefined {
  return kindsOf(family).find((kind) => kind.type === type);
}

/** The paginator for resources that are read in one request. */
export function onePage(): KindUse {
  return { kind: kindOf("paginator", singlePage), options: {} };
}

/** The type of a block without `type`; `undefined` if the family requires one. */
export function defaultType(family: Family): string | undefined {
  return family === "auth" ? defaultAuth : undefined;
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
  return readUse(kind, given, context);
}

/**
 * Reads the value of a known kind. If the kind has a single positional option, the value is that option; `true` selects
 * the default options.
 */
export function readUse(kind: Kind, raw: unknown, context: BlockContext): KindUse {
  const whole = wholeOption(kind);
  const values: Record<string, SpecValue> = {};
  for (const row of rowsOf(kind)) {
    if (row.alias) continue;
    const { name, option } = row;
    const value = name === whole ? readOption(option, raw, context) : readRow({ kind, row, raw }, context);
    if (value !== undefined && !isDefault(kind, option, value)) values[name] = value;
  }
  const prefix = kind.key === undefined && kind.family !== "shaper" ? `${kind.type}: ` : "";
  for (const { message, ...problem } of kind.check?.(values) ?? [])
    reportProblem({ ...problem, message: prefix + message }, kind, context);
  const uses = readUses(kind, values, context);
  const options = Object.entries(values).filter(([name]) => !/^kinds?$/.test(kind.options[name]?.type ?? ""));
  return { kind, options: Object.fromEntries(options), ...(uses && { uses }) };
}

/** The key of the spec that holds a kind. */
export function keyOfKind({ key, type }: Kind): string {
  return key ?? type;
}

/** The option that is the whole value of a kind in the spec, if there is one. */
export function wholeOption(kind: Kind): string | undefined {
  const rows = rowsOf(kind);
  return kind.positional && rows.length === 1 ? rows[0]?.name : undefined;
}

/** Reads an option under its main key or one of its aliases. */
function readRow(
  { kind, row, raw }: { kind: Kind; row: Row; raw: unknown },
  context: BlockContext,
): SpecValue | undefined {
  const { name, option } = row;
  const [key, ...others] = [row.key, ...(option.aliases ?? [])].filter((each) =>
    isGiven(kind, own(raw, each)),
  );
  for (const other of others) {
    const message = `"${other}" and "${key}" set the same option: remove one of them`;
    context.report({ code: "conflicting-options", message, path: [...context.path, other], at: "key" });
  }
  if (key !== undefined) {
    const path: Path = [...context.path, key];
    return readOption(option, own(raw, key), { ...context, path });
  }
  if (isImplied(option)) return `{secrets.${keyOf(name, option)}}`;
  if (isRequired(option)) reportMissing({ kind, name, option }, context);
  return undefined;
}

function isGiven({ family }: Kind, value: unknown): boolean {
  return value !== undefined && (value !== null || isLiteral(family));
}

function isDefault({ family }: Kind, option: Option, value: SpecValue): boolean {
  return !isLiteral(family) && option.default === value;
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
  if (holder === undefined) return undefined;
  const chooser = optionOf("kind");
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
  const words = [keyOf(name, option), ...option.aliases].map((word) => `"${word}"`).join(" or ");
  report({ code: "missing-key", message: `${kind.type} needs ${words}`, path, at: "key" });
}

import type { JsonValue } from "@connector-gen/runtime";
import type { Kind, Option, OptionProblem, OptionValue } from "@connector-gen/runtime/kinds";

import { millisecondsOf } from "./grammar/durations.js";
import type { Path, Report } from "./load/document.js";
import { toSelector } from "./selector/selector.js";
import type { SpecValue } from "./spec.js";
import type { TemplateReader } from "./template/template-reader.js";
import { isObject, numberOf, own } from "./values.js";

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

const knownRows = new WeakMap<object, readonly Row[]>();
const noOptions = {};

/** Lists the keys of a kind or a group in the spec; aliases follow their main key. */
export function rowsOf({ options = noOptions }: Pick<Option, "options">): readonly Row[] {
  const known = knownRows.get(options);
  if (known) return known;
  const rows = listRows(options);
  knownRows.set(options, rows);
  return rows;
}

function listRows(options: NonNullable<Option["options"]>): readonly Row[] {
  return Object.entries(options).flatMap(([name, option]) => {
    const main = keyOf(name, option);
    const aliases = (option.aliases ?? []).map((key) => ({ key, main, name, option, alias: true }));
    return option.isDerived ? [] : [{ key: main, main, name, option, alias: false }, ...aliases];
  });
}

/** The spec's word for an option. */
export function keyOf(name: string, { key, type }: Pick<Option, "key" | "type">): string {
  return key ?? toSnakeCase(type === "duration" ? name.replace(/Ms$/, "") : name);
}

/** Converts the name of a factory option to snake_case: `totalPath` to `total_path`. */
export function toSnakeCase(name: string): string {
  return /[A-Z]/.test(name) ? snakeCaseOf(name) : name;
}

function snakeCaseOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Whether a spec must set an option. Secrets and credentials may be omitted: the caller of the factory provides them. */
export function isRequired(option: Option): boolean {
  return option.required === true && !isImplied(option);
}

/** Whether an omitted option defaults to `{secrets.x}`. */
export function isImplied(option: Option): boolean {
  return option.required === true && (option.type === "secret" || option.type === "credential");
}

/** Whether `null` and default values of a family are kept. In all other families, both mean "not given". */
export function isLiteral(family: Kind["family"]): boolean {
  return family === "paginator" || family === "auth";
}

/** The location of a value in the spec, and the receiver of its problems. */
export interface BlockContext {
  readonly path: Path;
  readonly report: Report;
  /** Reads the placeholders of options that have `scopes`. */
  readonly reader?: TemplateReader;
}

/** Converts an option's value to the factory's form; `undefined` for a value of another type, which the grammar reports. */
export function readOption(option: OptionValue, raw: unknown, context: BlockContext): SpecValue | undefined {
  if (raw === null) return option.nullable || option.type === "json" ? null : undefined;
  if (option.scopes && context.reader) {
    const { path, reader } = context;
    return reader.readValue(raw as JsonValue, { path, scopes: option.scopes });
  }
  switch (option.type) {
    case "selector":
      return readSelector(option, raw);
    case "status":
      return typeof raw === "string" ? parseStatus(raw) : numberOf(raw);
    case "duration":
      return readDuration(option, raw);
    case "names":
      return typeof raw === "string" ? [raw] : readList(raw, { type: "text" }, context);
    case "list":
      return readList(raw, option.items, context);
    case "map":
      return readMap(raw, option.items, context);
    case "group":
      return isObject(raw) ? readGroup(option, raw, context) : undefined;
    case "whole":
    case "number":
      return numberOf(raw);
    case "flag":
      return typeof raw === "boolean" ? raw : undefined;
    case "choice":
      return option.choices?.find((choice) => choice === raw);
    case "text":
    case "template":
    case "secret":
    case "credential":
    case "timeFormat":
    case "period":
      return typeof raw === "string" ? raw : undefined;
    case "values":
      return typeof raw === "string" || Array.isArray(raw) ? (raw as JsonValue) : undefined;
    case "bound":
    case "distance":
      return typeof raw === "string" ? raw : numberOf(raw);
    case "object":
    case "json":
    case "form":
    case "kinds":
    case "kind":
      return raw as JsonValue;
    default:
      return option.type satisfies never;
  }
}

/** Reads the options of a group. */
function readGroup(group: OptionValue, raw: object, context: BlockContext): SpecValue {
  const entries = rowsOf(group).flatMap(({ key, name, option }) => {
    const given = own(raw, key);
    if (given === undefined) return [];
    const value = readOption(option, given, { ...context, path: [...context.path, key] });
    return value === undefined ? [] : [[name, value] as const];
  });
  const options = Object.fromEntries(entries);
  for (const problem of group.checkGroup?.(options) ?? []) reportProblem(problem, group, context);
  return options;
}

/** Reports a combination of options that cannot work, at the option that it names. */
export function reportProblem(
  { option, message }: OptionProblem,
  { options = {} }: Pick<Option, "options">,
  { path, report }: BlockContext,
): void {
  const row = option === undefined ? undefined : options[option];
  const key = option === undefined ? [] : [row ? keyOf(option, row) : toSnakeCase(option)];
  report({ code: "conflicting-options", message, path: [...path, ...key], at: "key" });
}

/**
 * Parses the status of a response action: `"404"` to 404, `"4XX"` to `"4xx"`, `"500-599"` unchanged. Returns `undefined`
 * for any other text.
 */
export function parseStatus(text: string): number | string | undefined {
  if (/^[1-5]xx$/i.test(text)) return text.toLowerCase();
  if (/^[1-5]\d\d$/.test(text)) return Number(text);
  const [, from, to] = /^([1-5]\d\d)-([1-5]\d\d)$/.exec(text) ?? [];
  return from !== undefined && to !== undefined && Number(from) <= Number(to) ? text : undefined;
}

/** As in dlt, an empty path means that there is none. The grammar reports an invalid selector. */
function readSelector({ nullable }: OptionValue, raw: unknown): SpecValue | undefined {
  if (typeof raw !== "string") return undefined;
  if (raw === "" && nullable) return null;
  return toSelector(raw) ?? raw;
}

function readDuration({ words = {} }: OptionValue, raw: unknown): number | undefined {
  return millisecondsOf(typeof raw === "string" && Object.hasOwn(words, raw) ? words[raw] : raw);
}

function readList(
  raw: unknown,
  items: OptionValue | undefined,
  context: BlockContext,
): SpecValue | undefined {
  if (!Array.isArray(raw) || !items) return undefined;
  return raw.flatMap((item: unknown, index): SpecValue[] => {
    const value = readOption(items, item, { ...context, path: [...context.path, index] });
    return value === undefined ? [] : [value];
  });
}

function readMap(raw: unknown, items: OptionValue | undefined, context: BlockContext): SpecValue | undefined {
  if (!isObject(raw) || !items) return undefined;
  const entries = Object.entries(raw).flatMap(([name, item]) => {
    const value = readOption(items, item, { ...context, path: [...context.path, name] });
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

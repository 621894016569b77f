import type { JsonValue } from "@connector-gen/runtime";
import type { QuerySegment } from "@connector-gen/runtime/kinds";
import type { Path, Problem, Report, Span } from "../load/document.js";
import {
  doubledPlaceholders,
  escapeTemplate,
  parseReference,
  parseTemplate,
  type Placeholder,
  placeholdersOf,
  printTemplate,
  rejectPlaceholder,
  type Scope,
  scopes,
  type TextProblem,
} from "./placeholders.js";
import { isPath, printSegments } from "../selector/segments.js";
import { parseSelector, warnAboutDots } from "../selector/selector.js";
import { isObject, type Raw } from "../values.js";
import { describeUnknown, quote } from "../wording.js";

/** The names of the `{incremental.…}` placeholders. */
const incrementalNames = ["start_value", "initial_value", "last_value", "end_value"];

/** Matches a string that consists of a single placeholder. */
const singlePlaceholder = new RegExp(`^\\{(?:${scopes.join("|")})\\.[^{}]+\\}$`);

/** What the templates of a resource can refer to. */
export interface TemplateScope {
  readonly report: Report;
  /** The names of all resources. */
  readonly resources: readonly string[];
  /** The names of the resource's partitions. */
  readonly partitions: readonly string[];
  readonly isIncremental: boolean;
  /** Whether the resource reads the results of an export job. */
  readonly hasJob: boolean;
}

/** The location of a template in the spec, and the rules that apply there. */
export interface TextLocation {
  readonly path: Path;
  /** Set when the template is a key. */
  readonly at?: "key";
  /** The scopes that are valid here. Default: all that the resource has. */
  readonly scopes?: readonly Scope[];
  /** A hint for messages about braces that are not meant as a placeholder. */
  readonly hint?: string;
  /** Whether braces are literal, unless the string consists of a single placeholder. */
  readonly isRaw?: boolean;
}

/** The location of an object whose entries may come from different objects of the spec. */
export type EntriesLocation = Omit<TextLocation, "path"> & { readonly pathOf: (name: string) => Path };

/** A reference to a field of a parent resource. */
export interface ParentUse {
  readonly parent: string;
  /** The normalised placeholder without braces: `resources.users.id`. */
  readonly name: string;
  /** The segments of the field's selector, within the parent's record. */
  readonly selector: readonly QuerySegment[];
  readonly location: TextLocation;
  /** The range of the placeholder within the template. */
  readonly text?: Span;
}

/** Reads the templates of one resource: checks every placeholder and records what it refers to. */
export interface TemplateReader {
  /** The parent fields that the templates refer to so far, without duplicates. */
  readonly uses: readonly ParentUse[];
  /** Whether any template refers to `{incremental.…}` so far. */
  readonly hasRange: boolean;
  /** Whether any template refers to a placeholder so far: `incremental.start_value`, `partitions.region`. */
  readonly names: (expression: string) => boolean;
  /** The placeholders of a scope that the templates refer to so far. */
  readonly namesOf: (scope: Scope) => readonly string[];
  /** Reads a template. Different spellings of a placeholder become the same text. */
  readonly readText: (text: string, location: TextLocation) => string;
  /** Reads every string of a value as a template, keys included. */
  readonly readValue: (value: JsonValue, location: TextLocation) => JsonValue;
  /** Reads the entries of an object; `pathOf` gives the path of each. */
  readonly readEntries: (value: Raw, location: EntriesLocation) => Record<string, JsonValue>;
  /** Reads a placeholder. Returns its normalised expression, or `undefined` if it is invalid. */
  readonly readPlaceholder: (part: Placeholder, location: TextLocation) => string | undefined;
  /** Records a reference to a parent's field. Returns the name of its placeholder, or `undefined` if it is invalid. */
  readonly useField: (
    field: ParentField,
    at: { location: TextLocation; whole?: Span; fieldOffset?: number },
  ) => string | undefined;
  /** Reports a problem of a template at its location. */
  readonly report: (problem: TextProblem, location: TextLocation) => void;
  /** Reports a warning in the same way. */
  readonly warn: (problem: TextProblem, location: TextLocation) => void;
}

/** A field of a parent resource, as the spec writes it. */
interface ParentField {
  readonly parent: string;
  readonly field: string;
}

/** A reader's scope and what its templates have referred to. */
interface ReaderState {
  readonly scope: TemplateScope;
  /** By placeholder. */
  readonly uses: Map<string, ParentUse>;
  readonly names: Set<string>;
}

/** Creates the template reader of a resource. */
export function createTemplateReader(scope: TemplateScope): TemplateReader {
  const state: ReaderState = { scope, uses: new Map(), names: new Set() };
  const reader: TemplateReader = {
    get uses() {
      return [...state.uses.values()];
    },
    get hasRange() {
      return [...state.names].some((name) => name.startsWith("incremental."));
    },
    names: (expression) => state.names.has(expression),
    namesOf: (scope) => [...state.names].filter((name) => name.startsWith(`${scope}.`)),
    readText: (text, location) => readText(text, location, reader),
    readValue: (value, location) => readValue(value, location, reader),
    readEntries: (value, location) => readEntries(value, location, reader),
    readPlaceholder: (part, location) => readPlaceholder(part, location, { reader, state }),
    useField: (field, at) => useField(field, at, { reader, state }),
    report: (problem, location) => scope.report(toProblem(problem, location)),
    warn: (problem, location) => scope.report({ severity: "warning", ...toProblem(problem, location) }),
  };
  return reader;
}

function toProblem(problem: TextProblem, { path, at }: TextLocation): Problem {
  const { severity, code, message, offset, length = 1 } = problem;
  const text = offset !== undefined && at !== "key" ? { text: { offset, length } } : {};
  return { ...(severity && { severity }), code, message, path, ...(at && { at }), ...text };
}

function readText(text: string, location: TextLocation, reader: TemplateReader): string {
  if (location.isRaw && !singlePlaceholder.test(text)) return escapeTemplate(text);
  const { parts, problems } = parseTemplate(text);
  problems.forEach((problem, index) => {
    reader.report(index === 0 ? withHint(problem, location) : problem, location);
  });
  for (const problem of doubledPlaceholders(text)) reader.warn(problem, location);
  const names = new Map(
    placeholdersOf(parts).map((part) => [part.expression, reader.readPlaceholder(part, location)]),
  );
  if (problems.length > 0) return text;
  return printTemplate(parts, ({ expression }) => `{${names.get(expression) ?? expression}}`);
}

function withHint(problem: TextProblem, { hint }: TextLocation): TextProblem {
  return hint === undefined ? problem : { ...problem, message: `${problem.message}; ${hint}` };
}

function readValue(value: JsonValue, location: TextLocation, reader: TemplateReader): JsonValue {
  if (typeof value === "string") return reader.readText(value, location);
  const { path } = location;
  if (Array.isArray(value)) {
    return value.map((item: JsonValue, index) =>
      reader.readValue(item, { ...location, path: [...path, index] }),
    );
  }
  if (!isObject(value)) return value;
  return reader.readEntries(value, { ...location, pathOf: (name) => [...path, name] });
}

function readEntries(
  value: Raw,
  { pathOf, ...rules }: EntriesLocation,
  reader: TemplateReader,
): Record<string, JsonValue> {
  const entries = Object.entries(value).map(([name, item]): [string, JsonValue] => {
    const path = pathOf(name);
    const key = reader.readText(name, { ...rules, path, at: "key" });
    return [key, reader.readValue(item as JsonValue, { ...rules, path })];
  });
  return Object.fromEntries(entries);
}

function readPlaceholder(
  part: Placeholder,
  location: TextLocation,
  { reader, state }: { reader: TemplateReader; state: ReaderState },
): string | undefined {
  const { expression, offset, length } = part;
  const [scope = ""] = expression.split(".", 1);
  const problem = check(part, location, state.scope);
  if (problem) {
    // A misspelt partition counts as a use of every partition: "nothing names it" would be a false warning.
    if (scope === "partitions")
      for (const name of state.scope.partitions) state.names.add(`partitions.${name}`);
    reader.report(withHint(problem, location), location);
    return undefined;
  }
  if (scope === "resources") {
    const [, parent = "", field = ""] = /^resources\.([^.]*)\.(.*)$/s.exec(expression) ?? [];
    const fieldOffset = offset + 1 + "resources.".length + parent.length + 1;
    return reader.useField({ parent, field }, { location, whole: { offset, length }, fieldOffset });
  }
  state.names.add(expression);
  return expression;
}

function useField(
  { parent, field }: ParentField,
  { location, whole, fieldOffset = 0 }: { location: TextLocation; whole?: Span; fieldOffset?: number },
  { reader, state }: { reader: TemplateReader; state: ReaderState },
): string | undefined {
  const { resources } = state.scope;
  if (!resources.includes(parent)) {
    reader.report({ ...unknownParent(parent, resources), ...whole }, location);
    return undefined;
  }
  const selector = parseSelector(field);
  if (!selector.ok) {
    const { message, offset, length } = selector;
    const text = `in the field ${quote(field)} of ${quote(parent)}: ${message}`;
    reader.report({ code: "bad-selector", message: text, offset: fieldOffset + offset, length }, location);
    return undefined;
  }
  for (const warning of warnAboutDots(field))
    reader.report({ ...warning, offset: fieldOffset + warning.offset }, location);
  const { segments } = selector;
  const name = placeholderOf(parent, segments, field);
  if (!state.uses.has(name)) {
    state.uses.set(name, { parent, name, selector: segments, location, ...(whole && { text: whole }) });
  }
  return name;
}

/** The scopes that are valid at a location and available in the resource. */
function allowedScopes(
  { scopes: valid = scopes }: TextLocation,
  { partitions, isIncremental, resources, hasJob }: TemplateScope,
): readonly Scope[] {
  return valid.filter((scope) => {
    if (scope === "partitions") return partitions.length > 0;
    if (scope === "incremental") return isIncremental;
    if (scope === "job") return hasJob;
    return scope !== "resources" || resources.length > 1;
  });
}

function check(part: Placeholder, location: TextLocation, known: TemplateScope): TextProblem | undefined {
  const { expression, offset, length } = part;
  const allowed = allowedScopes(location, known);
  const [scope = "", ...rest] = expression.split(".");
  const plain = formattedPart(expression);
  const bad = (message: string): TextProblem => ({ code: "bad-placeholder", message, offset, length });
  if (plain !== undefined && scopes.some((valid) => valid === scope)) return bad(noFormat(part, plain));
  if (parseReference(expression) && allowed.includes(scope as Scope)) return undefined;
  if (!(location.scopes ?? scopes).some((valid) => valid === scope)) return rejectPlaceholder(part, allowed);
  const name = rest.join(".");
  if (scope === "partitions") return checkPartition(part, name, known.partitions);
  if (scope === "incremental") return checkIncremental(part, name, allowed);
  if (scope === "job") return checkJob(part, name, allowed);
  if (scope !== "resources" || rest.length === 0) return rejectPlaceholder(part, allowed);
  const [parent = ""] = rest;
  if (name.slice(parent.length + 1) !== "") return undefined;
  const example = `{resources.${parent}.id}`;
  return bad(`${quoted(part)} has no field: write ${example} for the field "id"`);
}

function checkPartition(
  part: Placeholder,
  name: string,
  partitions: readonly string[],
): TextProblem | undefined {
  if (partitions.includes(name)) return undefined;
  const { offset, length } = part;
  const message =
    partitions.length === 0
      ? `${quoted(part)} is not available: the resource has no "partitions"`
      : describeUnknown("partition", name, partitions);
  return { code: "bad-placeholder", message, offset, length };
}

function checkIncremental(
  part: Placeholder,
  name: string,
  allowed: readonly Scope[],
): TextProblem | undefined {
  const { offset, length } = part;
  const isKnown = incrementalNames.includes(name);
  if (isKnown && allowed.includes("incremental")) return undefined;
  const message = isKnown
    ? `${quoted(part)} is not available: add "incremental" to the endpoint`
    : describeUnknown("incremental value", name, incrementalNames);
  return { code: "bad-placeholder", message, offset, length };
}

function checkJob(part: Placeholder, name: string, allowed: readonly Scope[]): TextProblem | undefined {
  const { offset, length } = part;
  const bad = (message: string): TextProblem => ({ code: "bad-placeholder", message, offset, length });
  if (!allowed.includes("job"))
    return bad(`${quoted(part)} is not available: add "export_job" to the endpoint`);
  const selector = parseSelector(name);
  if (name === "" || !selector.ok)
    return bad(`${quoted(part)} has no field: write {job.id} for the field "id" of the responses of the job`);
  const [warning] = warnAboutDots(name);
  return warning && { ...warning, offset, length };
}

/** The expression before a Python format (`id:05d`) or conversion (`id!r`); `undefined` if there is neither. */
export function formattedPart(expression: string): string | undefined {
  return (
    /^([\w.[\]*'"-]+)(?:![a-z])?:[^\s\]'"]*$/.exec(expression)?.[1] ??
    /^([\w.-]+)![a-z]$/.exec(expression)?.[1]
  );
}

/** The message for a placeholder with a Python format. */
export function noFormat(part: Placeholder, plain: string): string {
  return `${quoted(part)} has a format, which is not supported: write {${plain}} and format the value in a "map" step of its resource`;
}

/** The placeholder of a parent's field. Different spellings of a path of names and indexes give the same placeholder. */
export function placeholderOf(parent: string, selector: readonly QuerySegment[], field: string): string {
  const isNamed = isPath(selector) && selector.length > 0;
  const path = isNamed ? printSegments(selector).slice(1).replace(/^\./, "") : field;
  return `resources.${parent}.${path}`;
}

function unknownParent(parent: string, resources: readonly string[]): TextProblem {
  return { code: "unknown-parent", message: describeUnknown("resource", parent, resources) };
}

function quoted(part: Placeholder): string {
  return quote(`{${part.expression}}`);
}

import type { JsonValue } from "@connector-gen/runtime";
import type { QuerySegment } from "@connector-gen/runtime/kinds";

import type { Path, Report, Span } from "../load/document.js";
import {
  escapeTemplate,
  parseReference,
  parseTemplate,
  type Placeholder,
  placeholdersOf,
  printTemplate,
  rejectPlaceholder,
  type Scope,
  SCOPES,
  type TextProblem,
} from "./placeholders.js";
import { isPath, printSegments } from "../selector/segments.js";
import { parseSelector } from "../selector/selector.js";
import { isObject } from "../values.js";
import { didYouMean, list, quote } from "../wording.js";

/** The values that an incremental read gives. */
const INCREMENTAL_NAMES = ["start_value", "initial_value", "last_value", "end_value"];

/** A text that is one placeholder and nothing else. */
const WHOLE = new RegExp(`^\\{(?:${SCOPES.join("|")})\\.[^{}]+\\}$`);

/** What the templates of a resource may name. */
export interface TemplateScope {
  readonly report: Report;
  /** The names of all resources. */
  readonly resources: readonly string[];
  readonly partitions: readonly string[];
  readonly isIncremental: boolean;
}

/** Where a text stands. */
export interface TextPlace {
  readonly path: Path;
  /** The text is a key. */
  readonly at?: "key";
  /** What may stand here, if not everything that the resource has. */
  readonly scopes?: readonly Scope[];
  /** What else the writer may have meant by a brace. */
  readonly hint?: string;
  /** Braces are braces, unless a text is one placeholder and nothing else. */
  readonly isRaw?: boolean;
}

/** A field of a parent that a template names. */
export interface ParentUse {
  readonly parent: string;
  /** The placeholder in its normalised form, without braces: `resources.users.id`. */
  readonly name: string;
  /** Within the parent's record. */
  readonly selector: readonly QuerySegment[];
  readonly place: TextPlace;
  readonly text?: Span;
}

/** Reads the templates of one resource: checks every placeholder and takes down what they name. */
export class TemplateReader {
  readonly #scope: TemplateScope;
  /** By placeholder. */
  readonly #uses = new Map<string, ParentUse>();
  #hasRange = false;
  readonly #named = new Set<string>();

  constructor(scope: TemplateScope) {
    this.#scope = scope;
  }

  /** The parents' fields that were named so far, each once. */
  get uses(): readonly ParentUse[] {
    return [...this.#uses.values()];
  }

  /** Whether a placeholder was named so far: `incremental.start_value`, `partitions.region`. */
  names(expression: string): boolean {
    return this.#named.has(expression);
  }

  /** Whether any `{incremental.…}` was named so far. */
  get hasRange(): boolean {
    return this.#hasRange;
  }

  /** Reads a text; placeholders of one value come out alike. */
  readText(text: string, place: TextPlace): string {
    if (place.isRaw && !WHOLE.test(text)) return escapeTemplate(text);
    const { parts, problems } = parseTemplate(text);
    for (const problem of problems) this.report(problem, place);
    const names = new Map(
      placeholdersOf(parts).map((part) => [part.expression, this.readPlaceholder(part, place)]),
    );
    if (problems.length > 0) return text;
    return printTemplate(parts, ({ expression }) => `{${names.get(expression) ?? expression}}`);
  }

  /** Reads all texts of a value, keys too. */
  readValue(value: JsonValue, place: TextPlace): JsonValue {
    const { path } = place;
    if (typeof value === "string") return this.readText(value, place);
    if (Array.isArray(value)) {
      return value.map((item: JsonValue, index) =>
        this.readValue(item, { ...place, path: [...path, index] }),
      );
    }
    if (!isObject(value)) return value;
    return this.readEntries(value, { ...place, pathOf: (name) => [...path, name] });
  }

  /** Reads the entries of an object, each of which may stand elsewhere. */
  readEntries(
    value: Readonly<Record<string, unknown>>,
    place: Omit<TextPlace, "path"> & { readonly pathOf: (name: string) => Path },
  ): Record<string, JsonValue> {
    const { pathOf, ...rest } = place;
    const entries = Object.entries(value).map(([name, item]): [string, JsonValue] => {
      const path = pathOf(name);
      const key = this.readText(name, { ...rest, path, at: "key" });
      return [key, this.readValue(item as JsonValue, { ...rest, path })];
    });
    return Object.fromEntries(entries);
  }

  /** Reads what stands between braces; comes back normalised, or as nothing when it is no placeholder. */
  readPlaceholder(part: Placeholder, place: TextPlace): string | undefined {
    const { expression } = part;
    const [scope = ""] = expression.split(".", 1);
    const problem = this.#check(part, place);
    if (problem) {
      // Whoever misspelt a partition named one.
      if (scope === "partitions")
        for (const name of this.#scope.partitions) this.#named.add(`partitions.${name}`);
      const hint = place.hint === undefined ? "" : `; ${place.hint}`;
      this.report({ ...problem, message: problem.message + hint }, place);
      return undefined;
    }
    if (scope === "resources") {
      const [, parent = "", field = ""] = /^resources\.([^.]*)\.(.*)$/s.exec(expression) ?? [];
      const { offset, length } = part;
      const fieldOffset = offset + 1 + "resources.".length + parent.length + 1;
      return this.useField({ parent, field }, { place, whole: { offset, length }, fieldOffset });
    }
    this.#named.add(expression);
    if (scope === "incremental") this.#hasRange = true;
    return expression;
  }

  /** Takes down that a parent's field is used; comes back as the name of its placeholder. */
  useField(
    { parent, field }: { parent: string; field: string },
    at: { place: TextPlace; whole?: Span; fieldOffset?: number },
  ): string | undefined {
    const { place, whole, fieldOffset = 0 } = at;
    if (!this.#scope.resources.includes(parent)) {
      this.report({ ...unknownParent(parent, this.#scope.resources), ...whole }, place);
      return undefined;
    }
    const selector = parseSelector(field);
    if (!selector.ok) {
      const { message, offset, length } = selector;
      const text = `in the field ${quote(field)} of ${quote(parent)}: ${message}`;
      this.report({ code: "bad-selector", message: text, offset: fieldOffset + offset, length }, place);
      return undefined;
    }
    const { segments } = selector;
    const name = placeholderOf(parent, segments, field);
    if (!this.#uses.has(name)) {
      this.#uses.set(name, { parent, name, selector: segments, place, ...(whole && { text: whole }) });
    }
    return name;
  }

  /** Reports a problem of a text at its place. */
  report({ code, message, offset, length = 1 }: TextProblem, { path, at }: TextPlace): void {
    const text = offset !== undefined && at !== "key" ? { text: { offset, length } } : {};
    this.#scope.report({ code, message, path, ...(at && { at }), ...text });
  }

  #allowed({ scopes = SCOPES }: TextPlace): readonly Scope[] {
    const { partitions, isIncremental, resources } = this.#scope;
    return scopes.filter((scope) => {
      if (scope === "partitions") return partitions.length > 0;
      if (scope === "incremental") return isIncremental;
      return scope !== "resources" || resources.length > 1;
    });
  }

  #check(part: Placeholder, place: TextPlace): TextProblem | undefined {
    const { expression, offset, length } = part;
    const allowed = this.#allowed(place);
    const bad = (message: string): TextProblem => ({ code: "bad-placeholder", message, offset, length });
    const [scope = "", ...rest] = expression.split(".");
    const name = rest.join(".");
    const shaped = formattedPart(expression);
    if (shaped !== undefined && SCOPES.some((known) => known === scope)) return bad(noFormat(part, shaped));
    if (parseReference(expression) && allowed.includes(scope as Scope)) return undefined;
    if (!(place.scopes ?? SCOPES).some((known) => known === scope)) return rejectPlaceholder(part, allowed);
    switch (scope) {
      case "resources":
        if (rest.length === 0) return rejectPlaceholder(part, allowed);
        return rest.length > 1 && name.slice((rest[0] ?? "").length + 1) !== ""
          ? undefined
          : bad(
              `${quoted(part)} names no field: write {resources.${rest[0] ?? "parent"}.id} for the field "id"`,
            );
      case "partitions": {
        const { partitions } = this.#scope;
        if (partitions.includes(name)) return undefined;
        return bad(
          partitions.length === 0
            ? `${quoted(part)}: the resource has no "partitions"`
            : `there is no partition ${quote(name)}: there are ${list(partitions)}${didYouMean(name, partitions)}`,
        );
      }
      case "incremental":
        if (!INCREMENTAL_NAMES.includes(name)) {
          const choices = `there are ${list(INCREMENTAL_NAMES)}${didYouMean(name, INCREMENTAL_NAMES)}`;
          return bad(`${quoted(part)} is no placeholder: of {incremental.…} ${choices}`);
        }
        if (allowed.includes("incremental")) return undefined;
        return bad(`${quoted(part)}: the endpoint has no "incremental", which says what is new`);
      default:
        return rejectPlaceholder(part, allowed);
    }
  }
}

/** What stands before a format (`id:05d`) or a conversion (`id!r`) of Python; nothing when there is none. */
export function formattedPart(expression: string): string | undefined {
  return (
    /^([\w.[\]*'"-]+)(?:![a-z])?:[^\s\]'"]*$/.exec(expression)?.[1] ??
    /^([\w.-]+)![a-z]$/.exec(expression)?.[1]
  );
}

/** Says that values are not formatted. */
export function noFormat(part: Placeholder, plain: string): string {
  return `${quoted(part)}: values are not formatted; write {${plain}}, and bring the value into shape in a "map" step of the resource that it comes from`;
}

/** The placeholder of a parent's field; for a path of names and indexes the same however it was written. */
export function placeholderOf(parent: string, selector: readonly QuerySegment[], field: string): string {
  const isNamed = isPath(selector) && selector.length > 0;
  const path = isNamed ? printSegments(selector).slice(1).replace(/^\./, "") : field;
  return `resources.${parent}.${path}`;
}

function unknownParent(parent: string, resources: readonly string[]): TextProblem {
  const message = `there is no resource ${quote(parent)}: there are ${list(resources)}${didYouMean(parent, resources)}`;
  return { code: "unknown-parent", message };
}

function quoted(part: Placeholder): string {
  return quote(`{${part.expression}}`);
}

import type { JsonObject, JsonValue } from "@connector-gen/runtime";

import type { Path, Report } from "./document.js";
import {
  escapeTemplate,
  listParameters,
  parseReference,
  parseTemplate,
  rejectPlaceholder,
  type Placeholder,
  placeholdersOf,
} from "./placeholders.js";
import type { JsonSchema, SpecInput } from "./spec.js";
import { isObject, own, type Raw } from "./values.js";
import { didYouMean, quote } from "./wording.js";

/** No path names more parameters. */
const MAX_PLACEHOLDERS = 100;

/** Where the path and the params of a resource stand in the spec. */
export interface ParamsPlace {
  readonly path: Path;
  readonly param: (name: string) => Path;
  /** Whether a parameter comes from `resource_defaults`, where not every resource needs it. */
  readonly isDefault: (name: string) => boolean;
  readonly report: Report;
}

/** A resource's parameters, sorted out. */
export interface BoundParams {
  /** A template; fixed path parameters are put in. */
  readonly path: string;
  readonly query: JsonObject;
  readonly inputs: readonly SpecInput[];
}

/** Puts fixed parameters into the path, percent-encoded, and sorts the others into query and inputs. */
export function bindParams(path: string, params: Raw, place: ParamsPlace): BoundParams {
  const { parts, problems } = parseTemplate(path);
  for (const { code, message, offset = 0, length = 1 } of problems) {
    place.report({ code, message, path: place.path, text: { offset, length } });
  }
  const placeholders = placeholdersOf(parts).slice(0, MAX_PLACEHOLDERS);
  const values = new Map(placeholders.map((part) => [part.expression, bindPlaceholder(part, params, place)]));
  const bound = parts.map((part) =>
    part.kind === "text" ? escapeTemplate(part.text) : (values.get(part.expression) ?? ""),
  );
  const named = new Set(values.keys());
  const fixed = Object.entries(params).filter(([name, value]) => !isObject(value) && !named.has(name));
  const inputs = Object.entries(params).filter(([, value]) => own(value, "type") === "input");
  return {
    path: bound.join(""),
    query: Object.fromEntries(fixed) as JsonObject,
    inputs: inputs.flatMap(([name, value]) => readInput(name, value, { inPath: named.has(name), place })),
  };
}

function bindPlaceholder(part: Placeholder, params: Raw, place: ParamsPlace): string {
  const { expression, offset, length } = part;
  const kept = `{${expression}}`;
  if (Object.hasOwn(params, expression)) {
    const value = params[expression];
    return isObject(value) ? kept : bindValue(expression, value, place);
  }
  if (parseReference(expression)) return kept;
  const text = { offset, length };
  if (/^\w[\w-]*$/.test(expression)) {
    const names = Object.keys(params);
    const message = `the path names {${expression}}, but ${listParameters(names)}: add ${quote(expression)} to params${didYouMean(expression, names)}`;
    place.report({ code: "unbound-path-param", message, path: place.path, text });
  } else {
    const { code, message } = rejectPlaceholder(part, ["secrets", "config"]);
    place.report({
      code,
      message: `${message}; {name} stands for a parameter of params`,
      path: place.path,
      text,
    });
  }
  return kept;
}

/** Fixed values become part of the path: nothing in them may be read as a slash, a query or a step upwards. */
function bindValue(name: string, value: unknown, place: ParamsPlace): string {
  const fault = faultOf(value);
  if (fault) {
    const message = `the path parameter ${quote(name)} ${fault}`;
    place.report({ code: "invalid-value", message, path: place.param(name) });
    return "";
  }
  if (typeof value !== "string") return encodeURIComponent(String(value));
  return parseTemplate(value)
    .parts.map((part) => (part.kind === "text" ? encode(part.text) : `{${part.expression}}`))
    .join("");
}

function faultOf(value: unknown): string | undefined {
  if (value === null) return "is null: a path needs a value";
  if (Array.isArray(value)) return "is a list: a path takes one value";
  if (value === "") return "is empty: a path needs a value";
  if (value === "." || value === "..") return `is ${quote(value)}, which would lead to another path`;
  return undefined;
}

function encode(text: string): string {
  // Half a surrogate pair has no encoding; like everywhere on the wire it becomes U+FFFD.
  return encodeURIComponent(text.replaceAll(/\p{Cs}/gu, "\ufffd"));
}

function readInput(
  name: string,
  value: unknown,
  { inPath, place }: { inPath: boolean; place: ParamsPlace },
): SpecInput[] {
  const wanted = own(value, "in") ?? undefined;
  const where = wanted ?? (inPath ? "path" : "query");
  if (where === "path" && !inPath) {
    // A default for all resources may be of use to some.
    if (!place.isDefault(name)) place.report(unusedPathParam(name, place));
    return [];
  }
  if (inPath && where !== "path") {
    const message = `the path names {${name}}, so ${quote(name)} goes into the path: leave "in" out`;
    place.report({ code: "conflicting-options", message, path: [...place.param(name), "in"] });
  }
  if (inPath && own(value, "required") === false) {
    const message = `${quote(name)} is a parameter of the path: it cannot be left out`;
    place.report({ code: "conflicting-options", message, path: [...place.param(name), "required"] });
  }
  if (where !== "path" && where !== "query" && where !== "header") return [];
  const schema = (own(value, "schema") ?? { type: "string" }) as JsonSchema & JsonValue;
  return [{ name, in: where, required: inPath || own(value, "required") === true, schema }];
}

function unusedPathParam(name: string, place: ParamsPlace): Parameters<Report>[0] {
  const message = `${quote(name)} is a parameter of the path, but the path does not name {${name}}`;
  return { code: "unbound-path-param", message, path: place.param(name), at: "key" };
}

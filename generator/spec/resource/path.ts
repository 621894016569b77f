import {
  formattedPart,
  noFormat,
  type TemplateReader,
  type TextLocation,
} from "../template/template-reader.js";
import {
  listParameters,
  parseReference,
  parseTemplate,
  type Placeholder,
  placeholdersOf,
  printTemplate,
  rejectPlaceholder,
  scopes,
  type TemplatePart,
} from "../template/placeholders.js";
import type { Path } from "../load/document.js";
import { isObject, own, type Raw } from "../values.js";
import { didYouMean, quote } from "../wording.js";

import type { JsonValue } from "@connector-gen/runtime";
import { describePageParams, looksPaged, type PageParams } from "./page-params.js";

/** The maximum number of placeholders to read in a path. */
const maxPlaceholders = 100;

/** The location of a resource's path and params in the spec, and the reader of their placeholders. */
export interface PathLocation {
  /** The location of `endpoint.path`. */
  readonly path: Path;
  /** Returns the location of a parameter. */
  readonly param: (name: string) => Path;
  readonly reader: TemplateReader;
  /** The placeholders that the paginator fills. */
  readonly page: PageParams;
}

/** A path after the insertion of parameters. */
export interface BoundPath {
  /** The path as a template. */
  readonly path: string;
  /** The names of all placeholders in the path. */
  readonly named: ReadonlySet<string>;
  /** The placeholder of each parameter of type `resolve`, by the parameter's name. */
  readonly resolved: ReadonlyMap<string, string>;
  /** The placeholders that the paginator fills, with their values on a page for which it has none. */
  readonly paged: ReadonlyMap<string, JsonValue>;
}

/** Inserts fixed parameters into a path, percent-encoded, and replaces `resolve` parameters by the parents' fields. */
export function bindPath(text: string, params: Raw, location: PathLocation): BoundPath {
  const { parts, problems } = parseTemplate(text);
  for (const problem of problems) location.reader.report(problem, location);
  checkCharacters(text, location);
  const resolved = new Map<string, string>();
  const paged = new Map<string, JsonValue>();
  const placeholders = placeholdersOf(parts).slice(0, maxPlaceholders);
  const values = new Map(
    placeholders.map((part) => {
      const param = own(params, part.expression);
      if (!isObject(param) && location.page.names.has(part.expression)) {
        paged.set(part.expression, firstValue(part.expression, param, location));
        return [part.expression, `{${part.expression}}`] as const;
      }
      const bound =
        param === undefined
          ? bindScoped(part, params, location)
          : bindParam(part, param, { location, resolved });
      return [part.expression, bound] as const;
    }),
  );
  const path = parts.map((part) =>
    part.kind === "text" ? printTemplate([part]) : (values.get(part.expression) ?? ""),
  );
  return { path: path.join(""), named: new Set(values.keys()), resolved, paged };
}

/** Reports control characters. URLs drop some of them silently, so the request would have another path. */
function checkCharacters(text: string, { reader, path }: PathLocation): void {
  const [character] = /\p{Cc}/u.exec(text) ?? [];
  if (character === undefined) return;
  const message = `the path contains a line break or another control character, ${quote(character)}: remove it`;
  reader.report({ code: "invalid-value", message }, { path });
}

/** The fixed value of a placeholder that the paginator fills: that of the first page, which has no cursor. */
function firstValue(name: string, value: unknown, { page, param, reader }: PathLocation): JsonValue {
  if (value === undefined || value === null) return null;
  const path = param(name);
  if (page.names.get(name) === true) {
    const message = `the paginator fills {${name}} on every page: remove ${quote(name)} from params`;
    reader.warn({ code: "unused-param", message }, { path });
    return null;
  }
  if (typeof value === "number" || (typeof value === "string" && !/[{}]/.test(value) && !faultOf(value)))
    return value;
  const message = `${quote(name)} is the value of {${name}} on the first page: write text without placeholders, or a number`;
  reader.report({ code: "invalid-value", message }, { path });
  return null;
}

/**
 * Returns the last placeholder in the last segment of a path, without its host and query. Such a path identifies a single
 * record. Secrets and config values do not count, because they are plain text in dlt.
 */
export function lastPlaceholder(path: string): string | undefined {
  const before = partsBeforeQuery(parseTemplate(path).parts);
  const whole = before.map((part) => {
    if (part.kind === "text") return part.text.replaceAll(/[{}]/g, "");
    return parseReference(part.expression) ? "x" : "{}";
  });
  const local = whole.join("").replace(/^https?:\/\/[^/]*/i, "");
  const last = local.replace(/\/+$/, "").split("/").at(-1) ?? "";
  if (!last.includes("{}")) return undefined;
  return placeholdersOf(before)
    .filter(({ expression }) => !parseReference(expression))
    .at(-1)?.expression;
}

function partsBeforeQuery(parts: readonly TemplatePart[]): readonly TemplatePart[] {
  const at = parts.findIndex((part) => part.kind === "text" && /[?#]/.test(part.text));
  const cut = parts[at];
  if (cut?.kind !== "text") return parts;
  return [...parts.slice(0, at), { kind: "text", text: cut.text.split(/[?#]/, 1)[0] ?? "" }];
}

function bindParam(
  { expression }: Placeholder,
  value: unknown,
  { location, resolved }: { location: PathLocation; resolved: Map<string, string> },
): string {
  if (!isObject(value)) return bindValue(expression, value, location);
  const path = location.param(expression);
  switch (own(value, "type")) {
    case "input":
      return `{${expression}}`;
    case "resolve": {
      const name = bindField(value, location, path);
      if (name !== undefined) resolved.set(expression, name);
      return `{${name ?? expression}}`;
    }
    case "incremental": {
      const message = `${quote(expression)} cannot be incremental in the path: write {incremental.start_value} there, and "incremental" in the endpoint`;
      location.reader.report({ code: "conflicting-options", message }, { path });
      return "";
    }
    default: {
      const message = `the path parameter ${quote(expression)} is an object: write one value`;
      location.reader.report({ code: "invalid-value", message }, { path });
      return "";
    }
  }
}

function bindField(value: unknown, { reader }: PathLocation, path: Path): string | undefined {
  const [parent, field] = [own(value, "resource"), own(value, "field")];
  // The grammar reports missing keys.
  if (typeof parent !== "string" || typeof field !== "string" || parent === "" || field === "")
    return undefined;
  const location: TextLocation = { path: [...path, "resource"] };
  return reader.useField({ parent, field }, { location });
}

function bindScoped(part: Placeholder, params: Raw, { reader, path, page }: PathLocation): string {
  const { expression, offset, length } = part;
  const kept = `{${expression}}`;
  const plain = formattedPart(expression);
  const bad = (code: string, message: string): string => {
    reader.report({ code, message, offset, length }, { path });
    return kept;
  };
  if (plain !== undefined) return bad("bad-placeholder", noFormat(part, plain));
  if (scopes.some((scope) => expression.startsWith(`${scope}.`)) || expression === "resources") {
    return `{${reader.readPlaceholder(part, { path }) ?? expression}}`;
  }
  const names = Object.keys(params);
  if (/^\w[\w-]*$/.test(expression)) {
    return bad(
      "unbound-path-param",
      `the path contains {${expression}}, but ${listParameters(names)}: add ${quote(expression)} to params${didYouMean(expression, names)}${looksPaged(expression) ? `; ${describePageParams(page)}` : ""}`,
    );
  }
  const { code, message } = rejectPlaceholder(part, ["secrets", "config", "resources"]);
  return bad(code, `${message}; {name} inserts a parameter of params`);
}

/**
 * Encodes a fixed value as dlt sends it: its slashes separate segments, and percent-encoded characters stay unchanged. It
 * cannot act as a query or a parent segment of the path.
 */
function bindValue(name: string, value: unknown, { reader, param }: PathLocation): string {
  const path = param(name);
  const fault = faultOf(value);
  if (fault) {
    const message = `the path parameter ${quote(name)} ${fault}`;
    reader.report({ code: "invalid-value", message }, { path });
    return "";
  }
  if (typeof value !== "string") return encodeURIComponent(String(value));
  return parseTemplate(reader.readText(value, { path }))
    .parts.map((part) => (part.kind === "text" ? encode(part.text) : `{${part.expression}}`))
    .join("");
}

function faultOf(value: unknown): string | undefined {
  if (value === null) return "is null: write a value";
  if (Array.isArray(value)) return "is a list: write one value";
  if (value === "") return "is empty: write a value";
  const folder =
    typeof value === "string" && value.split("/").find((part) => /^(?:\.|%2e){1,2}$/i.test(part));
  if (folder) return `has the segment ${quote(folder)}, which would change the path`;
  return undefined;
}

function encode(text: string): string {
  // A lone surrogate has no encoding. It becomes U+FFFD, as in every other part of a request.
  const valid = text.replaceAll(/\p{Cs}/gu, "\ufffd");
  return valid
    .split(/(\/|%[\da-f]{2})/i)
    .map((part, index) => (index % 2 ? part : encodeURIComponent(part)))
    .join("");
}

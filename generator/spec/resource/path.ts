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

/** No path names more parameters. */
const MAX_PLACEHOLDERS = 100;

/** Where the path and the params of a resource stand in the spec, and who reads their placeholders. */
export interface PathPlace {
  readonly path: Path;
  readonly param: (name: string) => Path;
  readonly reader: TemplateReader;
}

/** A path with the parameters that it names put in. */
export interface BoundPath {
  /** A template. */
  readonly path: string;
  /** The parameters that the path names. */
  readonly named: ReadonlySet<string>;
  /** Parameters that stand for a parent's field, and the placeholder of each. */
  readonly resolved: ReadonlyMap<string, string>;
}

/** Puts fixed parameters into the path, percent-encoded, and parents' fields in place of `resolve` parameters. */
export function bindPath(text: string, params: Raw, place: PathPlace): BoundPath {
  const { parts, problems } = parseTemplate(text);
  for (const problem of problems) place.reader.report(problem, place);
  const resolved = new Map<string, string>();
  const placeholders = placeholdersOf(parts).slice(0, MAX_PLACEHOLDERS);
  const values = new Map(
    placeholders.map((part) => {
      const param = own(params, part.expression);
      const bound =
        param === undefined ? bindScoped(part, params, place) : bindParam(part, param, { place, resolved });
      return [part.expression, bound] as const;
    }),
  );
  const path = parts.map((part) =>
    part.kind === "text" ? printTemplate([part]) : (values.get(part.expression) ?? ""),
  );
  return { path: path.join(""), named: new Set(values.keys()), resolved };
}

/**
 * The placeholder in the last segment of a path, its query and host aside: such a path leads to one thing. Options of the
 * factory do not count: dlt knows them as plain text.
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
  { place, resolved }: { place: PathPlace; resolved: Map<string, string> },
): string {
  if (!isObject(value)) return bindValue(expression, value, place);
  const path = place.param(expression);
  switch (own(value, "type")) {
    case "input":
      return `{${expression}}`;
    case "resolve": {
      const name = bindField(value, place, path);
      if (name !== undefined) resolved.set(expression, name);
      return `{${name ?? expression}}`;
    }
    case "incremental": {
      const message = `${quote(expression)} cannot be incremental in the path: write {incremental.start_value} there, and "incremental" in the endpoint`;
      place.reader.report({ code: "conflicting-options", message }, { path });
      return "";
    }
    default: {
      const message = `the path parameter ${quote(expression)} is an object: a path takes one value`;
      place.reader.report({ code: "invalid-value", message }, { path });
      return "";
    }
  }
}

function bindField(value: unknown, { reader }: PathPlace, path: Path): string | undefined {
  const [parent, field] = [own(value, "resource"), own(value, "field")];
  // The grammar tells of what is left out.
  if (typeof parent !== "string" || typeof field !== "string" || parent === "" || field === "")
    return undefined;
  const location: TextLocation = { path: [...path, "resource"] };
  return reader.useField({ parent, field }, { location });
}

function bindScoped(part: Placeholder, params: Raw, { reader, path }: PathPlace): string {
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
      `the path names {${expression}}, but ${listParameters(names)}: add ${quote(expression)} to params${didYouMean(expression, names)}`,
    );
  }
  const { code, message } = rejectPlaceholder(part, ["secrets", "config", "resources"]);
  return bad(code, `${message}; {name} stands for a parameter of params`);
}

/** Fixed values become part of the path: nothing in them may be read as a slash, a query or a step upwards. */
function bindValue(name: string, value: unknown, { reader, param }: PathPlace): string {
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

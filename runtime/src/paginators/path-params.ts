import { ReadFailure, PageError } from "../errors.js";
import { toText, type JsonValue } from "../json.js";
import { defineKind, type Kind } from "../kind.js";
import { wrapRequest } from "./next-request.js";
import type { PageRequest, Paginator } from "./paginator.js";

/** The placeholders of a path that a paginator fills. */
export interface PathParamsOptions {
  /** The resource's path: `/items/page/{page}`. */
  readonly path: string;
  /**
   * The query parameters of the paginator that are sent in the path, and their values on pages for which the paginator has
   * none. `null` omits the segment.
   */
  readonly values: Readonly<Record<string, JsonValue>>;
}

/** Sends the page number, offset or cursor in the path instead of the query: `/items/page/2`. */
export function pathParams(paginator: Paginator, options: PathParamsOptions): Paginator {
  const { parallel } = paginator;
  const wrapped = wrapRequest(paginator, { inPath: options }, (request) => fill(request, options));
  return { ...wrapped, ...(parallel && { parallel }) };
}

function fill(request: PageRequest, { path, values }: PathParamsOptions): PageRequest {
  if (request.url !== undefined) return request;
  const { query = {}, replace } = request;
  const used = new Set<string>();
  // Four parts at a time: text, then a placeholder (the slash before it and its name) or a doubled brace.
  const parts = (replace?.path ?? path).split(/(\/?)\{([^{}]*)\}|(\{\{|\}\})/) as (string | undefined)[];
  let filled = "";
  for (let i = 0; i < parts.length; i += 4) {
    const [text = "", slash = "", name, braces = ""] = parts.slice(i, i + 4);
    filled += text + braces;
    if (name === undefined) continue;
    const isOurs = Object.hasOwn(values, name);
    if (isOurs) used.add(name);
    filled += isOurs ? segment(slash, name, query[name] ?? values[name] ?? null) : `${slash}{${name}}`;
  }
  const rest = Object.entries(query).filter(([name]) => !used.has(name));
  return { ...request, query: Object.fromEntries(rest), replace: { ...replace, path: filled } };
}

/** Encodes a value as one segment. Throws for a value of dots, because it would lead to another folder. */
function segment(slash: string, name: string, value: JsonValue): string {
  if (value === null) return "";
  const text = toText(value);
  if (!/^\.{0,2}$/.test(text)) return slash + encodeURIComponent(text);
  const message = `the value of {${name}} in the path is "${text}", which is not a segment of a path`;
  throw new ReadFailure(PageError, "PAGE_INFO_INVALID", message);
}

/** Placeholders of the path that the paginator fills. */
export const pathParamsKind: Kind = /* @__PURE__ */ defineKind<PathParamsOptions>(() => ({
  family: "pages",
  type: "path_params",
  factory: "pathParams",
  isDerived: true,
  summary: "Sends values of the paginator in the path.",
  options: {
    path: { type: "text", isDerived: true, description: "The path with its placeholders." },
    values: {
      type: "map",
      items: { type: "json" },
      isDerived: true,
      description: "The placeholders, and their values on the first page.",
    },
  },
  phrase: () => "",
  examples: [],
}));

import type { Credentials } from "./auth.js";
import type { Client } from "./client.js";
import type { ResourceShape } from "./descriptor.js";
import { Fault } from "./errors.js";
import type { JsonValue } from "./json.js";
import type { PageRequest } from "./paginator.js";
import { expand, type Lookup } from "./template.js";

/** A request before its credentials. */
export interface Draft {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The parameters of one read, as the caller gave them. */
export type Params = Readonly<Record<string, JsonValue | undefined>>;

type Pairs = Map<string, JsonValue>;

/** Builds the request of one page: the resource, the read's parameters and the paginator's part put together. */
export async function buildRequest(
  client: Client,
  resource: ResourceShape,
  {
    params,
    page,
    headers,
  }: { params: Params; page: PageRequest; headers: Readonly<Record<string, string>> | undefined },
): Promise<Draft> {
  const { lookup, source } = client;
  const path = await expand(resource.path, pathLookup(params, lookup));
  const query: Pairs = new Map(Object.entries(resource.query ?? {}));
  const own = new Map<string, string>();
  for (const [name, place] of Object.entries(resource.params ?? {})) {
    const value = params[name];
    if (value === undefined || value === null || place === "path") continue;
    if (place === "query") query.set(name, escapeBraces(value));
    else own.set(name, toText(value));
  }
  for (const [name, value] of Object.entries(page.query ?? {})) query.set(name, value);
  return {
    method: resource.method ?? "GET",
    url: withQuery(joinUrl(await client.baseUrl(), path), await encode(query, lookup)),
    headers: mergeHeaders(
      { accept: "application/json" },
      await expandAll(source.headers, lookup),
      await expandAll(resource.headers, lookup),
      client.options.headers,
      headers,
      Object.fromEntries(own),
    ),
  };
}

/** Adds credentials: each replaces what stands there under the same name. */
export function withCredentials(draft: Draft, { headers, query, cookies }: Credentials): Draft {
  const jar = Object.entries(cookies ?? {}).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const cookie =
    jar.length > 0 ? { cookie: [draft.headers["cookie"], ...jar].filter(Boolean).join("; ") } : undefined;
  const pairs = Object.entries(query ?? {});
  const url = pairs.reduce((rest, [name]) => withoutParam(rest, name), draft.url);
  return {
    ...draft,
    url: withQuery(url, pairs.map(([name, value]) => pair(name, value)).join("&")),
    headers: mergeHeaders(draft.headers, headers, cookie),
  };
}

/** Refuses parameters that the resource does not have and path parameters that are missing. */
export function checkParams({ params = {} }: ResourceShape, given: Params): void {
  const names = Object.keys(params);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const has = names.length > 0 ? `its parameters are ${names.join(", ")}` : "it takes none";
    const mend = "read options such as `from` and `signal` are the second argument";
    throw new Fault(
      "ConnectorError",
      "INVALID_PARAMS",
      `there is no parameter \`${unknown}\`: ${has}; ${mend}`,
    );
  }
}

function pathLookup(params: Params, lookup: Lookup): Lookup {
  return async (name) => {
    if (name.startsWith("secrets.") || name.startsWith("config.")) return segment(name, await lookup(name));
    return segment(name, toText(params[name] ?? ""));
  };
}

/** One path segment. Dots cannot be escaped: every URL parser takes `%2e%2e` for `..`. */
function segment(name: string, value: string): string {
  if (value && value !== "." && value !== "..") return encodeURIComponent(value);
  const what = value ? `\`${value}\` cannot stand in a path` : "a value is needed, it is part of the path";
  throw new Fault("ConnectorError", "INVALID_PARAMS", `parameter \`${name}\`: ${what}`);
}

/** `https://x.test/v1/` + `/a` → `https://x.test/v1/a`; an absolute path replaces the base. */
export function joinUrl(base: string, path: string): string {
  if (/^https?:\/\//i.test(path)) return path;
  return path ? `${base.replace(/\/+$/, "")}/${path.replace(/^\/+/, "")}` : base;
}

/** Appends an encoded query; one that the URL already has is kept as it is, a fragment is dropped. */
function withQuery(url: string, query: string): string {
  const [address = ""] = url.split("#", 1);
  if (!query) return address;
  const joint = !address.includes("?") ? "?" : /[?&]$/.test(address) ? "" : "&";
  return address + joint + query;
}

function withoutParam(url: string, name: string): string {
  const [address = "", query = ""] = url.split("?", 2);
  const kept = query.split("&").filter((part) => part && decode(part.split("=", 1)[0] ?? "") !== name);
  return withQuery(address, kept.join("&"));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

/** Parameters in order: `null` is left out, lists are repeated, booleans are `true` and `false`. */
async function encode(query: Pairs, lookup: Lookup): Promise<string> {
  const parts: string[] = [];
  for (const [name, value] of query) {
    const values: readonly JsonValue[] = Array.isArray(value)
      ? (value as readonly JsonValue[])
      : [value as JsonValue];
    for (const item of values) if (item !== null) parts.push(pair(name, await expand(toText(item), lookup)));
  }
  return parts.join("&");
}

function pair(name: string, value: string): string {
  return `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
}

function toText(value: JsonValue): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** A caller's value is no template: its braces stand for themselves. */
function escapeBraces(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(escapeBraces);
  return toText(value).replace(/[{}]/g, "$&$&");
}

async function expandAll(
  headers: Readonly<Record<string, string>> | undefined,
  lookup: Lookup,
): Promise<Readonly<Record<string, string>>> {
  const entries = Object.entries(headers ?? {}).map(
    async ([name, value]) => [name, await expand(value, lookup)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

/** Later headers win, whatever the case of their names; all names come out in lower case. */
function mergeHeaders(
  ...lists: readonly (Readonly<Record<string, string>> | undefined)[]
): Readonly<Record<string, string>> {
  const all = lists.flatMap((list) => Object.entries(list ?? {}));
  return Object.fromEntries(all.map(([name, value]) => [name.toLowerCase(), value]));
}

import type { Credentials } from "./auth.js";
import type { ResourceShape } from "./descriptor.js";
import { ConnectorError, Fault } from "./errors.js";
import type { JsonValue } from "./json.js";
import type { PageRequest } from "./paginator.js";
import { platform } from "./platform.js";
import type { Params, Reading } from "./reading.js";
import { expand, type Lookup } from "./template.js";

/** A request before its credentials. */
export interface Draft {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Builds the request of one page: the resource, the read's parameters and the paginator's part put together. The
 * headers of options come later, with the credentials: they may be some.
 */
export async function buildRequest({ client, resource, params }: Reading, page: PageRequest): Promise<Draft> {
  const { lookup, source } = client;
  const path = await expand(resource.path, pathLookup(params, lookup));
  const query = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(resource.query ?? {}))
    query.set(name, await Promise.all(toTexts(value).map((text) => expand(text, lookup))));
  const own: Record<string, string> = {};
  for (const [name, place] of Object.entries(resource.params ?? {})) {
    const value = params[name];
    if (value == null) continue;
    // A caller's value is no template: its braces stand for themselves.
    if (place === "query") query.set(name, toTexts(value));
    if (place === "header") own[name] = toText(value);
  }
  for (const [name, value] of Object.entries(page.query ?? {})) query.set(name, toTexts(value));
  const pairs = [...query].flatMap(([name, texts]) => texts.map((text) => pair([name, text])));
  return {
    method: resource.method ?? "GET",
    url: withQuery(joinUrl(await client.baseUrl(), path), pairs.join("&")),
    headers: mergeHeaders(
      { accept: "application/json" },
      await expandAll(source.headers, lookup),
      await expandAll(resource.headers, lookup),
      own,
    ),
  };
}

/** Adds the headers of options, then credentials: each replaces what stands there under the same name. */
export function withCredentials(
  draft: Draft,
  { headers, query = {}, cookies = {} }: Credentials,
  ...options: readonly (Readonly<Record<string, string>> | undefined)[]
): Draft {
  const merged = mergeHeaders(draft.headers, ...options, headers);
  const jar = [merged["cookie"], ...Object.entries(cookies).map(pair)].filter(Boolean).join("; ");
  const url = new platform.URL(draft.url);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return { ...draft, url: url.href, headers: jar ? { ...merged, cookie: jar } : merged };
}

/** Refuses parameters that the resource does not have. */
export function checkParams({ params = {} }: ResourceShape, given: Params): void {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(params, name));
  if (unknown === undefined) return;
  const choices = Object.keys(params).join(", ") || "none";
  throw new Fault(ConnectorError, "INVALID_PARAMS", `no parameter \`${unknown}\`; there are: ${choices}`);
}

/** A path's placeholders. Dots cannot be escaped: every URL parser takes `%2e%2e` for `..`. */
function pathLookup(params: Params, lookup: Lookup): Lookup {
  return async (name) => {
    const value = /^(secrets|config)\./.test(name) ? await lookup(name) : toText(params[name] ?? "");
    if (!/^\.{0,2}$/.test(value)) return encodeURIComponent(value);
    throw new Fault(ConnectorError, "INVALID_PARAMS", `\`${name}\` cannot be "${value}" in a path`);
  };
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
  return address + (/^[^?]*\?$|&$/.test(address) ? "" : address.includes("?") ? "&" : "?") + query;
}

/** The values of a parameter: those of a list one by one, `null` left out, booleans as `true` and `false`. */
function toTexts(value: JsonValue): readonly string[] {
  return [value]
    .flat()
    .filter((item) => item !== null)
    .map(toText);
}

function pair([name, value]: readonly [string, string]): string {
  return `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
}

function toText(value: JsonValue): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

async function expandAll(
  headers: Readonly<Record<string, string>> = {},
  lookup: Lookup,
): Promise<Record<string, string>> {
  const expanded: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) expanded[name] = await expand(value, lookup);
  return expanded;
}

/** Later headers win, whatever the case of their names; all names come out in lower case. */
function mergeHeaders(
  ...lists: readonly (Readonly<Record<string, string>> | undefined)[]
): Readonly<Record<string, string>> {
  const merged: Record<string, string> = {};
  for (const list of lists)
    for (const [name, value] of Object.entries(list ?? {})) merged[name.toLowerCase()] = value;
  return merged;
}

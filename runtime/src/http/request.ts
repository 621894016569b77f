import type { Credentials } from "../auth/auth.js";
import type { ResourceShape } from "../descriptor.js";
import { ConnectorError, Fault } from "../errors.js";
import type { JsonObject, JsonValue } from "../json.js";
import type { PageRequest } from "../paginators/paginator.js";
import type { Params, Reading } from "../read/reading.js";
import type { Run } from "../read/session.js";
import type { Authorized } from "./send.js";
import type { Extension } from "../read/steps.js";
import { expand, expandValue, toText, type Lookup } from "../client/template.js";

/** A request before its credentials. */
export interface Draft {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Writes the value of a query parameter as pairs: `queryEncoder({ arrays: "comma" })`. */
export interface QueryEncoder extends Extension {
  /** The options it was made with, as data. */
  readonly options: object;
  readonly encode: (name: string, value: JsonValue) => readonly QueryPair[];
}

/** A name and a text of the query, not encoded. */
export type QueryPair = readonly [name: string, text: string];

/**
 * Builds the request of one page: the resource, the read's parameters and the paginator's part put together. The
 * headers of options come later, with the credentials: they may be some.
 */
export async function buildRequest(run: Run, page: PageRequest): Promise<Draft> {
  const { client, resource, params, accept, encode } = run;
  const lookup = lookupOf(run);
  const expandAll = async (given: JsonObject = {}): Promise<JsonObject> =>
    (await expandValue(given, lookup)) as JsonObject;
  // A caller's values are no templates: their braces stand for themselves.
  const own: Record<string, Record<string, JsonValue>> = { query: {}, header: {} };
  for (const [name, place] of Object.entries(resource.params ?? {})) {
    const value = params[name];
    const values = own[place];
    if (values && value != null) values[name] = value;
  }
  const query = { ...(await expandAll(resource.query)), ...own["query"], ...page.query };
  const pairs = Object.entries(query).flatMap(([name, value]) => encode(name, value));
  const path = await expandPath(page.url ?? resource.path, lookup);
  return {
    method: resource.method ?? "GET",
    url: withQuery(joinUrl(await client.baseUrl(), path), page.url ? [] : pairs),
    headers: mergeHeaders(
      { accept },
      await expandAll(client.source.headers),
      await expandAll(resource.headers),
      own["header"],
      page.headers,
    ),
  };
}

/** Finds what a resource's templates name: in the options, or among what the read was given. */
export function lookupOf({ client, params }: Reading): Lookup {
  return async (name) => (/^(secrets|config)\./.test(name) ? client.lookup(name) : (params[name] ?? null));
}

/** Adds credentials: as headers in place of those of the same name, in the query besides what it has. */
export function withCredentials(
  draft: Draft,
  { headers, query = {}, cookies = {}, body = draft.body, renew }: Credentials,
): Authorized {
  const merged = mergeHeaders(draft.headers, headers);
  const jar = [merged["cookie"], ...Object.entries(cookies).map(pair)].filter(Boolean).join("; ");
  return {
    ...draft,
    renew,
    url: withQuery(draft.url, Object.entries(query)),
    headers: jar ? { ...merged, cookie: jar } : merged,
    ...(body !== undefined && { body }),
  };
}

/** Refuses parameters that the resource does not have. */
export function checkParams({ params = {} }: ResourceShape, given: Params): void {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(params, name));
  if (unknown === undefined) return;
  const choices = Object.keys(params).join(", ") || "none";
  throw new Fault(ConnectorError, "INVALID_PARAMS", `no parameter \`${unknown}\`; there are: ${choices}`);
}

/**
 * A path with its values, each one segment; only a value that is a whole URL and begins the path stays as it is. Dots
 * cannot be escaped: every URL parser takes `%2e%2e` for `..`.
 */
function expandPath(path: string, lookup: Lookup): Promise<string> {
  return expand(path, async (name) => {
    const value = toText((await lookup(name)) ?? "");
    if (path.startsWith(`{${name}}`) && /^https?:\/\//i.test(value)) return value;
    if (!/^\.{0,2}$/.test(value)) return encodeURIComponent(value);
    throw new Fault(ConnectorError, "INVALID_PARAMS", `\`${name}\` cannot be "${value}" in a path`);
  });
}

/** `https://x.test/v1/` + `/a` → `https://x.test/v1/a`; an absolute path replaces the base. */
export function joinUrl(base: string, path: string): string {
  if (/^https?:\/\//i.test(path)) return path;
  return path ? `${base.replace(/\/+$/, "")}/${path.replace(/^\/+/, "")}` : base;
}

/** Appends to the query; one that the URL already has is kept as it is, a fragment is dropped. */
function withQuery(url: string, pairs: readonly QueryPair[]): string {
  const [address = ""] = url.split("#", 1);
  if (pairs.length === 0) return address;
  const glue = /^[^?]*\?$|&$/.test(address) ? "" : address.includes("?") ? "&" : "?";
  return address + glue + pairs.map(pair).join("&");
}

/** The step `encode` of most reads: lists are repeated, `null` is left out, booleans are `true` and `false`. */
export function repeat(name: string, value: JsonValue): readonly QueryPair[] {
  return [value]
    .flat()
    .filter((item) => item !== null)
    .map((item) => [name, toText(item)]);
}

function pair(texts: QueryPair): string {
  return texts.map(encodeURIComponent).join("=");
}

/** Later headers win, whatever the case of their names; all names come out in lower case. `null` says nothing. */
export function mergeHeaders(
  ...lists: readonly (JsonObject | undefined)[]
): Readonly<Record<string, string>> {
  const merged: Record<string, string> = {};
  for (const list of lists) {
    for (const [spelling, value] of Object.entries(list ?? {})) {
      const name = spelling.toLowerCase();
      if (value !== null) merged[name] = toText(value);
      // A line break would end the header: what follows would be another one.
      if (/[^\t -~\x80-\xff]/.test(merged[name] ?? "")) {
        const message = `the header \`${name}\` holds a line break or another character that cannot be sent`;
        throw new Fault(ConnectorError, "INVALID_OPTIONS", message);
      }
    }
  }
  return merged;
}

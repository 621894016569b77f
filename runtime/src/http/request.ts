import type { Client } from "../client/client.js";
import { expand, expandValue, type Lookup, type Params } from "../client/template.js";
import type { ParamLocation, ResourceShape } from "../descriptor.js";
import { ConnectorError, ReadFailure, foreign } from "../errors.js";
import { toText, type JsonObject, type JsonValue } from "../json.js";
import type { PageRequest } from "../paginators/paginator.js";
import type { QueryPair } from "./query-encoder.js";
import type { UnsignedRequest } from "./transport.js";
import { joinUrl } from "./url.js";

/** The part of a read that its requests depend on. */
export interface RequestContext {
  readonly client: Client;
  readonly resource: ResourceShape;
  readonly params: Params;
  /** Returns the value of any placeholder of the resource. */
  readonly lookup: Lookup;
}

/**
 * Builds the request of one page from the resource, the read's parameters and the paginator's part. The headers of
 * options come later, with the credentials, because they may be credentials.
 */
export async function buildRequest(
  { client, resource: whole, params, lookup }: RequestContext,
  page: PageRequest,
): Promise<UnsignedRequest> {
  const resource = { ...whole, ...page.replace };
  const { method = "GET", decode, encode, body } = resource;
  const expandAll = (given: JsonObject = {}): Promise<JsonObject> =>
    expandValue(given, lookup) as Promise<JsonObject>;
  const given = sortParams(resource, params);
  const query = { ...(await expandAll(resource.query)), ...given.query, ...page.query };
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    encode ? encode.encode(name, value) : repeat(name, value),
  );
  const path = await expandPath(page.url ?? resource.path, lookup);
  const url = withQuery(joinUrl(await client.baseUrl(), path), page.url ? [] : pairs);
  const content = await body?.build({
    method,
    allowsBody: client.transport.sendsBodyWithGet ? true : !["GET", "HEAD"].includes(method),
    params: given.body,
    page: page.body ?? {},
    lookup,
  });
  const headers = mergeHeaders(
    {
      accept: decode?.accept ?? "application/json",
      "accept-encoding": decode && !client.transport.noticesCuts ? "identity" : null,
      "content-type": content?.contentType ?? null,
    },
    await expandAll(client.source.headers),
    await expandAll(resource.headers),
    given.header,
    page.headers,
  );
  return { method, url, headers, body: content?.text };
}

/** The caller's values by the part of the request that they belong to. They are not templates. */
function sortParams(
  resource: Pick<ResourceShape, "params">,
  params: Params,
): Readonly<Record<"query" | "header" | "body", JsonObject>> {
  const sorted: Record<ParamLocation, Record<string, JsonValue>> = {
    path: {},
    query: {},
    header: {},
    body: {},
    parent: {},
  };
  for (const [name, location] of Object.entries(resource.params ?? {})) {
    const value = params[name];
    if (value != null) sorted[location][name] = value;
  }
  return sorted;
}

/**
 * Expands a path. Each value becomes one segment; only a whole URL at the start of the path stays as it is. A value of
 * dots is refused: every URL parser reads `%2e%2e` as `..`.
 */
function expandPath(path: string, lookup: Lookup): Promise<string> {
  return expand(path, async (name) => {
    const value = toText((await lookup(name)) ?? "");
    if (path.startsWith(`{${name}}`) && /^https?:\/\//i.test(value)) return value;
    if (!/^\.{0,2}$/.test(value)) return encodeURIComponent(value);
    const message = `\`${name}\` must not be "${value}": it is part of a path`;
    throw new ReadFailure(ConnectorError, "INVALID_PARAMS", message);
  });
}

/** Appends parameters to a URL. An existing query is kept; a fragment is removed. */
export function withQuery(url: string, pairs: readonly QueryPair[]): string {
  const [address = ""] = url.split("#", 1);
  if (pairs.length === 0) return address;
  const glue = /^[^?]*\?$|&$/.test(address) ? "" : address.includes("?") ? "&" : "?";
  return address + glue + pairs.map(pair).join("&");
}

/** The default encoding of a query parameter: lists are repeated, `null` is omitted, booleans are `true` and `false`. */
function repeat(name: string, value: JsonValue): readonly QueryPair[] {
  return [value]
    .flat()
    .filter((item) => item !== null)
    .map((item) => [name, toText(item)]);
}

/** `name=text`, percent-encoded. */
export function pair(texts: QueryPair): string {
  return texts.map(encodeURIComponent).join("=");
}

/** Merges headers. Later ones win, whatever the case of their names. Names come out in lower case; `null` is skipped. */
export function mergeHeaders(
  ...lists: readonly (JsonObject | undefined)[]
): Readonly<Record<string, string>> {
  const merged: Record<string, string> = {};
  for (const list of lists) {
    for (const [spelling, value] of Object.entries(list ?? {})) {
      const name = spelling.toLowerCase();
      if (value !== null) merged[name] = toText(value);
      // A line break would end the header, and the rest would be another header.
      if (/[^\t -~\x80-\xff]/.test(merged[name] ?? "")) {
        const message = `the header \`${foreign(name)}\` holds a line break or another invalid character`;
        throw new ReadFailure(ConnectorError, "INVALID_OPTIONS", message);
      }
    }
  }
  return merged;
}

import type { Client } from "../client/client.js";
import type { OriginChoice } from "../client/options.js";
import { expand, expandValue, type Lookup, type Params } from "../client/template.js";
import type { ParamLocation, ResourceShape } from "../descriptor.js";
import { AuthError, ConnectorError, ReadFailure, foreign } from "../errors.js";
import { toText, type JsonObject, type JsonValue } from "../json.js";
import type { PageRequest } from "../paginators/paginator.js";
import type { QueryPair } from "./query-encoder.js";
import type { UnsignedRequest } from "./transport.js";
import { joinUrl, parseUrl } from "./url.js";

/** The part of a read that its requests are built from. */
export interface RequestContext {
  readonly client: Client;
  readonly resource: ResourceShape;
  readonly params: Params;
  /** Returns the value of any placeholder of the resource. */
  readonly lookup: Lookup;
}

/** A request without credentials, and the parts of it that untrusted origins must not receive. */
export interface PlacedRequest extends UnsignedRequest {
  /** The source of its origin. Default: the spec. */
  readonly via?: OriginChoice;
  /** The headers whose templates name a secret. */
  readonly secretHeaders?: readonly string[];
  /** Whether the body's template names a secret. */
  readonly hasSecretBody?: boolean;
  /** The untrusted origin whose page chose the URL. */
  readonly foreignOrigin?: string | undefined;
}

/**
 * Builds the request of one page from the resource, the read's parameters and the paginator's part. The headers of options
 * are added later, with the credentials, because they may be credentials. A request to an untrusted origin is built without
 * the headers and query parameters whose templates name a secret.
 */
export async function buildRequest(context: RequestContext, page: PageRequest): Promise<PlacedRequest> {
  const { client, params, lookup } = context;
  const resource = page.replace ? { ...context.resource, ...page.replace } : context.resource;
  const { method = "GET", encode, body } = resource;
  const known = page.url || page.replace ? undefined : constantParts.get(context);
  const parts = known ?? (await buildParts(context, resource, page));
  const bodySecrets = observeSecrets(lookup);
  const content =
    body &&
    (await body.build({
      method,
      allowsBody: client.transport.sendsBodyWithGet ? true : !["GET", "HEAD"].includes(method),
      params: given(resource, params, "body"),
      page: page.body ?? {},
      lookup: bodySecrets.lookup,
    }));
  const { address, isTrusted, hasSecretUrl, query, headers, secretHeaders } = parts;
  if (!isTrusted && (hasSecretUrl || bodySecrets.areUsed())) throw untrustedOrigin(address);
  const pairs: QueryPair[] = [];
  for (const [name, value] of Object.entries(page.url ? {} : { ...query, ...page.query })) {
    if (encode) pairs.push(...encode.encode(name, value));
    // By default, lists are repeated, `null` is omitted, and booleans are `true` and `false`.
    else
      for (const item of Array.isArray(value) ? (value as readonly JsonValue[]) : [value])
        if (item !== null) pairs.push([name, toText(item)]);
  }
  return {
    method,
    url: withQuery(address, pairs),
    headers: mergeHeaders(
      {},
      content?.contentType ? { "content-type": content.contentType } : undefined,
      headers,
      page.headers,
    ),
    body: content?.text,
    via: page.url ? "link" : originOfValue.test(resource.path) ? "value" : "spec",
    secretHeaders,
    hasSecretBody: bodySecrets.areUsed(),
    foreignOrigin: page.foreignOrigin,
  };
}

/** The parts of a request that depend on the resource, the parameters and the secrets, but not on the paginator. */
interface RequestParts extends Required<Pick<PlacedRequest, "headers" | "secretHeaders">> {
  /** The URL without the parameters of `query`. */
  readonly address: string;
  readonly isTrusted: boolean;
  readonly hasSecretUrl: boolean;
  readonly query: JsonObject;
}

/** The parts that are the same for all pages, because they name no secret or option, which may be functions. */
const constantParts = new WeakMap<RequestContext, RequestParts>();

async function buildParts(
  context: RequestContext,
  resource: Omit<ResourceShape, "body">,
  { url, replace }: PageRequest,
): Promise<RequestParts> {
  const { client, params, lookup } = context;
  const { decode, path, query } = resource;
  const expandAll = (templates: JsonObject | undefined): Promise<JsonObject> | undefined =>
    templates && (expandValue(templates, lookup) as Promise<JsonObject>);
  const urlSecrets = observeSecrets(lookup);
  const base = await client.baseUrl();
  const address = joinUrl(base, await expandPath(url ?? path, urlSecrets.lookup));
  const isTrusted = await client.isTrusted(address);
  const allowed = (templates: JsonObject | undefined): JsonObject | undefined =>
    isTrusted ? templates : pick(templates, false);
  const own = [client.source.headers, resource.headers];
  const secretNames = isTrusted ? own.flatMap((each) => Object.keys(pick(each, true))) : [];
  const parts = {
    address,
    isTrusted,
    hasSecretUrl: urlSecrets.areUsed(),
    query: { ...(await expandAll(allowed(query))), ...given(resource, params, "query") },
    headers: mergeHeaders(
      {
        accept: decode?.accept ?? "application/json",
        ...(decode && !client.transport.noticesCuts && { "accept-encoding": "identity" }),
      },
      await expandAll(allowed(own[0])),
      await expandAll(allowed(own[1])),
      given(resource, params, "header"),
    ),
    secretHeaders: await Promise.all(
      secretNames.map(async (name) => (await expand(name, lookup)).toLowerCase()),
    ),
  };
  const templates = [client.source.baseUrl, path, query, own];
  if (!url && !replace && !/\{(secrets|config)\./.test(JSON.stringify(templates)))
    constantParts.set(context, parts);
  return parts;
}

/** The caller's values for a part of the request. They are not templates. */
function given(
  { params: locations = {} }: Pick<ResourceShape, "params">,
  params: Params,
  part: ParamLocation,
): JsonObject {
  return Object.fromEntries(
    Object.entries(locations).flatMap(([name, location]) => {
      const value = params[name];
      return value != null && location === part ? [[name, value]] : [];
    }),
  );
}

/** Matches a path whose origin comes from a parent or a parameter. */
const originOfValue = /^(https?:\/\/[^/?#]*)?\{(?!config\.|secrets\.|\{)/i;

/** Returns the parts whose templates name a secret, or the others. */
function pick(parts: JsonObject = {}, isSecret: boolean): JsonObject {
  const entries = Object.entries(parts);
  return Object.fromEntries(
    entries.filter((entry) => JSON.stringify(entry).includes("{secrets.") === isSecret),
  );
}

/** Returns a lookup that records whether secrets are looked up. */
function observeSecrets(lookup: Lookup): { readonly lookup: Lookup; readonly areUsed: () => boolean } {
  let areUsed = false;
  return {
    lookup: (name) => {
      areUsed ||= name.startsWith("secrets.");
      return lookup(name);
    },
    areUsed: () => areUsed,
  };
}

/** Returns the failure for a request with a secret to an untrusted origin. */
export function untrustedOrigin(url: string): ReadFailure {
  const origin = foreign(parseUrl(url)?.origin);
  const message = `the request holds a secret, and its origin ${origin} is not in \`allowedOrigins\``;
  return new ReadFailure(AuthError, "UNTRUSTED_ORIGIN", message);
}

/**
 * Expands a path. Each value becomes one segment; only a whole URL at the start of the path stays unchanged. A value of
 * dots is an error, because every URL parser reads `%2e%2e` as `..`.
 */
function expandPath(path: string, lookup: Lookup): Promise<string> {
  return expand(path, async (name) => {
    const value = toText((await lookup(name)) ?? "");
    if (path.startsWith(`{${name}}`) && /^https?:\/\//i.test(value)) return value;
    if (!/^\.{0,2}$/.test(value)) return encodeURIComponent(value);
    const message = `\`${name}\` needs a value in the path, not only dots`;
    throw new ReadFailure(ConnectorError, "INVALID_PARAMS", message);
  });
}

/** Appends parameters to a URL. An existing query is kept; a fragment is removed. */
export function withQuery(url: string, pairs: readonly QueryPair[]): string {
  const address = url.split("#", 1)[0] ?? "";
  const glue = !pairs.length || /^[^?]*\?$|&$/.test(address) ? "" : address.includes("?") ? "&" : "?";
  return address + glue + pairs.map(pair).join("&");
}

/** `name=text`, percent-encoded. */
export function pair(texts: QueryPair): string {
  return texts.map(encodeURIComponent).join("=");
}

/**
 * Adds headers to merged headers. Later headers replace earlier ones; names are case-insensitive. The result has
 * lower-case names; `null` is skipped.
 */
export function mergeHeaders(
  before: Readonly<Record<string, string>>,
  ...lists: readonly (JsonObject | undefined)[]
): Readonly<Record<string, string>> {
  const merged = { ...before };
  for (const list of lists) {
    for (const [spelling, value] of Object.entries(list ?? {})) {
      if (value === null) continue;
      const name = spelling.toLowerCase();
      const text = toText(value);
      // A line break would end the header, and the rest would be another header.
      if (/[^\t -~\x80-\xff]/.test(text)) {
        const message = `the header \`${foreign(name)}\` holds a line break or another invalid character`;
        throw new ReadFailure(ConnectorError, "INVALID_OPTIONS", message);
      }
      merged[name] = text;
    }
  }
  return merged;
}

import type { IncomingHttpHeaders } from "node:http";
import type { JsonIr, SourceIr } from "../ir/source-ir.js";
import { compileCredentials, type CredentialCheck, type Secrets } from "./credentials.js";
import { compileEnvelope, type WrapRecords } from "./envelope.js";
import { createPageCache } from "./page-cache.js";
import { pagings, type PageAnswer, type Paging } from "./paging.js";
import type { MakeRecord } from "./data/records.js";
import { compileRoute, findRoute, splitPath, type Route } from "./routes.js";

/** A resource with everything that answering for it takes, compiled once. */
export interface Endpoint extends Route {
  readonly credentials: CredentialCheck;
  readonly paging: Paging;
  readonly wrap: WrapRecords;
  /** How many records there are. */
  readonly count: number;
  readonly record: MakeRecord;
}

/** The APIs of all sources, without sockets. */
export interface Api {
  readonly endpoints: readonly Endpoint[];
  /** Decides what a request is answered with. */
  answer(request: ApiRequest): ApiAnswer;
  /** Serialises the page that was decided on. */
  body(endpoint: Endpoint, page: PageAnswer): Buffer;
}

/** A request without its body, which no resource reads so far. */
export interface ApiRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
}

/** A page of a resource, or a refusal. */
export type ApiAnswer =
  | { readonly endpoint: Endpoint; readonly page: PageAnswer }
  | {
      readonly endpoint?: Endpoint;
      readonly status: number;
      readonly message: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

/** What the APIs of a mock server have in common. */
export interface ApiOptions {
  /** Records per resource. */
  readonly records: number;
  readonly secrets: Secrets;
}

const cacheBytes = 64 * 1024 * 1024;

/** Compiles the APIs of several sources. Throws for a paginator, auth kind or selector that the mock does not know. */
export function compileApi(
  sources: readonly SourceIr[],
  recordsOf: (source: SourceIr) => ReadonlyMap<string, MakeRecord>,
  options: ApiOptions,
): Api {
  const endpoints = sources.flatMap((source) => {
    const makers = recordsOf(source);
    return source.resources.map((resource) =>
      compileEndpoint(
        compileRoute(source, resource, sources.length === 1),
        makers.get(resource.name),
        options,
      ),
    );
  });
  const cache = createPageCache(cacheBytes);

  return {
    endpoints,
    answer: (request) => answer(request, endpoints),
    body: (endpoint, page) => {
      const key = `${endpoint.source.name}/${endpoint.resource.name}/${page.start}-${page.end}`;
      return cache.get(key, () => serialise(endpoint, page));
    },
  };
}

function compileEndpoint(route: Route, record: MakeRecord | undefined, options: ApiOptions): Endpoint {
  const { source, resource } = route;
  const { paginator } = resource;
  try {
    const paging = Object.hasOwn(pagings, paginator.type) ? pagings[paginator.type] : undefined;
    if (!paging) throw new Error(`the mock server does not know the paginator "${paginator.type}"`);
    const auth = resource.auth === undefined ? source.auth : resource.auth;
    const credentials = compileCredentials(auth, options.secrets);
    // Where a client has to look for the records, it finds them there.
    const wrap = compileEnvelope(resource.select ?? "$.data");
    return { ...route, credentials, paging, wrap, count: options.records, record: record ?? (() => null) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${source.name}.${resource.name}: ${reason}`, { cause });
  }
}

function answer({ method, url, headers }: ApiRequest, endpoints: readonly Endpoint[]): ApiAnswer {
  const path = splitPath(url.pathname);
  const query = url.searchParams;
  if (!path) return { status: 400, message: "the path is not valid percent-encoding" };
  const match = findRoute(endpoints, { method, path, query });
  if (!match) return { status: 404, message: `no resource at ${url.pathname}` };
  if ("allow" in match) {
    const allow = match.allow.join(", ");
    return { status: 405, message: `${method} is not allowed here; use ${allow}`, headers: { Allow: allow } };
  }
  const endpoint = match.route;
  const { credentials, paging, resource, count } = endpoint;
  const refusal = credentials.problem({ headers, query });
  if (refusal !== undefined) {
    const { challenge } = credentials;
    return {
      endpoint,
      status: 401,
      message: refusal,
      headers: challenge ? { "WWW-Authenticate": challenge } : {},
    };
  }
  const page = paging({ query, options: resource.paginator.options, count });
  return "problem" in page ? { endpoint, status: 400, message: page.problem } : { endpoint, page };
}

function serialise({ wrap, record }: Endpoint, { start, end, facts }: PageAnswer): Buffer {
  const records: JsonIr[] = [];
  for (let index = start; index < end; index++) records.push(record(index));
  return Buffer.from(JSON.stringify(wrap(records, facts)));
}

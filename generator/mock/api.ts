import type { IncomingHttpHeaders } from "node:http";
import type { JsonIr, SourceIr } from "../ir/source-ir.js";
import { compileCredentials, type CredentialCheck, type Secrets } from "./credentials.js";
import { compileEnvelope, type WrapRecords } from "./envelope.js";
import { compileFormat, type Format } from "./format.js";
import { createPageCache } from "./page-cache.js";
import { compilePaging, type PageAnswer, type Paging } from "./paging.js";
import type { MakeRecord } from "./data/records.js";
import { compileRoute, findRoute, leadsTo, splitPath, type Route } from "./routes.js";

/** A resource with everything that answering for it takes, compiled once. */
export interface Endpoint extends Route {
  readonly credentials: CredentialCheck;
  readonly paging: Paging;
  readonly wrap: WrapRecords;
  readonly format: Format;
  /** How many records there are. */
  readonly count: number;
  readonly record: MakeRecord;
  /** Where clients of this resource ask for a token, and what they get. */
  readonly token?: Route & { readonly reply: JsonIr };
}

/** The APIs of all sources, without sockets. */
export interface Api {
  readonly endpoints: readonly Endpoint[];
  /** Decides what a request is answered with. */
  answer(request: ApiRequest): ApiAnswer;
  /** Serialises the page that was decided on. */
  body(endpoint: Endpoint, page: PageAnswer): Buffer;
}

/** A request. */
export interface ApiRequest {
  readonly method: string;
  /** As the client sees it. */
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** The JSON body; an empty object if there is none. */
  readonly body: JsonIr;
}

/** A page of a resource, a token, or a refusal. */
export type ApiAnswer =
  | { readonly endpoint: Endpoint; readonly page: PageAnswer }
  | { readonly reply: JsonIr }
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
        makers.get(resource.name) ?? (() => null),
        { ...options, isOnly: sources.length === 1 },
      ),
    );
  });
  const cache = createPageCache(cacheBytes);

  return {
    endpoints,
    answer: (request) => answer(request, endpoints),
    body: (endpoint, page) => {
      const facts = JSON.stringify(page.facts);
      const key = `${endpoint.source.name}/${endpoint.resource.name}/${page.start}-${page.end} ${facts}`;
      return cache.get(key, () => serialise(endpoint, page));
    },
  };
}

function compileEndpoint(
  route: Route,
  record: MakeRecord,
  { records: count, secrets, isOnly }: ApiOptions & { readonly isOnly: boolean },
): Endpoint {
  const { source, resource } = route;
  try {
    const auth = resource.auth === undefined ? source.auth : resource.auth;
    const credentials = compileCredentials(auth, secrets);
    const { token, secretParam } = credentials;
    // Where a client has to look for the records, it finds them there.
    const wrap = compileEnvelope(resource.select?.selector ?? ["data"]);
    return {
      ...route,
      credentials,
      paging: compilePaging(resource.paginator, { count, record, wrap, secretParam }),
      wrap,
      format: compileFormat(resource.decode, record),
      count,
      record,
      ...(token && {
        token: { ...compileRoute(source, { ...resource, path: token.path }, isOnly), reply: token.reply },
      }),
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${source.name}.${resource.name}: ${reason}`, { cause });
  }
}

function answer(request: ApiRequest, endpoints: readonly Endpoint[]): ApiAnswer {
  const { method, url, headers } = request;
  const path = splitPath(url.pathname);
  const query = url.searchParams;
  if (!path) return { status: 400, message: "the path is not valid percent-encoding" };
  const issuer = endpoints.find(({ token }) => token && leadsTo(token, path));
  if (issuer?.token) return { reply: issuer.token.reply };
  const match = findRoute(endpoints, { method, path, query });
  if (!match) return { status: 404, message: `no resource at ${url.pathname}` };
  if ("allow" in match) {
    const allow = match.allow.join(", ");
    return { status: 405, message: `${method} is not allowed here; use ${allow}`, headers: { Allow: allow } };
  }
  const endpoint = match.route;
  const { credentials, paging } = endpoint;
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
  const page = paging(request);
  return "problem" in page ? { endpoint, status: 400, message: page.problem } : { endpoint, page };
}

function serialise({ wrap, format, record }: Endpoint, { start, end, facts }: PageAnswer): Buffer {
  const records: JsonIr[] = [];
  for (let index = start; index < end; index++) records.push(record(index));
  return Buffer.from(format.print(wrap(records, facts)));
}

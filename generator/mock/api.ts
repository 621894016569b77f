import type { IncomingHttpHeaders } from "node:http";
import { isSelector, toJson, type JsonIr, type ResourceIr, type SourceIr } from "../ir/source-ir.js";
import { messageOf } from "../spec/wording.js";
import { compileCredentials, type CredentialCheck, type TokenEndpoint } from "./credentials.js";
import { compileEnvelope, type WrapRecords } from "./envelope.js";
import { compileFormat, type Format } from "./format.js";
import { compileJobs, servedResource, type JobRoute } from "./jobs.js";
import { compileLayout } from "./layout.js";
import type { EditRecords, Secrets } from "./mock.js";
import { compilePaging, type PageSlice, type Paging } from "./paging.js";
import type { MakeRecord } from "./data/records.js";
import {
  compileRoute,
  findRoute,
  firstResource,
  matchesPath,
  nextResource,
  splitPath,
  withPathParams,
  type Route,
} from "./routes.js";

/** A resource compiled for serving. */
export interface Endpoint extends Route {
  readonly credentials: CredentialCheck;
  readonly paging: Paging;
  readonly wrap: WrapRecords;
  readonly format: Format;
  /** Number of records. */
  readonly count: number;
  readonly record: MakeRecord;
  /** Token endpoint of this resource's clients and its responses. */
  readonly token?: Route & Omit<TokenEndpoint, "path">;
}

/** The APIs of all sources, without sockets. */
export interface Api {
  readonly endpoints: readonly Endpoint[];
  /** Chooses the response to a request. */
  respond(request: ApiRequest): ApiResponse;
  /** Serialises a page. */
  body(endpoint: Endpoint, page: PageSlice): Buffer;
}

/** A request to the mock server. */
export interface ApiRequest {
  readonly method: string;
  /** URL as the client sees it. */
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** JSON body; an empty object if there is none. */
  readonly body: JsonIr;
}

/** A page of a resource, the body of a token response, or an error. */
export type ApiResponse =
  | { readonly endpoint: Endpoint; readonly page: PageSlice }
  | { readonly body: JsonIr; readonly headers?: Readonly<Record<string, string>> }
  | {
      readonly endpoint?: Endpoint;
      readonly status: number;
      readonly message: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

/** Options of all APIs of a mock server. */
export interface ApiOptions {
  /** Records per resource. */
  readonly records: number;
  readonly secrets: Secrets;
  readonly edit?: EditRecords | undefined;
}

/** Size of the page cache in bytes. */
const cacheSize = 64 * 1024 * 1024;

/** Compiles the APIs of several sources. Throws for a paginator, auth type or selector that the mock does not support. */
export function compileApi(
  sources: readonly SourceIr[],
  recordsOf: (source: SourceIr) => ReadonlyMap<string, MakeRecord>,
  options: ApiOptions,
): Api {
  const endpoints = sources.flatMap((source) => {
    const makers = recordsOf(source);
    // Static records are read without a request.
    const requested = source.resources.filter(
      ({ plan }) => !plan.some(({ type }) => type === "static_records"),
    );
    return requested.map(servedResource).flatMap((resource) => {
      const isOnly = sources.length === 1;
      const endpoint = compileEndpoint(
        compileRoute(source, resource, isOnly),
        makers.get(resource.name) ?? (() => null),
        { ...options, isOnly },
      );
      // The first page and further pages may have different paths.
      const others = [firstResource(resource), nextResource(resource)].flatMap((other) =>
        other ? [{ ...endpoint, ...compileRoute(source, other, isOnly) }] : [],
      );
      return [endpoint, ...others];
    });
  });
  const jobs = sources.flatMap((source) =>
    source.resources.flatMap((resource) => compileJobs(source, resource, sources.length === 1)),
  );
  const cache = createPageCache(cacheSize);

  return {
    endpoints,
    respond: (request) => respondAsJob(request, jobs) ?? respond(request, endpoints),
    body: (endpoint, page) => {
      const metadata = JSON.stringify(page.metadata);
      const key = `${endpoint.source.name}/${endpoint.resource.name}/${page.start}-${page.end} ${metadata}`;
      return cache.get(key, () => serialise(endpoint, page));
    },
  };
}

function compileEndpoint(
  route: Route,
  made: MakeRecord,
  { records, secrets, edit, isOnly }: ApiOptions & { readonly isOnly: boolean },
): Endpoint {
  const { source, resource } = route;
  const list = { source: source.name, resource: resource.name, count: records, record: made };
  const { count, record } = edit?.(list) ?? list;
  try {
    const auth = resource.auth === undefined ? source.auth : resource.auth;
    const credentials = compileCredentials(auth, secrets);
    const { token, secretParam } = credentials;
    // A client without a selector detects the records under `data`.
    const wrap = compileLayout(resource.layout, compileEnvelope(resource.select?.selector ?? ["data"]));
    return {
      ...route,
      credentials,
      paging: compilePaging(resource.paginator, {
        count,
        record,
        wrap,
        secretParam,
        template: toJson(resource.body?.options["template"] ?? null),
      }),
      wrap,
      format: compileFormat(resource.decode, record),
      count,
      record,
      ...(token && {
        token: { ...token, ...compileRoute(source, { ...resource, path: token.path }, isOnly) },
      }),
    };
  } catch (cause) {
    const reason = messageOf(cause);
    throw new Error(`${source.name}.${resource.name}: ${reason}`, { cause });
  }
}

/** Responds to the requests that create and poll export jobs. */
function respondAsJob({ method, url }: ApiRequest, jobs: readonly JobRoute[]): ApiResponse | undefined {
  const path = splitPath(url.pathname);
  const job = path && jobs.find((each) => each.resource.method === method && matchesPath(each, path));
  return job?.respond(url.origin);
}

function respond(request: ApiRequest, endpoints: readonly Endpoint[]): ApiResponse {
  const { method, url, headers } = request;
  const path = splitPath(url.pathname);
  const query = url.searchParams;
  if (!path) return { status: 400, message: "the path has invalid percent-encoding" };
  const issuer = endpoints.find(({ token }) => token && matchesPath(token, path));
  if (issuer?.token) {
    const { body, headers: sent = {} } = issuer.token;
    return { body, headers: sent };
  }
  const match = findRoute(endpoints, { method, path, query });
  if (!match) return { status: 404, message: `no resource at ${url.pathname}` };
  if ("allow" in match) {
    const allow = match.allow.join(", ");
    return { status: 405, message: `${method} is not allowed; use ${allow}`, headers: { Allow: allow } };
  }
  const endpoint = match.route;
  const { credentials, paging } = endpoint;
  const problem = credentials.problem({ headers, query });
  if (problem !== undefined) {
    const { challenge } = credentials;
    return {
      endpoint,
      status: 401,
      message: problem,
      headers: challenge ? { "WWW-Authenticate": challenge } : {},
    };
  }
  const page = paging({ ...request, url: withPathParams(endpoint, url) });
  if ("problem" in page) return { endpoint, status: 400, message: page.problem };
  const metadata = [...page.metadata, ...stateMetadata(endpoint.resource)];
  return { endpoint, page: { ...page, metadata } };
}

/**
 * Returns the token of an incremental read by sync token. If the spec has no parameter for it, the response has no token,
 * and the next read is a full one.
 */
function stateMetadata({ plan }: ResourceIr): PageSlice["metadata"] {
  const { path, param, bodyPath } = plan.find(({ type }) => type === "sync_token")?.options ?? {};
  if (!isSelector(path)) return [];
  return [{ path: path.selector, value: param !== undefined || bodyPath !== undefined ? "state-1" : null }];
}

function serialise({ wrap, format, record }: Endpoint, { start, end, metadata }: PageSlice): Buffer {
  const records: JsonIr[] = [];
  for (let index = start; index < end; index++) records.push(record(index));
  return Buffer.from(format.print(wrap(records, metadata)));
}

/** Keeps recently used pages. */
interface PageCache {
  /** Returns the page under a key, or creates it. */
  get(key: string, create: () => Buffer): Buffer;
}

/** Creates a cache of at most `size` bytes. Does not keep a page that is larger. */
function createPageCache(size: number): PageCache {
  // A map keeps the order of insertion, so its first entry is the least recently used one.
  const pages = new Map<string, Buffer>();
  let used = 0;

  const dropOldest = (): void => {
    for (const [key, page] of pages) {
      if (used <= size) return;
      pages.delete(key);
      used -= page.length;
    }
  };
  return {
    get: (key, create) => {
      const cached = pages.get(key);
      const page = cached ?? create();
      pages.delete(key);
      pages.set(key, page);
      if (!cached) used += page.length;
      dropOldest();
      return page;
    },
  };
}

import type { FaultSpec } from "../../generator/mock/faults.js";
import type { ResourceShape } from "../../runtime/src/plugin.js";
import { add, csv, jsonLines } from "../../runtime/src/index.js";
import { issuedToken, type AuthScheme } from "./auths.js";
import { requestsOf, type Dialect } from "./dialects.js";
import { contentTypes, printBody, type Format, type Row } from "./records.js";
import { startServer, type Answer, type FaultServer, type Received, type Script } from "./server.js";

/** A paged API with faults. */
export interface ApiSetup {
  readonly dialect: Dialect;
  readonly auth: AuthScheme;
  readonly format: Format;
  /** In the order of their ids. The array may change between requests. */
  readonly rows: readonly Row[];
  readonly size: number;
  /** Faults by the index of the page, one per attempt. */
  readonly faults?: ReadonlyMap<number, readonly FaultSpec[]>;
  /** Called before each request for a page, with its number from 0. */
  readonly onRequest?: (n: number) => void;
}

/** A running API. */
export interface Api extends FaultServer {
  /** Requests for pages so far. */
  readonly requests: () => number;
}

/** The path of the resource. */
const path = "/v1/rows";

/** Starts a server with a scripted API. */
export async function startApi(setup: ApiSetup): Promise<Api> {
  const { dialect, auth, format, size, faults = new Map<number, readonly FaultSpec[]>() } = setup;
  const left = new Map(Array.from(faults, ([page, list]) => [page, [...list]]));
  let asked = 0;

  const script: Script = (request) => {
    if (request.url.pathname === "/token") return toToken();
    setup.onRequest?.(asked++);
    const query = request.url.searchParams;
    if (!auth.accepts({ headers: request.headers, query })) return { ...toJson({}), status: 401 };
    const { rows } = setup;
    const from = dialect.start({ query, body: bodyOf(request) }, { rows, size });
    const start = dialect.name === "single_page" ? 0 : Math.min(from, rows.length);
    const end = dialect.name === "single_page" ? rows.length : Math.min(start + size, rows.length);
    const page = { size, rows, start, end, url: `${request.url.origin}${path}` };
    const { body, headers } = dialect.tell(page, format);
    const served = rows.slice(start, end);
    const fault = left.get(Math.floor(start / size))?.shift();
    return {
      fault,
      contentType: contentTypes[format],
      body: printBody(format, served, body),
      ...(headers && { headers }),
    };
  };
  const server = await startServer(script);
  const isPage = ({ url }: Received): boolean => url.pathname !== "/token";
  return { ...server, requests: () => server.received.filter(isPage).length };
}

function bodyOf({ text }: Received): Readonly<Record<string, unknown>> {
  return (text.startsWith("{") ? JSON.parse(text) : {}) as Readonly<Record<string, unknown>>;
}

function toToken(): Answer {
  return toJson({ access_token: issuedToken, token_type: "bearer", expires_in: 3600 });
}

function toJson(body: object): Answer {
  return { contentType: "application/json", body: JSON.stringify(body) };
}

/** The resource that reads such an API. */
export function resourceOf({
  dialect,
  auth,
  format,
  size,
}: Pick<ApiSetup, "dialect" | "auth" | "format" | "size">): ResourceShape {
  return {
    name: "rows",
    path,
    select: format === "json" ? ["items"] : [],
    paginator: dialect.paginator(size, format),
    primaryKey: ["id"],
    // Adds nothing, but copies every record.
    shape: [add()],
    ...(format === "jsonl" && { decode: jsonLines() }),
    ...(format === "csv" && { decode: csv() }),
    ...(auth.auth && { auth: auth.auth }),
    ...dialect.resource,
  };
}

/** Returns the maximum number of requests of a read: its pages, one per fault, and one more. */
export function allowedRequests({ dialect, rows, size, format }: ApiSetup, faults: number): number {
  return requestsOf(dialect, { count: rows.length, size, format }) + faults + 1;
}

import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { JsonIr } from "../ir/source-ir.js";
import type { Api, ApiResponse, Endpoint } from "./api.js";
import type { FaultPlan } from "./fault-plan.js";
import { printFault } from "./faults.js";
import { closeStale, injectFault, toError } from "./inject.js";
import type { MockRequest } from "./mock.js";
import type { Counter } from "./stats.js";

/** Parts of the server. */
export interface ServerParts {
  readonly api: Api;
  readonly counter: Counter;
  readonly plan: FaultPlan;
  /** Delay before each response, in milliseconds. */
  readonly latency: number;
  /** Aborts delays when the server closes. */
  readonly signal: AbortSignal;
  readonly onRequest: ((request: MockRequest) => void) | undefined;
}

/** Maximum size of a request body, in bytes. */
const maxBodySize = 1024 * 1024;

/** Creates the listener of the mock's HTTP server. */
export function createHandler(parts: ServerParts): RequestListener {
  return (request, response) => {
    handle(parts, request, response).catch((error: unknown) => {
      // Delays end with an error when the server closes. Any other error is a defect of the mock and must be visible.
      if (!parts.signal.aborted && !response.headersSent)
        sendError({ status: 500, message: String(error) }, response);
    });
  };
}

/** Reads the JSON body of a request. Reads other bodies too, so the connection can be reused. */
async function readBody(request: IncomingMessage): Promise<JsonIr> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBodySize) {
      request.destroy();
      throw new Error("the request body is too large");
    }
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as JsonIr;
  } catch {
    return {};
  }
}

async function handle(parts: ServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (closeStale(request.socket)) return;
  const { method = "GET", headers } = request;
  if (headers.origin !== undefined) allowOtherOrigins(response);
  if (method === "OPTIONS" && headers["access-control-request-method"]) {
    answerPreflight(request, response);
    return;
  }
  const url = parseUrl(request);
  const body = await readBody(request);
  const result: ApiResponse = url
    ? parts.api.respond({ method, url, headers, body })
    : { status: 400, message: "the request target is not a path" };
  const endpoint = "endpoint" in result ? result.endpoint : undefined;
  if (endpoint) parts.counter.of(endpoint).requests++;
  if (parts.latency > 0) await sleep(parts.latency, undefined, { signal: parts.signal });

  if ("body" in result)
    for (const [name, value] of Object.entries(result.headers ?? {})) response.setHeader(name, value);
  const sent =
    "page" in result
      ? sendPage(parts, result, response)
      : "body" in result
        ? sendJson(200, Buffer.from(JSON.stringify(result.body)), response)
        : sendError(result, response);
  parts.onRequest?.({ method, url: url ? maskUrl(url, endpoint, parts.api.endpoints) : "", ...sent });
}

/** Lets the pages of a browser call the mock from any origin, and read every header of its responses (CORS). */
function allowOtherOrigins(response: ServerResponse): void {
  response.setHeader("Access-Control-Allow-Origin", "*");
  response.setHeader("Access-Control-Expose-Headers", "*");
}

/** Permits the request that a browser announces. `*` would not permit the header `Authorization`. */
function answerPreflight({ headers }: IncomingMessage, response: ServerResponse): void {
  response.writeHead(204, {
    "Access-Control-Allow-Methods": headers["access-control-request-method"],
    "Access-Control-Allow-Headers": headers["access-control-request-headers"] ?? "*",
    "Access-Control-Max-Age": "600",
  });
  response.end();
}

/** Returns the URL of a request. Rejects absolute targets, which are for proxies. */
function parseUrl({ url: target = "/", headers }: IncomingMessage): URL | undefined {
  const bases = [`http://${headers.host ?? ""}`, "http://localhost"];
  const base = bases.find((each) => URL.canParse(target, each));
  return target.startsWith("/") && !target.startsWith("//") && base !== undefined
    ? new URL(target, base)
    : undefined;
}

type Sent = Pick<MockRequest, "status" | "fault">;

function sendPage(
  { api, counter, plan }: ServerParts,
  { endpoint, page }: Extract<ApiResponse, { page: unknown }>,
  response: ServerResponse,
): Sent {
  const body = api.body(endpoint, page);
  const counts = counter.of(endpoint);
  const fault = plan.next({ ...page, key: pageKey(endpoint, response, page.page) });
  const contentType = `${endpoint.format.contentType}; charset=utf-8`;
  if (fault) {
    counts.faults++;
    const status = injectFault(fault, { response, body, contentType, headers: page.headers ?? {} });
    return { fault: printFault(fault), ...(status !== undefined && { status }) };
  }
  counts.pages++;
  counts.records += page.end - page.start;
  response.writeHead(200, {
    "Content-Type": contentType,
    "Content-Length": body.length,
    ...page.headers,
  });
  response.end(body);
  return { status: 200 };
}

/** Returns a unique key of a page. It contains the path, because children of different parents are different pages. */
function pageKey({ source, resource }: Endpoint, response: ServerResponse, page: number): string {
  const path = (response.req.url ?? "").split("?")[0] ?? "";
  return `${source.name}/${resource.name}/${page} ${path}`;
}

function sendError(
  { status, message, headers }: Extract<ApiResponse, { status: number }>,
  response: ServerResponse,
): Sent {
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
  return sendJson(status, toError(status, message), response);
}

function sendJson(status: number, body: Buffer, response: ServerResponse): Sent {
  response.writeHead(status, { "Content-Type": "application/json", "Content-Length": body.length });
  response.end(body);
  return { status };
}

/** Mask for secrets in logged URLs. */
const masked = "***";

/** Returns the path and query of a request with `***` instead of secrets. */
function maskUrl(url: URL, endpoint: Endpoint | undefined, all: readonly Endpoint[]): string {
  // A request without an endpoint may carry the secrets of any endpoint.
  const names = new Set((endpoint ? [endpoint] : all).flatMap(secretParams));
  const pairs = [...url.searchParams].map(([name, value]) => [name, names.has(name) ? masked : value]);
  const query = pairs
    .map(([name, value]) => `${encode(name)}=${value === masked ? masked : encode(value)}`)
    .join("&");
  const segments = url.pathname.slice(1).split("/");
  const path = segments.map((text, index) => (endpoint?.segments[index]?.isSecret ? masked : text)).join("/");
  return `/${path}${query && `?${query}`}`;
}

function secretParams({ credentials, resource }: Endpoint): readonly string[] {
  const templates = resource.query.filter(({ value }) => JSON.stringify(value).includes("{secrets."));
  return [
    ...(credentials.secretParam ? [credentials.secretParam] : []),
    ...templates.map(({ name }) => name),
  ];
}

function encode(text = ""): string {
  return encodeURIComponent(text);
}

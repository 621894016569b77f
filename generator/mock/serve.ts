import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { JsonIr } from "../ir/source-ir.js";
import type { Api, ApiAnswer, Endpoint } from "./api.js";
import type { FaultPlan } from "./fault-plan.js";
import { printFault } from "./faults.js";
import { injectFault, toError } from "./inject.js";
import { maskUrl } from "./mask.js";
import type { Counter } from "./stats.js";

/** A request and what became of it. */
export interface MockRequest {
  readonly method: string;
  /** Path and query; credentials are masked. */
  readonly url: string;
  /** Left out when the connection was broken without an answer. */
  readonly status?: number;
  /** As in the list of faults: `429:1`. */
  readonly fault?: string;
}

/** What answering takes. */
export interface ServerParts {
  readonly api: Api;
  readonly counter: Counter;
  readonly plan: FaultPlan;
  /** Milliseconds. */
  readonly latency: number;
  /** Ends the waiting when the server closes. */
  readonly signal: AbortSignal;
  readonly onRequest: ((request: MockRequest) => void) | undefined;
}

const largestRequest = 1024 * 1024;

/** Creates the listener of the mock's HTTP server. */
export function createHandler(parts: ServerParts): RequestListener {
  return (request, response) => {
    handle(parts, request, response).catch((error: unknown) => {
      // Waiting is cut short when the server closes; anything else is a defect of the mock, and must not go unseen.
      if (!parts.signal.aborted && !response.headersSent)
        sendRefusal({ status: 500, message: String(error) }, response);
    });
  };
}

/** A request's JSON body, up to a bound; anything else is read too, so that the connection can be used again. */
async function readBody(request: IncomingMessage): Promise<JsonIr> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > largestRequest) {
      request.destroy();
      throw new Error("the body is too large");
    }
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as JsonIr;
  } catch {
    return {};
  }
}

async function handle(parts: ServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = "GET", headers } = request;
  const url = parseUrl(request);
  const body = await readBody(request);
  const answer: ApiAnswer = url
    ? parts.api.answer({ method, url, headers, body })
    : { status: 400, message: "the request target is not a path" };
  const endpoint = "endpoint" in answer ? answer.endpoint : undefined;
  if (endpoint) parts.counter.of(endpoint).requests++;
  if (parts.latency > 0) await sleep(parts.latency, undefined, { signal: parts.signal });

  const sent =
    "page" in answer
      ? sendPage(parts, answer, response)
      : "reply" in answer
        ? sendJson(200, Buffer.from(JSON.stringify(answer.reply)), response)
        : sendRefusal(answer, response);
  parts.onRequest?.({ method, url: url ? maskUrl(url, endpoint, parts.api.endpoints) : "", ...sent });
}

/** The URL of a request; an absolute target, as sent to proxies, is not for this server. */
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
  { endpoint, page }: Extract<ApiAnswer, { page: unknown }>,
  response: ServerResponse,
): Sent {
  const body = api.body(endpoint, page);
  const counts = counter.of(endpoint);
  const fault = plan.next({ ...page, key: pageKey(endpoint, response, page.page) });
  if (fault) {
    counts.faults++;
    const status = injectFault(fault, response, body);
    return { fault: printFault(fault), ...(status !== undefined && { status }) };
  }
  counts.pages++;
  counts.records += page.end - page.start;
  response.writeHead(200, {
    "Content-Type": `${endpoint.format.contentType}; charset=utf-8`,
    "Content-Length": body.length,
    ...page.headers,
  });
  response.end(body);
  return { status: 200 };
}

/** The children of different parents are different pages, so the path counts, not the resource alone. */
function pageKey({ source, resource }: Endpoint, response: ServerResponse, page: number): string {
  const path = (response.req.url ?? "").split("?")[0] ?? "";
  return `${source.name}/${resource.name}/${page} ${path}`;
}

function sendRefusal(
  { status, message, headers }: Extract<ApiAnswer, { status: number }>,
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

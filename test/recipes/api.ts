import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { FetchLike } from "../../runtime/src/plugin.js";

/** A request that the API receives. */
export interface Call {
  readonly method: string;
  /** The public origin, such as `https://api.example.com`. */
  readonly origin: string;
  readonly path: string;
  /** The values of the route's `:names`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A response. A body that is not text is sent as JSON. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Whether the connection is closed before the end of the body. */
  readonly isCut?: boolean;
}

/** A model of an API, based on its manual. */
export interface ApiModel {
  /** The origin of its routes. */
  readonly origin: string;
  /** Returns the body of an error in the API's format. */
  readonly toError: (status: number, message: string) => unknown;
  /** Checks what all requests of its origin need, such as credentials. */
  readonly check?: (call: Call) => void;
  /** The routes, such as `GET /users/:id`, or with another origin `POST https://login.example.com/token`. */
  readonly routes: Readonly<Record<string, (call: Call) => Reply>>;
}

/** A running API on loopback. */
export interface Api {
  /** Sends requests for the public origin to loopback. */
  readonly fetch: FetchLike;
  readonly calls: readonly Call[];
  /** Replaces the response to the request with this number, from 1. */
  readonly answerOnce: (number: number, reply: Reply) => void;
  /** Changes the response of the routes to the request with this number. */
  readonly alterOnce: (number: number, alter: (reply: Reply) => Reply) => void;
}

/** The rejection of a request by the API. */
class Refusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** Rejects a request with a status and the API's message. */
export function refuse(status: number, message: string, headers?: Readonly<Record<string, string>>): never {
  throw new Refusal(status, message, headers);
}

/** Rejects a request whose header has another value. */
export function requireHeader(call: Call, name: string, value: string): void {
  if (call.headers[name.toLowerCase()] !== value) refuse(401, `the header ${name} is missing or invalid`);
}

/** Rejects unknown parameters, and parameters that are sent twice. */
export function allowOnly(query: URLSearchParams, ...names: readonly string[]): void {
  for (const name of query.keys()) {
    if (!names.includes(name)) refuse(400, `unknown parameter ${name}`);
    if (query.getAll(name).length > 1) refuse(400, `parameter ${name} is sent twice`);
  }
}

/** Returns the JSON object of a request, and rejects unknown keys. */
export function jsonOf(call: Call, ...names: readonly string[]): Readonly<Record<string, unknown>> {
  if (!call.headers["content-type"]?.startsWith("application/json")) refuse(415, "the body must be JSON");
  const value = JSON.parse(call.body) as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  return unknown === undefined ? value : refuse(400, `unknown field ${unknown}`);
}

/** Starts an API for one test. */
export async function startApi(model: ApiModel): Promise<Api> {
  const calls: Call[] = [];
  const once = new Map<number, (reply: Reply) => Reply>();
  const server = createServer((request, response) => {
    void readCall(request).then((call) => {
      calls.push(call);
      const reply = answer(model, call);
      send(once.get(calls.length)?.(reply) ?? reply, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const loopback = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const alterOnce: Api["alterOnce"] = (number, alter) => once.set(number, alter);
  const answerOnce: Api["answerOnce"] = (number, reply) => once.set(number, () => reply);
  return { fetch: fetchFrom(loopback), calls, answerOnce, alterOnce };
}

function send(
  { status = 200, headers = {}, body = "", isCut = false }: Reply,
  response: ServerResponse,
): void {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const type = typeof body === "string" ? "text/plain" : "application/json; charset=utf-8";
  const length = String(Buffer.byteLength(text));
  response.writeHead(status, { "content-type": type, "content-length": length, ...headers });
  if (isCut) response.write(text.slice(0, text.length / 2), () => response.destroy());
  else response.end(text);
}

/** The header that carries the public origin to loopback. */
const originHeader = "x-public-origin";

function fetchFrom(loopback: string): FetchLike {
  return (text, { headers, ...init }) => {
    const url = new URL(text);
    return fetch(`${loopback}${url.pathname}${url.search}`, {
      ...init,
      headers: { ...headers, [originHeader]: url.origin },
    });
  };
}

async function readCall(request: IncomingMessage): Promise<Call> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = "", url = "", headers } = request;
  const { pathname, searchParams } = new URL(url, "http://loopback");
  return {
    method,
    origin: String(headers[originHeader]),
    path: decodeURI(pathname),
    params: {},
    query: searchParams,
    headers,
    body: Buffer.concat(chunks).toString("utf8"),
  };
}

function answer(model: ApiModel, call: Call): Reply {
  try {
    const target = `${call.method} ${call.origin}${call.path}`;
    for (const [route, handle] of Object.entries(model.routes)) {
      const params = matchRoute(route.replace(" /", ` ${model.origin}/`), target);
      if (!params) continue;
      if (call.origin === model.origin) model.check?.(call);
      return handle({ ...call, params });
    }
    return refuse(404, `no route ${target}`);
  } catch (error) {
    const { status, headers, message } = error instanceof Refusal ? error : new Refusal(500, String(error));
    return { status, headers, body: model.toError(status, message) };
  }
}

function matchRoute(route: string, target: string): Readonly<Record<string, string>> | undefined {
  const pattern = route
    .replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll(/\/:(\w+)/g, "/(?<$1>[^/]+)");
  const match = new RegExp(`^${pattern}$`).exec(target);
  return match ? (match.groups ?? {}) : undefined;
}

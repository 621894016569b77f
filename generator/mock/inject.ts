import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import type { FaultKind, FaultSpec, HttpDateForm } from "./faults.js";

/** The response that a fault replaces. */
export interface FaultTarget {
  readonly response: ServerResponse;
  /** The body of the successful response. */
  readonly body: Buffer;
  readonly contentType: string;
  /** Headers of the successful response; only faults that send its whole body use them. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Sends a fault. Returns the status, if one was sent. */
export function injectFault(fault: FaultSpec, target: FaultTarget): number | undefined {
  if (fault.kind !== "status") return senders[fault.kind](target);
  return sendStatus(target, fault.status ?? 500, printWait(fault.retryAfter));
}

/** Whether the fault `stale` has marked the connection of a request. If it has, closes the connection. */
export function closeStale(socket: Socket): boolean {
  if (!stale.has(socket)) return false;
  socket.destroy();
  return true;
}

const stale = new WeakSet<Socket>();
const html = Buffer.from("<!doctype html><title>Sign in</title><p>Please sign in.</p>");
const day = 86_400;

type Sender = (target: FaultTarget) => number | undefined;

const senders: Readonly<Record<Exclude<FaultKind, "status">, Sender>> = {
  "204": ({ response }) => {
    response.writeHead(204).end();
    return 204;
  },
  "429-no-wait": (target) => sendStatus(target, 429),
  "429-huge": (target) => sendStatus(target, 429, { "Retry-After": String(day) }),
  "429-negative": (target) => sendStatus(target, 429, { "Retry-After": "-1" }),
  "429-past": (target) =>
    sendStatus(target, 429, { "Retry-After": printHttpDate(new Date(Date.now() - day * 1000), "date") }),
  "429-junk": (target) => sendStatus(target, 429, { "Retry-After": "soon" }),
  "429-ms": (target) => sendStatus(target, 429, { "Retry-After-Ms": "300" }),
  "403-quota": (target) =>
    sendStatus(target, 403, {
      "X-RateLimit-Remaining": "0",
      "X-RateLimit-Reset": String(Math.ceil(Date.now() / 1000)),
    }),
  "502-html": (target) => send(target, 502, { type: "text/html", body: html }),
  reset: ({ response }) => {
    response.socket?.resetAndDestroy();
    return undefined;
  },
  close: ({ response }) => {
    response.socket?.end();
    return undefined;
  },
  stale: (target) => {
    if (target.response.socket) stale.add(target.response.socket);
    return sendBody(target, target.body);
  },
  hang: () => undefined,
  stall: ({ response, body, contentType }) => {
    response.writeHead(200, { "Content-Type": contentType, "Content-Length": body.length }).flushHeaders();
    return 200;
  },
  truncate: (target) => breakOff(target, { "Content-Length": String(target.body.length) }),
  "truncate-chunked": (target) => breakOff(target, {}),
  "truncate-close": (target) => {
    const { response, contentType, body } = target;
    // Without a length and without chunks, the end of the connection is the end of the body.
    response.useChunkedEncodingByDefault = false;
    response.writeHead(200, { "Content-Type": contentType, Connection: "close" }).end(half(body));
    return 200;
  },
  "truncate-json": (target) => sendBody(target, half(target.body)),
  "truncate-gzip": (target) => sendZipped(target, half(gzipSync(target.body))),
  "gzip-checksum": (target) => {
    const bytes = gzipSync(target.body);
    // The last eight bytes are the checksum and the length.
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 6) ^ 0xff, bytes.length - 6);
    return sendZipped(target, bytes);
  },
  "gzip-garbage": (target) => sendZipped(target, Buffer.from("this is not gzip")),
  html: (target) => send(target, 200, { type: "text/html", body: html }),
  empty: (target) => send(target, 200, { type: target.contentType, body: Buffer.alloc(0) }),
  error200: (target) =>
    send(target, 200, { type: "application/json", body: toError(500, "something went wrong") }),
  bom: (target) => sendBody(target, Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), target.body])),
  "bad-utf8": (target) => {
    // Chooses a word in the second half, so only the encoding is wrong.
    const text = target.body.toString("latin1");
    const middle = Math.floor(text.length / 2);
    const at = middle + Math.max(0, text.slice(middle).search(/[a-z]{3}/)) + 1;
    return sendBody(target, Buffer.from(`${text.slice(0, at)}\xff${text.slice(at)}`, "latin1"));
  },
  nan: (target) => sendEdited(target, /(?<=:\s*)-?\d[\d.]*/, "NaN"),
  bigint: (target) => sendEdited(target, /(?<=:\s*)-?\d[\d.]*/, "9007199254740993"),
  "duplicate-key": (target) => sendEdited(target, /\{("[^"\\]+"):/, "{$1:0,$1:"),
  proto: (target) =>
    sendEdited(
      target,
      target.body.includes("[{") ? /(?<=\[)\{(?=")/ : /^\{(?=")/,
      '{"__proto__":{"admin":true},',
    ),
};

/** Creates the body of an error: `{"error": {"code": 404, "message": "…"}}`. */
export function toError(code: number, message: string): Buffer {
  return Buffer.from(JSON.stringify({ error: { code, message } }));
}

function sendStatus(
  { response }: FaultTarget,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): number {
  const body = toError(status, "injected fault");
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.writeHead(status, { "Content-Type": "application/json", "Content-Length": body.length });
  response.end(body);
  return status;
}

/** A body whose type differs from that of the resource. */
interface OtherBody {
  readonly type: string;
  readonly body: Buffer;
}

function send({ response }: FaultTarget, status: number, { type, body }: OtherBody): number {
  response.writeHead(status, { "Content-Type": `${type}; charset=utf-8`, "Content-Length": body.length });
  response.end(body);
  return status;
}

/** Sends a body with the headers of the successful response. */
function sendBody({ response, contentType, headers }: FaultTarget, body: Buffer): number {
  response.writeHead(200, { "Content-Type": contentType, ...headers, "Content-Length": body.length });
  response.end(body);
  return 200;
}

function sendZipped({ headers, ...target }: FaultTarget, body: Buffer): number {
  return sendBody({ ...target, headers: { ...headers, "Content-Encoding": "gzip" } }, body);
}

function sendEdited(target: FaultTarget, pattern: RegExp, replacement: string): number {
  return sendBody(target, Buffer.from(target.body.toString().replace(pattern, replacement)));
}

/** Sends the first half of the body, then resets the connection. */
function breakOff(
  { response, body, contentType }: FaultTarget,
  headers: Readonly<Record<string, string>>,
): number {
  response.writeHead(200, { "Content-Type": contentType, ...headers });
  // Wait until the first half is sent: a reset could discard it.
  response.write(half(body), () => response.socket?.destroy());
  return 200;
}

/** Returns the first half of a body, which is at least one byte shorter. */
function half(body: Buffer): Buffer {
  return body.subarray(0, Math.floor(body.length / 2));
}

/** HTTP dates have whole seconds, so rounding up keeps the wait between one and two seconds. */
function printWait(retryAfter: number | HttpDateForm | undefined): Readonly<Record<string, string>> {
  if (retryAfter === undefined) return {};
  if (typeof retryAfter === "number") return { "Retry-After": String(retryAfter) };
  return { "Retry-After": printHttpDate(new Date(Math.ceil(Date.now() / 1000 + 1) * 1000), retryAfter) };
}

/** Prints an HTTP date: `Sun, 06 Nov 1994 08:49:37 GMT` and the two obsolete forms (RFC 9110 §5.6.7). */
export function printHttpDate(date: Date, form: HttpDateForm): string {
  const [weekday = "", day = "", month = "", year = "", time = ""] = date
    .toUTCString()
    .replace(",", "")
    .split(" ");
  if (form === "rfc850")
    return `${weekdays[date.getUTCDay()] ?? ""}, ${day}-${month}-${year.slice(-2)} ${time} GMT`;
  if (form === "asctime") return `${weekday} ${month} ${day.replace(/^0/, " ")} ${time} ${year}`;
  return date.toUTCString();
}

const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

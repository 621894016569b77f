import type { ServerResponse } from "node:http";
import type { FaultKind, FaultSpec, HttpDateForm } from "./faults.js";

/** The response to replace by a fault, and its body. */
interface Target {
  readonly response: ServerResponse;
  readonly body: Buffer;
}

/** Sends a fault instead of `body`. Returns the status, if one was sent. */
export function injectFault(fault: FaultSpec, response: ServerResponse, body: Buffer): number | undefined {
  if (fault.kind === "status") return sendStatus(fault, response);
  return senders[fault.kind]({ response, body });
}

const senders: Readonly<Record<Exclude<FaultKind, "status">, (target: Target) => number | undefined>> = {
  reset: ({ response }) => {
    response.socket?.resetAndDestroy();
    return undefined;
  },
  close: ({ response }) => {
    response.socket?.end();
    return undefined;
  },
  hang: () => undefined,
  stall: ({ response, body }) => {
    sendHead(response, "application/json", body.length);
    response.flushHeaders();
    return 200;
  },
  truncate: ({ response, body }) => {
    sendHead(response, "application/json", body.length);
    // Wait until the first half is sent: a reset could discard it.
    response.write(half(body), () => response.socket?.destroy());
    return 200;
  },
  "truncate-json": ({ response, body }) => send(response, "application/json", half(body)),
  html: ({ response }) =>
    send(response, "text/html", Buffer.from("<!doctype html><title>Sign in</title><p>Please sign in.</p>")),
  empty: ({ response }) => send(response, "application/json", Buffer.alloc(0)),
  error200: ({ response }) => send(response, "application/json", toError(500, "something went wrong")),
};

/** Creates the body of an error: `{"error": {"code": 404, "message": "…"}}`. */
export function toError(code: number, message: string): Buffer {
  return Buffer.from(JSON.stringify({ error: { code, message } }));
}

function sendStatus({ status = 500, retryAfter }: FaultSpec, response: ServerResponse): number {
  const body = toError(status, "injected fault");
  if (retryAfter !== undefined) response.setHeader("Retry-After", printRetryAfter(retryAfter));
  response.writeHead(status, { "Content-Type": "application/json", "Content-Length": body.length });
  response.end(body);
  return status;
}

function send(response: ServerResponse, type: string, body: Buffer): number {
  sendHead(response, type, body.length);
  response.end(body);
  return 200;
}

function sendHead(response: ServerResponse, type: string, length: number): void {
  response.writeHead(200, { "Content-Type": `${type}; charset=utf-8`, "Content-Length": length });
}

/** Returns the first half of a body, which is at least one byte shorter. */
function half(body: Buffer): Buffer {
  return body.subarray(0, Math.floor(body.length / 2));
}

/** Prints the header value. HTTP dates have whole seconds, so rounding up keeps the wait between one and two seconds. */
function printRetryAfter(retryAfter: number | HttpDateForm): string {
  if (typeof retryAfter === "number") return String(retryAfter);
  return printHttpDate(new Date(Math.ceil(Date.now() / 1000 + 1) * 1000), retryAfter);
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

import { gzipSync } from "node:zlib";
import type { ServerResponse } from "node:http";
import { answer, answerJson, jsonType, type Handler, type Seen } from "./server.js";
import { rows, type Row, type Style } from "./fixtures.js";

/** Spoils one answer; `body` is the JSON that would have been right. */
export type Fault = (response: ServerResponse, body: string) => void;

const html = "<!doctype html><title>busy</title>";

function status(code: number, headers: Readonly<Record<string, string>> = {}): Fault {
  return (response) =>
    answer(response, code, { body: html, headers: { "content-type": "text/html", ...headers } });
}

function httpDate(form: "imf" | "rfc850" | "asctime", at = new Date()): string {
  const [week = "", day, month, year = "", time] = at.toUTCString().split(/,? /);
  if (form === "imf") return at.toUTCString();
  if (form === "asctime") return `${week} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`;
  const weekday = at.toLocaleDateString("en", { weekday: "long", timeZone: "UTC" });
  return `${weekday}, ${day}-${month}-${year.slice(2)} ${time} GMT`;
}

function half(body: string | Uint8Array): Buffer {
  const bytes = Buffer.from(body as string);
  return bytes.subarray(0, Math.ceil(bytes.length / 2));
}

/** Sends the head and a part of the body, then what `end` does to the connection. */
function broken(
  headers: (body: string) => Record<string, string>,
  end: (response: ServerResponse) => void,
): Fault {
  return (response, body) => {
    response.writeHead(200, { ...jsonType, ...headers(body) });
    response.write(half(body), () => end(response));
  };
}

const length = (body: string): Record<string, string> => ({
  "content-length": String(Buffer.byteLength(body)),
});
const chunked = (): Record<string, string> => ({});
const hangUp = (response: ServerResponse): void => void response.destroy();

function gzipped(spoil: (bytes: Buffer) => Buffer): Fault {
  return (response, body) =>
    answer(response, 200, {
      body: spoil(gzipSync(body)),
      headers: { ...jsonType, "content-encoding": "gzip" },
    });
}

/** Faults that pass: the next attempt gets the right answer. */
export const passingFaults: Readonly<Record<string, Fault>> = {
  "429 with Retry-After in seconds": status(429, { "retry-after": "0" }),
  "429 with Retry-After as an IMF date": (response) =>
    status(429, { "retry-after": httpDate("imf") })(response, ""),
  "429 with Retry-After as an RFC 850 date": (response) =>
    status(429, { "retry-after": httpDate("rfc850") })(response, ""),
  "429 with Retry-After as an asctime date": (response) =>
    status(429, { "retry-after": httpDate("asctime") })(response, ""),
  "429 with junk in Retry-After": status(429, { "retry-after": "soon" }),
  "429 with Retry-After-Ms": status(429, { "retry-after-ms": "2" }),
  "403 with Retry-After": status(403, { "retry-after": "0" }),
  "500": status(500),
  "502": status(502),
  "503 with Retry-After": status(503, { "retry-after": "0" }),
  "504": status(504),
  "a 500 that breaks off": (response) => {
    response.writeHead(500, { "content-length": "1000" });
    response.write("so", () => response.destroy());
  },
  "a reset before the headers": (response) => void response.socket?.resetAndDestroy(),
  "a close before the headers": (response) => void response.socket?.end(),
  "a body shorter than its length": broken(length, hangUp),
  "a chunked body without its end": broken(chunked, hangUp),
  "half the JSON, framed as if whole": (response, body) =>
    answer(response, 200, { body: half(body), headers: jsonType }),
  "gzip that is cut": gzipped(half),
  "gzip with a wrong checksum": gzipped((bytes) => {
    bytes[bytes.length - 6] = (bytes[bytes.length - 6] ?? 0) ^ 0xff;
    return bytes;
  }),
  "no gzip where gzip was said": gzipped(() => Buffer.from("no gzip at all")),
  "HTML with 200": (response) =>
    answer(response, 200, { body: html, headers: { "content-type": "text/html" } }),
  "an error object with 200": (response) => answerJson(response, { error: { message: "try later" } }),
  "nothing with 200": (response) => answer(response, 200),
};

/** Faults that pass, but only after the client's timeout. */
export const stalls: Readonly<Record<string, Fault>> = {
  "headers that never come": () => undefined,
  "a body that never ends": broken(length, () => undefined),
};

/** What a body says about the end of the paging. */
export type Envelope = "total" | "has_more" | "none";

/** A paged API over rows. */
export interface Paging {
  readonly style: Style;
  readonly records: number;
  readonly size: number;
  readonly envelope?: Envelope;
  /** Per page index from 0: what spoils its first, second, … answer. */
  readonly faults?: Readonly<Record<number, readonly Fault[]>>;
}

/** The right body of a page. Its total counts records or pages, as the style has it. */
export function pageBody({ style, records, size, envelope = "total" }: Paging, page: number): object {
  const items: Row[] = rows(records).slice(page * size, (page + 1) * size);
  const pages = Math.ceil(records / size);
  if (envelope === "total") return { items, total: style === "offset" ? records : pages };
  return envelope === "has_more" ? { items, has_more: page + 1 < pages } : { items };
}

/** The index, from 0, of the page that a request asks for. */
export function pageAsked({ style, size }: Paging, { query }: Pick<Seen, "query">): number {
  return style === "offset" ? Number(query.get("offset")) / size : Number(query.get("page")) - 1;
}

/** Serves pages, each spoilt as often as it has faults. */
export function paging(api: Paging): Handler {
  const left = new Map(Object.entries(api.faults ?? {}).map(([page, list]) => [Number(page), [...list]]));
  return (request, response) => {
    const page = pageAsked(api, request);
    const body = JSON.stringify(pageBody(api, page));
    const fault = left.get(page)?.shift();
    if (fault) fault(response, body);
    else answer(response, 200, { body, headers: jsonType });
  };
}

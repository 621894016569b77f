import type { ServerResponse } from "node:http";
import type { FaultKind } from "../../generator/mock/faults.js";
import { injectFault, printHttpDate } from "../../generator/mock/inject.js";
import { answer, answerJson, jsonType, type Handler, type Seen } from "./server.js";
import { rows, type Row, type Style } from "./fixtures.js";

/** Damages one response; `body` is the correct JSON. */
export type Fault = (response: ServerResponse, body: string) => void;

const html = "<!doctype html><title>busy</title>";

function status(code: number, headers: Readonly<Record<string, string>> = {}): Fault {
  return (response) =>
    answer(response, code, { body: html, headers: { "content-type": "text/html", ...headers } });
}

/** A fault of the mock server. */
function mocked(kind: FaultKind): Fault {
  return (response, body) => {
    const target = { response, body: Buffer.from(body), contentType: jsonType["content-type"], headers: {} };
    injectFault({ kind, times: 1 }, target);
  };
}

/** Temporary faults: the next attempt gets the correct response. */
export const passingFaults: Readonly<Record<string, Fault>> = {
  "429 with Retry-After in seconds": status(429, { "retry-after": "0" }),
  "429 with Retry-After as an IMF date": (response) =>
    status(429, { "retry-after": printHttpDate(new Date(), "date") })(response, ""),
  "429 with Retry-After as an RFC 850 date": (response) =>
    status(429, { "retry-after": printHttpDate(new Date(), "rfc850") })(response, ""),
  "429 with Retry-After as an asctime date": (response) =>
    status(429, { "retry-after": printHttpDate(new Date(), "asctime") })(response, ""),
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
  "a reset before the headers": mocked("reset"),
  "a close before the headers": mocked("close"),
  "a body shorter than its length": mocked("truncate"),
  "a chunked body without its end": mocked("truncate-chunked"),
  "a body that a close ends too early": mocked("truncate-close"),
  "half the JSON, framed as if whole": mocked("truncate-json"),
  "gzip that is cut": mocked("truncate-gzip"),
  "gzip with a wrong checksum": mocked("gzip-checksum"),
  "no gzip where gzip was said": mocked("gzip-garbage"),
  "HTML with 200": (response) =>
    answer(response, 200, { body: html, headers: { "content-type": "text/html" } }),
  "an error object with 200": (response) => answerJson(response, { error: { message: "try later" } }),
  "nothing with 200": mocked("empty"),
};

/** Temporary faults that last longer than the client's timeout. */
export const stalls: Readonly<Record<string, Fault>> = {
  "headers that never come": mocked("hang"),
  "a body that never ends": mocked("stall"),
};

/** The way in which a body states the end of the paging. */
export type Envelope = "total" | "has_more" | "none";

/** A paged API over rows. */
export interface Paging {
  readonly style: Style;
  readonly records: number;
  readonly size: number;
  readonly envelope?: Envelope;
  /** Per page index from 0: the faults of its first, second, … response. */
  readonly faults?: Readonly<Record<number, readonly Fault[]>>;
}

/** Returns the correct body of a page. Its total counts records or pages, depending on the style. */
export function pageBody({ style, records, size, envelope = "total" }: Paging, page: number): object {
  const items: Row[] = rows(records).slice(page * size, (page + 1) * size);
  const pages = Math.ceil(records / size);
  if (envelope === "total") return { items, total: style === "offset" ? records : pages };
  return envelope === "has_more" ? { items, has_more: page + 1 < pages } : { items };
}

/** Returns the index, from 0, of the requested page. */
export function pageAsked({ style, size }: Paging, { query }: Pick<Seen, "query">): number {
  return style === "offset" ? Number(query.get("offset")) / size : Number(query.get("page")) - 1;
}

/** Serves pages. The faults of a page damage its first responses. */
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

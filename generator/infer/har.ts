import { isObject, listOf, own, parseJson, textOf } from "../spec/values.js";
import { isIdLike } from "../detect/id-like.js";
import type { RequestSample } from "./request-sample.js";

/** A request of a recording, and its response in the form that `--from` takes. */
export interface RecordedRequest {
  readonly sample: RequestSample;
  /** JSON text: `{ "status", "headers", "body" }`. */
  readonly saved: string;
}

/** The requests of a recording that a spec can describe. */
export interface Recording {
  readonly requests: readonly RecordedRequest[];
  /** Number of requests left out: other hosts, other content, single records. */
  readonly leftOut: number;
}

/**
 * Reads a HAR 1.2 recording: the first JSON response of each path, from the host with the most JSON responses. Returns
 * `undefined` if the text is not HAR.
 */
export function readHar(text: string): Recording | undefined {
  const entries = own(own(parseJson(text), "log"), "entries");
  if (!Array.isArray(entries)) return undefined;
  const all = entries.flatMap((entry) => toRequest(entry) ?? []);
  const origin = mostFrequent(all.map(({ sample }) => sample.url.origin));
  const byPath = new Map<string, RecordedRequest>();
  let repeated = 0;
  for (const request of all) {
    const { url, method } = request.sample;
    if (url.origin !== origin || url.pathname.split("/").some(isIdLike)) continue;
    const key = `${method} ${url.pathname}`;
    if (byPath.has(key)) repeated += 1;
    else byPath.set(key, request);
  }
  return { requests: [...byPath.values()], leftOut: entries.length - byPath.size - repeated };
}

function toRequest(entry: unknown): RecordedRequest | undefined {
  const request = own(entry, "request");
  const response = own(entry, "response");
  const address = textOf(own(request, "url")) ?? "";
  const method = (textOf(own(request, "method")) ?? "GET").toUpperCase();
  const status = own(response, "status");
  const body = parseJson(contentOf(own(response, "content")));
  const isUsable = typeof status === "number" && status >= 200 && status < 300 && /^(GET|POST)$/.test(method);
  if (!isUsable || !URL.canParse(address) || typeof body !== "object" || body === null) return undefined;
  const sent = textOf(own(own(request, "postData"), "text"));
  const sample: RequestSample = {
    method,
    url: new URL(address),
    headers: headersOf(request),
    ...(sent !== undefined && { body: sent }),
  };
  return {
    sample,
    saved: JSON.stringify({ status, headers: Object.fromEntries(headersOf(response)), body }),
  };
}

function headersOf(message: unknown): readonly (readonly [string, string])[] {
  return listOf(own(message, "headers")).flatMap((header) => {
    const name = textOf(own(header, "name"));
    const value = textOf(own(header, "value"));
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
}

function contentOf(content: unknown): string {
  const text = isObject(content) ? (textOf(content["text"]) ?? "") : "";
  return own(content, "encoding") === "base64" ? Buffer.from(text, "base64").toString("utf8") : text;
}

function mostFrequent(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

import { DecodeError, Fault } from "./errors.js";
import { platform, type FetchSignal } from "./platform.js";
import type { HeadersLike } from "./retry-after.js";

/** The seam to the network: one request, one answer. Redirects are the caller's business. */
export interface Transport {
  /** Rejects when there is no answer, or with the signal's reason. */
  send(request: WireRequest): Promise<WireResponse>;
}

/** A request as it goes out. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: FetchSignal;
}

/** An answer whose body is still to be read. */
export interface WireResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: HeadersLike;
  /** The whole body as text; rejects when it breaks off, is longer than `limit` bytes, or is not UTF-8. */
  text(limit: number): Promise<string>;
}

/** `fetch`, as far as it is used. */
export type FetchLike = (url: string, init: FetchInit) => Promise<FetchResponse>;

/** What `fetch` is called with. */
export interface FetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly redirect: "manual";
  readonly signal: FetchSignal;
}

/** What of a `Response` is used. */
export interface FetchResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: HeadersLike;
  readonly body: { getReader(): BodyReader } | null;
}

interface BodyReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(reason?: unknown): Promise<void>;
}

/** The transport over `fetch`. */
export function fetchTransport(fetch: FetchLike = platform.fetch as FetchLike): Transport {
  return {
    send: async ({ url, ...init }) => {
      const { status, statusText, headers, body } = await fetch(url, { ...init, redirect: "manual" });
      return { status, statusText, headers, text: (limit) => readText(body, limit) };
    },
  };
}

/** Strict UTF-8, a byte order mark passed over; `Response.text()` would put in replacement characters. */
async function readText(body: FetchResponse["body"], limit: number): Promise<string> {
  const reader = body?.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    parts.push(part.value);
    length += part.value.length;
    if (length > limit) {
      void reader?.cancel().catch(() => undefined);
      throw new Fault(DecodeError, "BODY_TOO_LARGE", `the body is longer than ${limit} bytes`);
    }
  }
  const bytes = new Uint8Array(length);
  for (const part of parts.reverse()) bytes.set(part, (length -= part.length));
  try {
    // In one piece: Node decodes streams by a slower way, into strings that are twice as long.
    return new platform.TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Fault(DecodeError, "NOT_UTF8", "the body is not UTF-8");
  }
}

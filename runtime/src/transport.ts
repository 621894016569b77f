import { Fault } from "./errors.js";
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
  /** The whole decoded body; rejects when it breaks off or is longer than `limit` bytes. */
  bytes(limit: number): Promise<Uint8Array>;
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
    send: async ({ method, url, headers, signal }) => {
      const response = await fetch(url, { method, headers: { ...headers }, redirect: "manual", signal });
      const { status, statusText, body } = response;
      return { status, statusText, headers: response.headers, bytes: (limit) => readBody(body, limit) };
    },
  };
}

async function readBody(body: FetchResponse["body"], limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    if (part.value) chunks.push(part.value);
    length += part.value?.length ?? 0;
    if (length > limit) {
      void reader?.cancel().catch(() => undefined);
      throw new Fault("DecodeError", "BODY_TOO_LARGE", `the body is longer than ${limit} bytes`);
    }
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : join(chunks, length);
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

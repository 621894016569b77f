import { DecodeError, Fault } from "../errors.js";
import { platform, type FetchSignal } from "../platform.js";
import type { HeadersLike } from "./retry-after.js";

/** The seam to the network: one request, one answer. Redirects are the caller's business. */
export interface Transport {
  /** Rejects when there is no answer, or with the signal's reason. */
  send(request: WireRequest): Promise<WireResponse>;
  /** Told of signals on which many requests will listen: Node warns of more than ten. */
  readonly expectListeners?: (signals: readonly unknown[]) => void;
  /** Whether `GET` and `HEAD` may have a body, which `fetch` refuses. */
  readonly sendsBodyWithGet?: boolean;
}

/** A request as it goes out. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: FetchSignal;
}

/** An answer whose body is still to be read. */
export interface WireResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: HeadersLike;
  /**
   * The whole body as text; rejects when it breaks off, is longer than `limit` bytes, or is not UTF-8. With `push`, the
   * text may be handed on piece by piece as it comes; what is not, is the result.
   */
  text(limit: number, push?: (text: string) => void): Promise<string>;
}

/** `fetch`, as far as it is used. */
export type FetchLike = (url: string, init: FetchInit) => Promise<FetchResponse>;

/** What `fetch` is called with. */
export interface FetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
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
      return { status, statusText, headers, text: (limit, push) => readText(body, limit, push) };
    },
  };
}

/** Strict UTF-8, a byte order mark passed over; `Response.text()` would put in replacement characters. */
async function readText(
  body: FetchResponse["body"],
  limit: number,
  push?: (text: string) => void,
): Promise<string> {
  const reader = body?.getReader();
  const decoder: Utf8Decoder = new platform.TextDecoder("utf-8", { fatal: true });
  const parts: Uint8Array[] = [];
  let length = 0;
  const decode = (bytes: Uint8Array, stream: boolean): string => {
    try {
      return decoder.decode(bytes, { stream });
    } catch {
      throw new Fault(DecodeError, "NOT_UTF8", "the body is not UTF-8");
    }
  };
  try {
    for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
      length += part.value.length;
      if (length > limit)
        throw new Fault(DecodeError, "BODY_TOO_LARGE", `the body is longer than ${limit} bytes`);
      if (push) push(decode(part.value, true));
      else parts.push(part.value);
    }
  } catch (error) {
    void reader?.cancel().catch(() => undefined);
    throw error;
  }
  const bytes = new Uint8Array(push ? 0 : length);
  for (const part of parts.reverse()) bytes.set(part, (length -= part.length));
  // In one piece: Node decodes streams by a slower way, into strings that are twice as long.
  return decode(bytes, false);
}

interface Utf8Decoder {
  decode(bytes: Uint8Array, options: { readonly stream: boolean }): string;
}

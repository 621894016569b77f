import { DecodeError, ReadFailure } from "../errors.js";
import { platform } from "../platform.js";
import type { FetchInit, FetchLike, FetchResponse, Transport, WireResponse } from "./transport.js";

/** The transport over `fetch`. Default: the global `fetch` at the time of each request. */
export function fetchTransport(fetch?: FetchLike): Transport {
  return {
    send: async ({ url, ...init }) =>
      toResponse(
        await (fetch ?? (platform.fetch as FetchLike))(url, { ...init, redirect: "manual" } as FetchInit),
      ),
  };
}

function toResponse({ status, statusText, headers, body }: FetchResponse): WireResponse {
  const response = {
    status,
    statusText,
    headers,
    // Without a length or chunks; HTTP/2 has neither, but no such header either.
    isOpenEnded:
      headers.get("connection") === "close" &&
      !headers.get("content-length") &&
      !headers.get("transfer-encoding"),
    bytes: 0,
    /** Strict UTF-8 without a byte order mark; `Response.text()` would insert replacement characters. */
    text: async (limit: number, push?: (text: string) => void): Promise<string> => {
      const reader = body?.getReader();
      const decoder = createUtf8();
      const parts: Uint8Array[] = [];
      try {
        for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
          response.bytes += part.value.length;
          if (response.bytes > limit)
            throw new ReadFailure(DecodeError, "BODY_TOO_LARGE", `the body is longer than ${limit} bytes`);
          if (push) push(decode(decoder, part.value, true));
          else parts.push(part.value);
        }
      } catch (error) {
        void reader?.cancel().catch(() => undefined);
        throw error;
      }
      let length = push ? 0 : response.bytes;
      const bytes = new Uint8Array(length);
      for (const part of parts.reverse()) bytes.set(part, (length -= part.length));
      // All at once: Node decodes streams by a slower path, into strings that take twice the memory.
      return decode(decoder, bytes, false);
    },
  };
  return response;
}

function decode(decoder: Utf8Decoder, bytes: Uint8Array, stream: boolean): string {
  try {
    return decoder.decode(bytes, { stream });
  } catch {
    throw notUtf8(stream ? undefined : bytes);
  }
}

/** The failure of a body that is not UTF-8. If only its last character is cut, the body broke off. */
export function notUtf8(end: Uint8Array | undefined): ReadFailure {
  let retries = 0;
  try {
    if (end) createUtf8().decode(end, { stream: true });
    if (end) retries = Infinity;
  } catch {
    // Another attempt would not help.
  }
  return new ReadFailure(DecodeError, "NOT_UTF8", "the body is not UTF-8", { retries });
}

function createUtf8(): Utf8Decoder {
  return new platform.TextDecoder("utf-8", { fatal: true });
}

interface Utf8Decoder {
  decode(bytes: Uint8Array, options: { readonly stream: boolean }): string;
}

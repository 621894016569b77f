import { DecodeError, ReadFailure } from "../errors.js";
import { platform } from "../platform.js";
import type { FetchLike, FetchResponse, Transport, WireResponse } from "./transport.js";

/** The transport over `fetch`. Default: the global `fetch`. */
export function fetchTransport(fetch: FetchLike = platform.fetch as FetchLike): Transport {
  return {
    send: async ({ url, ...init }) => toResponse(await fetch(url, { ...init, redirect: "manual" })),
  };
}

function toResponse({ status, statusText, headers, body }: FetchResponse): WireResponse {
  const response = { status, statusText, headers, bytes: 0 };
  const count = (length: number): number => (response.bytes += length);
  return Object.assign(response, {
    text: (limit: number, push?: (text: string) => void) =>
      readText(body, push, (length) => {
        if (count(length) > limit)
          throw new ReadFailure(DecodeError, "BODY_TOO_LARGE", `the body is longer than ${limit} bytes`);
      }),
  });
}

/** Strict UTF-8 without a byte order mark; `Response.text()` would insert replacement characters. */
async function readText(
  body: FetchResponse["body"],
  push: ((text: string) => void) | undefined,
  count: (length: number) => void,
): Promise<string> {
  const reader = body?.getReader();
  const decoder: Utf8Decoder = new platform.TextDecoder("utf-8", { fatal: true });
  const parts: Uint8Array[] = [];
  let length = 0;
  const decode = (bytes: Uint8Array, stream: boolean): string => {
    try {
      return decoder.decode(bytes, { stream });
    } catch {
      throw new ReadFailure(DecodeError, "NOT_UTF8", "the body is not UTF-8");
    }
  };
  try {
    for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
      count(part.value.length);
      if (push) push(decode(part.value, true));
      else {
        parts.push(part.value);
        length += part.value.length;
      }
    }
  } catch (error) {
    void reader?.cancel().catch(() => undefined);
    throw error;
  }
  const bytes = new Uint8Array(length);
  for (const part of parts.reverse()) bytes.set(part, (length -= part.length));
  // All at once: Node decodes streams by a slower path, into strings that take twice the memory.
  return decode(bytes, false);
}

interface Utf8Decoder {
  decode(bytes: Uint8Array, options: { readonly stream: boolean }): string;
}

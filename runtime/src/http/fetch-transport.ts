import { DecodeError, ReadFailure } from "../errors.js";
import { platform } from "../platform.js";
import { createTextDecoder } from "./text-decoder.js";
import type {
  BodyReader,
  BodyReading,
  FetchInit,
  FetchLike,
  FetchResponse,
  Transport,
  WireResponse,
} from "./transport.js";

/** Creates the transport that uses `fetch`. Default: the global `fetch` at the time of each request. */
export function fetchTransport(fetch?: FetchLike): Transport {
  return {
    send: async ({ url, method, headers, body, signal }) => {
      const init = { method, headers, body, signal, redirect: "manual" } as FetchInit;
      return toResponse(await (fetch ?? (platform.fetch as FetchLike))(url, init));
    },
  };
}

function toResponse({ status, statusText, headers, body }: FetchResponse): WireResponse {
  const response = {
    status,
    statusText,
    headers,
    // Neither a length nor chunks. HTTP/2 has neither of them, but no such header either.
    isOpenEnded:
      headers.get("connection") === "close" &&
      !headers.get("content-length") &&
      !headers.get("transfer-encoding"),
    bytes: 0,
    /** Strict, unlike `Response.text()`, which would insert replacement characters. */
    text: async (limit: number, { push, encoding, decompress }: BodyReading = {}): Promise<string> => {
      const decode = createTextDecoder(headers, encoding);
      const reader = body?.getReader();
      const parts: Uint8Array[] = [];
      try {
        const receive = (part: Uint8Array): void => {
          response.bytes += part.length;
          if (response.bytes > limit)
            throw new ReadFailure(DecodeError, "BODY_TOO_LARGE", `the body is longer than ${limit} bytes`);
          if (push) push(decode(part, { stream: true }));
          else parts.push(part);
        };
        if (decompress) for await (const part of decompress(readParts(reader))) receive(part);
        // No generator: it would take as long per part as the rest of the loop.
        else for (let part: Uint8Array | undefined; (part = (await reader?.read())?.value);) receive(part);
      } catch (error) {
        void reader?.cancel().catch(() => undefined);
        throw error;
      }
      // Decodes all parts at once: Node decodes streams more slowly, into strings that take twice the memory.
      let bytes = parts[0];
      if (parts[1]) {
        let length = response.bytes;
        bytes = new Uint8Array(length);
        for (const part of parts.reverse()) bytes.set(part, (length -= part.length));
      }
      return decode(bytes);
    },
  };
  return response;
}

/** Yields the parts of a body in order. */
async function* readParts(reader: BodyReader | undefined): AsyncGenerator<Uint8Array, void> {
  for (let part: Uint8Array | undefined; (part = (await reader?.read())?.value);) yield part;
}

import {
  fetchTransport,
  type HeadersLike,
  type Transport,
  type WireResponse,
} from "@connector-gen/runtime/plugin";

/** A response in the cache. */
interface CachedResponse {
  readonly etag: string;
  readonly headers: HeadersLike;
  readonly body: string;
}

/**
 * Requests only changed responses (RFC 9110 §13.1.2): sends `If-None-Match`, and returns the cached body after
 * `304 Not Modified`. Every client needs its own transport, because the cache does not distinguish credentials.
 */
export function cachingTransport(inner: Transport = fetchTransport()): Transport {
  const cache = new Map<string, CachedResponse>();
  return {
    send: async (request) => {
      if (request.method !== "GET") return inner.send(request);
      const known = cache.get(request.url);
      const condition = known && { "if-none-match": known.etag };
      const response = await inner.send({ ...request, headers: { ...request.headers, ...condition } });
      if (known && response.status === 304) {
        // Frees the connection.
        await response.text(0);
        return toResponse(known);
      }
      const etag = response.headers.get("etag");
      if (response.status !== 200 || etag === null) return response;
      const { status, statusText, headers } = response;
      return {
        status,
        statusText,
        headers,
        text: async (limit) => {
          const body = await response.text(limit);
          cache.set(request.url, { etag, headers, body });
          return body;
        },
      };
    },
  };
}

function toResponse({ headers, body }: CachedResponse): WireResponse {
  return { status: 200, statusText: "OK", headers, text: () => Promise.resolve(body) };
}

import { isDeepStrictEqual } from "node:util";

/** An expected request, in order, and its response. */
export interface Exchange {
  readonly request: {
    readonly method?: string;
    readonly url: string;
    /** Required headers. Other headers are allowed. */
    readonly headers?: Readonly<Record<string, string>>;
    /** The JSON body, if it matters. */
    readonly json?: unknown;
    /** The body as text, if it matters. */
    readonly body?: string;
  };
  readonly response: {
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly json: unknown;
  };
}

/** Creates a `fetch` that replays exchanges in order and fails on any other request. */
export function replay(exchanges: readonly Exchange[]): {
  readonly fetch: (
    url: string,
    init: { readonly method: string; readonly headers: Record<string, string>; readonly body?: string },
  ) => Promise<Response>;
  /** Returns the URLs that were not requested. */
  readonly unused: () => readonly string[];
} {
  let next = 0;
  return {
    fetch: (url, { method, headers, body }) => {
      const expected = exchanges[next++];
      const wanted = `${expected?.request.method ?? "GET"} ${expected?.request.url ?? "nothing more"}`;
      if (`${method} ${url}` !== wanted) throw new Error(`unexpected ${method} ${url}; expected ${wanted}`);
      for (const [name, value] of Object.entries(expected?.request.headers ?? {})) {
        if (headers[name] !== value)
          throw new Error(`header ${name} is ${headers[name] ?? "missing"}; expected ${value}`);
      }
      checkBody(expected?.request, body);
      const { status = 200, headers: answered = {}, json } = expected?.response ?? { json: null };
      return Promise.resolve(new Response(JSON.stringify(json), { status, headers: answered }));
    },
    unused: () => exchanges.slice(next).map(({ request }) => request.url),
  };
}

function checkBody(
  { json, body: wanted }: Partial<Exchange["request"]> = {},
  body: string | undefined,
): void {
  const isSame =
    json === undefined
      ? wanted === undefined || wanted === body
      : isDeepStrictEqual(JSON.parse(body ?? "null"), json);
  if (!isSame)
    throw new Error(`the body is ${body ?? "missing"}; expected ${wanted ?? JSON.stringify(json)}`);
}

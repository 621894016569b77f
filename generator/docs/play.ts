import { createReader, isConnectorError } from "@connector-gen/runtime";
import type { ClientOptions, Resource, Source } from "@connector-gen/runtime";
import type { FetchLike } from "@connector-gen/runtime/plugin";

/** A request as it went out. */
export interface PlayedRequest {
  readonly method: string;
  readonly url: string;
  /** Names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What it was answered. */
export interface PlayedReply {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One request, its answer, and the warnings that it made the reader be told. */
export interface PlayedExchange {
  readonly request: PlayedRequest;
  readonly reply: PlayedReply;
  readonly warnings: readonly string[];
}

/** What a read did. */
export interface Play {
  readonly exchanges: readonly PlayedExchange[];
  readonly records: readonly unknown[];
  /** The reason for the end, as the event `complete` tells it; `max_pages` where the play was broken off. */
  readonly end: string;
}

/** The other side of a play. */
export type Answer = (request: PlayedRequest) => PlayedReply | Promise<PlayedReply>;

/** The pages of a play at most. */
const PAGES = 3;

/** Reads the first pages of a source's only resource, and takes down what was sent. A read that fails throws. */
export async function play(source: Source, answer: Answer, options: ClientOptions = {}): Promise<Play> {
  const exchanges: (PlayedExchange & { readonly warnings: string[] })[] = [];
  let end = "";
  const fetch: FetchLike = async (url, { method, headers, body }) => {
    const request = { method, url, headers, ...(body !== undefined && { body }) };
    const reply = await answer(request);
    exchanges.push({ request, reply, warnings: [] });
    return new Response(reply.body, { headers: reply.headers });
  };
  const reader = createReader(source, {
    ...options,
    fetch,
    retry: { maxRetries: 0 },
    concurrency: 1,
    onEvent: (event) => {
      if (event.type === "warning") exchanges.at(-1)?.warnings.push(event.message);
      if (event.type === "complete") end = event.reason;
    },
  });
  const [resource] = Object.values(source.resources);
  try {
    const records = await reader
      .read(resource as Resource<object, object>, {}, { maxPages: PAGES })
      .toArray();
    return { exchanges, records, end };
  } catch (error) {
    throw isConnectorError(error) ? new Error(`${error.message} (${error.code})`, { cause: error }) : error;
  }
}

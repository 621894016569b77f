import { createReader, isConnectorError } from "@connector-gen/runtime";
import type { ClientOptions, Resource, Source } from "@connector-gen/runtime";
import type { FetchLike } from "@connector-gen/runtime/plugin";

/** A request as it was sent. */
export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  /** Headers with names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The response to a request. */
export interface RecordedResponse {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request, its response, and the warnings that followed. */
export interface RecordedExchange {
  readonly request: RecordedRequest;
  readonly response: RecordedResponse;
  readonly warnings: readonly string[];
}

/** A recorded read. */
export interface Transcript {
  readonly exchanges: readonly RecordedExchange[];
  readonly records: readonly unknown[];
  /** Reason for the end from the event `complete`; `max_pages` if the read was stopped at the limit. */
  readonly end: string;
}

/** Responds to the requests of a recorded read. */
export type Respond = (request: RecordedRequest) => RecordedResponse | Promise<RecordedResponse>;

/** Maximum number of pages to record. */
const maxPages = 3;

/** Records a read of the first pages of a source's only resource. Throws if the read fails. */
export async function recordRead(
  source: Source,
  respond: Respond,
  options: ClientOptions = {},
): Promise<Transcript> {
  const exchanges: (RecordedExchange & { readonly warnings: string[] })[] = [];
  let end = "";
  const fetch: FetchLike = async (url, { method, headers, body }) => {
    const request = { method, url, headers, ...(body !== undefined && { body }) };
    const response = await respond(request);
    exchanges.push({ request, response, warnings: [] });
    return new Response(response.body, { headers: response.headers });
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
    const records = await reader.read(resource as Resource<object, object>, {}, { maxPages }).toArray();
    return { exchanges, records, end };
  } catch (error) {
    throw isConnectorError(error) ? new Error(`${error.message} (${error.code})`, { cause: error }) : error;
  }
}

import { parallelPageNumber, type ClientOptions, type ReadEvent } from "../../../runtime/src/index.js";
import type { Paginator, ResourceShape } from "../../../runtime/src/plugin.js";
import { fakeFetch, open, rows, type Asked, type Reply } from "../fixtures.js";

/** Records per page. */
export const size = 10;
/** The options of a spec that names its total. */
export const named = { totalPath: ["total"], totalOf: "records" } as const;
/** Pages by number; the spec names the total. */
export const byNumber = parallelPageNumber({ basePage: 1, limit: size, ...named });

/** The options of a test's API. Default: 200 records in pages of 10. */
export interface Api {
  readonly paginator?: Paginator;
  readonly records?: number;
  /** The metadata in the body. Default: the total. */
  readonly beside?: object;
  /** Replaces the response to a page, by its number from 1 and that of the request. */
  readonly reply?: (page: number, n: number) => Reply | undefined;
  /** Milliseconds of the response to a page. Default 3. */
  readonly delay?: (page: number) => number;
  readonly resource?: Partial<ResourceShape>;
  readonly options?: ClientOptions;
}

/** A client of such an API, and the requests that the API received. */
export interface OpenApi {
  readonly read: ReturnType<typeof open>;
  readonly seen: readonly Asked[];
  /** The requested pages in the order of arrival. */
  readonly pages: readonly number[];
  /** `most` is the maximum number of requests in flight. */
  readonly flight: { readonly most: number };
  readonly events: readonly ReadEvent[];
  readonly typesOf: (type: ReadEvent["type"]) => readonly ReadEvent[];
}

/** Opens a client of such an API. */
export function openApi(api: Api = {}): OpenApi {
  const { paginator = byNumber, records = 200, reply = () => undefined, delay = () => 3 } = api;
  const beside = api.beside ?? { total: records };
  const flight = { now: 0, most: 0 };
  const pages: number[] = [];
  const events: ReadEvent[] = [];
  const { fetch, seen } = fakeFetch(async (request, n) => {
    const page = pageOf(request);
    pages.push(page);
    flight.most = Math.max(flight.most, ++flight.now);
    await new Promise((resolve) => setTimeout(resolve, delay(page)));
    flight.now--;
    const items = rows(records).slice((page - 1) * size, page * size);
    return reply(page, n) ?? { body: { items, ...beside, next: items.length ? page + 1 : null } };
  });
  const read = open({
    url: "http://api.test",
    resource: { paginator, ...api.resource },
    options: { fetch, onEvent: (event) => events.push(event), ...api.options },
  });
  const typesOf = (type: ReadEvent["type"]): ReadEvent[] => events.filter((event) => event.type === type);
  return { read, seen, pages, flight, events, typesOf };
}

function pageOf({ query, url }: Asked): number {
  if (query.has("offset")) return Number(query.get("offset")) / size + 1;
  return Number(query.get("page") ?? query.get("cursor") ?? /\/pages\/(\d+)/.exec(url)?.[1] ?? 1);
}

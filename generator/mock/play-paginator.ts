import type { Exchange, PageRequest as Asking, Paginator, Position } from "@connector-gen/runtime/plugin";
import type { JsonIr, KindIr } from "../ir/source-ir.js";
import { callFactory, hasFactory } from "../live/call-factory.js";
import { valueAt } from "./json.js";
import { describeEnd, numberOf, slice } from "./page-slice.js";
import { inputOf } from "./paging-range.js";
import type { PagedList, PageRequest, PageSlice, Paging } from "./paging.js";

/** The values that a request for a page sends, by location: `query after`. */
type SentValues = ReadonlyMap<string, string>;

const defaultSize = 20;

/**
 * Creates the server side of a paginator that depends on the records. Runs the client's paginator from page to page
 * until it sends the received request. Throws for a paginator that the runtime does not export.
 */
export function playPaginator(call: KindIr, list: PagedList): Paging {
  const paginator = createPaginator(call);
  const size = numberOf(call.options["limit"], defaultSize);
  const pages: SentValues[] = [];
  const indexes = new Map<string, number>();
  const locations = new Set<string>();
  let position: Position | undefined = paginator.start;

  /** Adds the request for the next page. Returns false after the last page. */
  const addPage = (): boolean => {
    if (!position) return false;
    const sent = toSentValues(paginator.request(position));
    for (const location of sent.keys()) locations.add(location);
    const index = pages.push(sent) - 1;
    // Two pages with the same request would be an endless loop.
    const isNew = !indexes.has(toKey(sent));
    if (isNew) indexes.set(toKey(sent), index);
    position = isNew ? nextOf(paginator, position, toExchange(pageAt(index))) : undefined;
    return true;
  };

  // A request may omit the page size.
  const { param, bodyPath } = inputOf(call.options, "limit");
  const sizeLocation = typeof bodyPath === "string" ? `body ${bodyPath}` : `query ${param}`;

  return (request) => {
    // The request for the second page shows which values the first one lacks.
    while (pages.length < 2 && addPage());
    do {
      const sent = readValues(request, locations, list.template);
      const isSized = sent.has(sizeLocation) || !locations.has(sizeLocation);
      const index = indexes.get(toKey(isSized ? sent : new Map([...sent, [sizeLocation, String(size)]])));
      if (index !== undefined) return pageAt(index);
    } while (addPage());
    return { problem: `no page has a request with these values: ${[...locations].join(", ")}` };
  };

  function pageAt(index: number): PageSlice {
    const page = slice({ start: index * size, size, count: list.count });
    return { ...page, ...describeEnd(call.options, page.end === list.count) };
  }

  function toExchange({ start, end, metadata, headers }: PageSlice): Exchange {
    const records = Array.from({ length: end - start }, (_, index) => list.record(start + index));
    return {
      body: list.wrap(records, metadata),
      records,
      headers: new Headers(headers),
      url: "http://mock/",
      isSecret: () => false,
      nameOf: () => undefined,
    };
  }
}

/** Returns the position after a page; `undefined` on the last page or if the paginator rejects the page. */
function nextOf(paginator: Paginator, position: Position, exchange: Exchange): Position | undefined {
  try {
    const { next } = paginator.next(position, exchange);
    return exchange.records.length > 0 ? next : undefined;
  } catch {
    return undefined;
  }
}

function createPaginator(call: KindIr): Paginator {
  if (!hasFactory(call.factory))
    throw new Error(`the mock server does not know the paginator "${call.type}"`);
  return callFactory(call) as Paginator;
}

function toSentValues({ query = {}, body = {}, headers = {} }: Asking): SentValues {
  const values: readonly (readonly [string, unknown])[] = [
    ...Object.entries(query).map(([name, value]) => [`query ${name}`, value] as const),
    ...Object.entries(body).map(([name, value]) => [`body ${name}`, value] as const),
    ...Object.entries(headers).map(([name, value]) => [`header ${name.toLowerCase()}`, value] as const),
  ];
  return new Map(values.flatMap(([location, value]) => (value === null ? [] : [[location, toText(value)]])));
}

/** Reads the values at locations of a request. Ignores values that the body template of the spec already has. */
function readValues(
  { url, headers, body }: PageRequest,
  locations: ReadonlySet<string>,
  template: JsonIr = {},
): SentValues {
  const found = [...locations].map((location) => {
    const [where = "", ...rest] = location.split(" ");
    const name = rest.join(" ");
    if (where === "query") return [location, url.searchParams.get(name)] as const;
    if (where !== "body") return [location, headers[name]] as const;
    const value = valueAt(body, name);
    return [location, value === valueAt(template, name) ? undefined : value] as const;
  });
  return new Map(found.flatMap(([location, value]) => (value == null ? [] : [[location, toText(value)]])));
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function toKey(sent: SentValues): string {
  return JSON.stringify([...sent].sort());
}

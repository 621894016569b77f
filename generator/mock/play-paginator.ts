import type { Exchange, PageRequest as Asking, Paginator, Position } from "@connector-gen/runtime/plugin";
import type { JsonIr, KindIr } from "../ir/source-ir.js";
import { callFactory, hasFactory } from "../live/call-factory.js";
import { at } from "./json.js";
import { numberOf, slice } from "./page-slice.js";
import type { PagedList, PageRequest, Paging } from "./paging.js";

/** What a page of the list is asked for with: values by their places, `query after`. */
type Asked = ReadonlyMap<string, string>;

const defaultSize = 20;

/**
 * The server's side of any paginator that goes by the records: it runs the client's part itself, from page to page, until
 * it comes to the request that it was sent. Throws for a paginator that the runtime does not export.
 */
export function playPaginator(call: KindIr, list: PagedList): Paging {
  const paginator = createPaginator(call);
  const size = numberOf(call.options["limit"], defaultSize);
  const pages: Asked[] = [];
  const indexes = new Map<string, number>();
  const places = new Set<string>();
  let position: Position | undefined = paginator.start;

  /** Takes the next page into account; nothing more is known behind the last. */
  const walk = (): boolean => {
    if (!position) return false;
    const asked = toAsked(paginator.request(position));
    for (const place of asked.keys()) places.add(place);
    const { start, end } = slice({ start: pages.length * size, size, count: list.count });
    const index = pages.push(asked) - 1;
    // Two pages that are asked for in the same way would lead round in circles.
    const isNew = !indexes.has(toKey(asked));
    if (isNew) indexes.set(toKey(asked), index);
    position = isNew ? nextOf(paginator, position, recordsOf(list, start, end)) : undefined;
    return true;
  };

  return (request) => {
    // The second page shows in which places the first one has nothing.
    while (pages.length < 2 && walk());
    do {
      const index = indexes.get(toKey(readPlaces(request, places, list.template)));
      if (index !== undefined) return slice({ start: index * size, size, count: list.count });
    } while (walk());
    return { problem: `no page is asked for like this: ${[...places].join(", ")}` };
  };

  function recordsOf({ record, wrap }: PagedList, start: number, end: number): Exchange {
    const records = Array.from({ length: end - start }, (_, index) => record(start + index));
    const headers = { get: () => null };
    return {
      body: wrap(records, []),
      records,
      headers,
      url: "http://mock/",
      isSecret: () => false,
      nameOf: () => undefined,
    };
  }
}

/** Where a page leads to; a paginator that has nothing to go by ends. */
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

function toAsked({ query = {}, body = {}, headers = {} }: Asking): Asked {
  const values: readonly (readonly [string, unknown])[] = [
    ...Object.entries(query).map(([name, value]) => [`query ${name}`, value] as const),
    ...Object.entries(body).map(([name, value]) => [`body ${name}`, value] as const),
    ...Object.entries(headers).map(([name, value]) => [`header ${name.toLowerCase()}`, value] as const),
  ];
  return new Map(values.flatMap(([place, value]) => (value === null ? [] : [[place, toText(value)]])));
}

/** A value of the spec's own body is none of the paginator. */
function readPlaces(
  { url, headers, body }: PageRequest,
  places: ReadonlySet<string>,
  template: JsonIr = {},
): Asked {
  const found = [...places].map((place) => {
    const [where = "", ...rest] = place.split(" ");
    const name = rest.join(" ");
    if (where === "query") return [place, url.searchParams.get(name)] as const;
    if (where !== "body") return [place, headers[name]] as const;
    const value = at(body, name);
    return [place, value === at(template, name) ? undefined : value] as const;
  });
  return new Map(found.flatMap(([place, value]) => (value == null ? [] : [[place, toText(value)]])));
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function toKey(asked: Asked): string {
  return JSON.stringify([...asked].sort());
}

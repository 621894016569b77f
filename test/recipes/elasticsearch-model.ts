import { allowOnly, jsonOf, refuse, type ApiModel, type Call, type Reply } from "./api.js";
import { minutesLater, rowsOf, sortBy } from "./recipe.js";

/** A document of the index `orders`. */
export interface Doc {
  readonly order_id: number;
  readonly updated_at: string;
}

/** Documents, of which two are updated in each minute. */
export function docsOf(count: number): readonly Doc[] {
  return rowsOf(count, (order_id) => ({ order_id, updated_at: minutesLater(Math.floor(order_id / 2)) }));
}

/** A document as a hit; a search with a sort adds the values of the sort. */
export function toHit(doc: Doc, sort: readonly number[]): object {
  return { _index: "orders", _id: `d${doc.order_id}`, _score: null, _source: doc, sort };
}

/** The values by which the recipe sorts. */
export function sortOf({ updated_at, order_id }: Doc): readonly [number, number] {
  return [Date.parse(updated_at), order_id];
}

interface Search {
  readonly query?: { readonly range: { readonly updated_at: { readonly gte: string } } };
  readonly size?: number;
  readonly sort?: unknown;
  readonly search_after?: readonly [number, number];
}

/** Elasticsearch with the index `orders`. */
export function elasticsearch(docs: readonly Doc[]): ApiModel {
  const scrolls = new Map<string, { readonly size: number; rest: readonly Doc[] }>();
  return {
    origin: "https://search.example.com",
    toError: (status, reason) => {
      const cause = { type: status === 401 ? "security_exception" : "illegal_argument_exception", reason };
      return { error: { root_cause: [cause], ...cause }, status };
    },
    check: ({ headers }) => {
      if (headers.authorization !== "ApiKey k3y")
        refuse(401, "unable to authenticate with provided credentials");
    },
    routes: {
      "POST /orders/_search": (call) => (call.query.has("scroll") ? startScroll(call) : search(call, docs)),
      "POST /_search/scroll": (call) => {
        allowOnly(call.query);
        const { scroll, scroll_id } = jsonOf(call, "scroll", "scroll_id");
        if (scroll !== "2m") refuse(400, "scroll is missing");
        return nextOf(String(scroll_id));
      },
    },
  };

  function startScroll(call: Call): Reply {
    allowOnly(call.query, "scroll");
    const { size = 10, sort }: Search = jsonOf(call, "size", "sort", "query");
    if (JSON.stringify(sort) !== '["_doc"]') refuse(400, "the test needs the sort _doc");
    const id = `FGluY2x1ZGVf${scrolls.size + 1}==`;
    scrolls.set(id, { size, rest: [...docs] });
    return nextOf(id);
  }

  /** The id stays the same until the end. */
  function nextOf(id: string): Reply {
    const scroll = scrolls.get(id) ?? refuse(404, "No search context found for id");
    const page = scroll.rest.slice(0, scroll.size);
    scroll.rest = scroll.rest.slice(scroll.size);
    const hits = page.map((doc, index) => toHit(doc, [index]));
    return { body: { _scroll_id: id, took: 1, timed_out: false, hits: { max_score: null, hits } } };
  }
}

function search(call: Call, docs: readonly Doc[]): Reply {
  allowOnly(call.query);
  const given: Search = jsonOf(call, "query", "sort", "size", "search_after", "track_total_hits");
  const { size = 10, search_after: after } = given;
  if (size > 10_000) refuse(400, "Result window is too large");
  if (JSON.stringify(given.sort) !== '[{"updated_at":"asc"},{"order_id":"asc"}]')
    refuse(400, "the test needs an order");
  if (after && ((after as readonly unknown[]).length !== 2 || !after.every(Number.isInteger)))
    refuse(400, "search_after has 2 values");
  const since = Date.parse(given.query?.range.updated_at.gte ?? "");
  const placeOf = ([time, id]: readonly [number, number]): number => time * 1000 + id;
  const found = sortBy(docs, (doc) => placeOf(sortOf(doc))).filter(
    (doc) => Date.parse(doc.updated_at) >= since && (!after || placeOf(sortOf(doc)) > placeOf(after)),
  );
  const hits = found.slice(0, size).map((doc) => toHit(doc, sortOf(doc)));
  return { body: { took: 1, timed_out: false, hits: { max_score: null, hits } } };
}

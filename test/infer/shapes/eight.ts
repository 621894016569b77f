import { customers, hits, messages, orders, posts, tasks } from "./items.js";
import { number, pageAfter, pageAt, strict, token, type Item, type Shape } from "./shape.js";

/** The eight shapes that most APIs have. */
export const eightShapes: readonly Shape[] = [
  {
    name: "a Link header",
    path: "/repos/acme/shop/issues",
    items: orders(65),
    reply: (ask, all) => {
      const page = number(ask, "page", 1);
      const next = `<${ask.base}/repositories/17/issues?page=${page + 1}>; rel="next"`;
      const isLast = page * 30 >= all.length;
      return { body: pageAt(all, (page - 1) * 30, 30), headers: isLast ? {} : { link: next } };
    },
    selector: "$",
    endpoint: { paginator: "header_link" },
    key: "id",
  },
  {
    name: "a cursor in the body",
    path: "/v1/articles",
    items: customers(60),
    reply: ({ query }, all) => {
      const at = token.at(query.get("cursor"));
      const next = at + 25 < all.length ? token.of(at + 25) : null;
      return { body: { items: pageAt(all, at, 25), meta: { next_cursor: next } } };
    },
    selector: "items",
    endpoint: { paginator: { type: "cursor", cursor_path: "meta.next_cursor", cursor_param: "cursor" } },
    key: "id",
  },
  {
    name: "the id of the last record",
    path: "/v1/customers",
    items: customers(33),
    reply: (ask, all) =>
      strict(ask, ["limit", "starting_after", "ending_before"], () => {
        const data = pageAfter(all, 10, { field: "id", value: ask.query.get("starting_after") });
        const hasMore = data.at(-1) !== all.at(-1) && data.length > 0;
        return { body: { object: "list", url: "/v1/customers", has_more: hasMore, data } };
      }),
    selector: "data",
    endpoint: {
      paginator: { type: "last_record", path: "id", param: "starting_after", has_more_path: "has_more" },
    },
    key: "id",
  },
  {
    name: "@odata.nextLink",
    path: "/odata/Orders?$select=id",
    items: orders(50),
    reply: (ask, all) => {
      const at = number(ask, "$skiptoken", 0);
      const next = at + 20 < all.length && `${ask.base}/odata/Orders?$select=id&$skiptoken=${at + 20}`;
      return {
        body: {
          "@odata.context": `${ask.base}/odata/$metadata#Orders`,
          value: pageAt(all, at, 20),
          ...(next && { "@odata.nextLink": next }),
        },
      };
    },
    selector: "value",
    endpoint: {
      params: { $select: "id" },
      paginator: { type: "json_link", next_url_path: "['@odata.nextLink']" },
    },
    key: "id",
  },
  {
    name: "a POST with start_cursor in its body",
    path: "/v1/databases/8a1c/query",
    args: ["-X", "POST", "-d", '{"page_size": 20}', "-H", "Notion-Version: 2022-06-28"],
    items: tasks(45),
    reply: ({ method, json }, all) => {
      if (method !== "POST") return { status: 405, body: { object: "error" } };
      const at = token.at(json?.["start_cursor"]);
      const isLast = at + 20 >= all.length;
      const next = isLast ? null : token.of(at + 20);
      const results = pageAt(all, at, 20);
      return { body: { object: "list", results, next_cursor: next, has_more: !isLast, type: "page" } };
    },
    selector: "results",
    endpoint: {
      method: "POST",
      json: { page_size: 20 },
      paginator: {
        type: "cursor",
        cursor_path: "next_cursor",
        cursor_body_path: "start_cursor",
        has_more_path: "has_more",
      },
    },
    key: "gid",
  },
  {
    name: "an offset with a total, and ids of 64 bits",
    path: "/api/messages",
    items: messages(70),
    reply: (ask, all) => {
      const at = number(ask, "offset", 0);
      const limit = number(ask, "limit", 30);
      return { body: { total: all.length, offset: at, limit, messages: pageAt(all, at, limit) } };
    },
    selector: "messages",
    endpoint: { paginator: { type: "offset", limit: 30, total_path: "total" } },
    key: "id",
  },
  {
    name: "search_after",
    path: "/logs/_search",
    args: ["-X", "POST", "-d", '{"sort": [{"at": "asc"}, {"_id": "asc"}]}'],
    items: hits(25),
    reply: ({ json }, all) => {
      const after = json?.["search_after"];
      const at = after === undefined ? 0 : all.findIndex((each) => isSame(each["sort"], after)) + 1;
      const found = { total: { value: all.length, relation: "eq" }, max_score: null };
      return { body: { took: 3, timed_out: false, hits: { ...found, hits: pageAt(all, at, 10) } } };
    },
    selector: "hits.hits",
    endpoint: {
      method: "POST",
      json: { sort: [{ at: "asc" }, { _id: "asc" }] },
      paginator: { type: "last_record", path: "sort", body_path: "search_after" },
    },
    key: "_id",
  },
  {
    name: "an object of records by key",
    path: "/v1/currencies",
    items: posts(12, "key"),
    reply: (_, all) => ({
      body: {
        base: "EUR",
        rates: Object.fromEntries(all.map((each) => [String(each["key"]), withoutKey(each)])),
      },
    }),
    selector: "rates",
    endpoint: { data_layout: { type: "keyed", key_field: "key" }, paginator: "single_page" },
    key: "key",
  },
];

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function withoutKey({ key: _key, ...rest }: Item): Item {
  return rest;
}

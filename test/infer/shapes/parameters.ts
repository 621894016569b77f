import { customers, orders, posts, tasks } from "./items.js";
import { number, pageAfter, pageAt, strict, token, type Ask, type Item, type Shape } from "./shape.js";

/** A reply with a page by the token in a parameter of the query. */
const byToken =
  (param: string, wrap: (records: readonly Item[], next: string | null, ask: Ask) => object) =>
  (ask: Ask, all: readonly Item[]): { readonly body: unknown } => {
    const at = token.at(ask.query.get(param));
    const next = at + 20 < all.length ? token.of(at + 20) : null;
    return { body: wrap(pageAt(all, at, 20), next, ask) };
  };

const cursor = (path: string, param: string, more: object = {}): object => ({
  paginator: { type: "cursor", cursor_path: path, cursor_param: param, ...more },
});

/** Items whose ids are times in hexadecimal digits, the newest first. */
const actions = {
  all: Array.from({ length: 120 }, (_, n) => ({
    id: `${(0x65a00000 - n * 97).toString(16)}0a1b2c3d4e5f6071`,
    memberId: `m${n % 4}`,
    text: `Text ${n}`,
  })),
  schema: {
    type: "object",
    required: ["id", "memberId", "text"],
    properties: { id: { type: "string" }, memberId: { type: "string" }, text: { type: "string" } },
  },
};

/** Apps whose key is `appid`, which the envelope repeats. */
const apps = posts(120, "appid");

/** Shapes whose responses do not name the parameter that selects a page, or name it in another way. */
export const parameterShapes: readonly Shape[] = [
  {
    name: "Twitch: pagination.cursor, sent as after",
    path: "/helix/streams",
    items: orders(45),
    reply: byToken("after", (data, next) => ({ data, pagination: next === null ? {} : { cursor: next } })),
    selector: "data",
    endpoint: cursor("pagination.cursor", "after"),
    key: "id",
    requests: 7,
  },
  {
    name: "Whoop: next_token, sent as nextToken",
    path: "/developer/v1/cycle",
    items: orders(45),
    reply: byToken("nextToken", (records, next) => ({ records, next_token: next })),
    selector: "records",
    endpoint: cursor("next_token", "nextToken"),
    key: "id",
    requests: 8,
  },
  {
    name: "CircleCI: next_page_token, sent as page-token",
    path: "/api/v2/pipeline",
    items: tasks(45),
    reply: byToken("page-token", (items, next) => ({ next_page_token: next, items })),
    selector: "items",
    endpoint: cursor("next_page_token", "page-token"),
    key: "gid",
    requests: 8,
  },
  {
    name: "Google Play: nextPageToken, sent as token to a strict server",
    path: "/androidpublisher/v3/reviews",
    items: orders(45),
    reply: (ask, all) =>
      strict(ask, ["token", "maxResults"], () =>
        byToken("token", (reviews, next) => ({
          reviews,
          ...(next !== null && { tokenPagination: { nextPageToken: next } }),
        }))(ask, all),
      ),
    selector: "reviews",
    endpoint: cursor("tokenPagination.nextPageToken", "token"),
    key: "id",
    requests: 4,
  },
  {
    name: "Cloudflare: result_info.cursors.after, sent as cursor",
    path: "/client/v4/accounts",
    items: orders(45),
    reply: byToken("cursor", (result, next) => ({
      ...{ success: true, errors: [], messages: [], result },
      result_info: { count: result.length, cursors: { after: next ?? "", before: "" }, per_page: 20 },
    })),
    selector: "result",
    endpoint: cursor("result_info.cursors.after", "cursor"),
    key: "id",
    requests: 4,
  },
  {
    name: "Vercel: the time of the next page, sent as until",
    path: "/v6/deployments",
    items: orders(45),
    reply: (ask, all) => {
      const start = 1_612_948_664_566;
      const at = number(ask, "until", start) - start;
      const next = at + 20 < all.length ? start + at + 20 : null;
      return { body: { deployments: pageAt(all, at, 20), pagination: { count: 20, next, prev: start } } };
    },
    selector: "deployments",
    endpoint: cursor("pagination.next", "until"),
    key: "id",
  },
  {
    name: "Datadog: meta.page.after, sent as page.cursor in the body of a strict server",
    path: "/api/v2/logs/events/search",
    args: ["-X", "POST", "-d", '{"filter": {"host": "a"}}'],
    items: orders(25),
    reply: ({ json = {} }, all) => {
      if (Object.keys(json).some((name) => !["filter", "page", "sort"].includes(name)))
        return { status: 400, body: { errors: ["unknown field"] } };
      const at = token.at((json["page"] as { cursor?: string } | undefined)?.cursor);
      const meta = at + 10 < all.length && { meta: { page: { after: token.of(at + 10) } } };
      return { body: { data: pageAt(all, at, 10), ...meta } };
    },
    selector: "data",
    endpoint: {
      ...{ method: "POST", json: { filter: { host: "a" } } },
      paginator: { type: "cursor", cursor_path: "meta.page.after", cursor_body_path: "page.cursor" },
    },
    key: "id",
    requests: 5,
  },
  {
    name: "Steam: last_appid repeats the key of the last record",
    path: "/IStoreService/GetAppList/v1",
    items: apps,
    reply: ({ query }, all) => {
      const page = pageAfter(all, 50, { field: "appid", value: query.get("last_appid") });
      const last = page.at(-1)?.["appid"];
      const more = last !== all.at(-1)?.["appid"] && { have_more_results: true, last_appid: last };
      return { body: { response: { apps: page, ...more } } };
    },
    selector: "response.apps",
    endpoint: cursor("response.last_appid", "last_appid", { has_more_path: "response.have_more_results" }),
    key: "appid",
  },
  {
    name: "Coinbase Exchange: the header CB-After",
    path: "/products/BTC-USD/trades",
    items: orders(250),
    reply: ({ query }, all) => {
      const body = pageAfter(all, 100, { field: "id", value: query.get("after") });
      const last = body.at(-1)?.["id"] as number | undefined;
      return { body, headers: last === undefined ? {} : { "cb-after": String(last) } };
    },
    selector: "$",
    endpoint: { paginator: { type: "header_cursor", cursor_key: "CB-After", cursor_param: "after" } },
    key: "id",
  },
  {
    name: "Trello: a bare list, the newest first by a hexadecimal id, paged by before",
    path: "/1/boards/x/actions",
    items: actions,
    reply: ({ query }, all) => ({ body: pageAfter(all, 50, { field: "id", value: query.get("before") }) }),
    selector: "$",
    endpoint: { paginator: { type: "last_record", path: "id", param: "before" } },
    key: "id",
    requests: 8,
  },
  {
    name: "Crossref: a cursor that starts with * and is in each response",
    path: "/works?cursor=*",
    items: posts(45, "DOI"),
    reply: ({ query }, all) => {
      const given = query.get("cursor");
      if (given === null) return { status: 400, body: { message: "cursor is required" } };
      const at = given === "*" ? 0 : token.at(given);
      const page = { "total-results": all.length, items: pageAt(all, at, 20), "items-per-page": 20 };
      return { body: { status: "ok", message: { "next-cursor": token.of(at + 20), ...page } } };
    },
    selector: "message.items",
    endpoint: {
      params: { cursor: "*" },
      ...cursor("message['next-cursor']", "cursor", { stop_after_empty_page: true }),
    },
    key: "DOI",
  },
  {
    name: "Paddle: a link to the next page even on the last one, beside has_more",
    path: "/transactions",
    items: customers(50),
    reply: ({ query, base }, all) => {
      const data = pageAfter(all, 20, { field: "id", value: query.get("after") });
      const last = (data.at(-1)?.["id"] as string | undefined) ?? query.get("after") ?? "";
      const pagination = {
        per_page: 20,
        next: `${base}/transactions?after=${last}`,
        has_more: data.length === 20,
      };
      return { body: { data, meta: { request_id: "r", pagination } } };
    },
    selector: "data",
    endpoint: {
      paginator: {
        ...{ type: "json_link", next_url_path: "meta.pagination.next" },
        has_more_path: "meta.pagination.has_more",
      },
    },
    key: "id",
  },
  {
    name: "Magento: searchCriteria in brackets, and a last page that repeats",
    path: "/rest/V1/products?searchCriteria[pageSize]=20&searchCriteria[currentPage]=1",
    items: orders(45),
    reply: (ask, all) => {
      const size = number(ask, "searchCriteria[pageSize]", 0);
      if (size === 0) return { status: 400, body: { message: '"searchCriteria" is required' } };
      const page = Math.min(3, number(ask, "searchCriteria[currentPage]", 1));
      const criteria = { filter_groups: [], page_size: size, current_page: page };
      const items = pageAt(all, (page - 1) * size, size);
      return { body: { items, search_criteria: criteria, total_count: all.length } };
    },
    selector: "items",
    endpoint: {
      params: { "searchCriteria[pageSize]": 20, "searchCriteria[currentPage]": 1 },
      paginator: {
        ...{ type: "page_number", base_page: 1, page_param: "searchCriteria[currentPage]" },
        ...{ total_path: "total_count", total_of: "records" },
      },
    },
    key: "id",
  },
  {
    name: "Postmark: count and offset that the server insists on",
    path: "/messages/outbound?count=20&offset=0",
    items: orders(45),
    reply: (ask, all) => {
      if (!ask.query.has("count") || !ask.query.has("offset"))
        return { status: 422, body: { Message: "Parameter 'offset' is required" } };
      const messages = pageAt(all, number(ask, "offset", 0), number(ask, "count", 20));
      return { body: { TotalCount: all.length, Messages: messages } };
    },
    selector: "Messages",
    endpoint: {
      params: { count: 20, offset: 0 },
      paginator: { type: "offset", limit: 20, limit_param: "count", total_path: "TotalCount" },
    },
    key: "id",
  },
  {
    name: "Mailjet: Count, Data and Total, paged by Offset and Limit",
    path: "/v3/REST/contact",
    items: orders(25),
    reply: (ask, all) => {
      const data = pageAt(all, number(ask, "Offset", 0), number(ask, "Limit", 10));
      return { body: { Count: data.length, Data: data, Total: all.length } };
    },
    selector: "Data",
    endpoint: {
      paginator: {
        ...{ type: "offset", limit: 10, offset_param: "Offset", limit_param: "Limit" },
        total_path: "Total",
      },
    },
    key: "id",
    requests: 4,
  },
  {
    name: "meta.current_page, sent as page[number]",
    path: "/api/items",
    items: orders(45),
    reply: (ask, all) => {
      const page = number(ask, "page[number]", 1);
      const meta = { current_page: page, last_page: 3, per_page: 20, total: all.length };
      return { body: { data: pageAt(all, (page - 1) * 20, 20), meta } };
    },
    selector: "data",
    endpoint: {
      paginator: {
        ...{ type: "page_number", base_page: 1, page_param: "page[number]" },
        total_path: "meta.last_page",
      },
    },
    key: "id",
    requests: 6,
  },
];

import { customers, orders, posts } from "./items.js";
import { chatMessages, incidents, works } from "./public-items.js";
import { number, pageAfter, pageAt, strict, token, type Shape } from "./shape.js";

/** Shapes of public APIs as they are today: chat, payments, projects, monitoring, search, open data. */
export const publicShapes: readonly Shape[] = [
  {
    name: "Discord: a bare list, the newest first, paged by before",
    path: "/api/v10/channels/messages",
    items: chatMessages(120),
    reply: (ask, all) =>
      strict(ask, ["before", "after", "around", "limit"], () => ({
        body: pageAfter(all, number(ask, "limit", 50), { field: "id", value: ask.query.get("before") }),
      })),
    selector: "$",
    endpoint: {
      paginator: { type: "last_record", path: "id", param: "before" },
    },
    key: "id",
    requests: 8,
  },
  {
    name: "Square: a cursor beside the list, missing at the end",
    path: "/v2/customers",
    items: customers(25),
    reply: (ask, all) => {
      const at = token.at(ask.query.get("cursor"));
      return {
        body: { customers: pageAt(all, at, 10), ...(at + 10 < all.length && { cursor: token.of(at + 10) }) },
      };
    },
    selector: "customers",
    endpoint: { paginator: { type: "cursor", cursor_path: "cursor", cursor_param: "cursor" } },
    key: "id",
  },
  {
    name: "Linear: GraphQL with nodes",
    path: "/graphql",
    args: [
      "-X",
      "POST",
      "-d",
      '{"query": "query ($after: String) { issues(first: 10, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }"}',
    ],
    items: incidents(25),
    reply: ({ json }, all) => {
      const at = token.at((json?.["variables"] as { after?: string } | undefined)?.after);
      const pageInfo = { hasNextPage: at + 10 < all.length, endCursor: token.of(at + 10) };
      return { body: { data: { issues: { nodes: pageAt(all, at, 10), pageInfo } } } };
    },
    selector: "data.issues.nodes",
    endpoint: {
      method: "POST",
      json: {
        query:
          "query ($after: String) { issues(first: 10, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }",
      },
      raw: true,
      paginator: {
        ...{
          type: "cursor",
          cursor_path: "data.issues.pageInfo.endCursor",
          cursor_body_path: "variables.after",
        },
        has_more_path: "data.issues.pageInfo.hasNextPage",
      },
    },
    key: "id",
  },
  {
    name: "Confluence: _links.next without an origin, beside start, limit and size",
    path: "/rest/api/content",
    items: posts(60, "id"),
    reply: (ask, all) => {
      const start = number(ask, "start", 0);
      const results = pageAt(all, start, 25);
      const next = start + 25 < all.length && { next: `/rest/api/content?limit=25&start=${start + 25}` };
      return {
        body: {
          results,
          start,
          limit: 25,
          size: results.length,
          _links: { base: ask.base, self: `${ask.base}/rest/api/content`, ...next },
        },
      };
    },
    selector: "results",
    endpoint: { paginator: { type: "json_link", next_url_path: "_links.next" } },
    key: "id",
  },
  {
    name: "BigCommerce: meta.pagination with pages, and links that are queries",
    path: "/v3/catalog/products",
    items: orders(30),
    reply: (ask, all) => {
      const page = number(ask, "page", 1);
      const data = pageAt(all, (page - 1) * 12, 12);
      const total_pages = Math.ceil(all.length / 12);
      const links = {
        ...(page < total_pages && { next: `?page=${page + 1}&limit=12` }),
        current: `?page=${page}&limit=12`,
      };
      return {
        body: {
          data,
          meta: {
            pagination: {
              total: all.length,
              count: data.length,
              per_page: 12,
              current_page: page,
              total_pages,
              links,
            },
          },
        },
      };
    },
    selector: "data",
    endpoint: { paginator: { type: "json_link", next_url_path: "meta.pagination.links.next" } },
    key: "id",
  },
  {
    name: 'Sentry: a Link header that always has a next link, with results="false" at the end',
    path: "/api/0/projects/issues/",
    items: incidents(45),
    reply: (ask, all) => {
      const at = Number((ask.query.get("cursor") ?? "0:0:0").split(":")[1]) * 20;
      const link = (rel: string, to: number, results: boolean): string =>
        `<${ask.base}/api/0/projects/issues/?cursor=0:${to}:0>; rel="${rel}"; results="${results}"; cursor="0:${to}:0"`;
      const page = at / 20;
      return {
        body: pageAt(all, at, 20),
        headers: {
          link: `${link("previous", page - 1, page > 0)}, ${link("next", page + 1, at + 20 < all.length)}`,
        },
      };
    },
    selector: "$",
    endpoint: { paginator: { type: "header_link", stop_after_empty_page: true } },
    key: "id",
  },
  {
    name: "PagerDuty: limit, offset, more, and a total that is null",
    path: "/incidents",
    items: incidents(60),
    reply: (ask, all) =>
      strict(ask, ["offset", "limit", "total"], () => {
        const offset = number(ask, "offset", 0);
        const limit = number(ask, "limit", 25);
        return {
          body: {
            incidents: pageAt(all, offset, limit),
            limit,
            offset,
            more: offset + limit < all.length,
            total: null,
          },
        };
      }),
    selector: "incidents",
    endpoint: {
      paginator: { type: "offset", limit: 25, total_path: null, has_more_path: "more" },
    },
    key: "id",
  },
  {
    name: "Datadog: page[number] from 0, meta.page.total_count",
    path: "/api/v2/users",
    items: customers(25),
    reply: (ask, all) =>
      strict(ask, ["page[number]", "page[size]"], () => {
        const size = number(ask, "page[size]", 10);
        return {
          body: {
            data: pageAt(all, number(ask, "page[number]", 0) * size, size),
            meta: { page: { total_count: all.length, total_filtered_count: all.length } },
          },
        };
      }),
    selector: "data",
    endpoint: {
      paginator: {
        type: "page_number",
        base_page: 0,
        page_param: "page[number]",
        total_path: "meta.page.total_count",
        total_of: "records",
      },
    },
    key: "id",
    requests: 8,
  },
  {
    name: "Algolia: page from 0, nbHits, nbPages, hitsPerPage",
    path: "/1/indexes/products",
    items: posts(45, "objectID"),
    reply: (ask, all) => {
      const page = number(ask, "page", 0);
      return {
        body: {
          hits: pageAt(all, page * 20, 20),
          page,
          nbHits: all.length,
          nbPages: Math.ceil(all.length / 20),
          hitsPerPage: 20,
          exhaustiveNbHits: true,
          query: "",
          params: "",
          processingTimeMS: 1,
        },
      };
    },
    selector: "hits",
    endpoint: { paginator: { type: "page_number", base_page: 0, total_path: "nbPages" } },
    key: "objectID",
  },
  {
    name: "OpenAlex: meta.count, meta.page, meta.per_page, and ids that are URLs",
    path: "/works",
    items: works(60),
    reply: (ask, all) => {
      const page = number(ask, "page", 1);
      return {
        body: {
          meta: { count: all.length, db_response_time_ms: 23, page, per_page: 25, groups_count: null },
          results: pageAt(all, (page - 1) * 25, 25),
          group_by: [],
        },
      };
    },
    selector: "results",
    endpoint: { paginator: { type: "page_number", base_page: 1 } },
    key: "id",
  },
];

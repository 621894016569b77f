import { customers, messages, orders, posts, tasks } from "./items.js";
import { number, pageAfter, pageAt, strict, token, type Shape } from "./shape.js";

/** Shapes of public APIs that page by numbers, offsets and the last record. */
export const pagedShapes: readonly Shape[] = [
  {
    name: "Jira: startAt, maxResults, total",
    path: "/rest/api/3/search",
    items: orders(70),
    reply: (ask, all) => {
      const at = number(ask, "startAt", 0);
      return {
        body: {
          expand: "names",
          startAt: at,
          maxResults: 30,
          total: all.length,
          issues: pageAt(all, at, 30),
        },
      };
    },
    selector: "issues",
    endpoint: {
      paginator: {
        type: "offset",
        limit: 30,
        offset_param: "startAt",
        limit_param: "maxResults",
        total_path: "total",
      },
    },
    key: "id",
  },
  {
    name: "WordPress: a bare list, totals in headers",
    path: "/wp-json/wp/v2/posts",
    items: posts(25, "slug"),
    reply: (ask, all) => {
      const page = number(ask, "page", 1);
      const headers = { "X-WP-Total": `${all.length}`, "X-WP-TotalPages": `${Math.ceil(all.length / 10)}` };
      if (page > 3) return { status: 400, body: { code: "rest_post_invalid_page_number" } };
      return { headers, body: pageAt(all, (page - 1) * 10, 10) };
    },
    selector: "$",
    endpoint: { paginator: { type: "page_number", base_page: 1, total_header: "X-WP-TotalPages" } },
    key: "slug",
  },
  {
    name: "Mailchimp: offset and count, only a total",
    path: "/3.0/lists",
    items: customers(33),
    reply: (ask, all) => {
      const at = number(ask, "offset", 0);
      const lists = pageAt(all, at, number(ask, "count", 10));
      const links = [{ rel: "self", href: `${ask.base}/3.0/lists`, method: "GET" }];
      return { body: { lists, total_items: all.length, constraints: { may_create: true }, _links: links } };
    },
    selector: "lists",
    endpoint: { paginator: { type: "offset", limit: 10, total_path: "total_items" } },
    key: "id",
    requests: 4,
  },
  {
    name: "Spring: content, number, totalPages",
    path: "/api/orders",
    items: orders(45),
    reply: (ask, all) => {
      const page = number(ask, "page", 0);
      const content = pageAt(all, page * 20, 20);
      const sort = { sorted: false, empty: true };
      return {
        body: {
          content,
          pageable: { sort, offset: page * 20, pageNumber: page, pageSize: 20, paged: true },
          last: page === 2,
          totalElements: all.length,
          totalPages: 3,
          size: 20,
          number: page,
          first: page === 0,
          numberOfElements: content.length,
        },
      };
    },
    selector: "content",
    endpoint: { paginator: { type: "page_number", base_page: 0, total_path: "totalPages" } },
    key: "id",
  },
  {
    name: "Strapi: pagination[page] in brackets",
    path: "/api/articles",
    items: posts(60, "documentId"),
    reply: (ask, all) => {
      const page = number(ask, "pagination[page]", 1);
      const pagination = { page, pageSize: 25, pageCount: 3, total: all.length };
      return { body: { data: pageAt(all, (page - 1) * 25, 25), meta: { pagination } } };
    },
    selector: "data",
    endpoint: {
      paginator: {
        type: "page_number",
        base_page: 1,
        page_param: "pagination[page]",
        total_path: "meta.pagination.pageCount",
      },
    },
    key: "documentId",
    requests: 4,
  },
  {
    name: "GitHub users: since with the id of the last record",
    path: "/users",
    items: orders(65),
    reply: (ask, all) => ({
      body: pageAfter(all, 30, { field: "id", value: ask.query.get("since_id") }),
    }),
    selector: "$",
    endpoint: { paginator: { type: "last_record", path: "id", param: "since_id" } },
    key: "id",
    requests: 8,
  },
  {
    name: "a bare list of a full default page, paged by ?page=",
    path: "/api/v4/projects",
    items: orders(50),
    reply: (ask, all) => ({ body: pageAt(all, (number(ask, "page", 1) - 1) * 20, 20) }),
    selector: "$",
    endpoint: { paginator: { type: "page_number", base_page: 1 } },
    key: "id",
  },
  {
    name: "ClickUp: pages from 0, last_page",
    path: "/api/v2/list/9/task",
    items: tasks(25),
    reply: (ask, all) => {
      const page = number(ask, "page", 0);
      return { body: { tasks: pageAt(all, page * 10, 10), last_page: (page + 1) * 10 >= all.length } };
    },
    selector: "tasks",
    endpoint: { paginator: { type: "page_number", base_page: 0, end_path: "last_page" } },
    key: "gid",
  },
  {
    name: "Solr: start and numFound, rows",
    path: "/solr/products/select",
    items: customers(24),
    reply: (ask, all) => {
      const at = number(ask, "start", 0);
      const docs = pageAt(all, at, number(ask, "rows", 10));
      return {
        body: {
          responseHeader: { status: 0, QTime: 4 },
          response: { numFound: all.length, start: at, docs },
        },
      };
    },
    selector: "response.docs",
    endpoint: {
      paginator: {
        type: "offset",
        limit: 10,
        offset_param: "start",
        limit_param: "rows",
        total_path: "response.numFound",
      },
    },
    key: "id",
  },
  {
    name: "Elasticsearch: from and size in the body",
    path: "/orders/_search",
    args: ["-X", "POST", "-d", "{}"],
    items: posts(33, "_id"),
    reply: ({ json }, all) => {
      const at = Number(json?.["from"] ?? 0);
      return {
        body: {
          took: 2,
          _shards: { total: 5, successful: 5, skipped: 0, failed: 0 },
          hits: {
            total: { value: all.length, relation: "eq" },
            hits: pageAt(all, at, Number(json?.["size"] ?? 10)),
          },
        },
      };
    },
    selector: "hits.hits",
    endpoint: {
      method: "POST",
      json: {},
      paginator: {
        type: "offset",
        limit: 10,
        offset_body_path: "from",
        limit_body_path: "size",
        total_path: "hits.total.value",
      },
    },
    key: "_id",
    requests: 4,
  },
  {
    name: "Contentful: skip, limit, total, numbers inside the records",
    path: "/spaces/x/entries",
    items: {
      all: Array.from({ length: 70 }, (_, n) => ({ slug: `s${n}`, count: 500 - n, pages: n % 9, total: n })),
      schema: {
        type: "object",
        required: ["slug", "count", "pages", "total"],
        properties: {
          slug: { type: "string" },
          count: { type: "integer" },
          pages: { type: "integer" },
          total: { type: "integer" },
        },
      },
    },
    reply: (ask, all) => {
      const skip = number(ask, "skip", 0);
      return {
        body: { total: all.length, skip, limit: 30, items: pageAt(all, skip, 30), stats: { count: 3 } },
      };
    },
    selector: "items",
    endpoint: { paginator: { type: "offset", limit: 30, offset_param: "skip", total_path: "total" } },
    key: "slug",
  },
  {
    name: "NewsAPI: only a total, paged by page",
    path: "/v2/top-headlines",
    items: tasks(53),
    reply: (ask, all) =>
      strict(ask, ["page", "pageSize"], () => ({
        body: {
          status: "ok",
          totalResults: all.length,
          articles: pageAt(all, (number(ask, "page", 1) - 1) * 20, 20),
        },
      })),
    selector: "articles",
    endpoint: {
      paginator: { type: "page_number", base_page: 1, total_path: "totalResults", total_of: "records" },
    },
    key: "gid",
  },
  {
    name: "hasMore and the parameter `after` with the id of the last record, by a strict server",
    path: "/v2/events",
    items: customers(35),
    reply: (ask, all) =>
      strict(ask, ["after", "limit"], () => {
        const events = pageAfter(all, 15, { field: "id", value: ask.query.get("after") });
        return { body: { events, hasMore: events.at(-1) !== all.at(-1) && events.length > 0 } };
      }),
    selector: "events",
    endpoint: { paginator: { type: "last_record", path: "id", param: "after", has_more_path: "hasMore" } },
    key: "id",
    requests: 8,
  },
  {
    name: "DynamoDB-like: a last key",
    path: "/prod/items",
    items: messages(45),
    reply: ({ query }, all) => {
      const at = token.at(query.get("lastKey"));
      const next = at + 20 < all.length ? { lastKey: token.of(at + 20) } : {};
      return { body: { Items: pageAt(all, at, 20), Count: 20, ...next } };
    },
    selector: "Items",
    endpoint: { paginator: { type: "cursor", cursor_path: "lastKey", cursor_param: "lastKey" } },
    key: "id",
  },
  {
    name: "a number of the next page under next",
    path: "/v1/plants",
    items: customers(25),
    reply: (ask, all) => {
      const page = number(ask, "page", 1);
      return {
        body: { plants: pageAt(all, (page - 1) * 10, 10), ...(page < 3 && { next: page + 1 }) },
      };
    },
    selector: "plants",
    endpoint: { paginator: { type: "cursor", cursor_path: "next", cursor_param: "page" } },
    key: "id",
  },
  {
    name: "a bare list of a full default page, paged by offset and limit",
    path: "/rest/v1/cities",
    items: orders(45),
    reply: (ask, all) => ({
      body: pageAt(all, number(ask, "offset", 0), number(ask, "limit", 20)),
    }),
    selector: "$",
    endpoint: { paginator: { type: "offset", limit: 20 } },
    key: "id",
    requests: 4,
  },
  {
    name: "a search engine by GET: from and size in the query",
    path: "/search",
    items: posts(33, "_id"),
    reply: (ask, all) => {
      const page = pageAt(all, number(ask, "from", 0), number(ask, "size", 10));
      return { body: { took: 1, hits: { total: all.length, hits: page } } };
    },
    selector: "hits.hits",
    endpoint: {
      paginator: {
        type: "offset",
        limit: 10,
        offset_param: "from",
        limit_param: "size",
        total_path: "hits.total",
      },
    },
    key: "_id",
    requests: 8,
  },
  {
    name: "SCIM: startIndex from 1",
    path: "/scim/v2/Users",
    items: customers(23),
    reply: (ask, all) => {
      const at = number(ask, "startIndex", 1);
      return {
        body: {
          schemas: ["x:ListResponse"],
          totalResults: all.length,
          startIndex: at,
          itemsPerPage: 10,
          Resources: pageAt(all, at - 1, 10),
        },
      };
    },
    selector: "Resources",
    endpoint: {
      paginator: {
        type: "offset",
        limit: 10,
        offset: 1,
        offset_param: "startIndex",
        limit_param: "count",
        total_path: null,
      },
    },
    key: "id",
  },
  // Every page of a Zendesk export links to a next one, even the last page.
  ...["end_of_stream", "endOfResults", "is_last_page", "done"].map((flag): Shape => ({
    name: `Zendesk: next_page on every page, and the flag ${flag}`,
    path: "/api/v2/incremental/tickets.json",
    items: orders(25),
    reply: (ask, all) => {
      const at = number(ask, "start_time", 0);
      const next_page = `${ask.base}/api/v2/incremental/tickets.json?start_time=${Math.min(at + 10, all.length)}`;
      return { body: { tickets: pageAt(all, at, 10), next_page, [flag]: at + 10 >= all.length } };
    },
    selector: "tickets",
    endpoint: { paginator: { type: "json_link", next_url_path: "next_page", end_path: flag } },
    key: "id",
  })),
];

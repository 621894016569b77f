import { customers, messages, orders, posts, tasks } from "./items.js";
import { number, pageAt, token, type Ask, type Item, type Reply, type Shape } from "./shape.js";

/** A reply with pages by a token in the query. */
const byToken =
  (
    param: string,
    size: number,
    wrap: (records: readonly Item[], next: string | undefined, ask: Ask) => unknown,
  ): Shape["reply"] =>
  (ask, all): Reply => {
    const at = token.at(ask.query.get(param));
    return {
      body: wrap(pageAt(all, at, size), at + size < all.length ? token.of(at + size) : undefined, ask),
    };
  };

/** Shapes of public APIs that page by links and tokens. */
export const tokenShapes: readonly Shape[] = [
  {
    name: "Shopify: an object around the list, and a Link header",
    path: "/admin/api/2024-01/products.json",
    items: messages(30),
    reply: (ask, all) => {
      const at = token.at(ask.query.get("page_info"));
      const link = `<${ask.base}/admin/api/2024-01/products.json?page_info=${token.of(at + 12)}>; rel="next"`;
      return { body: { products: pageAt(all, at, 12) }, headers: at + 12 < all.length ? { link } : {} };
    },
    selector: "products",
    endpoint: { paginator: "header_link" },
    key: "id",
  },
  {
    name: "HubSpot: paging.next.after",
    path: "/crm/v3/objects/contacts",
    items: customers(25),
    reply: byToken("after", 10, (results, next) => ({
      results,
      ...(next && { paging: { next: { after: next } } }),
    })),
    selector: "results",
    endpoint: { paginator: { type: "cursor", cursor_path: "paging.next.after", cursor_param: "after" } },
    key: "id",
  },
  {
    name: "Slack: response_metadata.next_cursor, empty at the end",
    path: "/api/conversations.list",
    items: posts(25, "id"),
    reply: byToken("cursor", 10, (channels, next) => ({
      ok: true,
      channels,
      response_metadata: { next_cursor: next ?? "" },
    })),
    selector: "channels",
    endpoint: {
      paginator: { type: "cursor", cursor_path: "response_metadata.next_cursor", cursor_param: "cursor" },
    },
    key: "id",
  },
  {
    name: "Zendesk: links.next and meta.has_more, with side-loaded users",
    path: "/api/v2/tickets",
    items: orders(25),
    reply: byToken("page[after]", 10, (tickets, next, ask) => ({
      tickets,
      users: [{ id: 1, name: "a" }],
      meta: { has_more: next !== undefined, after_cursor: next ?? null },
      links: { next: next === undefined ? null : `${ask.base}/api/v2/tickets?page[after]=${next}` },
    })),
    selector: "tickets",
    endpoint: {
      paginator: { type: "json_link", next_url_path: "links.next", has_more_path: "meta.has_more" },
    },
    key: "id",
  },
  {
    name: "Airtable: an offset that is a token",
    path: "/v0/app1/Tasks",
    items: tasks(25),
    reply: byToken("offset", 10, (records, next) => ({
      records,
      ...(next && { offset: `itr${next}` && next }),
    })),
    selector: "records",
    endpoint: { paginator: { type: "cursor", cursor_path: "offset", cursor_param: "offset" } },
    key: "gid",
  },
  {
    name: "JSON:API: links.next and attributes",
    path: "/jsonapi/node/article",
    items: {
      all: Array.from({ length: 23 }, (_, n) => ({
        type: "article",
        id: `a${n}`,
        attributes: { title: `t${n}`, body: n % 2 ? null : `b${n}` },
      })),
      schema: {
        type: "object",
        required: ["type", "id", "attributes"],
        properties: {
          type: { type: "string" },
          id: { type: "string" },
          attributes: {
            type: "object",
            required: ["title", "body"],
            properties: { title: { type: "string" }, body: { type: ["string", "null"] } },
          },
        },
      },
    },
    reply: byToken("page[cursor]", 10, (data, next, ask) => ({
      jsonapi: { version: "1.0" },
      data,
      included: [{ type: "user", id: "u1" }],
      links: { ...(next && { next: { href: `${ask.base}/jsonapi/node/article?page[cursor]=${next}` } }) },
    })),
    selector: "data",
    endpoint: { paginator: { type: "json_link", next_url_path: "links.next.href" } },
    key: "id",
  },
  {
    name: "HAL: _embedded and _links",
    path: "/orders",
    items: orders(25),
    reply: byToken("p", 10, (records, next, ask) => ({
      _embedded: { orders: records },
      _links: { self: { href: "/orders" }, ...(next && { next: { href: `${ask.base}/orders?p=${next}` } }) },
    })),
    selector: "_embedded.orders",
    endpoint: { paginator: { type: "json_link", next_url_path: "_links.next.href" } },
    key: "id",
  },
  {
    name: "Salesforce: nextRecordsUrl without an origin",
    path: "/services/data/v60.0/query?q=SELECT+Id+FROM+Account",
    items: posts(25, "Id"),
    reply: (ask, all) => {
      const at = number({ query: new URLSearchParams(`at=${ask.path.split("-")[1] ?? 0}`) }, "at", 0);
      const next = at + 10 < all.length && { nextRecordsUrl: `/services/data/v60.0/query/01g-${at + 10}` };
      return { body: { totalSize: all.length, done: !next, ...next, records: pageAt(all, at, 10) } };
    },
    selector: "records",
    endpoint: {
      params: { q: "SELECT Id FROM Account" },
      paginator: { type: "json_link", next_url_path: "nextRecordsUrl", end_path: "done" },
    },
    key: "Id",
  },
  {
    name: "Twilio: next_page_uri",
    path: "/2010-04-01/Messages.json",
    items: posts(25, "sid"),
    reply: byToken("PageToken", 10, (messages, next) => ({
      page: 0,
      page_size: 10,
      uri: "/2010-04-01/Messages.json",
      first_page_uri: "/2010-04-01/Messages.json",
      next_page_uri: next === undefined ? null : `/2010-04-01/Messages.json?PageToken=${next}`,
      messages,
    })),
    selector: "messages",
    endpoint: { paginator: { type: "json_link", next_url_path: "next_page_uri" } },
    key: "sid",
  },
  {
    name: "Intercom: pages.next.starting_after",
    path: "/contacts",
    items: posts(25, "id"),
    reply: byToken("starting_after", 10, (data, next) => ({
      type: "list",
      data,
      total_count: 25,
      pages: {
        type: "pages",
        page: 1,
        per_page: 10,
        total_pages: 3,
        ...(next && { next: { page: 2, starting_after: next } }),
      },
    })),
    selector: "data",
    endpoint: {
      paginator: { type: "cursor", cursor_path: "pages.next.starting_after", cursor_param: "starting_after" },
    },
    key: "id",
  },
  {
    name: "Asana: next_page.uri beside its offset",
    path: "/api/1.0/tasks",
    items: tasks(25),
    reply: byToken("offset", 10, (data, next, ask) => ({
      data,
      next_page:
        next === undefined
          ? null
          : { offset: next, path: `/tasks?offset=${next}`, uri: `${ask.base}/api/1.0/tasks?offset=${next}` },
    })),
    selector: "data",
    endpoint: { paginator: { type: "json_link", next_url_path: "next_page.uri" } },
    key: "gid",
  },
  {
    name: "Discourse: more_topics_url beside the topics, and users",
    path: "/latest.json",
    items: orders(50),
    reply: (ask, all) => {
      const page = number(ask, "page", 0);
      const more = (page + 1) * 20 < all.length && { more_topics_url: `/latest.json?page=${page + 1}` };
      const users = Array.from({ length: 7 }, (_, id) => ({ id, username: `u${id}` }));
      return {
        body: {
          users,
          topic_list: { can_create_topic: false, per_page: 20, ...more, topics: pageAt(all, page * 20, 20) },
        },
      };
    },
    selector: "topic_list.topics",
    endpoint: { paginator: { type: "json_link", next_url_path: "topic_list.more_topics_url" } },
    key: "id",
  },
  {
    name: "Reddit: children of kind and data",
    path: "/r/all/new.json",
    items: posts(25, "name"),
    reply: byToken("after", 10, (records, next) => ({
      kind: "Listing",
      data: {
        after: next ?? null,
        before: null,
        dist: 10,
        children: records.map((data) => ({ kind: "t3", data })),
      },
    })),
    selector: "data.children[*].data",
    endpoint: { paginator: { type: "cursor", cursor_path: "data.after", cursor_param: "after" } },
    key: "name",
  },
  {
    name: "GraphQL: a connection with edges",
    path: "/graphql",
    args: [
      "-X",
      "POST",
      "-d",
      '{"query": "query ($cursor: String) { orders(first: 10, after: $cursor) { edges { node { id } } pageInfo { endCursor hasNextPage } } }"}',
    ],
    items: customers(25),
    reply: ({ json }, all) => {
      const at = token.at((json?.["variables"] as { cursor?: string } | undefined)?.cursor);
      const edges = pageAt(all, at, 10).map((node, index) => ({ cursor: token.of(at + index + 1), node }));
      const pageInfo = { hasNextPage: at + 10 < all.length, endCursor: edges.at(-1)?.cursor ?? null };
      return { body: { data: { orders: { edges, pageInfo } } } };
    },
    selector: "data.orders.edges[*].node",
    endpoint: {
      method: "POST",
      json: {
        query:
          "query ($cursor: String) { orders(first: 10, after: $cursor) { edges { node { id } } pageInfo { endCursor hasNextPage } } }",
      },
      raw: true,
      paginator: {
        type: "cursor",
        cursor_path: "data.orders.pageInfo.endCursor",
        cursor_body_path: "variables.cursor",
        has_more_path: "data.orders.pageInfo.hasNextPage",
      },
    },
    key: "id",
  },
  {
    name: "Firebase: the body is an object of records by generated id",
    path: "/users.json",
    items: {
      all: Array.from({ length: 9 }, (_, n) => ({
        id: `-NabcX${n}y7Zq${n}wLk${n}`,
        name: `n${n}`,
        age: n * 3,
      })),
      schema: {
        type: "object",
        required: ["id", "name", "age"],
        properties: { id: { type: "string" }, name: { type: "string" }, age: { type: "integer" } },
      },
    },
    reply: (_, all) => ({
      body: Object.fromEntries(all.map(({ id, ...rest }) => [String(id), rest])),
    }),
    selector: "$",
    endpoint: { data_layout: { type: "keyed", key_field: "id" }, paginator: "single_page" },
    key: "id",
  },
  {
    name: "Bitbucket Server: nextPageStart and isLastPage",
    path: "/rest/api/1.0/projects",
    items: orders(25),
    reply: (ask, all) => {
      const start = number(ask, "start", 0);
      const isLastPage = start + 10 >= all.length;
      const values = pageAt(all, start, 10);
      const next = isLastPage ? null : start + 10;
      return { body: { size: values.length, limit: 10, isLastPage, values, start, nextPageStart: next } };
    },
    selector: "values",
    endpoint: {
      paginator: {
        type: "cursor",
        cursor_path: "nextPageStart",
        cursor_param: "start",
        end_path: "isLastPage",
      },
    },
    key: "id",
  },
  {
    name: "Azure DevOps: a continuation token in a header",
    path: "/_apis/projects",
    items: tasks(25),
    reply: (ask, all) => {
      const at = token.at(ask.query.get("continuationToken"));
      const value = pageAt(all, at, 10);
      const headers = at + 10 < all.length ? { "x-ms-continuationtoken": token.of(at + 10) } : {};
      return { body: { count: value.length, value }, headers };
    },
    selector: "value",
    endpoint: {
      paginator: {
        type: "header_cursor",
        cursor_key: "X-MS-ContinuationToken",
        cursor_param: "continuationToken",
      },
    },
    key: "gid",
  },
  {
    name: "MediaWiki: continue.cmcontinue",
    path: "/w/api.php?action=query&list=categorymembers&format=json",
    items: orders(25),
    reply: byToken("cmcontinue", 10, (categorymembers, next) => ({
      batchcomplete: "",
      ...(next && { continue: { cmcontinue: next, continue: "-||" } }),
      query: { categorymembers },
    })),
    selector: "query.categorymembers",
    endpoint: {
      params: { action: "query", list: "categorymembers", format: "json" },
      paginator: { type: "cursor", cursor_path: "continue.cmcontinue", cursor_param: "cmcontinue" },
    },
    key: "id",
  },
  {
    name: "API Platform: hydra:member and hydra:view",
    path: "/api/books",
    items: posts(25, "isbn"),
    reply: byToken("page", 10, (records, next) => ({
      "@context": "/api/contexts/Book",
      "hydra:member": records,
      "hydra:totalItems": 25,
      "hydra:view": { "@id": "/api/books", ...(next && { "hydra:next": `/api/books?page=${next}` }) },
    })),
    selector: "['hydra:member']",
    endpoint: { paginator: { type: "json_link", next_url_path: "['hydra:view']['hydra:next']" } },
    key: "isbn",
  },
  {
    name: "CSV by its content type",
    path: "/export/orders.csv",
    items: {
      all: Array.from({ length: 12 }, (_, n) => ({ order_id: `${n}`, city: `c${n}` })),
      schema: {
        type: "object",
        required: ["order_id", "city"],
        properties: { order_id: { type: "string" }, city: { type: "string" } },
      },
    },
    reply: (_, all) => ({
      headers: { "content-type": "text/csv; charset=utf-8" },
      body: `order_id,city\n${all.map((each) => `${String(each["order_id"])},${String(each["city"])}\n`).join("")}`,
    }),
    endpoint: { decoder: "csv", paginator: "single_page" },
    key: "order_id",
  },
  {
    name: "JSON lines by their content type",
    path: "/v1/export",
    items: orders(12),
    reply: (_, all) => ({
      headers: { "content-type": "application/x-ndjson" },
      body: all.map((each) => `${JSON.stringify(each)}\n`).join(""),
    }),
    endpoint: { decoder: "jsonl", paginator: "single_page" },
    key: "id",
  },
];

import { describe, expect, it } from "vitest";
import { answer, jsonType, serve, type Seen } from "../runtime/server.js";
import { file, orders, specOf, detectJson, type Order, type JsonFinding } from "./fixtures.js";

/** Seven of 45 orders per page, so that the last page is not full. */
const size = 7;
const all = orders(1, 45);
const slice = (start: number, length = size): Order[] => all.slice(start, start + length);
const number = (request: Seen, name: string, otherwise: number): number =>
  Number(request.query.get(name) ?? otherwise);

interface Reply {
  readonly body: unknown;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Case {
  readonly name: string;
  readonly endpoint?: object;
  readonly reply: (request: Seen) => Reply;
  readonly selector?: string;
  /** Absent if undecided. */
  readonly paginator?: unknown;
  readonly confidence?: "sure" | "likely";
  readonly alternatives?: readonly unknown[];
  readonly requests?: number;
}

/** Replies with pages by a token, which encodes the offset. */
const tokens =
  (param: string, wrap: (records: readonly Order[], next: string | null) => object) =>
  (request: Seen): Reply => {
    const at = Number((request.query.get(param) ?? "t0").slice(1));
    return { body: wrap(slice(at), at + size < all.length ? `t${at + size}` : null) };
  };

const cases: readonly Case[] = [
  {
    name: "Link header",
    reply: (request) => {
      const page = number(request, "p", 1);
      const next = { link: `</orders?p=${page + 1}>; rel="next", </orders?p=1>; rel="first"` };
      return { body: slice((page - 1) * size), headers: next };
    },
    selector: "$",
    paginator: "header_link",
  },
  {
    name: "a link in the body",
    reply: (request) => {
      const page = number(request, "p", 1);
      return {
        body: { count: 45, next: `/orders?p=${page + 1}`, previous: null, results: slice((page - 1) * size) },
      };
    },
    selector: "results",
    paginator: { type: "json_link", next_url_path: "next" },
  },
  {
    name: "OData",
    reply: (request) => {
      const at = number(request, "$skip", 0);
      return { body: { "@odata.nextLink": `/orders?$skip=${at + size}`, value: slice(at) } };
    },
    selector: "value",
    paginator: { type: "json_link", next_url_path: "['@odata.nextLink']" },
  },
  {
    name: "a list of links",
    reply: (request) => {
      const at = number(request, "at", 0);
      const links = [
        { rel: "self", href: "/orders" },
        { rel: "next", href: `/orders?at=${at + size}` },
      ];
      return { body: { orders: slice(at), links } };
    },
    selector: "orders",
    paginator: { type: "json_link", next_url_path: "links[?(@.rel=='next')].href" },
  },
  {
    name: "a link that is empty on the only page",
    reply: () => ({ body: { next: null, previous: null, results: orders(1, 3) } }),
    selector: "results",
    paginator: { type: "json_link", next_url_path: "next" },
    confidence: "likely",
    requests: 1,
  },
  {
    name: "a cursor",
    reply: tokens("cursor", (data, next) => ({ data, meta: { next_cursor: next } })),
    selector: "data",
    paginator: { type: "cursor", cursor_path: "meta.next_cursor", cursor_param: "cursor" },
  },
  {
    name: "a page token in camel case",
    reply: tokens("pageToken", (items, next) => ({ items, nextPageToken: next })),
    selector: "items",
    paginator: { type: "cursor", cursor_path: "nextPageToken", cursor_param: "pageToken" },
  },
  {
    name: "a page token in snake case",
    reply: tokens("page_token", (items, next) => ({ items, next_page_token: next })),
    selector: "items",
    paginator: { type: "cursor", cursor_path: "next_page_token", cursor_param: "page_token" },
  },
  {
    name: "a cursor below paging.next",
    reply: tokens("after", (results, next) => ({ results, paging: { next: { after: next } } })),
    selector: "results",
    paginator: { type: "cursor", cursor_path: "paging.next.after", cursor_param: "after" },
  },
  {
    name: "a cursor with a flag",
    reply: tokens("cursor", (list, next) => ({ list, has_more: next !== null, next_cursor: next ?? "end" })),
    selector: "list",
    paginator: {
      type: "cursor",
      cursor_path: "next_cursor",
      cursor_param: "cursor",
      has_more_path: "has_more",
    },
  },
  {
    name: "a cursor whose parameter the spec already has",
    endpoint: { params: { from_token: null, next_token: "" } },
    reply: tokens("next_token", (items, next) => ({ items, nextToken: next })),
    selector: "items",
    paginator: { type: "cursor", cursor_path: "nextToken", cursor_param: "next_token" },
  },
  {
    name: "a cursor with an unusual parameter",
    reply: tokens("weiter", (items, next) => ({ items, next_token: next })),
    selector: "items",
    alternatives: [
      { type: "cursor", cursor_path: "next_token", cursor_param: "next_token" },
      { type: "cursor", cursor_path: "next_token", cursor_param: "pagination_token" },
      { type: "cursor", cursor_path: "next_token", cursor_param: "token" },
      { type: "cursor", cursor_path: "next_token", cursor_param: "page_token" },
    ],
    requests: 8,
  },
  {
    name: "a cursor that is empty on the only page",
    reply: () => ({ body: { items: orders(1, 2), next_cursor: null } }),
    selector: "items",
    paginator: { type: "cursor", cursor_path: "next_cursor", cursor_param: "cursor" },
    confidence: "likely",
    requests: 1,
  },
  {
    name: "a cursor in a header",
    reply: (request) => {
      const at = Number((request.query.get("cursor") ?? "t0").slice(1));
      return { body: { items: slice(at) }, headers: { "x-next-cursor": `t${at + size}` } };
    },
    selector: "items",
    paginator: { type: "header_cursor", cursor_key: "X-Next-Cursor", cursor_param: "cursor" },
  },
  {
    name: "page numbers from 1 in the response",
    reply: (request) => {
      const page = number(request, "page", 1);
      return { body: { items: slice((page - 1) * size), page, total_pages: 7 } };
    },
    selector: "items",
    paginator: { type: "page_number", base_page: 1, total_path: "total_pages" },
  },
  {
    name: "page numbers from 0 in the response",
    reply: (request) => {
      const page = number(request, "page", 0);
      return { body: { content: slice(page * size), totalPages: 7, totalElements: 45, number: page, size } };
    },
    selector: "content",
    paginator: { type: "page_number", base_page: 0, total_path: "totalPages" },
  },
  {
    name: "page numbers from 1, shown only by page=2 and page=1",
    reply: (request) => ({ body: { items: slice((number(request, "page", 1) - 1) * size), total_pages: 7 } }),
    selector: "items",
    paginator: { type: "page_number", base_page: 1, total_path: "total_pages" },
    requests: 3,
  },
  {
    name: "page numbers from 0, shown only by page=2 and page=1",
    reply: (request) => ({ body: { items: slice(number(request, "page", 0) * size), total_pages: 7 } }),
    selector: "items",
    paginator: { type: "page_number", base_page: 0, total_path: "total_pages" },
    requests: 3,
  },
  {
    name: "page numbers that the spec sends, and a total of records",
    endpoint: { params: { page: 1, per_page: 7 } },
    reply: (request) => ({ body: { items: slice((number(request, "page", 1) - 1) * size), total: 45 } }),
    selector: "items",
    paginator: { type: "page_number", base_page: 1, total_path: "total", total_of: "records" },
  },
  {
    name: "only a total of records",
    reply: (request) => ({ body: { items: slice((number(request, "page", 1) - 1) * size), total: 45 } }),
    selector: "items",
    paginator: { type: "page_number", base_page: 1, total_path: "total", total_of: "records" },
  },
  {
    name: "a total of records if the API ignores every parameter",
    reply: () => ({ body: { items: slice(0), total: 45 } }),
    selector: "items",
    alternatives: [
      { type: "page_number", base_page: 1, total_path: "total", total_of: "records" },
      { type: "offset", limit: 7, total_path: "total" },
      { type: "offset", limit: 7, offset_param: "skip", total_path: "total" },
      { type: "offset", limit: 7, offset_param: "start", total_path: "total" },
      { type: "offset", limit: 7, offset_param: "from", limit_param: "size", total_path: "total" },
    ],
    requests: 5,
  },
  {
    name: "an offset in the response",
    reply: (request) => {
      const offset = number(request, "offset", 0);
      return { body: { rows: slice(offset), offset, limit: size, total: 45 } };
    },
    selector: "rows",
    paginator: { type: "offset", limit: 7, total_path: "total" },
  },
  {
    name: "an offset that the spec sends",
    endpoint: { params: { skip: 0, take: 7 } },
    reply: (request) => ({ body: { rows: slice(number(request, "skip", 0)), count: 45 } }),
    selector: "rows",
    paginator: { type: "offset", limit: 7, offset_param: "skip", limit_param: "take", total_path: "count" },
  },
  {
    name: "only a flag for more pages",
    reply: () => ({ body: { items: slice(0), has_more: true } }),
    selector: "items",
    alternatives: [
      { type: "page_number", base_page: 1, has_more_path: "has_more" },
      ...["starting_after", "after", "since_id", "after_id"].map((param) => {
        return { type: "last_record", path: "id", param, has_more_path: "has_more" };
      }),
    ],
    requests: 5,
  },
  {
    name: "the id of the last record in a list object",
    reply: (request) => {
      const at = number(request, "starting_after", 0);
      return { body: { object: "list", data: slice(at), has_more: true } };
    },
    selector: "data",
    paginator: { type: "last_record", path: "id", param: "starting_after", has_more_path: "has_more" },
  },
  {
    name: "one page without a sign of more pages",
    reply: () => ({ body: { items: orders(1, 7) } }),
    selector: "items",
    paginator: "single_page",
    confidence: "likely",
  },
  {
    name: "one page whose field for the next one is null",
    reply: () => ({ body: { items: orders(1, 7), next: null } }),
    selector: "items",
    alternatives: ["single_page"],
  },
  {
    name: "one record by its id, with a list of objects",
    endpoint: { path: "/orders/17" },
    reply: () => ({ body: { id: 17, lines: [{ sku: 1 }, { sku: 2 }] } }),
    selector: "$",
    paginator: "single_page",
    requests: 1,
  },
  {
    name: "a page that may be one of several",
    reply: () => ({ body: { items: orders(1, 20) } }),
    selector: "items",
    alternatives: ["single_page"],
    requests: 5,
  },
  {
    name: "page numbers without any sign in the response",
    reply: (request) => ({ body: slice((number(request, "page", 1) - 1) * size) }),
    selector: "$",
    paginator: { type: "page_number", base_page: 1 },
    requests: 3,
  },
  {
    name: "all records on one page",
    reply: () => ({ body: { items: orders(1, 3), total: 3 } }),
    selector: "items",
    alternatives: ["single_page"],
    requests: 1,
  },
  {
    name: "an empty list",
    reply: () => ({ body: { items: [] } }),
    selector: "items",
    alternatives: [],
    requests: 1,
  },
  {
    name: "one record",
    endpoint: { path: "/orders/{order_id}", params: { order_id: 7 } },
    reply: () => ({ body: { ...orders(7, 7)[0], lines: [{ sku: 1 }] } }),
    selector: "$",
    paginator: "single_page",
    requests: 1,
  },
];

const find = (findings: readonly JsonFinding[], key: string): JsonFinding | undefined =>
  findings.find((finding) => finding.key === key);

describe("detect recognises", () => {
  it.each(cases)("$name", async ({ endpoint, reply, selector, paginator, requests = 2, ...want }) => {
    const server = await serve((request, response) => {
      const { body, status = 200, headers = {} } = reply(request);
      answer(response, status, { body: JSON.stringify(body), headers: { ...jsonType, ...headers } });
    });
    const [resource] = await detectJson(file("shop.json", specOf(server.url, endpoint)));
    expect(resource?.problem).toBeUndefined();
    const findings = resource?.findings ?? [];
    expect(find(findings, "data_selector")?.value).toBe(selector);
    const paging = find(findings, "paginator");
    expect(paging?.value).toEqual(paginator);
    expect(paging?.confidence).toBe(paginator === undefined ? "undecided" : (want.confidence ?? "sure"));
    expect(paging?.alternatives.map(({ value }) => value)).toEqual(want.alternatives ?? []);
    expect(paging?.reasons).not.toEqual([]);
    expect(server.seen).toHaveLength(requests);
  });

  it("a cursor in the variables of a GraphQL body", async () => {
    const server = await serve((_, response) => {
      const chunks: Buffer[] = [];
      response.req.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.req.on("end", () => {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as { variables: { after?: string | null } };
        const at = Number(body.variables.after ?? 0);
        const pageInfo = { hasNextPage: true, endCursor: String(at + size) };
        const edges = slice(at).map((node) => ({ node }));
        answer(response, 200, {
          body: JSON.stringify({ data: { orders: { edges, pageInfo } } }),
          headers: jsonType,
        });
      });
    });
    const endpoint = {
      method: "POST",
      json: {
        query: "query ($after: String) {{ orders {{ edges {{ node {{ id }} }} }} }}",
        variables: { first: 7 },
      },
    };
    const [resource] = await detectJson(file("shop.json", specOf(server.url, endpoint)));
    const findings = resource?.findings ?? [];
    expect(find(findings, "data_selector")?.value).toBe("data.orders.edges[*].node");
    expect(find(findings, "paginator")).toMatchObject({
      confidence: "sure",
      value: {
        type: "cursor",
        cursor_path: "data.orders.pageInfo.endCursor",
        cursor_body_path: "variables.after",
        has_more_path: "data.orders.pageInfo.hasNextPage",
      },
    });
  });

  it("nothing that needs a second page if the second request is rejected", async () => {
    const server = await serve((request, response) => {
      const isFirst = !request.url.includes("?");
      const body = isFirst ? { items: slice(0), next_token: "x" } : { error: "no" };
      answer(response, isFirst ? 200 : 400, { body: JSON.stringify(body), headers: jsonType });
    });
    const [resource] = await detectJson(file("shop.json", specOf(server.url)));
    const paging = find(resource?.findings ?? [], "paginator");
    expect(paging).toMatchObject({ confidence: "undecided" });
    expect(paging?.reasons.join()).toContain("returns 400");
  });

  it("known shapes as likely if the second request fails", async () => {
    const server = await serve((request, response) => {
      if (request.url.includes("?")) answer(response, 500);
      else
        answer(response, 200, {
          body: JSON.stringify({ items: slice(0), next_cursor: "x" }),
          headers: jsonType,
        });
    });
    const [resource] = await detectJson(file("shop.json", specOf(server.url)));
    expect(find(resource?.findings ?? [], "paginator")).toMatchObject({
      confidence: "likely",
      value: { type: "cursor", cursor_path: "next_cursor", cursor_param: "cursor" },
    });
    expect(server.seen).toHaveLength(2);
  });
});

import { describe, expect, it } from "vitest";
import { detectPaging, detectRecordsPath } from "../../../runtime/src/kinds.js";
import { toQuery } from "../../../runtime/src/paginators/detect.js";
import { headersOf, start } from "../walk.js";
import { cpuTimeOf } from "../../support/cpu-time.js";

const list = [{ id: 1 }, { id: 2 }];

// The names in brackets are those of dlt's recorded vectors, or of its traps (reference §7.3).
describe("detectRecordsPath", () => {
  const rows: readonly { name: string; body: unknown; want: readonly string[] | undefined }[] = [
    { name: "a list (detect-root-list)", body: list, want: [] },
    { name: "an empty list", body: [], want: [] },
    { name: "no body", body: undefined, want: [] },
    { name: "null (detect-null-body)", body: null, want: [] },
    { name: "a scalar (detect-scalar-body)", body: 5, want: [] },
    { name: "an object without lists (detect-object)", body: { id: 1, o: { a: 1 } }, want: [] },
    { name: "a list too deep (detect-too-deep)", body: { a: { b: { c: { d: [1] } } } }, want: [] },
    { name: "three names deep", body: { a: { b: { c: list } } }, want: ["a", "b", "c"] },
    {
      name: "the first usual name (detect-first-known)",
      body: { results: list, items: list },
      want: ["results"],
    },
    { name: "a usual name after another", body: { foo: list, data: list }, want: ["data"] },
    {
      name: "a usual name below another",
      body: { foo: list, result: { items: [] } },
      want: ["result", "items"],
    },
    { name: "a name with a dot (detect-dotted-key)", body: { "a.b": list }, want: ["a.b"] },
    { name: "a name with a space (detect-spaced-key)", body: { "a b": list }, want: ["a b"] },
    { name: "errors are not records (trap)", body: { meta: { errors: [] }, foo: list }, want: ["foo"] },
    {
      name: "links are not records (trap)",
      body: { links: [{ rel: "self" }], things: list },
      want: ["things"],
    },
    { name: "null under a usual name (detect-null-data)", body: { data: null, next: null }, want: ["data"] },
    { name: "null in a record", body: { id: 1, data: null }, want: [] },
    { name: "null instead of text in a record", body: { title: "x", content: null }, want: [] },
    { name: "a list beside null", body: { data: null, things: list }, want: ["things"] },
    { name: "null beside tags", body: { data: null, tags: ["a"] }, want: ["data"] },
    { name: "the least nested of objects", body: { a: { b: list }, c: list }, want: ["c"] },
    { name: "objects before scalars", body: { tags: ["a"], c: { d: list } }, want: ["c", "d"] },
    { name: "objects before an empty list", body: { a: [], b: list }, want: ["b"] },
    { name: "an empty list before scalars", body: { tags: ["a"], things: [] }, want: ["things"] },
    { name: "scalars as a last resort", body: { ids: [1, 2] }, want: ["ids"] },
    {
      name: "facets are not records",
      body: { facets: { values: list }, products: list },
      want: ["products"],
    },
    { name: "metadata as a last resort", body: { meta: { rows: list } }, want: ["meta", "rows"] },
    { name: "an error", body: { error: { message: "no" } }, want: undefined },
    { name: "errors", body: { errors: [{ title: "no" }], status: 500 }, want: undefined },
    { name: "a record with an error", body: { id: 1, error: "disk full" }, want: [] },
    { name: "a record whose error is null", body: { error: null, status: "ok" }, want: [] },
    { name: "an error beside data", body: { data: null, errors: [{}] }, want: ["data"] },
    { name: "__proto__", body: JSON.parse('{"__proto__":[{"id":1}]}'), want: ["__proto__"] },
  ];
  it.each(rows)("$name", ({ body, want }) => {
    expect(detectRecordsPath(body)).toEqual(want);
  });
});

describe("detectPaging", () => {
  interface Row {
    readonly name: string;
    readonly body: unknown;
    readonly headers?: Readonly<Record<string, string>>;
    readonly query?: string;
    readonly type: string;
    readonly options?: object;
    /** There are more records, but they cannot be requested. */
    readonly isLost?: true;
  }
  const rows: readonly Row[] = [
    {
      name: "a Link header before everything (header-link-beats-body)",
      body: { items: list, next: "/p2" },
      headers: { link: "</p2>; rel=next" },
      type: "header_link",
    },
    {
      name: "a Link header without next",
      body: list,
      headers: { link: "</p2>; rel=last" },
      type: "single_page",
    },
    {
      name: "a link (next-absolute)",
      body: { items: list, next: "http://x.test/?p=2" },
      type: "json_link",
      options: { nextUrlPath: ["next"] },
    },
    {
      name: "a path (next-url-relative)",
      body: { items: list, next_url: "/items?p=2" },
      type: "json_link",
      options: { nextUrlPath: ["next_url"] },
    },
    {
      name: "a query",
      body: { items: list, next: "?p=2" },
      type: "json_link",
      options: { nextUrlPath: ["next"] },
    },
    {
      name: "a relative link under the name of a link",
      body: { items: list, nextPageUrl: "items?p=2" },
      type: "json_link",
      options: { nextUrlPath: ["nextPageUrl"] },
    },
    {
      name: "an object with a link (links-next-href)",
      body: { items: list, _links: { self: { href: "/s" }, next: { href: "/p2" } } },
      type: "json_link",
      options: { nextUrlPath: ["_links", "next", "href"] },
    },
    {
      name: "a link before a number of pages (next-wins-over-total-pages)",
      body: { items: list, total_pages: 9, next: "/p2" },
      type: "json_link",
      options: { nextUrlPath: ["next"] },
    },
    {
      name: "a link before a cursor that comes first",
      body: { items: list, next_cursor: "abc", links: { next: "/p2" } },
      type: "json_link",
      options: { nextUrlPath: ["links", "next"] },
    },
    {
      name: "a base64 cursor is not a path",
      body: { items: list, next_cursor: "/w8=" },
      type: "cursor",
      options: { cursorPath: ["next_cursor"] },
    },
    {
      name: "a cursor that is a URL",
      body: { items: list, next_cursor: "https://x.test/?c=1" },
      type: "json_link",
      options: { nextUrlPath: ["next_cursor"] },
    },
    {
      name: "pages as text (total-pages-text)",
      body: { items: list, meta: { totalPages: "2" } },
      type: "page_number",
      options: { totalPath: ["meta", "totalPages"] },
    },
    {
      name: "pages, this is the first of one",
      body: { items: list, pagination: { current_page: 1, total_pages: 5 } },
      type: "page_number",
      options: { basePage: 1, totalPath: ["pagination", "total_pages"] },
    },
    {
      name: "pages, this is the first of zero",
      body: { content: list, page: { number: 0, size: 2, totalPages: 5 } },
      type: "page_number",
      options: { basePage: 0, totalPath: ["page", "totalPages"] },
    },
    {
      name: "pages, this is the third",
      body: { items: list, page: 3, pages: 5 },
      type: "page_number",
      options: { basePage: 1, page: 3, totalPath: ["pages"] },
    },
    {
      name: "pages, numbered as in the request",
      body: { items: list, total_pages: 5 },
      query: "?q=x&pageNumber=1",
      type: "page_number",
      options: { basePage: 1, pageParam: "pageNumber", totalPath: ["total_pages"] },
    },
    { name: "pages of a book", body: { title: "x", pages: 300 }, type: "single_page" },
    {
      name: "a cursor",
      body: { items: list, paging: { next_cursor: "abc" } },
      type: "cursor",
      options: { cursorPath: ["paging", "next_cursor"] },
    },
    {
      name: "a number as a cursor (cursor-number)",
      body: { items: list, next: 2 },
      type: "cursor",
      options: { cursorPath: ["next"] },
    },
    {
      name: "a next page by number",
      body: { items: list, next_page: 2 },
      type: "cursor",
      options: { cursorPath: ["next_page"], cursorParam: "page" },
    },
    {
      name: "a next offset",
      body: { items: list, nextOffset: 20 },
      type: "cursor",
      options: { cursorPath: ["nextOffset"], cursorParam: "offset" },
    },
    {
      name: "an id",
      body: { entries: list, next_id: 33 },
      type: "cursor",
      options: { cursorPath: ["next_id"] },
    },
    {
      name: "a token (next-page-token-loop)",
      body: { items: list, nextPageToken: "abc" },
      type: "cursor",
      options: { cursorPath: ["nextPageToken"], cursorParam: "pageToken" },
    },
    {
      name: "a next of kin (next-inside-other-object)",
      body: { info: { next_of_kin: "bob" }, items: list },
      type: "single_page",
    },
    { name: "next steps", body: { next_steps: "call", items: list }, type: "single_page" },
    { name: "true is not a cursor", body: { next: true, items: list }, type: "single_page" },
    { name: "a next record of one record", body: { id: 1, next_id: 2 }, type: "single_page" },
    { name: "null (link-on-first-page-only-null)", body: { items: list, next: null }, type: "single_page" },
    { name: "an empty text", body: { items: list, next: "" }, type: "single_page" },
    { name: "null as text", body: { items: list, next_cursor: "null" }, type: "single_page" },
    { name: "names within records", body: { items: [{ next: "/p2" }] }, type: "single_page" },
    { name: "no list (object-without-lists)", body: { id: 1, name: "x" }, type: "single_page" },
    { name: "no body", body: undefined, type: "single_page" },
    {
      name: "OData (odata-next-link)",
      body: { value: list, "@odata.nextLink": "http://x.test/?$skip=1" },
      type: "json_link",
      options: { nextUrlPath: ["@odata.nextLink"] },
    },
    {
      name: "an offset (offset-never-detected)",
      body: { items: list, total: 9, offset: 0, limit: 2 },
      type: "offset",
      options: { limit: 2, totalPath: ["total"] },
    },
    {
      name: "an offset with other names",
      body: { items: list, page_info: { start: 0, per_page: 2 } },
      type: "offset",
      options: { limit: 2, offsetParam: "start", limitParam: "per_page", totalPath: null },
    },
    {
      name: "a cursor beside a flag",
      body: { items: list, cursor: "abc", has_more: true },
      type: "cursor",
      options: { cursorPath: ["cursor"], hasMorePath: ["has_more"] },
    },
    {
      name: "GraphQL",
      body: { data: { users: { nodes: list, pageInfo: { endCursor: "x", hasNextPage: true } } } },
      type: "cursor",
      options: {
        cursorPath: ["data", "users", "pageInfo", "endCursor"],
        cursorParam: "after",
        hasMorePath: ["data", "users", "pageInfo", "hasNextPage"],
      },
    },
    {
      name: "a token of a page, in snake case",
      body: { items: list, meta: { next_page_token: "abc" } },
      type: "cursor",
      options: { cursorPath: ["meta", "next_page_token"], cursorParam: "page_token" },
    },
    {
      name: "a token without a page",
      body: { items: list, nextToken: "abc" },
      type: "cursor",
      options: { cursorPath: ["nextToken"], cursorParam: "nextToken" },
    },
    {
      name: "a next page as text",
      body: { items: list, next_page: "abc" },
      type: "cursor",
      options: { cursorPath: ["next_page"], cursorParam: "page" },
    },
    {
      name: "a cursor of pages is a cursor",
      body: { items: list, nextPageCursor: "abc" },
      type: "cursor",
      options: { cursorPath: ["nextPageCursor"] },
    },
    {
      name: "a marker",
      body: { items: list, NextMarker: "abc" },
      type: "cursor",
      options: { cursorPath: ["NextMarker"], cursorParam: "marker" },
    },
    {
      name: "a continuation token beside a flag",
      body: { items: list, continuationToken: "abc", hasMore: true },
      type: "cursor",
      options: {
        cursorPath: ["continuationToken"],
        cursorParam: "continuationToken",
        hasMorePath: ["hasMore"],
      },
    },
    {
      name: "a list of links",
      body: {
        items: list,
        links: [
          { rel: "self", href: "/p1" },
          { rel: "next", href: "/p2" },
        ],
      },
      type: "json_link",
      options: { nextUrlPath: ["links"] },
    },
    {
      name: "a list of links without a next one",
      body: { items: list, links: [{ rel: "self", href: "/p1" }] },
      type: "single_page",
    },
    {
      name: "an offset that does not begin at 0",
      body: { items: list, start: 1, limit: 2, total: 5 },
      type: "offset",
      options: { limit: 2, offset: 1, offsetParam: "start", totalPath: ["total"] },
    },
    {
      name: "a flag without a cursor",
      body: { items: list, has_more: true },
      type: "single_page",
      isLost: true,
    },
    { name: "a total without a way", body: { items: list, total: 9 }, type: "single_page", isLost: true },
    {
      name: "a total beside a next link that is null",
      body: { items: list, count: 9, next: null },
      type: "single_page",
    },
    { name: "the total of an order", body: { id: 1, lines: list, total: 120 }, type: "single_page" },
    { name: "a total with a fraction", body: { lines: list, total: 99.5 }, type: "single_page" },
  ];
  it.each(rows)("$name: $type", ({ body, headers = {}, query = "", type, options = {}, isLost }) => {
    const detected = detectPaging({ body, headers: headersOf(headers), url: start + query });
    expect(detected).toMatchObject({ type, options, isFollowed: isLost !== true });
    expect(Object.keys(detected.options)).toEqual(Object.keys(options));
  });

  const reasons = [
    { body: { items: list, has_more: true }, want: "although $.has_more indicates more records" },
    { body: { items: list, meta: { total: 9 } }, want: "although $.meta.total indicates more records" },
    { body: { items: list, meta: { total: 2 } }, want: /the response has no reference to a next page$/ },
    { body: { items: list, "odd name": { next: "/p2" } }, want: "$['odd name'].next is a link" },
  ];
  it.each(reasons)("gives a reason: $want", ({ body, want }) => {
    expect(detectPaging({ body, headers: headersOf({}), url: start }).reason).toMatch(want);
  });

  it("handles deep and wide bodies", () => {
    let deep: unknown = list;
    for (let depth = 0; depth < 30_000; depth++) deep = { a: deep };
    const wide = Object.fromEntries(Array.from({ length: 30_000 }, (_, n) => [`k${n}`, { v: n }]));
    for (const body of [deep, wide, { items: list, wide }]) {
      const time = cpuTimeOf(() => {
        detectRecordsPath(body);
        detectPaging({ body, headers: headersOf({}), url: start });
      });
      expect(time).toBeLessThan(2000);
    }
  });
});

it("prints paths as selectors of the spec", () => {
  expect(toQuery([])).toBe("$");
  expect(toQuery(["a", "b_2"])).toBe("$.a.b_2");
  expect(toQuery(["@odata.nextLink"])).toBe("$['@odata.nextLink']");
  expect(toQuery(['it\'s "x"', "2"])).toBe(`$['it\\'s "x"']['2']`);
});

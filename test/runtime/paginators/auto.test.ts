import { describe, expect, it } from "vitest";
import {
  auto,
  cursor,
  detectRecords,
  jsonLink,
  pageNumber,
  type Checkpoint,
  type ReadEvent,
} from "../../../runtime/src/index.js";
import type { Paginator, ResourceShape } from "../../../runtime/src/plugin.js";
import { errorOf, fakeFetch, idsOf, open, pagesOf, type Reply, type Row } from "../fixtures.js";
import { exchangeOf, items, walk, type TextCase } from "../walk.js";

const advice = "run `connector-gen detect`";

describe("auto", () => {
  const rows: readonly (TextCase & { readonly warning: string })[] = [
    {
      name: "a Link header",
      given: auto(),
      bodies: [items(1)],
      headers: [{ link: "</p2>; rel=next" }],
      asks: ["", "/p2"],
      end: "no_next",
      warning: '{"type":"header_link"}',
    },
    {
      name: "a link in the body",
      given: auto(),
      bodies: [items(1, { links: { next: "/p2" } }), items(1, { links: { next: "/p3" } }), items(1)],
      asks: ["", "/p2", "/p3"],
      end: "no_next",
      warning: '{"type":"json_link","next_url_path":"$.links.next"}',
    },
    {
      name: "a cursor",
      given: auto(),
      bodies: [items(1, { next: 2 }), items(1, { next: 3 }), items(1, { next: null })],
      asks: ["", "cursor=2", "cursor=3"],
      end: "no_next",
      warning: '{"type":"cursor","cursor_path":"$.next"}',
    },
    {
      name: "pages from 1",
      given: auto(),
      bodies: [1, 2, 3].map((page) => items(page, { meta: { page, total_pages: 3 } })),
      asks: ["", "page=2", "page=3"],
      end: "total_reached",
      warning: '{"type":"page_number","base_page":1,"total_path":"$.meta.total_pages"}',
    },
    {
      name: "pages from 0",
      given: auto(),
      bodies: [0, 1, 2].map((page) => items(page + 1, { page, total_pages: 3 })),
      asks: ["", "page=1", "page=2"],
      end: "total_reached",
      warning: '{"type":"page_number","base_page":0,"total_path":"$.total_pages"}',
    },
    {
      name: "pages without a known first number: from 0",
      given: auto(),
      bodies: [1, 2, 3].map((n) => items(n, { pages: "3" })),
      asks: ["", "page=1", "page=2"],
      end: "total_reached",
      warning: '{"type":"page_number","total_path":"$.pages"}',
    },
    {
      name: "no sign of paging",
      given: auto(),
      bodies: [items(2)],
      asks: [""],
      end: "single_page",
      warning: '{"type":"single_page"}',
    },
    {
      name: "an OData link",
      given: auto(),
      bodies: [items(2, { "@odata.nextLink": "http://api.test/p2" }), items(1)],
      asks: ["", "/p2"],
      end: "no_next",
      warning: `{"type":"json_link","next_url_path":"$['@odata.nextLink']"}`,
    },
    {
      name: "a list of links whose order changes",
      given: auto(),
      bodies: [
        items(2, { links: [{ rel: "next", href: "/p2" }] }),
        items(2, {
          links: [
            { rel: "prev", href: "/p1" },
            { rel: "Next", href: "/p3" },
          ],
        }),
        items(1, { links: [{ rel: "prev", href: "/p2" }] }),
      ],
      asks: ["", "/p2", "/p3"],
      end: "no_next",
      warning: '{"type":"json_link","next_url_path":"$.links"}',
    },
    {
      name: "a token under its own name",
      given: auto(),
      bodies: [items(1, { nextPageToken: "a" }), items(2, { nextPageToken: "b" }), items(3)],
      asks: ["", "pageToken=a", "pageToken=b"],
      end: "no_next",
      warning: '{"type":"cursor","cursor_path":"$.nextPageToken","cursor_param":"pageToken"}',
    },
    {
      name: "a next page by number",
      given: auto(),
      bodies: [items(1, { next_page: 2 }), items(2, { next_page: null })],
      asks: ["", "page=2"],
      end: "no_next",
      warning: '{"type":"cursor","cursor_path":"$.next_page","cursor_param":"page"}',
    },
    {
      name: "a page info",
      given: auto(),
      bodies: [
        items(1, { pageInfo: { endCursor: "a", hasNextPage: true } }),
        items(2, { pageInfo: { endCursor: "b", hasNextPage: false } }),
      ],
      asks: ["", "after=a"],
      end: "has_more_false",
      warning: '"cursor_param":"after","has_more_path":"$.pageInfo.hasNextPage"}',
    },
    {
      name: "an offset",
      given: auto(),
      bodies: [0, 2, 4].map((offset) => ({
        items: [{ id: offset }, { id: offset + 1 }].slice(0, 5 - offset),
        paging: { offset, limit: 2, total: 5 },
      })),
      asks: ["", "offset=2&limit=2", "offset=4&limit=2"],
      end: "total_reached",
      warning: '{"type":"offset","limit":2,"total_path":"$.paging.total"}',
    },
    {
      name: "an offset without a total, until a page is short",
      given: auto(),
      bodies: [0, 2].map((skip) => ({
        items: [{ id: skip }, { id: skip + 1 }].slice(0, 3 - skip),
        skip,
        take: 2,
      })),
      asks: ["", "skip=2&take=2"],
      end: "short_page",
      warning: '{"type":"offset","limit":2,"offset_param":"skip","limit_param":"take","total_path":null}',
    },
  ];
  it.each(rows)("follows $name, and warns once", ({ given, bodies, headers, asks, end, warning }) => {
    const walked = walk(given, bodies, headers);
    expect(walked).toMatchObject({ asked: asks, end });
    expect(walked.warnings).toHaveLength(1);
    expect(walked.warnings[0]).toContain(warning);
    expect(walked.warnings[0]).toContain(advice);
  });

  it("rejects a cursor that the API ignores (next-page-token-loop)", () => {
    const walked = walk(auto(), [items(1, { nextPageToken: "abc" })]);
    expect(walked).toMatchObject({ asked: ["", "pageToken=abc"], end: "PAGINATION_LOOP" });
  });

  it("rejects an offset that the API ignores", () => {
    const walked = walk(auto(), [items(2, { offset: 0, limit: 2, total: 5 })]);
    expect(walked).toMatchObject({ asked: ["", "offset=2&limit=2"], end: "PAGE_PARAM_IGNORED" });
  });

  it("rejects a page number that the API ignores", () => {
    const walked = walk(auto(), [items(2, { page: 1, total_pages: 3 })]);
    expect(walked).toMatchObject({ asked: ["", "page=2"], end: "PAGE_PARAM_IGNORED" });
  });

  const lost = [
    { name: "a flag", beside: { has_more: true }, sign: "$.has_more" },
    { name: "a flag in an object", beside: { meta: { hasNextPage: "true" } }, sign: "$.meta.hasNextPage" },
    { name: "a total", beside: { total: 50 }, sign: "$.total" },
    { name: "a total as text", beside: { meta: { totalCount: "50" } }, sign: "$.meta.totalCount" },
  ];
  it.each(lost)("rejects a response that has more, but names no way to it: $name", ({ beside, sign }) => {
    const given = auto();
    expect(() => given.next(given.start, exchangeOf(items(2, beside)))).toThrow(
      expect.objectContaining({
        code: "PAGE_INFO_MISSING",
        message: expect.stringContaining(`although ${sign} indicates more records`) as string,
      }),
    );
  });

  describe("reads an API that silently counts from 1", () => {
    const pages = [1, 1, 2, 3].map((page) => ({ items: [{ id: page }], total_pages: 3 }));
    it("without page 1 twice, and to the last page (total-pages-text)", async () => {
      const { read, urls } = reader(
        auto(),
        pages.map((body) => ({ body })),
        {
          select: ["items"],
          primaryKey: ["id"],
        },
      );
      const { records, warnings } = await warningsOf(read);
      expect(idsOf(records)).toEqual([1, 2, 3]);
      expect(urls()).toEqual(["", "?page=1", "?page=2", "?page=3"].map((query) => `/v1/rows${query}`));
      expect(warnings[1]).toContain(
        'write {"type":"page_number","base_page":1,"total_path":"$.total_pages"}',
      );
    });

    it("also without a key, and with one page only", async () => {
      const replies = [1, 1].map((id) => ({ body: { items: [{ id }], total_pages: 1 } }));
      const { read, urls } = reader(auto(), replies, { select: ["items"] });
      expect(idsOf(await read().toArray())).toEqual([1]);
      expect(urls()).toEqual(["/v1/rows"]);
    });

    it("and continues from a checkpoint in the middle", async () => {
      const { read } = reader(
        auto(),
        pages.map((body) => ({ body })),
        { select: ["items"] },
      );
      const [, second] = await pagesOf(read({ maxPages: 2 }));
      expect(second?.records).toEqual([]);
      const rest = reader(
        auto(),
        pages.slice(2).map((body) => ({ body })),
        { select: ["items"] },
      );
      expect(idsOf(await rest.read({ from: second?.checkpoint }).toArray())).toEqual([2, 3]);
    });
  });

  it("does not warn about a response without a body", () => {
    const given = auto();
    const exchange = { body: undefined, records: [], url: "http://api.test/", headers: { get: () => null } };
    const step = given.next(given.start, { ...exchange, isSecret: () => false, nameOf: () => undefined });
    expect(step).toEqual({ stop: "single_page" });
  });
});

/** A client of a resource without selector, over a `fetch` without a network. */
function reader(
  paginator: Paginator,
  replies: readonly Reply[],
  resource: Partial<ResourceShape> = {},
): { read: ReturnType<typeof open>; urls: () => string[] } {
  const { fetch, seen } = fakeFetch((_, n) => replies[n - 1] ?? { status: 418 });
  const read = open({
    url: "http://api.test/v1",
    resource: { paginator, select: [], primaryKey: [], ...resource },
    options: { fetch },
  });
  return { read, urls: () => seen.map(({ url }) => url.replace("http://api.test/v1", "")) };
}

async function warningsOf(read: ReturnType<typeof open>): Promise<{ records: Row[]; warnings: string[] }> {
  const warnings: string[] = [];
  const onEvent = (event: ReadEvent): void => {
    if (event.type === "warning") warnings.push(`${event.page}: ${event.message}`);
  };
  return { records: await read({ onEvent }).toArray(), warnings };
}

describe("detectRecords", () => {
  const page = (body: unknown): Reply => ({ body });
  const pages = pageNumber({ basePage: 1, totalPath: ["pages"] });

  it("uses the same path for all pages, and warns once (detected-once)", async () => {
    const { read, urls } = reader(detectRecords(pages), [
      page({ foo: [{ id: 1 }], pages: 2 }),
      page({ data: [{ id: 2 }], foo: [{ id: 3 }], pages: 2 }),
    ]);
    const { records, warnings } = await warningsOf(read);
    expect(idsOf(records)).toEqual([1, 3]);
    expect(urls()).toEqual(["/v1/rows?page=1", "/v1/rows?page=2"]);
    expect(warnings).toEqual([
      `1: the spec does not specify the records: they are at $.foo; write "data_selector": "$.foo", or ${advice}`,
    ]);
  });

  it("warns about records and paging together", async () => {
    const { read } = reader(detectRecords(auto()), [
      page({ data: [{ id: 1 }], next: "?p=2" }),
      page({ data: [] }),
    ]);
    const { records, warnings } = await warningsOf(read);
    expect(idsOf(records)).toEqual([1]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /data_selector.*"paginator": \{"type":"json_link","next_url_path":"\$\.next"\}/,
    );
  });

  const refusals = [
    { name: "an error", first: { data: [{ id: 1 }], next: "?p=2" }, then: { error: "overload" } },
    { name: "an error instead of the list", first: [{ id: 1 }], then: { error: "overload" } },
    { name: "an error at once", first: { error: { message: "overload" } }, then: undefined },
    {
      name: "another object",
      first: { data: [{ id: 1 }], next: "?p=2" },
      then: { busy: true },
      code: "SELECTOR_NO_MATCH",
    },
  ];
  it.each(refusals)("does not accept as records: $name", async ({ first, then, code }) => {
    const headers = { link: "<?p=2>; rel=next" };
    const { read } = reader(
      detectRecords(auto()),
      then === undefined
        ? Array.from({ length: 9 }, () => page(first))
        : [{ body: first, headers }, ...Array.from({ length: 9 }, () => page(then))],
    );
    const error = await errorOf(read().toArray());
    expect(error.code).toBe(code ?? "RESPONSE_REJECTED");
  });

  it("reads null as an empty page, first or later", async () => {
    const first = reader(detectRecords(pages), [page({ data: null, pages: 0 })]);
    expect(await first.read().toArray()).toEqual([]);
    const later = reader(detectRecords(jsonLink()), [
      page({ items: [{ id: 1 }], next: "?p=2" }),
      page({ items: null, next: "?p=3" }),
      page({ items: [{ id: 3 }] }),
    ]);
    expect(idsOf(await later.read().toArray())).toEqual([1, 3]);
  });

  it("continues from a checkpoint without detecting again", async () => {
    const bodies = [
      { a: { things: [{ id: 1 }] }, next: 2 },
      { a: { things: [{ id: 2 }] }, next: 3 },
      { a: { things: [{ id: 3 }] }, data: [{ id: 9 }] },
    ];
    const paginator = detectRecords(auto());
    const { read } = reader(paginator, bodies.map(page));
    const [, second] = await pagesOf(read({ maxPages: 2 }));
    const from = JSON.parse(JSON.stringify(second?.checkpoint)) as Checkpoint;
    expect(from.position).toEqual({
      path: ["a", "things"],
      at: { type: "cursor", options: { cursorPath: ["next"] }, at: { cursor: 3 } },
    });
    const rest = reader(paginator, bodies.slice(2).map(page));
    expect(idsOf(await rest.read({ from }).toArray())).toEqual([3]);
    expect(rest.urls()).toEqual(["/v1/rows?cursor=3"]);
  });

  it("waits for a body", async () => {
    const { read } = reader(detectRecords(cursor({ cursorPath: ["next"] })), [{ status: 204 }]);
    const { records, warnings } = await warningsOf(read);
    expect({ records, warnings }).toEqual({ records: [], warnings: [] });
  });
});

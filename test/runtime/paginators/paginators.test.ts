import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  auto,
  cursor,
  detectRecords,
  headerCursor,
  headerLink,
  isConnectorError,
  jsonLink,
  offset,
  pageNumber,
  singlePage,
  type ReadEvent,
} from "../../../runtime/src/index.js";
import type { Paginator } from "../../../runtime/src/plugin.js";
import { fakeFetch, open } from "../fixtures.js";
import { items, walk, type Case, type TextCase } from "../walk.js";

const contradictions: readonly Case[] = [
  {
    name: "an empty page before the total",
    given: offset({ limit: 2 }),
    bodies: [items(2, { total: 5 }), items(0, { total: 5 })],
    asks: [0, 2],
    end: "TRUNCATED",
  },
  {
    name: "an empty page before the total of pages",
    given: pageNumber({ basePage: 1 }),
    bodies: [items(2, { total: 5 }), items(0, { total: 5 })],
    asks: [1, 2],
    end: "TRUNCATED",
  },
  {
    name: "an empty page before a total that it does not repeat",
    given: offset({ limit: 2 }),
    bodies: [items(2, { total: 5 }), items(0)],
    asks: [0, 2],
    end: "TRUNCATED",
  },
  {
    name: "an empty page with a flag that is true",
    given: offset({ limit: 2, totalPath: null, hasMorePath: ["more"] }),
    bodies: [items(2, { more: true }), items(0, { more: true })],
    asks: [0, 2],
    end: "TRUNCATED",
  },
  {
    name: "an empty page with a flag that is yes",
    given: offset({ limit: 2, totalPath: null, hasMorePath: ["more"] }),
    bodies: [items(2, { more: "yes" }), items(0, { more: "yes" })],
    asks: [0, 2],
    end: "TRUNCATED",
  },
];

describe("an empty page that contradicts the response", () => {
  it.each(contradictions)("is truncation: $name", ({ given, bodies, asks, end }) => {
    const walked = walk(given, bodies);
    expect(walked.end).toBe(end);
    expect(walked.asked).toHaveLength(asks.length);
  });
});

describe("single_page", () => {
  it("sends one request, regardless of the response (ignores-next)", () => {
    const walked = walk(singlePage(), [items(2, { next: "/items?p=2", total: 9, has_more: true })]);
    expect(walked).toMatchObject({ asked: [""], end: "single_page" });
    expect(walked.warnings).toEqual([expect.stringContaining("only this page is read")]);
  });
});

describe("booleans", () => {
  const words = [
    ...[true, "true", "TRUE", "yes", "Yes", "t", "y", "1"].map((given) => ({
      given,
      end: "maximum_reached",
    })),
    ...[false, "false", "False", "no", "NO", "f", "n", "0"].map((given) => ({
      given,
      end: "has_more_false",
    })),
    ...[0, 1, "", "on", {}, [], "true "].map((given) => ({ given, end: "PAGE_INFO_INVALID" })),
    { given: null, end: "PAGE_INFO_MISSING" },
  ];
  it.each(words)("has_more $given: $end", ({ given, end }) => {
    const paginator = offset({ limit: 1, totalPath: null, hasMorePath: ["more"], maximumOffset: 3 });
    expect(walk(paginator, [items(1, { more: given })]).end).toBe(end);
  });
});

describe("values that go into the body", () => {
  const rows: readonly TextCase[] = [
    {
      name: "offset, the limit in the query (offset-body-limit-query)",
      given: offset({ limit: 2, offsetBodyPath: "from" }),
      bodies: [items(2, { total: 3 }), items(1, { total: 3 })],
      asks: ['limit=2 {"from":0}', 'limit=2 {"from":2}'],
      end: "total_reached",
    },
    {
      name: "limit, the offset in the query",
      given: offset({ limit: 2, limitBodyPath: "page.size" }),
      bodies: [items(1, { total: 1 })],
      asks: ['offset=0 {"page.size":2}'],
      end: "total_reached",
    },
    {
      name: "page number and limit (page-body-path-nested)",
      given: pageNumber({ pageBodyPath: "opts.page", limit: 5, limitBodyPath: "opts.size", totalPath: null }),
      bodies: [items(1), items(0)],
      asks: ['{"opts.page":0,"opts.size":5}', '{"opts.page":1,"opts.size":5}'],
      end: "empty_page",
    },
    {
      name: "null means the default",
      given: pageNumber({ pageParam: null, pageBodyPath: null, page: null, limit: 5, limitParam: null }),
      bodies: [items(1, { total: 1 })],
      asks: ["page=0&limit=5"],
      end: "total_reached",
    },
  ];
  it.each(rows)("$name", ({ given, bodies, asks, end }) => {
    expect(walk(given, bodies)).toEqual({ asked: asks, end, warnings: [] });
  });
});

describe("tokens and links, for any response", () => {
  const paginators: Readonly<Record<string, () => Paginator>> = {
    cursor: () => cursor({ cursorPath: ["next"] }),
    "cursor with a flag": () => cursor({ cursorPath: ["next"], hasMorePath: ["more"] }),
    header_cursor: () => headerCursor(),
    json_link: () => jsonLink(),
    header_link: () => headerLink(),
    auto: () => detectRecords(auto()),
  };
  const word = fc.constantFrom(
    "a",
    "b",
    "c",
    "",
    "null",
    "/p2",
    "?p=3",
    "http://[",
    "//x@y",
    "/p?k=s3cr",
    "ftp:z",
  );
  const odd = fc.oneof(
    word,
    fc.integer({ min: -1, max: 3 }),
    fc.constantFrom(null, true, false, [], {}, [1], { href: "/p9" }),
  );
  const answer = fc.record(
    { next: odd, more: fc.constantFrom(true, false, "yes", 1, null), total_pages: odd, header: word },
    { requiredKeys: [] },
  );

  it.each(Object.entries(paginators))("%s ends with a reason or a ConnectorError", async (_, make) => {
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 6 }), async (answers) => {
        const { fetch, seen } = fakeFetch((_request, n) => {
          const { header = "", ...body } = answers[n % answers.length] ?? {};
          const headers = { next: header, link: `<${header}>; rel=next` };
          return { headers, body: { ...body, items: [{ id: n }] } };
        });
        const ends: string[] = [];
        const read = open({
          url: "http://api.test",
          resource: { paginator: make(), primaryKey: [] },
          options: { fetch, retry: { backoffMs: 0 } },
        });
        const onEvent = (event: ReadEvent): void => {
          if (event.type === "complete") ends.push(event.reason);
          if (event.type === "error" && isConnectorError(event.error)) ends.push(event.error.code);
        };
        await read({ onEvent })
          .toArray()
          .catch(() => []);
        expect(ends).toHaveLength(1);
        // Every value once, with one page in flight.
        expect(seen.length).toBeLessThanOrEqual(20);
      }),
      { numRuns: 100 },
    );
  });
});

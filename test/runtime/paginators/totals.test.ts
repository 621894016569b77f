import { describe, expect, it } from "vitest";
import { parallelOffset, parallelPageNumber, type ReadEvent } from "../../../runtime/src/index.js";
import type { Paginator } from "../../../runtime/src/plugin.js";
import { idsOf, open, rows, span } from "../fixtures.js";
import { answer, jsonType, serve } from "../server.js";

/** An API of 25 records in pages of 10, by offset or by page number from 1; with its metadata. */
interface Api {
  readonly name: string;
  readonly given: Paginator;
  /** Returns the metadata of a page, by its index from 0 and the number of its records. */
  readonly tell: (index: number, count: number) => { readonly body?: object; readonly headers?: object };
  readonly records?: number;
  /** The numbers of the records that are read. */
  readonly want: readonly number[];
  readonly end: string;
  readonly requests: number;
}

const size = 10;
const all = span(1, 25);

async function readAll({ given, tell, records = 25 }: Api): Promise<{
  want: number[];
  end: string;
  requests: number;
}> {
  const server = await serve(({ query }, response) => {
    const page = Number(query.get("page") ?? 1) - 1;
    const start = query.has("offset") ? Number(query.get("offset")) : page * size;
    const items = rows(records).slice(start, start + size);
    const { body = {}, headers = {} } = tell(start / size, items.length);
    answer(response, 200, { body: JSON.stringify({ items, ...body }), headers: { ...jsonType, ...headers } });
  });
  let end = "none";
  const onEvent = (event: ReadEvent): void => {
    if (event.type === "complete") end = event.reason;
    if (event.type === "error") end = event.error.code;
  };
  const want: number[] = [];
  const read = open({
    url: server.url,
    resource: { paginator: given, primaryKey: [] },
    // One page at a time: the requests are those of the paginator alone.
    options: { onEvent, concurrency: 1 },
  });
  try {
    for await (const page of read().pages()) want.push(...idsOf(page.records));
  } catch (error) {
    if (end === "none") throw error;
  }
  return { want, end, requests: server.seen.length };
}

const total = (value: unknown): { readonly body: object } => ({ body: { total: value } });
const byOffset = (options: object = {}): Paginator => parallelOffset({ limit: size, ...options });
const byPage = (options: object = {}): Paginator => parallelPageNumber({ basePage: 1, ...options });

const ignored: readonly Api[] = [
  ...[-1, 0, 3, 9, "0", "-1"].map((value) => ({
    name: `by offset, a total of ${JSON.stringify(value)}`,
    given: byOffset(),
    tell: () => total(value),
    want: all,
    end: "empty_page",
    requests: 4,
  })),
  {
    name: "by offset, the size of each page",
    given: byOffset(),
    tell: (_, count) => total(count),
    want: all,
    end: "empty_page",
    requests: 4,
  },
  {
    name: "by offset, always the size of the first page",
    given: byOffset(),
    tell: () => total(size),
    want: all,
    end: "empty_page",
    requests: 4,
  },
  {
    name: "by offset, a total that turns out to be too small",
    given: byOffset(),
    tell: () => total(24),
    want: all,
    end: "empty_page",
    requests: 4,
  },
  ...[-1, 0, "0"].map((value) => ({
    name: `by page number, a total of ${JSON.stringify(value)}`,
    given: byPage(),
    tell: () => total(value),
    want: all,
    end: "empty_page",
    requests: 4,
  })),
  {
    name: "by page number, the size of each page",
    given: byPage(),
    tell: (_, count) => total(count),
    want: all,
    end: "empty_page",
    requests: 4,
  },
  {
    name: "by page number, the size of each page where that is as large as the number of pages",
    given: byPage({ limit: size }),
    tell: (_, count) => total(count),
    records: 100,
    want: span(1, 100),
    end: "empty_page",
    requests: 11,
  },
  {
    name: "by page number, the number of records",
    given: byPage(),
    tell: () => total(25),
    want: all,
    end: "empty_page",
    requests: 4,
  },
  {
    name: "by page number after the first page, the number of records",
    given: byPage({ page: 2 }),
    tell: () => total(25),
    want: span(11, 25),
    end: "empty_page",
    requests: 3,
  },
];

const refused: readonly Api[] = [
  ...[-1, 0, 3].map((value) => ({
    name: `by offset, a total of ${value}`,
    given: byOffset({ totalPath: ["total"] }),
    tell: () => total(value),
    want: [],
    end: "PAGE_INFO_INVALID",
    requests: 1,
  })),
  {
    name: "by offset, the size of the page",
    given: byOffset({ totalPath: ["total"] }),
    tell: (_, count) => total(count),
    want: span(1, 10),
    end: "PAGE_INFO_INVALID",
    requests: 2,
  },
  {
    name: "by offset, a total in a header that is too small",
    given: byOffset({ totalHeader: "X-Total" }),
    tell: () => ({ headers: { "x-total": "24" } }),
    want: span(1, 20),
    end: "PAGE_INFO_INVALID",
    requests: 3,
  },
  {
    name: "by page number, a total of 0",
    given: byPage({ totalPath: ["total"] }),
    tell: () => total(0),
    want: [],
    end: "PAGE_INFO_INVALID",
    requests: 1,
  },
  {
    name: "by page number, a total of records that is too small",
    given: byPage({ totalPath: ["total"], totalOf: "records" }),
    tell: () => total(9),
    want: [],
    end: "PAGE_INFO_INVALID",
    requests: 1,
  },
  {
    name: "by page number, a page beyond the total",
    given: byPage({ totalPath: ["total"], page: 3 }),
    tell: () => total(2),
    want: [],
    end: "PAGE_INFO_INVALID",
    requests: 1,
  },
  {
    name: "by page number, a total of records with pages missing",
    given: byPage({ totalPath: ["total"], totalOf: "records" }),
    tell: () => total(31),
    want: all,
    end: "TRUNCATED",
    requests: 5,
  },
  {
    name: "by offset, a header that is missing",
    given: byOffset({ totalHeader: "X-Total" }),
    tell: () => ({}),
    want: [],
    end: "PAGE_INFO_MISSING",
    requests: 1,
  },
  {
    name: "by offset, a header without a number",
    given: byOffset({ totalHeader: "X-Total" }),
    tell: () => ({ headers: { "x-total": "many" } }),
    want: [],
    end: "PAGE_INFO_INVALID",
    requests: 1,
  },
];

const believed: readonly Api[] = [
  {
    name: "by page number, a named number of records",
    given: byPage({ totalPath: ["total"], totalOf: "records" }),
    tell: () => total(25),
    want: all,
    end: "total_reached",
    requests: 3,
  },
  {
    name: "by page number after the first page, a named number of records",
    given: byPage({ totalPath: ["total"], totalOf: "records", page: 2, limit: size }),
    tell: () => total(30),
    records: 30,
    want: span(11, 30),
    end: "total_reached",
    requests: 2,
  },
  {
    name: "by offset, a named number of pages",
    given: byOffset({ totalPath: ["pages"], totalOf: "pages" }),
    tell: () => ({ body: { pages: 3 } }),
    want: all,
    end: "total_reached",
    requests: 3,
  },
  {
    name: "by offset, a header with the number of records",
    given: byOffset({ totalHeader: "X-Total" }),
    tell: () => ({ headers: { "x-total": "25" } }),
    want: all,
    end: "total_reached",
    requests: 3,
  },
  {
    name: "by offset, the total of a range",
    given: byOffset({ totalHeader: "Content-Range" }),
    tell: () => ({ headers: { "content-range": `items 0-9/25` } }),
    want: all,
    end: "total_reached",
    requests: 3,
  },
  {
    name: "by page number, a header with the number of pages",
    given: byPage({ totalHeader: "X-Pages" }),
    tell: () => ({ headers: { "x-pages": "3" } }),
    want: all,
    end: "total_reached",
    requests: 3,
  },
  {
    name: "by page number, a header with the number of records",
    given: byPage({ totalHeader: "x-total", totalOf: "records" }),
    tell: () => ({ headers: { "x-total": "25" } }),
    want: all,
    end: "total_reached",
    requests: 3,
  },
  {
    name: "by offset, as many records as the limit: confirmed by an empty page",
    given: byOffset(),
    tell: () => total(10),
    records: 10,
    want: span(1, 10),
    end: "empty_page",
    requests: 2,
  },
  {
    name: "by offset, fewer records than the limit: no further request",
    given: byOffset(),
    tell: () => total(9),
    records: 9,
    want: span(1, 9),
    end: "total_reached",
    requests: 1,
  },
  {
    name: "by offset, no records",
    given: byOffset({ totalPath: ["total"] }),
    tell: () => total(0),
    records: 0,
    want: [],
    end: "empty_page",
    requests: 1,
  },
];

describe("a total that nobody named and the pages contradict is ignored", () => {
  it.each(ignored)("$name", async (api) => {
    const { want, end, requests } = api;
    expect(await readAll(api)).toEqual({ want, end, requests });
  });
});

describe("a named total that the pages contradict is an error", () => {
  it.each(refused)("$name", async (api) => {
    const { want, end, requests } = api;
    expect(await readAll(api)).toEqual({ want, end, requests });
  });
});

describe("a total that is right ends the read", () => {
  it.each(believed)("$name", async (api) => {
    const { want, end, requests } = api;
    expect(await readAll(api)).toEqual({ want, end, requests });
  });
});

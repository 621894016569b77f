import { describe, expect, it } from "vitest";
import type { Page, ReadEvent } from "../../../runtime/src/index.js";
import { errorOf, idsOf, open, pagesOf, paginatorOf, rows, span, styles, type Row } from "../fixtures.js";
import { gone, openApi } from "../paginators/paged-api.js";
import { answer, answerJson, serve } from "../server.js";

describe("a stream", () => {
  it("asks nothing until it is iterated", async () => {
    const { server, read } = await openApi();
    const stream = read();
    const pages = stream.pages();
    stream[Symbol.asyncIterator]();
    pages[Symbol.asyncIterator]();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(server.seen).toHaveLength(0);
  });

  it("starts afresh with every iteration", async () => {
    const { server, read } = await openApi();
    const stream = read();
    for (let round = 1; round <= 2; round++) {
      expect(idsOf(await stream.toArray())).toEqual(span(1, 45));
      const ids: number[] = [];
      for await (const { id } of stream) ids.push(id);
      expect(ids).toEqual(span(1, 45));
      expect(server.seen).toHaveLength(10 * round);
    }
    const pages = stream.pages();
    for (let round = 1; round <= 2; round++) {
      const numbers: number[] = [];
      for await (const { number } of pages) numbers.push(number);
      expect(numbers).toEqual([1, 2, 3, 4, 5]);
    }
  });

  it("returns records unchanged", async () => {
    const server = await serve((_, response) =>
      answer(response, 200, {
        body: '{"items":[{"id":1,"Odd Name":null,"nested":{"a":[1,"2",false]},"__proto__":{"x":1}}]}',
      }),
    );
    const records = await open({ url: server.url, resource: { paginator: paginatorOf("offset", 5) } })({
      maxPages: 1,
    }).toArray();
    expect(JSON.stringify(records)).toBe(
      '[{"id":1,"Odd Name":null,"nested":{"a":[1,"2",false]},"__proto__":{"x":1}}]',
    );
  });

  it.each(styles)("gives pages with number, URL, records and checkpoint: %s", async (style) => {
    const { server, read } = await openApi({ style }, { resource: { paginator: paginatorOf(style, 10) } });
    const pages = await pagesOf(read());
    expect(pages.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    expect(pages.map(({ url }) => url)).toEqual(server.seen.map(({ url }) => server.url + url));
    expect(pages.map(({ records }) => idsOf(records))).toEqual(
      [1, 11, 21, 31, 41].map((first) => span(first, Math.min(first + 9, 45))),
    );
    for (const { checkpoint, number } of pages) {
      expect(checkpoint).toMatchObject({ source: "shop", resource: "rows", page: number });
      expect(checkpoint.position === null).toBe(number === 5);
    }
  });

  it("yields an empty last page too, so that its checkpoint is not lost", async () => {
    const { read } = await openApi({ records: 20, envelope: "none" });
    const pages = await pagesOf(read());
    expect(pages.map(({ records, checkpoint }) => [records.length, checkpoint.position === null])).toEqual([
      [10, false],
      [10, false],
      [0, true],
    ]);
  });

  it("of nothing has one empty page and no records", async () => {
    const { read } = await openApi({ records: 0 });
    expect(await read().toArray()).toEqual([]);
    expect(await read().first()).toBeUndefined();
    expect(await pagesOf(read())).toMatchObject([
      { number: 1, records: [], checkpoint: { page: 1, position: null } },
    ]);
  });

  it("passes over empty pages on the way to a record", async () => {
    const server = await serve(({ query }, response) => {
      const page = Number(query.get("page"));
      answerJson(response, { items: page === 4 ? rows(1) : [], total: 5 });
    });
    const paginator = paginatorOf("page_number", 10, { stopAfterEmptyPage: false });
    const read = open({ url: server.url, resource: { paginator } });
    expect(await read().first()).toEqual(rows(1)[0]);
    expect(server.seen).toHaveLength(4);
    expect(await read().toArray()).toEqual(rows(1));
  });
});

describe("toArray, first and maxPages", () => {
  it("first reads one page and nothing ahead", async () => {
    const { server, read } = await openApi();
    expect(await read().first()).toEqual(rows(1)[0]);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(server.seen).toHaveLength(1);
  });

  const maxima = [
    { max: 0, requests: 0, want: 0 },
    { max: 1, requests: 2, want: 1 },
    { max: 10, requests: 2, want: 10 },
    { max: 11, requests: 3, want: 11 },
    { max: 45, requests: 5, want: 45 },
    { max: 99, requests: 5, want: 45 },
    { max: Infinity, requests: 5, want: 45 },
  ];
  it.each(maxima)("toArray({ max: $max }) gives $want records", async ({ max, requests, want }) => {
    const { server, read } = await openApi();
    expect(idsOf(await read().toArray({ max }))).toEqual(span(1, want));
    expect(server.seen.length).toBeLessThanOrEqual(requests);
  });

  const options = [
    { given: { max: -1 }, says: "`max` must be a whole number, not -1" },
    { given: { max: NaN }, says: "`max` must be a whole number, not NaN" },
    { given: { max: 1.5 }, says: "`max` must be a whole number, not 1.5" },
    { given: { max: "5" }, says: "`max` must be a whole number, not a value of type string" },
    { given: { max: null }, says: "`max` must be a whole number, not null" },
    { given: { maxx: 5 }, says: "unknown option `maxx`; did you mean `max`?" },
    { given: { limit: 5 }, says: "unknown option `limit`" },
    { given: { max: undefined }, says: undefined },
    { given: undefined, says: undefined },
    { given: null, says: undefined },
  ];
  it.each(options)("toArray($given): $says", async ({ given, says }) => {
    const { server, read } = await openApi();
    const end = read().toArray(given as never);
    if (says === undefined) expect(await end).toHaveLength(45);
    else {
      const error = await errorOf(end);
      expect([error.code, error.message]).toEqual(["INVALID_OPTIONS", `shop.rows: ${says}`]);
      expect(server.seen).toEqual([]);
    }
  });

  const limits = [
    { maxPages: 1, want: 10, position: { at: 2 }, reason: "max_pages" },
    { maxPages: 2, want: 20, position: { at: 3 }, reason: "max_pages" },
    { maxPages: 5, want: 45, position: null, reason: "total_reached" },
    { maxPages: 6, want: 45, position: null, reason: "total_reached" },
  ];
  it.each(limits)(
    "maxPages $maxPages ends after $want records, without an error",
    async ({ maxPages, want, position, reason }) => {
      const events: ReadEvent[] = [];
      const { server, read } = await openApi(
        {},
        { options: { onEvent: (event: ReadEvent) => events.push(event) } },
      );
      const pages = await pagesOf(read({ maxPages }));
      expect(pages.flatMap(({ records }) => idsOf(records))).toEqual(span(1, want));
      expect(pages.at(-1)?.checkpoint.position).toEqual(position && expect.objectContaining(position));
      expect(events.at(-1)).toMatchObject({
        type: "complete",
        reason,
        records: want,
        page: Math.min(maxPages, 5),
      });
      expect(server.seen).toHaveLength(Math.min(maxPages, 5));
    },
  );
});

describe("an iterator of records by hand", () => {
  it("processes overlapping calls in order", async () => {
    const { read } = await openApi();
    const iterator = read()[Symbol.asyncIterator]();
    const results = await Promise.all(Array.from({ length: 50 }, () => iterator.next()));
    expect(results.slice(0, 45).map(({ value }) => (value as Row).id)).toEqual(span(1, 45));
    expect(results.slice(45)).toEqual(Array(5).fill({ done: true, value: undefined }));
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it("completes all of them after an error", async () => {
    const { read } = await openApi({ faults: { 2: [gone] } });
    const iterator = read()[Symbol.asyncIterator]();
    const results = await Promise.allSettled(Array.from({ length: 25 }, () => iterator.next()));
    expect(results.slice(0, 20).every(({ status }) => status === "fulfilled")).toBe(true);
    expect(results[20]).toMatchObject({ status: "rejected", reason: { status: 404 } });
    for (const result of results.slice(21)) expect(result).not.toMatchObject({ value: { done: false } });
  });

  it("ends after return(), even in the middle of a page", async () => {
    const { read } = await openApi();
    const iterator = read()[Symbol.asyncIterator]();
    await iterator.next();
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it("is over after a return() that did not wait for next()", async () => {
    const { read } = await openApi();
    const iterator = read()[Symbol.asyncIterator]();
    const [first, end] = await Promise.all([iterator.next(), iterator.return?.()]);
    expect(first).toMatchObject({ done: false, value: { id: 1 } });
    expect(end).toEqual({ done: true, value: undefined });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it("is over after a return() before anything, and asks nothing", async () => {
    const { server, read } = await openApi();
    const iterator = read()[Symbol.asyncIterator]();
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(server.seen).toHaveLength(0);
  });

  it("never reports its end after an error", async () => {
    const { read } = await openApi({ faults: { 0: [gone] } });
    const iterator = read()[Symbol.asyncIterator]();
    await expect(iterator.next()).rejects.toMatchObject({ status: 404 });
    expect(await iterator.next().catch(() => "error again")).not.toMatchObject({ done: false });
  });
});

describe("pages() of two iterations at once", () => {
  it("do not disturb each other", async () => {
    const { read } = await openApi();
    const stream = read();
    const collect = async (): Promise<Page<Row>[]> => pagesOf(stream);
    const [one, two] = await Promise.all([collect(), collect()]);
    expect(one).toEqual(two);
    expect(one.flatMap(({ records }) => idsOf(records))).toEqual(span(1, 45));
  });
});

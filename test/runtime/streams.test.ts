import { describe, expect, it } from "vitest";
import type { Page, ReadEvent } from "../../runtime/src/index.js";
import { errorOf, idsOf, open, pagesOf, paginatorOf, rows, span, styles, type Row, type Setup } from "./fixtures.js";
import { paging, type Fault, type Paging } from "./faults.js";
import { answer, serve, until, type TestServer } from "./server.js";

const api: Paging = { style: "page_number", records: 45, size: 10 };

async function openApi(
  given: Partial<Paging> = {},
  setup: Partial<Setup> = {},
): Promise<{ server: TestServer; read: ReturnType<typeof open> }> {
  const server = await serve(paging({ ...api, ...given }));
  return { server, read: open({ url: server.url, ...setup }) };
}

/** Fails for good. */
const gone: Fault = (response) => answer(response, 404);

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

  it("gives records as they are on the wire", async () => {
    const server = await serve((_, response) =>
      answer(response, 200, '{"items":[{"id":1,"Odd Name":null,"nested":{"a":[1,"2",false]},"__proto__":{"x":1}}]}'),
    );
    const records = await open({ url: server.url, resource: { paginator: paginatorOf("offset", 5) } })({ maxPages: 1 }).toArray();
    expect(JSON.stringify(records)).toBe('[{"id":1,"Odd Name":null,"nested":{"a":[1,"2",false]},"__proto__":{"x":1}}]');
  });

  it.each(styles)("gives pages with number, URL, records and checkpoint: %s", async (style) => {
    const { server, read } = await openApi({ style }, { resource: { paginator: paginatorOf(style, 10) } });
    const pages = await pagesOf(read());
    expect(pages.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    expect(pages.map(({ url }) => url)).toEqual(server.seen.map(({ url }) => server.url + url));
    expect(pages.map(({ records }) => idsOf(records))).toEqual([1, 11, 21, 31, 41].map((first) => span(first, Math.min(first + 9, 45))));
    for (const { checkpoint, number } of pages) {
      expect(checkpoint).toMatchObject({ source: "shop", resource: "rows", spec: "spec-1", page: number });
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
    expect(await pagesOf(read())).toMatchObject([{ number: 1, records: [], checkpoint: { page: 1, position: null } }]);
  });

  it("passes over empty pages on the way to a record", async () => {
    const server = await serve(({ query }, response) => {
      const page = Number(query.get("page"));
      answer(response, 200, JSON.stringify({ items: page === 4 ? rows(1) : [], total: 5 }));
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
    { max: -1, requests: 0, want: 0 },
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

  const limits = [
    { maxPages: 1, want: 10, position: { at: 2 }, reason: "max_pages" },
    { maxPages: 2, want: 20, position: { at: 3 }, reason: "max_pages" },
    { maxPages: 5, want: 45, position: null, reason: "total_reached" },
    { maxPages: 6, want: 45, position: null, reason: "total_reached" },
  ];
  it.each(limits)("maxPages $maxPages ends after $want records, without an error", async ({ maxPages, want, position, reason }) => {
    const events: ReadEvent[] = [];
    const { server, read } = await openApi({}, { options: { onEvent: (event: ReadEvent) => events.push(event) } });
    const pages = await pagesOf(read({ maxPages }));
    expect(pages.flatMap(({ records }) => idsOf(records))).toEqual(span(1, want));
    expect(pages.at(-1)?.checkpoint.position).toEqual(position && expect.objectContaining(position));
    expect(events.at(-1)).toMatchObject({ type: "complete", reason, records: want, page: Math.min(maxPages, 5) });
    expect(server.seen).toHaveLength(Math.min(maxPages, 5));
  });
});

describe("an iterator of records by hand", () => {
  it("answers calls that do not wait for each other, in order", async () => {
    const { read } = await openApi();
    const iterator = read()[Symbol.asyncIterator]();
    const results = await Promise.all(Array.from({ length: 50 }, () => iterator.next()));
    expect(results.slice(0, 45).map(({ value }) => (value as Row).id)).toEqual(span(1, 45));
    expect(results.slice(45)).toEqual(Array(5).fill({ done: true, value: undefined }));
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it("answers them across an error: all of them", async () => {
    const { read } = await openApi({ faults: { 2: [gone] } });
    const iterator = read()[Symbol.asyncIterator]();
    const results = await Promise.allSettled(Array.from({ length: 25 }, () => iterator.next()));
    expect(results.slice(0, 20).every(({ status }) => status === "fulfilled")).toBe(true);
    expect(results[20]).toMatchObject({ status: "rejected", reason: { status: 404 } });
    for (const result of results.slice(21)) expect(result).not.toMatchObject({ value: { done: false } });
  });

  it("is over after return(), whatever was left of the page", async () => {
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

  it("never says that it is done after an error", async () => {
    const { read } = await openApi({ faults: { 0: [gone] } });
    const iterator = read()[Symbol.asyncIterator]();
    await expect(iterator.next()).rejects.toMatchObject({ status: 404 });
    expect(await iterator.next().catch(() => "error again")).not.toMatchObject({ done: false });
  });
});

describe("reading ahead", () => {
  const depths = [
    { name: "one page by default", client: {}, read: {}, want: [2, 3, 4, 5, 5] },
    { name: "one page with concurrency 2", client: {}, read: { concurrency: 2 }, want: [2, 3, 4, 5, 5] },
    { name: "nothing with concurrency 1", client: {}, read: { concurrency: 1 }, want: [1, 2, 3, 4, 5] },
    { name: "what the client says", client: { concurrency: 1 }, read: {}, want: [1, 2, 3, 4, 5] },
    { name: "what the read says before", client: { concurrency: 1 }, read: { concurrency: 2 }, want: [2, 3, 4, 5, 5] },
  ];
  it.each(depths)("is $name", async ({ client, read, want }) => {
    const { server, read: openRead } = await openApi({}, { options: client });
    for await (const { number } of openRead(read).pages()) {
      const requests = want[number - 1] ?? 0;
      await until(() => server.seen.length >= requests, `request ${requests}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(server.seen).toHaveLength(requests);
    }
  });

  it("stops when the consumer breaks off: one page more at most, and its request is given up", async () => {
    const silent: Fault = () => undefined;
    const { server, read } = await openApi({ faults: { 2: [silent] } });
    const got: number[] = [];
    for await (const { records, number } of read().pages()) {
      got.push(...idsOf(records));
      if (number < 2) continue;
      await until(() => server.seen.length === 3, "the page ahead");
      break;
    }
    expect(got).toEqual(span(1, 20));
    await until(() => server.seen[2]?.isAborted === true, "the request given up");
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(server.seen).toHaveLength(3);
  });

  it("stops when the consumer throws", async () => {
    const { server, read } = await openApi();
    const reading = (async () => {
      for await (const { id } of read()) if (id === 3) throw new Error("mine");
    })();
    await expect(reading).rejects.toThrow("mine");
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(server.seen.length).toBeLessThanOrEqual(2);
  });

  it("that fails is told when the consumer gets there, after every record before", async () => {
    const { server, read } = await openApi({ faults: { 2: [gone] } });
    const got: number[] = [];
    const told: unknown[] = [];
    const unhandled = (reason: unknown): void => void told.push(reason);
    process.on("unhandledRejection", unhandled);
    const reading = (async () => {
      for await (const { id } of read()) {
        got.push(id);
        if (id === 11) {
          await until(() => server.seen.length === 3, "the page ahead");
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    })();
    expect(await errorOf(reading)).toMatchObject({ status: 404, page: 3 });
    process.off("unhandledRejection", unhandled);
    expect(got).toEqual(span(1, 20));
    expect(told).toEqual([]);
  });

  it("that fails is never told when the consumer does not get there", async () => {
    const { server, read } = await openApi({ faults: { 1: [gone] } });
    const told: unknown[] = [];
    const unhandled = (reason: unknown): void => void told.push(reason);
    process.on("unhandledRejection", unhandled);
    for await (const page of read().pages()) {
      expect(page.number).toBe(1);
      await until(() => server.seen.length === 2, "the page ahead");
      await new Promise((resolve) => setTimeout(resolve, 50));
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off("unhandledRejection", unhandled);
    expect(told).toEqual([]);
  });

  it("overlaps with the consumer's work", async () => {
    const slow = paging(api);
    const server = await serve((request, response) => void setTimeout(() => slow(request, response), 60));
    const time = async (concurrency: number): Promise<number> => {
      const start = performance.now();
      for await (const _ of open({ url: server.url })({ concurrency }).pages()) await new Promise((resolve) => setTimeout(resolve, 60));
      return performance.now() - start;
    };
    const [alone, ahead] = [await time(1), await time(2)];
    // 5 × (60 + 60) ms beside 60 + 5 × 60 ms.
    expect(alone).toBeGreaterThanOrEqual(595);
    expect(ahead).toBeLessThan(alone * 0.85);
  });
});

describe("events", () => {
  it("tell a read from the first request to the end, in order", async () => {
    const events: ReadEvent[] = [];
    const mine: ReadEvent[] = [];
    const busy: Fault = (response) => answer(response, 503);
    const { server, read } = await openApi({ records: 15, faults: { 1: [busy] } }, { options: { concurrency: 1, onEvent: (event: ReadEvent) => events.push(event) } });
    await read({ onEvent: (event) => mine.push(event) }).toArray();
    const at = { source: "shop", resource: "rows" };
    const [one, two] = [`${server.url}/v1/rows?page=1&limit=10`, `${server.url}/v1/rows?page=2&limit=10`];
    expect(events).toEqual([
      { ...at, type: "request", page: 1, method: "GET", url: one, attempt: 1 },
      { ...at, type: "page", page: 1, url: one, records: 10 },
      { ...at, type: "request", page: 2, method: "GET", url: two, attempt: 1 },
      { ...at, type: "retry", page: 2, attempt: 1, delay: expect.any(Number) as number, code: "HTTP_STATUS", message: "503 Service Unavailable" },
      { ...at, type: "request", page: 2, method: "GET", url: two, attempt: 2 },
      { ...at, type: "page", page: 2, url: two, records: 5 },
      { ...at, type: "complete", page: 2, reason: "total_reached", records: 15 },
    ]);
    expect(mine).toEqual(events);
  });

  it("end with the error, which the logger is told as well", async () => {
    const events: ReadEvent[] = [];
    const lines: string[] = [];
    const log = (level: string) => (line: string) => void lines.push(`${level} ${line}`);
    const { read } = await openApi(
      { faults: { 1: Array<Fault>(9).fill((response) => answer(response, 500)) } },
      { options: { onEvent: (event: ReadEvent) => events.push(event), logger: { warn: log("warn"), error: log("error") }, retry: { maxRetries: 1 } } },
    );
    const error = await errorOf(read().toArray());
    expect(events.at(-1)).toEqual({ source: "shop", resource: "rows", type: "error", page: 2, error });
    expect(lines).toEqual([
      expect.stringMatching(/^warn shop\.rows page 2: 500 Internal Server Error; attempt 2 in \d+\.\d s$/),
      `error ${error.message}`,
    ]);
  });

  it.each([{ concurrency: 1 }, { concurrency: 2 }])("that throw end the read with what they throw: %o", async (options) => {
    const { read } = await openApi({}, { options });
    const mine = new Error("mine");
    const onEvent = ({ type, page }: ReadEvent): void => {
      if (type === "page" && page === 2) throw mine;
    };
    await expect(read({ onEvent }).toArray()).rejects.toBe(mine);
  });

  it("warn of what looks wrong but is no error", async () => {
    const events: ReadEvent[] = [];
    const lines: string[] = [];
    const server = await serve((_, response) => answer(response, 200, JSON.stringify({ items: rows(3), total: 7 })));
    const read = open({
      url: server.url,
      resource: { paginator: paginatorOf("offset", 10) },
      options: { onEvent: (event: ReadEvent) => events.push(event), logger: { warn: (line) => lines.push(line), error: (line) => lines.push(line) } },
    });
    expect(await read().toArray()).toHaveLength(3);
    expect(events.filter(({ type }) => type === "warning")).toMatchObject([{ page: 1, message: expect.stringContaining("4 records") as string }]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("shop.rows page 1: 4 records");
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

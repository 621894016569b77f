import { describe, expect, it } from "vitest";
import {
  cursor,
  nextRequest,
  pageNumber,
  parallelOffset,
  parallelPageNumber,
  pathParams,
  rateLimit,
  type ClientOptions,
  type ReadOptions,
} from "../../../runtime/src/index.js";
import { errorOf, fakeFetch, idsOf, pagesOf, rows, span } from "../fixtures.js";
import { until } from "../server.js";
import { byNumber, named, openApi, size, type Api } from "./parallel-api.js";

describe("how many pages are in flight", () => {
  const unnamed = parallelPageNumber({ basePage: 1, limit: size });
  const endless = parallelPageNumber({ basePage: 1, limit: size, totalPath: null });
  const table: readonly (Api & { name: string; given?: ReadOptions; most: number; requests?: number })[] = [
    { name: "up to 16 if the spec names the total", most: 16 },
    {
      name: "up to 16 by offset, with a total in a header",
      paginator: parallelOffset({ limit: size, totalHeader: "x-total" }),
      reply: (page) => ({
        headers: { "x-total": "200" },
        body: { items: rows(200).slice((page - 1) * size, page * size) },
      }),
      most: 16,
    },
    {
      name: "up to 16 if the total in the spec counts pages",
      paginator: parallelPageNumber({ basePage: 1, limit: size, totalOf: "pages" }),
      beside: { total: 20 },
      most: 16,
    },
    { name: "one if it only happens to be there", paginator: unnamed, beside: { total: 20 }, most: 1 },
    {
      name: "the number in the read's options, up to such a total",
      paginator: unnamed,
      beside: { total: 20 },
      given: { concurrency: 7 },
      most: 7,
    },
    { name: "one if nothing states the end", paginator: endless, most: 1, requests: 21 },
    {
      name: "the number in the read's options, with at most as many unused requests",
      paginator: endless,
      given: { concurrency: 7 },
      most: 7,
      requests: 27,
    },
    {
      name: "the number in the client's options",
      paginator: endless,
      options: { concurrency: 3 },
      most: 3,
      requests: 23,
    },
    { name: "fewer than 16 if the read's options say so", given: { concurrency: 4 }, most: 4 },
    {
      name: "more than 16 if the read's options say so",
      records: 600,
      given: { concurrency: 19 },
      most: 19,
      requests: 60,
    },
    { name: "one with a concurrency of 1", given: { concurrency: 1 }, most: 1 },
    { name: "one without readAhead", given: { readAhead: false, concurrency: 8 }, most: 1 },
    { name: "no page beyond maxPages", given: { maxPages: 5 }, most: 4, requests: 5 },
    {
      name: "one if the spec does not ask for more",
      paginator: pageNumber({ basePage: 1, limit: size, ...named }),
      given: { concurrency: 7 },
      most: 1,
    },
    {
      name: "no page beyond the end of the range",
      paginator: parallelPageNumber({ basePage: 1, limit: size, maximumPage: 6, totalPath: null }),
      given: { concurrency: 16 },
      most: 4,
      requests: 5,
    },
    {
      name: "by a number in the path",
      paginator: pathParams(byNumber, { path: "/pages/{page}", values: { page: 1 } }),
      most: 16,
    },
    {
      name: "one for cursors, which depend on the previous page",
      paginator: cursor({ cursorPath: ["next"] }),
      given: { concurrency: 8 },
      most: 1,
      requests: 21,
    },
    {
      name: "one if further pages continue what the first one has started",
      paginator: nextRequest(byNumber, { path: "/more" }),
      given: { concurrency: 8 },
      most: 1,
    },
    {
      name: "as many as a rate limit permits",
      options: { rateLimit: rateLimit({ concurrency: 5 }) },
      most: 5,
    },
  ];
  it.each(table)("$name", async ({ given, most, requests = 20, ...api }) => {
    const { read, flight, pages } = openApi(api);
    const ids = idsOf(await read(given).toArray());
    expect(ids).toEqual(span(1, ids.length));
    if (requests >= 20) expect(ids).toHaveLength(api.records ?? 200);
    expect({ most: flight.most, requests: pages.length }).toEqual({ most, requests });
  });

  it("grows with the pages that the consumer takes", async () => {
    const { read, pages } = openApi();
    const asked: number[] = [];
    for await (const { number } of read().pages()) {
      await new Promise((resolve) => setTimeout(resolve, 30));
      asked.push(pages.length);
      if (number === 6) break;
    }
    // While the consumer works on page n, page n + 1 is due and begins where n − 1 pages taken allow.
    expect(asked).toEqual([2, 6, 11, 16, 20, 20]);
  });

  it("reads no unused page for the first record", async () => {
    const { read, pages } = openApi();
    expect(await read().first()).toMatchObject({ id: 1 });
    expect(pages).toEqual([1]);
  });

  it("is shared by the reads of a client", async () => {
    const { read, flight } = openApi({ delay: () => 10 });
    const counts = await Promise.all(Array.from({ length: 4 }, () => read({ concurrency: 6 }).toArray()));
    expect(counts.map(({ length }) => length)).toEqual([200, 200, 200, 200]);
    // One page of each read, and five more.
    expect(flight.most).toBeGreaterThan(6);
    expect(flight.most).toBeLessThanOrEqual(9);
  });
});

describe("pages in parallel", () => {
  /** Returns delays with which later pages arrive earlier. */
  const delay = (page: number): number => (page % 4 === 1 ? 12 : 4 - (page % 4));

  it("are delivered in order, with the checkpoints of a sequential read", async () => {
    const { read, typesOf } = openApi({ delay });
    const pages = await pagesOf(read());
    const sequential = await pagesOf(openApi().read({ concurrency: 1 }));
    const plain = (list: unknown): unknown => JSON.parse(JSON.stringify(list));
    expect(plain(pages)).toEqual(plain(sequential));
    expect(typesOf("page").map(({ page }) => page)).toEqual(span(1, 20));
  });

  it("continue exactly after any checkpoint", async () => {
    const { read } = openApi({ delay });
    for (const { checkpoint, number } of (await pagesOf(read())).slice(0, -1))
      expect(idsOf(await read({ from: checkpoint }).toArray())).toEqual(span(number * size + 1, 200));
  });

  it("are retried each, and delivered once", async () => {
    const faults = new Map([
      [3, 2],
      [4, 1],
      [9, 4],
      [20, 3],
    ]);
    const { read, pages, typesOf } = openApi({
      delay,
      reply: (page) => {
        const left = faults.get(page) ?? 0;
        faults.set(page, left - 1);
        return left > 0 ? { status: 503 } : undefined;
      },
    });
    expect(idsOf(await read().toArray())).toEqual(span(1, 200));
    expect(pages).toHaveLength(30);
    expect(
      typesOf("retry")
        .map(({ page }) => page)
        .sort((a, b) => a - b),
    ).toEqual([3, 3, 4, 9, 9, 9, 9, 20, 20, 20]);
  });

  it("end with the error of a page when the consumer gets there, at its checkpoint", async () => {
    const ids: number[] = [];
    const { read } = openApi({ reply: (page) => (page === 8 ? { status: 404 } : undefined) });
    const error = await errorOf(
      (async () => {
        for await (const { id } of read()) ids.push(id);
      })(),
    );
    expect(ids).toEqual(span(1, 70));
    expect(error).toMatchObject({
      status: 404,
      page: 8,
      checkpoint: { page: 7, position: { at: 8, seen: 70 } },
    });
  });

  it("that are not used may fail: an error beyond the end is ignored, and not retried", async () => {
    const { read, pages, typesOf } = openApi({
      paginator: parallelPageNumber({ basePage: 1, limit: size, totalPath: null, hasMorePath: ["more"] }),
      reply: (page) =>
        page > 20
          ? { status: 500 }
          : { body: { items: rows(200).slice((page - 1) * size, page * size), more: page < 20 } },
    });
    expect(idsOf(await read({ concurrency: 6 }).toArray())).toEqual(span(1, 200));
    expect(pages).toHaveLength(25);
    expect(typesOf("pages.discarded")).toMatchObject([{ page: 20, count: 5 }]);
    expect(typesOf("retry")).toEqual([]);
  });

  it("are given up when the consumer leaves", async () => {
    const aborted: string[] = [];
    const never: ClientOptions["fetch"] = (url, { signal }) =>
      new URL(url).searchParams.get("page") === "1"
        ? Promise.resolve(new Response(JSON.stringify({ items: rows(10), total: 200 })))
        : new Promise((_, reject) => {
            (signal as AbortSignal).addEventListener("abort", () => {
              aborted.push(url);
              reject((signal as AbortSignal).reason as Error);
            });
          });
    const { read } = openApi({ options: { fetch: never } });
    const leaving = new AbortController();
    const reading = read({ signal: leaving.signal }).toArray();
    setTimeout(() => leaving.abort(new Error("mine")), 20);
    await expect(reading).rejects.toThrow("mine");
    await until(() => aborted.length === 4, "four aborted requests");
  });

  it("warn about no listeners, over fetch", async () => {
    const warnings: Error[] = [];
    const note = (warning: Error): void => void warnings.push(warning);
    process.on("warning", note);
    const { read, flight } = openApi({ records: 1000 });
    await read({ concurrency: 40, signal: new AbortController().signal }).toArray();
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.off("warning", note);
    expect(flight.most).toBe(40);
    expect(warnings).toEqual([]);
  });
});

describe("pages that do not follow each other are read one after the other", () => {
  it("when one begins with records of the previous page", async () => {
    const { read, pages, typesOf, events } = openApi({
      // Pages 8 and 9 come after the insertion, and later pages before it, unless the reader has noticed it.
      reply: (page) => {
        const isInserted = page === 8 || page === 9 || typesOf("page.drift").length > 0;
        const table = isInserted ? [{ id: 0, name: "new" }, ...rows(200)] : rows(200);
        return { body: { items: table.slice((page - 1) * size, page * size), total: 200 } };
      },
      delay: (page) => (page === 8 ? 12 : page === 9 ? 6 : 2),
    });
    const ids = idsOf(await read({ concurrency: 8 }).toArray());
    // The same as in a sequential read: the last record of page 7 occurs twice, and the last record of all is on no page.
    expect(ids).toEqual([...span(1, 70), ...span(70, 199)]);
    expect(typesOf("page.drift")).toMatchObject([{ page: 8, repeated: 1 }]);
    expect(typesOf("warning")).toMatchObject([{ page: 8 }]);
    expect(typesOf("pages.discarded")).toHaveLength(1);
    // One at a time from here: every page after the drift is requested when the page before is complete.
    const after = events.slice(events.findIndex(({ type }) => type === "page.drift") + 1);
    const flow = after.filter(({ type }) => /^(request|page)$/.test(type)).map(({ type }) => type);
    expect(flow.join(" ")).toMatch(/^page (request page ?)+$/);
    expect(pages.filter((page) => page === 8)).toHaveLength(2);
  });

  it("when the API mixes up pages that are requested at once: nothing is lost, and no drift is seen", async () => {
    let inFlight = 0;
    const { fetch } = fakeFetch(async ({ query }) => {
      const page = Number(query.get("page"));
      const isAlone = ++inFlight === 1;
      await new Promise((resolve) => setTimeout(resolve, 3));
      inFlight--;
      // The server keeps one position for the client.
      const start = (isAlone || page < 6 ? page - 1 : page - 2) * size;
      return { body: { items: rows(200).slice(start, start + size), total: 200 } };
    });
    const { read, typesOf } = openApi({ options: { fetch } });
    expect(idsOf(await read().toArray())).toEqual(span(1, 200));
    expect(typesOf("warning")).toHaveLength(1);
    expect(typesOf("page.drift")).toEqual([]);
  });

  it("when their size varies", async () => {
    const sizes = [10, 10, 10, 10, 7, 10, 3, 10, 10, 10, 10];
    const starts = sizes.map((_, index) => sizes.slice(0, index).reduce((sum, each) => sum + each, 0));
    const { fetch, seen } = fakeFetch(({ query }) => {
      const start = Number(query.get("offset"));
      const length = sizes[starts.indexOf(start)] ?? 5;
      return { body: { items: rows(100).slice(start, start + length), total: 100 } };
    });
    const { read, typesOf } = openApi({
      paginator: parallelOffset({ limit: size, step: "received", ...named }),
      options: { fetch },
    });
    expect(idsOf(await read({ concurrency: 4 }).toArray())).toEqual(span(1, 100));
    expect(typesOf("warning")).toMatchObject([
      { message: expect.stringContaining("the size of the pages varies") as string },
    ]);
    expect(seen.length).toBeLessThanOrEqual(11 + 4);
  });
});

describe("the server decides how many requests it takes", () => {
  it("429 halves their number until they pass", async () => {
    const capacity = 5;
    let inFlight = 0;
    let refused = 0;
    const { fetch, seen } = fakeFetch(async ({ query }) => {
      const isTooMany = ++inFlight > capacity;
      await new Promise((resolve) => setTimeout(resolve, 4));
      inFlight--;
      if (isTooMany) refused++;
      const page = Number(query.get("page"));
      return isTooMany
        ? { status: 429 }
        : { body: { items: rows(5000).slice((page - 1) * size, page * size), total: 5000 } };
    });
    const { read } = openApi({ options: { fetch, retry: { maxRetries: 30, maxDelayMs: 4 } } });
    expect(idsOf(await read({ concurrency: 32 }).toArray())).toEqual(span(1, 5000));
    expect(refused).toBeGreaterThan(0);
    // Without the reduction, most of the 32 requests would be rejected repeatedly.
    expect(refused).toBeLessThan(seen.length / 4);
  });

  it("waits for all of them if it asks one to wait", async () => {
    const times: number[] = [];
    let asked = 0;
    const { read, seen } = openApi({
      records: 400,
      reply: (page) => {
        if (asked) times.push(Date.now());
        if (page !== 4 || asked) return undefined;
        asked = Date.now();
        return { status: 429, headers: { "retry-after-ms": "1000" } };
      },
    });
    expect(idsOf(await read().toArray())).toEqual(span(1, 400));
    expect(seen).toHaveLength(41);
    // Requests that were in flight arrive at once, on a busy machine within half of the wait.
    const late = times.filter((time) => time - asked > 500);
    expect(late.length).toBeGreaterThan(10);
    expect(Math.min(...late) - asked).toBeGreaterThanOrEqual(999);
  });
});

import { describe, expect, it } from "vitest";
import { errorOf, fakeFetch, httpErrorOf, idsOf, onRetry, open, span, transports } from "../fixtures.js";
import { paging } from "../faults.js";
import { answer, serve } from "../server.js";

describe.each(transports)("over $transport", ({ open }) => {
  describe("a hint about the next request", () => {
    /** Returns the milliseconds between the end of the first response and the second request. */
    async function waitAfter(headers: () => Record<string, string>, status = 429): Promise<number> {
      const serveThem = paging({ style: "page_number", records: 3, size: 10 });
      const server = await serve((request, response) =>
        server.seen.length === 1
          ? answer(response, status, { headers: headers() })
          : serveThem(request, response),
      );
      const read = open({ url: server.url });
      expect(idsOf(await read().toArray())).toEqual([1, 2, 3]);
      const [first, second] = server.seen;
      return (second?.at ?? 0) - (first?.answered ?? Infinity);
    }

    it("is a lower bound, on the wire: seconds, milliseconds, a date by the server's clock, a quota's reset", async () => {
      const longAgo = new Date("2001-02-03T04:05:06Z");
      const inOneSecond = new Date("2001-02-03T04:05:07Z");
      const waits = await Promise.all([
        waitAfter(() => ({ "retry-after": "1" })),
        waitAfter(() => ({ "retry-after": "1" }), 503),
        waitAfter(() => ({ "retry-after-ms": "1000" })),
        waitAfter(() => ({ date: longAgo.toUTCString(), "retry-after": inOneSecond.toUTCString() })),
        waitAfter(() => ({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "0" }), 403),
      ]);
      for (const wait of waits) {
        // The server notes the end of a response a moment after the client may have read it.
        expect(wait).toBeGreaterThanOrEqual(990);
        expect(wait).toBeLessThan(10_000);
      }
    });
  });
});

describe("a hint beyond maxWaitMs", () => {
  it("ends the read with the time and a checkpoint from which it continues", async () => {
    let isBusy = true;
    const serveThem = paging({ style: "page_number", records: 50, size: 10 });
    const server = await serve((request, response) => {
      if (isBusy && request.query.get("page") === "3")
        answer(response, 429, { headers: { "retry-after": "3600" } });
      else serveThem(request, response);
    });
    const read = open({ url: server.url });
    const got: number[] = [];
    const before = Date.now();
    const error = await httpErrorOf(
      (async () => {
        for await (const { id } of read()) got.push(id);
      })(),
    );
    expect(error).toMatchObject({
      name: "HttpError",
      code: "RETRY_AFTER_TOO_LONG",
      status: 429,
      page: 3,
      attempts: [{ code: "RETRY_AFTER_TOO_LONG", status: 429 }],
    });
    const retryAt = error.retryAt?.getTime() ?? 0;
    // The hint is in whole seconds of the server's clock, which is ours.
    expect(retryAt).toBeGreaterThanOrEqual(before + 3600_000);
    expect(retryAt).toBeLessThanOrEqual(Date.now() + 3600_000);
    expect(error.message).toContain(error.retryAt?.toISOString());
    expect(got).toEqual(span(1, 20));
    expect(server.seen.filter(({ query }) => query.get("page") === "3")).toHaveLength(1);

    isBusy = false;
    const rest = await read({ from: error.checkpoint as NonNullable<typeof error.checkpoint> }).toArray();
    expect([...got, ...idsOf(rest)]).toEqual(span(1, 50));
  });

  it("after other attempts lists them all", async () => {
    const { fetch } = fakeFetch((_, n) =>
      n === 1 ? { status: 500 } : { status: 503, headers: { "retry-after": "99" } },
    );
    const error = await errorOf(open({ url: "http://api.test", options: { fetch } })().toArray());
    expect(error).toMatchObject({
      code: "RETRY_AFTER_TOO_LONG",
      attempts: [{ status: 500 }, { status: 503 }],
    });
  });

  it("may be raised and lowered", async () => {
    const delays: number[] = [];
    const onEvent = onRetry(({ delayMs }) => delays.push(delayMs));
    const reply = (): ReturnType<typeof fakeFetch> =>
      fakeFetch((_, n) =>
        n === 1 ? { status: 429, headers: { "retry-after": "0.05" } } : { body: { items: [] } },
      );
    const wait = (maxWaitMs: number): Promise<unknown> =>
      open({
        url: "http://api.test",
        options: { fetch: reply().fetch, retry: { maxWaitMs }, onEvent },
      })().toArray();
    await wait(50);
    expect(await httpErrorOf(wait(40))).toMatchObject({ code: "RETRY_AFTER_TOO_LONG" });
    expect(delays).toHaveLength(1);
    expect(delays[0]).toBeGreaterThanOrEqual(50);
  });

  const absurd = ["999999999999", "99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"];
  it.each(absurd)("copes with Retry-After: %s", async (after) => {
    const { fetch } = fakeFetch(() => ({ status: 429, headers: { "retry-after": after } }));
    const error = await httpErrorOf(open({ url: "http://api.test", options: { fetch } })().toArray());
    expect(error).toMatchObject({ name: "HttpError", code: "RETRY_AFTER_TOO_LONG" });
    expect(error.retryAt?.getTime()).toBeGreaterThan(Date.now() + 1e11);
  });

  it("counts only for a status that is worth another try", async () => {
    const { fetch } = fakeFetch(() => ({ status: 404, headers: { "retry-after": "3600" } }));
    const reading = open({ url: "http://api.test", options: { fetch } })().toArray();
    expect(await httpErrorOf(reading)).toMatchObject({ code: "HTTP_STATUS", status: 404 });
  });
});

describe("delays between attempts", () => {
  it("are within the policy's bounds, and those of the resource and of the client go before the source's", async () => {
    const { fetch } = fakeFetch(() => ({ status: 500 }));
    const read = open({
      url: "http://api.test",
      source: { retry: { maxRetries: 9, backoffMs: 50_000, maxDelayMs: 20 } },
      resource: { retry: { maxRetries: 6 } },
      options: { fetch, retry: { backoffMs: 4 } },
    });
    const { attempts } = await errorOf(read().toArray());
    expect(attempts).toHaveLength(7);
    attempts.slice(0, -1).forEach(({ delayMs }, index) => {
      expect(delayMs).toBeLessThanOrEqual(Math.min(20, 4 * 2 ** index) + 1);
    });
  });
});

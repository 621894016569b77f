import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pageNumber, rateLimit } from "../../../runtime/src/index.js";
import type { FetchLike } from "../../../runtime/src/plugin.js";
import type { RateLimitOptions } from "../../../runtime/src/limit/rate-limit.js";
import { readQuotaWait } from "../../../runtime/src/limit/rate-limit-headers.js";
import { runChild } from "../processes.js";
import { errorOf, open, transports } from "../fixtures.js";
import { paging } from "../faults.js";
import { answer, answerJson, jsonType, serve } from "../server.js";
import { cpuTimeOf } from "../../support/cpu-time.js";

const never = new AbortController().signal;

/** Returns `acquire` of a limit; the type of a signal of `fetch` is narrower. */
function admitOf(options: RateLimitOptions): (owner: object, signal: AbortSignal) => Promise<() => void> {
  const { acquire } = rateLimit(options);
  return (owner, signal) => acquire(owner, signal as never);
}

/** Returns the start of each of `count` attempts in milliseconds from now. `lasts` is the duration of each attempt. */
async function starts(options: RateLimitOptions, count: number, lasts = 0): Promise<number[]> {
  const acquire = admitOf(options);
  const owner = {};
  const begin = performance.now();
  const times: number[] = [];
  await Promise.all(
    Array.from({ length: count }, async () => {
      const leave = await acquire(owner, never);
      times.push(performance.now() - begin);
      await new Promise((resolve) => setTimeout(resolve, lasts));
      leave();
    }),
  );
  return times;
}

describe("a token bucket", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("starts full and fills continuously", async () => {
    const times = starts({ requests: 5, perMs: 250 }, 15);
    await vi.runAllTimersAsync();
    expect(await times).toEqual([0, 0, 0, 0, 0, 50, 100, 150, 200, 250, 300, 350, 400, 450, 500]);
  });

  it.each([
    { requests: 1, perMs: 50 },
    { requests: 3, perMs: 100 },
    { requests: 8, perMs: 200, concurrency: 3 },
    { requests: 0.5, perMs: 50 },
  ])("never lets through more than its rate and the burst: %o", async (options) => {
    const acquire = admitOf(options);
    const owner = {};
    const times: number[] = [];
    const end = performance.now() + 3000;
    const all = Promise.all(
      Array.from({ length: 6 }, async () => {
        while (performance.now() < end) {
          const leave = await acquire(owner, never);
          times.push(performance.now());
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
          leave();
        }
      }),
    );
    await vi.runAllTimersAsync();
    await all;
    const milliseconds = options.perMs;
    times.forEach((from, at) => {
      const within = times.slice(at).filter((time) => time <= from + milliseconds).length;
      expect(within).toBeLessThanOrEqual(Math.max(1, options.requests) + options.requests + 1);
    });
    const elapsed = (times.at(-1) ?? 0) - (times[0] ?? 0);
    expect(times.length).toBeLessThanOrEqual(
      Math.max(1, options.requests) + (elapsed / milliseconds) * options.requests + 1,
    );
    expect(times.length).toBeGreaterThanOrEqual((elapsed / milliseconds) * options.requests);
  });

  it("is full again after a pause, and no fuller", async () => {
    const acquire = admitOf({ requests: 2, perMs: 100 });
    const owner = {};
    const take = async (): Promise<number> => {
      (await acquire(owner, never))();
      return performance.now();
    };
    await Promise.all([take(), take()]);
    await vi.advanceTimersByTimeAsync(300);
    const start = performance.now();
    const times = Promise.all([take(), take(), take()]);
    await vi.runAllTimersAsync();
    expect(await times).toEqual([start, start, start + 50]);
  });

  it("counts each owner by itself, and each limit", async () => {
    const limit = admitOf({ requests: 1, perMs: 60_000 });
    const other = admitOf({ requests: 1, perMs: 60_000 });
    const [one, two] = [{}, {}];
    await Promise.all([limit(one, never), limit(two, never), other(one, never)]);
    expect(rateLimit({ requests: 1, perMs: 60_000 }).options).toEqual({ requests: 1, perMs: 60_000 });
  });
});

describe("concurrency", () => {
  it("is how many are in flight, first come, first served; a place is given back once", async () => {
    const acquire = admitOf({ concurrency: 2 });
    const owner = {};
    const order: number[] = [];
    const inside: (() => void)[] = [];
    const all = Array.from({ length: 6 }, async (_, at) => {
      const leave = await acquire(owner, never);
      order.push(at);
      inside.push(leave);
    });
    const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
    for (const want of [2, 3, 4, 5, 6, 6]) {
      await settle();
      expect(order).toHaveLength(want);
      const leave = inside.shift();
      leave?.();
      leave?.();
    }
    await Promise.all(all);
    expect(order).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("applies to all reads of a client, over sockets, including failed attempts", async () => {
    let inFlight = 0;
    let most = 0;
    const { url, seen } = await serve((request, response) => {
      most = Math.max(most, ++inFlight);
      setTimeout(() => {
        inFlight--;
        if (seen.length % 5 === 0) answer(response, 503);
        else answerJson(response, { items: request.query.get("page") === "9" ? [] : [{ id: seen.length }] });
      }, 5);
    });
    const resource = { paginator: pageNumber({ basePage: 1, totalPath: null }) };
    const read = open({
      url,
      resource,
      options: { rateLimit: rateLimit({ concurrency: 2 }), concurrency: 4 },
    });
    const counts = await Promise.all(Array.from({ length: 5 }, () => read().toArray()));
    expect(counts.map((records) => records.length)).toEqual([8, 8, 8, 8, 8]);
    expect(most).toBe(2);
  });
});

describe("waiting", () => {
  /** A signal that counts its listeners. */
  function counting(): {
    readonly signal: AbortSignal;
    readonly abort: (reason: Error) => void;
    listeners: number;
  } {
    const controller = new AbortController();
    const { signal } = controller;
    const add = signal.addEventListener.bind(signal) as (...listener: unknown[]) => void;
    const remove = signal.removeEventListener.bind(signal) as (...listener: unknown[]) => void;
    const counted = { signal, abort: (reason: Error) => controller.abort(reason), listeners: 0 };
    signal.addEventListener = (...listener: unknown[]) => {
      counted.listeners++;
      add(...listener);
    };
    signal.removeEventListener = (...listener: unknown[]) => {
      counted.listeners--;
      remove(...listener);
    };
    return counted;
  }

  it("ends with the signal's reason, leaves no listener and gives its turn to the next", async () => {
    const acquire = admitOf({ concurrency: 1 });
    const owner = {};
    const leave = await acquire(owner, never);
    const counted = counting();
    const given = acquire(owner, counted.signal);
    const next = acquire(owner, never);
    counted.abort(new RangeError("enough"));
    await expect(given).rejects.toThrow(new RangeError("enough"));
    await expect(acquire(owner, counted.signal)).rejects.toThrow("enough");
    leave();
    (await next)();
    expect(counted.listeners).toBe(0);
  });

  it("for a turn leaves no listener either", async () => {
    const acquire = admitOf({ requests: 1, perMs: 20 });
    const counted = counting();
    const owner = {};
    for (let n = 0; n < 3; n++) (await acquire(owner, counted.signal))();
    expect(counted.listeners).toBe(0);
  });

  it("keeps no process alive once it is aborted", async () => {
    const ended = await runChild(
      `const { acquire } = runtime.rateLimit({ requests: 1, perMs: 3_600_000 });
       const owner = {};
       (await acquire(owner, new AbortController().signal))();
       const controller = new AbortController();
       setTimeout(() => controller.abort(new Error("enough")), 20);
       await acquire(owner, controller.signal).catch((error) => console.log(error.message));`,
      {},
    );
    expect(ended).toMatchObject({ code: 0, stdout: "enough\n", stderr: "" });
    expect(ended.lingering).toBeLessThan(4000);
  });

  it("in a read ends at once when it is aborted", async () => {
    const fetch: FetchLike = () =>
      Promise.resolve(new Response('{"items":[{"id":1}]}', { headers: jsonType }));
    const limit = rateLimit({ requests: 1, perMs: 60_000 });
    const resource = { paginator: pageNumber({ basePage: 1, totalPath: null }) };
    const read = open({ url: "http://api.test", resource, options: { fetch, rateLimit: limit } });
    const controller = new AbortController();
    setTimeout(() => controller.abort(new RangeError("enough")), 30);
    const start = performance.now();
    await expect(read({ signal: controller.signal }).toArray()).rejects.toThrow(new RangeError("enough"));
    // Without the abort, the wait takes a minute.
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

it.each([
  { requests: 0 },
  { perMs: 0 },
  { concurrency: 0 },
  { requests: NaN },
  { requests: 1, perMs: -1000 },
])("a limit that lets nothing through is a mistake: %o", async (options) => {
  const read = open({ url: "http://api.test", options: { rateLimit: rateLimit(options) } });
  const error = await errorOf(read().toArray());
  expect(error).toMatchObject({ name: "ConnectorError", code: "INVALID_OPTIONS" });
  expect(error.message).toContain("`requests`, `perMs` and `concurrency` must be above 0");
});

describe.each(transports)("over $transport", ({ open: openWith }) => {
  it("the limits of a client and of a resource both apply", async () => {
    const { url, seen } = await serve(paging({ style: "page_number", records: 60, size: 10 }));
    const setup = {
      url,
      resource: { rateLimit: rateLimit({ requests: 1, perMs: 60 }) },
      options: { rateLimit: rateLimit({ requests: 100, concurrency: 1 }), concurrency: 3 },
    };
    const start = performance.now();
    expect(await openWith(setup)().toArray()).toHaveLength(60);
    expect(seen.length).toBeGreaterThanOrEqual(6);
    // A request arrives after it starts, so a gap between arrivals may be short. No request arrives before its turn.
    for (const [index, { at }] of seen.entries()) expect(at - start).toBeGreaterThanOrEqual(60 * index - 2);
  });

  /** Returns the milliseconds between a response with these headers and the next request. */
  async function waitAfter(headers: Readonly<Record<string, string>>): Promise<number> {
    const serveThem = paging({ style: "page_number", records: 20, size: 10 });
    const { url, seen } = await serve((request, response) => {
      if (seen.length === 1)
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      serveThem(request, response);
    });
    const read = openWith({ url, options: { rateLimit: rateLimit() } });
    expect(await read().toArray()).toHaveLength(20);
    return (seen[1]?.at ?? 0) - (seen[0]?.answered ?? Infinity);
  }

  it("nobody starts before the time that the server names", async () => {
    const waits = await Promise.all([
      waitAfter({ ratelimit: '"default";r=0;t=1' }),
      waitAfter({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "0" }),
      waitAfter({ "retry-after": "1" }),
    ]);
    for (const wait of waits) expect(wait).toBeGreaterThanOrEqual(990);
  });

  it("a time more than a minute ahead causes no wait; the response ends the read with it", async () => {
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "3600" };
    const serveThem = paging({ style: "page_number", records: 20, size: 10 });
    const { url, seen } = await serve((request, response) => {
      if (seen.length === 2) answer(response, 429, { headers });
      else
        serveThem(
          request,
          response.setHeader("x-ratelimit-remaining", "0").setHeader("x-ratelimit-reset", "3600"),
        );
    });
    const error = await errorOf(openWith({ url, options: { rateLimit: rateLimit() } })().toArray());
    expect(error).toMatchObject({ code: "RETRY_AFTER_TOO_LONG", page: 2 });
  });
});

describe("a quota's headers", () => {
  const now = Date.UTC(2026, 0, 1);
  const seconds = now / 1000;
  const date = new Date(now - 3_600_000).toUTCString();
  const rows: readonly { headers: Readonly<Record<string, string>>; want: number | undefined }[] = [
    { headers: {}, want: undefined },
    { headers: { ratelimit: '"default";r=0;t=30' }, want: 30_000 },
    { headers: { ratelimit: "default;r=0;t=30" }, want: 30_000 },
    { headers: { ratelimit: ' "a" ; t=7 ; r=0 ; pk=:c2Vj: ' }, want: 7000 },
    { headers: { ratelimit: '"a";r=0;t=5, "b";r=9;t=60, "c;d,\\"e";r=0;t=8' }, want: 8000 },
    { headers: { ratelimit: '"a;r=0";r=5;t=9' }, want: undefined },
    { headers: { ratelimit: '"a";pk="x;r=0;t=4"' }, want: undefined },
    { headers: { ratelimit: '"a";r=1;t=30' }, want: undefined },
    { headers: { ratelimit: '"a";r=0;t=0' }, want: 0 },
    { headers: { ratelimit: '"a";r=0' }, want: undefined },
    { headers: { ratelimit: '"a";r=0', "ratelimit-policy": '"b";q=1;w=5, "a";q=100;w=60' }, want: 60_000 },
    { headers: { ratelimit: '"a";r=0;t=3', "ratelimit-policy": '"a";q=100;w=60' }, want: 3000 },
    { headers: { "ratelimit-policy": '"a";q=100;w=60' }, want: undefined },
    { headers: { ratelimit: "limit=100, remaining=0, reset=20" }, want: 21_000 },
    { headers: { ratelimit: "limit=100, remaining=1, reset=20" }, want: undefined },
    { headers: { "ratelimit-remaining": "0", "ratelimit-reset": "20" }, want: 21_000 },
    { headers: { "x-rate-limit-remaining": "0", "x-rate-limit-reset": "20" }, want: 21_000 },
    {
      headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "20", "x-ratelimit-limit": "60" },
      want: 21_000,
    },
    { headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(seconds + 9) }, want: 10_000 },
    {
      headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(seconds - 3591), date },
      want: 10_000,
    },
    { headers: { "x-ratelimit-remaining": "1", "x-ratelimit-reset": "20" }, want: undefined },
    { headers: { "x-ratelimit-remaining": "0" }, want: undefined },
    { headers: { "retry-after": "4", ratelimit: '"a";r=0;t=30' }, want: 4000 },
    { headers: { "retry-after": "4", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "30" }, want: 4000 },
    // Malformed: as if it had not been sent.
    { headers: { ratelimit: '"a;r=0;t=30' }, want: undefined },
    { headers: { ratelimit: '"a";r=0;t=30,' }, want: undefined },
    { headers: { ratelimit: '"a";r=0;t=30 "b"' }, want: undefined },
    { headers: { ratelimit: '"a";r=0;t=-30' }, want: undefined },
    { headers: { ratelimit: '"a";r=0.0;t=30' }, want: undefined },
    { headers: { ratelimit: '"a";r=x;t=30' }, want: undefined },
    { headers: { ratelimit: "0" }, want: undefined },
    { headers: { "x-ratelimit-remaining": "none", "x-ratelimit-reset": "20" }, want: undefined },
    { headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "soon" }, want: undefined },
  ];
  it.each(rows)("$headers mean $want ms", ({ headers, want }) => {
    expect(readQuotaWait(new Headers(headers), now)).toBe(want);
  });

  it("are read in linear time", () => {
    const time = cpuTimeOf(() => {
      for (const piece of ['"a";r=0', ";", '"', ";a=b", "a ", ' "a";t=1,', "limit=1,", "limit=1 "])
        readQuotaWait(new Headers({ ratelimit: piece.repeat(4000) }), now);
    });
    expect(time).toBeLessThan(1000);
  });
});

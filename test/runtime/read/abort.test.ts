import { describe, expect, it } from "vitest";
import type { ReadEvent, RecordStream } from "../../../runtime/src/index.js";
import type { SignalLike } from "../../../runtime/src/platform.js";
import { runChild } from "../processes.js";
import { errorOf, idsOf, onRetry, paginatorOf, span, transports, type Row, type Setup } from "../fixtures.js";
import { paging, passingFaults, stalls, type Fault } from "../faults.js";
import { answer, serve, until, type Handler } from "../server.js";

const silent = stalls["headers that never come"] as Fault;
const half = stalls["a body that never ends"] as Fault;
const stallsByPart: readonly { part: string; stall: Handler }[] = [
  { part: "headers", stall: (_, response) => silent(response, "") },
  { part: "body", stall: (_, response) => half(response, '{"items":[]}') },
];

/** A signal that counts its listeners. */
function countingSignal(): {
  signal: SignalLike;
  abort: (reason: unknown) => void;
  counts: () => { added: number; left: number };
} {
  const listeners = new Set<() => void>();
  let added = 0;
  const state = { aborted: false, reason: undefined as unknown };
  const signal = {
    get aborted() {
      return state.aborted;
    },
    get reason() {
      return state.reason;
    },
    addEventListener: (_: "abort", listener: () => void) => {
      added += 1;
      listeners.add(listener);
    },
    removeEventListener: (_: "abort", listener: () => void) => void listeners.delete(listener),
  };
  const abort = (reason: unknown): void => {
    Object.assign(state, { aborted: true, reason });
    for (const listener of listeners) listener();
  };
  return { signal, abort, counts: () => ({ added, left: listeners.size }) };
}

describe.each(transports)("over $transport", ({ open }) => {
  describe("the timeout", () => {
    it.each(stallsByPart)("covers the $part, attempt by attempt", async ({ stall }) => {
      const server = await serve(stall);
      // The first request of a process takes longer: it loads the platform's client.
      await fetch(server.url, { signal: AbortSignal.timeout(300) }).catch(() => undefined);
      const warmUp = server.seen.length;
      const start = performance.now();
      const read = open({ url: server.url, options: { timeoutMs: 300, retry: { maxRetries: 2 } } });
      const error = await errorOf(read().toArray());
      expect(error).toMatchObject({
        name: "TimeoutError",
        code: "TIMEOUT",
        attempts: Array<object>(3).fill({ code: "TIMEOUT" }),
      });
      expect(error.message).toContain("no complete response within 0.3 s after 3 attempts");
      expect(performance.now() - start).toBeGreaterThanOrEqual(895);
      expect(performance.now() - start).toBeLessThan(10_000);
      expect(server.seen).toHaveLength(warmUp + 3);
      await until(() => server.seen.every(({ isAborted }) => isAborted), "hung-up connections");
    });

    it("does not add up over pages, nor does it count while the consumer works", async () => {
      const server = await serve(paging({ style: "page_number", records: 30, size: 5 }));
      const read = open({
        url: server.url,
        resource: { paginator: paginatorOf("page_number", 5) },
        options: { timeoutMs: 300 },
      });
      let count = 0;
      for await (const { records } of read().pages()) {
        count += records.length;
        await new Promise((resolve) => setTimeout(resolve, 80));
      }
      expect(count).toBe(30);
    });

    it("goes by the client's options, then by the resource, then by the source", async () => {
      const server = await serve((_, response) => silent(response, ""));
      const within = async (setup: Omit<Setup, "url">): Promise<string> =>
        (
          await errorOf(
            open({
              url: server.url,
              ...setup,
              options: { ...setup.options, retry: { maxRetries: 0 } },
            })().toArray(),
          )
        ).message;
      const source = { timeoutMs: 30 };
      const resource = { timeoutMs: 20 };
      expect(await within({ source })).toContain("0.03 s");
      expect(await within({ source, resource })).toContain("0.02 s");
      expect(await within({ source, resource, options: { timeoutMs: 10 } })).toContain("0.01 s");
    });

    it("works with a fetch that ignores its signal", async () => {
      const fetch = (): Promise<never> => new Promise(() => undefined);
      const read = open({
        url: "http://api.test",
        options: { fetch, timeoutMs: 50, retry: { maxRetries: 1 } },
      });
      expect(await errorOf(read().toArray())).toMatchObject({ code: "TIMEOUT", attempts: [{}, {}] });
    });

    it("gives a signal to ten requests at most, because a fetch may leave its listeners there", async () => {
      const counts = new Map<unknown, number>();
      const fetch = (url: unknown, { signal }: { readonly signal?: unknown } = {}): Promise<Response> => {
        counts.set(signal, (counts.get(signal) ?? 0) + 1);
        const page = Number(new URL(String(url)).searchParams.get("page"));
        return Promise.resolve(Response.json({ items: page < 24 ? [{ id: page }] : [] }));
      };
      const resource = { paginator: paginatorOf("page_number", 1) };
      const read = open({ url: "http://api.test", resource, options: { fetch } });
      const count = (await read().toArray()).length;
      expect([...counts.values()]).toEqual([10, 10, count + 1 - 20]);
    });

    it("covers the functions that fetch secrets", async () => {
      const read = open({
        url: "http://api.test",
        source: { headers: { "x-key": "{secrets.api_key}" } },
        options: { apiKey: () => new Promise(() => undefined), timeoutMs: 50, retry: { maxRetries: 0 } },
      });
      expect(await errorOf(read().toArray())).toMatchObject({ code: "TIMEOUT" });
    });

    it.each([3_000_000_000, Infinity])("of %d ms is not a timeout of a millisecond", async (timeoutMs) => {
      const server = await serve(paging({ style: "page_number", records: 3, size: 10 }));
      const read = open({ url: server.url, options: { timeoutMs, retry: { maxRetries: 0 } } });
      expect(await read().toArray()).toHaveLength(3);
    });
  });

  describe("a signal", () => {
    const reason = new Error("the user left");

    it("that is aborted already: nothing is asked, its reason is thrown", async () => {
      const server = await serve((_, response) => answer(response, 200));
      const reading = open({ url: server.url })({ signal: AbortSignal.abort(reason) });
      await expect(reading.toArray()).rejects.toBe(reason);
      await expect(reading.first()).rejects.toBe(reason);
      expect(server.seen).toHaveLength(0);
    });

    it.each(stallsByPart)(
      "aborted while the $part are awaited: the connection is closed",
      async ({ stall }) => {
        const server = await serve(stall);
        const controller = new AbortController();
        const reading = open({ url: server.url })({ signal: controller.signal }).toArray();
        const rejected = expect(reading).rejects.toBe(reason);
        await until(() => server.seen.length === 1, "the request");
        controller.abort(reason);
        await rejected;
        await until(() => server.seen[0]?.isAborted === true, "the closed connection");
        expect(server.seen).toHaveLength(1);
      },
    );

    it("aborted during a retry's wait ends the wait at once", async () => {
      const server = await serve((_, response) =>
        answer(response, 503, { headers: { "retry-after": "30" } }),
      );
      const controller = new AbortController();
      const onEvent = onRetry(() => setTimeout(() => controller.abort(reason), 20));
      const start = performance.now();
      await expect(
        open({ url: server.url, options: { onEvent } })({ signal: controller.signal }).toArray(),
      ).rejects.toBe(reason);
      expect(performance.now() - start).toBeLessThan(10_000);
      expect(server.seen).toHaveLength(1);
    });

    it("aborted by the very event that announces the retry", async () => {
      const server = await serve((_, response) =>
        answer(response, 503, { headers: { "retry-after": "30" } }),
      );
      const controller = new AbortController();
      const onEvent = onRetry(() => controller.abort(reason));
      const start = performance.now();
      await expect(
        open({ url: server.url, options: { onEvent } })({ signal: controller.signal }).toArray(),
      ).rejects.toBe(reason);
      expect(performance.now() - start).toBeLessThan(10_000);
    });

    it.each([false, true])("aborted between pages, with readAhead %s", async (readAhead) => {
      const server = await serve(paging({ style: "page_number", records: 50, size: 10 }));
      const controller = new AbortController();
      const got: number[] = [];
      const reading = (async () => {
        for await (const { records, number } of open({ url: server.url })({
          signal: controller.signal,
          readAhead,
        }).pages()) {
          got.push(...idsOf(records));
          if (number === 2) controller.abort(reason);
        }
      })();
      await expect(reading).rejects.toBe(reason);
      expect(got).toEqual(span(1, 20));
      expect(server.seen.length).toBeLessThanOrEqual(readAhead ? 3 : 2);
    });

    it.each([2, 5])("aborted on page %d of 5 counts, even when all that follows is there", async (last) => {
      const server = await serve(paging({ style: "page_number", records: 50, size: 10 }));
      const controller = new AbortController();
      const got: number[] = [];
      const reading = (async () => {
        for await (const { number } of open({ url: server.url })({ signal: controller.signal }).pages()) {
          got.push(number);
          if (number !== last) continue;
          await until(() => server.seen.length === Math.min(last + 1, 5), "the page ahead");
          await new Promise((resolve) => setTimeout(resolve, 50));
          controller.abort(reason);
        }
      })();
      await expect(reading).rejects.toBe(reason);
      expect(got).toEqual(span(1, last));
    });

    it("is not asked for a reason that it does not have", async () => {
      const { signal, abort } = countingSignal();
      const server = await serve((_, response) => silent(response, ""));
      const reading = open({ url: server.url })({ signal }).toArray();
      const rejected = expect(reading).rejects.toMatchObject({ name: "AbortError" });
      await until(() => server.seen.length === 1, "the request");
      abort(undefined);
      await rejected;
    });

    it("does not reach what only the error handlers see: no event and no log line tells of an abort", async () => {
      const told: string[] = [];
      const server = await serve((_, response) => silent(response, ""));
      const controller = new AbortController();
      const read = open({
        url: server.url,
        options: {
          onEvent: ({ type }: ReadEvent) => told.push(type),
          logger: { warn: (line) => told.push(line), error: (line) => told.push(line) },
        },
      });
      const rejected = expect(read({ signal: controller.signal }).toArray()).rejects.toBe(reason);
      await until(() => server.seen.length === 1, "the request");
      controller.abort(reason);
      await rejected;
      expect(told).toEqual(["request"]);
    });

    const ends: readonly { name: string; run: (signal: SignalLike) => Promise<unknown> }[] = [
      { name: "to its end", run: async (signal) => (await readFrom(signal)).toArray() },
      {
        name: "to an error",
        run: async (signal) => (await readFrom(signal, 404)).toArray().catch(() => undefined),
      },
      {
        name: "until the consumer breaks off",
        run: async (signal) => {
          for await (const { id } of await readFrom(signal)) if (id === 15) break;
        },
      },
      { name: "to the first record", run: async (signal) => (await readFrom(signal)).first() },
    ];
    async function readFrom(signal: SignalLike, last = 200): Promise<RecordStream<Row>> {
      const faults = {
        1: [passingFaults["500"] as Fault],
        4: Array<Fault>(9).fill((response) => answer(response, last)),
      };
      const server = await serve(
        paging({
          style: "page_number",
          records: 50,
          size: 10,
          faults: last === 200 ? { 1: faults[1] } : faults,
        }),
      );
      return open({ url: server.url })({ signal });
    }
    it.each(ends)("has no listener left after a read $name", async ({ run }) => {
      const { signal, counts } = countingSignal();
      await run(signal);
      expect(counts().added).toBeGreaterThan(0);
      expect(counts().left).toBe(0);
    });

    it("has no listener left after an abort, and none piles up over pages", async () => {
      const { signal, abort, counts } = countingSignal();
      let most = 0;
      const reading = (async () => {
        for await (const { number } of (await readFrom(signal)).pages()) {
          most = Math.max(most, counts().left);
          if (number === 4) abort(reason);
        }
      })();
      await expect(reading).rejects.toBe(reason);
      expect(most).toBe(1);
      expect(counts().left).toBe(0);
    });
  });
});

describe.each(["index", "node"] as const)("a process with %s.ts", (entry) => {
  const read = `
    const rows = { name: "rows", path: "/", select: ["items"], paginator: runtime.pageNumber({ basePage: 1 }) };
    const reader = runtime.createReader({ name: "shop", baseUrl: input.url, resources: { rows } }, input.options);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 200).unref();
  `;
  const ends: readonly { name: string; handler: Handler; module: string }[] = [
    {
      name: "an abort during a request",
      handler: (_, response) => silent(response, ""),
      module:
        "await reader.read(rows, {}, { signal: controller.signal }).toArray().catch((e) => console.log(e.name));",
    },
    {
      name: "an abort during a retry's wait",
      handler: (_, response) => answer(response, 503, { headers: { "retry-after": "50" } }),
      module:
        "await reader.read(rows, {}, { signal: controller.signal }).toArray().catch((e) => console.log(e.name));",
    },
    {
      name: "a break while the next page stalls",
      handler: (request, response) =>
        request.query.get("page") === "1"
          ? answer(response, 200, { body: '{"items":[1]}' })
          : silent(response, ""),
      module:
        'for await (const record of reader.read(rows)) { await new Promise((r) => setTimeout(r, 100)); console.log("AbortError"); break; }',
    },
    {
      name: "an iteration that is not continued",
      handler: (_, response) => answer(response, 200, { body: '{"items":[1]}' }),
      module:
        'await reader.read(rows, {}, { readAhead: false }).pages()[Symbol.asyncIterator]().next(); console.log("AbortError");',
    },
    {
      name: "a break while the next page waits for its retry",
      handler: (request, response) =>
        request.query.get("page") === "1"
          ? answer(response, 200, { body: '{"items":[1]}' })
          : answer(response, 503, { headers: { "retry-after": "50" } }),
      module:
        'for await (const record of reader.read(rows)) { await new Promise((r) => setTimeout(r, 100)); console.log("AbortError"); break; }',
    },
  ];
  it.each(ends)("ends by itself after $name", async ({ handler, module }) => {
    const server = await serve(handler);
    const ended = await runChild(
      read + module,
      { url: server.url, options: { timeoutMs: 60_000 } },
      { entry },
    );
    expect(ended).toMatchObject({ code: 0, stdout: "AbortError\n", stderr: "" });
    // An idle connection stays open for five seconds.
    expect(ended.lingering).toBeLessThan(4000);
  });
});

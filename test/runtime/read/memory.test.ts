import { describe, expect, it } from "vitest";
import { runChild } from "../processes.js";

/** Reads pages of 50 records and prints the live memory, in bytes, after two of them. */
const module = `
  const { early, late, size, paginator } = input;
  const transport = {
    noticesCuts: true,
    send: async ({ url }) => {
      const page = Number(/(?:page|cursor)=(\\d+)/.exec(url)?.[1] ?? 1);
      const items = Array.from({ length: size }, (_, i) => ({ id: page * size + i, name: "a record of about a hundred bytes ".repeat(2) }));
      const text = JSON.stringify({ items, total: late, next: page < late ? page + 1 : null });
      return { status: 200, statusText: "OK", headers: { get: () => null }, text: async () => text };
    },
  };
  const rows = { name: "rows", path: "/v1/rows", select: ["items"], primaryKey: ["id"],
    paginator: paginator === "cursor" ? runtime.cursor({ cursorPath: ["next"] }) : runtime.pageNumber({ basePage: 1 }) };
  const reader = runtime.createReader({ name: "shop", baseUrl: "http://api.test", resources: { rows } }, { transport });
  const memory = () => {
    globalThis.gc(); globalThis.gc();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return { heapUsed, arrayBuffers };
  };
  const { signal } = new AbortController();
  let records = 0, first;
  for await (const page of reader.read(rows, {}, { signal }).pages()) {
    records += page.records.length;
    if (page.number === early) first = memory();
    if (page.number === late) console.log(JSON.stringify({ records, early: first, late: memory() }));
  }
`;

/** Prints the live memory, in bytes, whenever the client waits for a response, and that of one page. */
const waiting = `
  const live = () => {
    globalThis.gc(); globalThis.gc();
    return process.memoryUsage().heapUsed;
  };
  const textOf = (page) => JSON.stringify({
    items: Array.from({ length: input.size }, (_, i) => ({ id: page * input.size + i, tags: [i], text: i + " is a long text".repeat(10) })),
    next: page < input.pages ? page + 1 : null,
  });
  const heaps = [];
  const transport = {
    noticesCuts: true,
    send: async ({ url }) => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      heaps.push(live());
      const page = Number(/(?:page|cursor)=(\\d+)/.exec(url)?.[1] ?? 1);
      return { status: 200, statusText: "OK", headers: { get: () => null }, text: async () => textOf(page) };
    },
  };
  const rows = { name: "rows", path: "/v1/rows", select: ["items"], primaryKey: ["id"],
    paginator: input.paginator === "cursor" ? runtime.cursor({ cursorPath: ["next"] })
      : runtime.pageNumber({ basePage: 1, maximumPage: input.pages + 1 }),
    ...(input.isPlanned && { plan: runtime.plan(runtime.incremental({ cursor: ["id"] })) }) };
  const reader = runtime.createReader({ name: "shop", baseUrl: "http://api.test", resources: { rows } }, { transport, readAhead: false });
  const before = live();
  let parsed = JSON.parse(textOf(1));
  const page = live() - before;
  parsed = undefined;
  for await (const record of reader.read(rows)) record.id;
  console.log(JSON.stringify({ heaps, page }));
`;

interface Memory {
  readonly heapUsed: number;
  readonly arrayBuffers: number;
}

describe("memory", () => {
  it.each(["cursor", "page_number"])(
    "after 20,000 pages is that after 1,000: %s",
    async (paginator) => {
      const [early, late, size] = [1000, 20_000, 10];
      const input = { early, late, size, paginator };
      // Code that is compiled at another time must not count.
      const flags = ["--expose-gc", "--single-threaded"];
      const { code, stdout, stderr } = await runChild(module, input, { flags });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      const found = JSON.parse(stdout) as { records: number; early: Memory; late: Memory };
      expect(found.records).toBe(late * size);
      // A hundred bytes per page would be a third.
      expect(found.late.heapUsed / found.early.heapUsed).toBeLessThan(1.05);
      // The hashes of the requests, which guard against loops.
      expect((found.late.arrayBuffers - found.early.arrayBuffers) / (late - early)).toBeLessThan(16);
    },
    60_000,
  );

  it.each([
    { paginator: "cursor", isPlanned: false },
    { paginator: "page_number", isPlanned: false },
    { paginator: "cursor", isPlanned: true },
  ])("holds no page while it waits for the next one: $paginator, planned: $isPlanned", async (kinds) => {
    const input = { pages: 4, size: 10_000, ...kinds };
    const { code, stdout, stderr } = await runChild(waiting, input, { flags: ["--expose-gc"] });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { heaps, page } = JSON.parse(stdout) as {
      readonly heaps: readonly number[];
      readonly page: number;
    };
    expect(heaps).toHaveLength(4);
    expect(page).toBeGreaterThan(1e6);
    const [first = 0, ...later] = heaps;
    // The keys of the previous page stay.
    for (const heap of later) expect((heap - first) / page).toBeLessThan(0.5);
  });
});

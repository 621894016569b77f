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
      const { code, stdout, stderr } = await runChild(module, input, { flags: ["--expose-gc"] });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      const found = JSON.parse(stdout) as { records: number; early: Memory; late: Memory };
      expect(found.records).toBe(late * size);
      expect(found.late.heapUsed / found.early.heapUsed).toBeLessThan(1.05);
      // The hashes of the requests, which guard against loops.
      expect((found.late.arrayBuffers - found.early.arrayBuffers) / (late - early)).toBeLessThan(16);
    },
    60_000,
  );
});

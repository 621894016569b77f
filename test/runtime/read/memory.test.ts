import { describe, expect, it } from "vitest";
import { runChild } from "../processes.js";

/** Reads 2,000 pages of 50 records and prints the heap, in kB, after 400 pages and at the end. */
const module = `
  const fetch = async (url) => {
    const page = Number(new URL(url).searchParams.get("page"));
    const items = Array.from({ length: 50 }, (_, i) => ({ id: page * 50 + i, name: "a record of about a hundred bytes ".repeat(2) }));
    return new Response(JSON.stringify({ items, total: 2000 }));
  };
  const rows = { name: "rows", path: "/v1/rows", select: ["items"], primaryKey: ["id"],
    paginator: runtime.pageNumber({ basePage: 1 }) };
  const reader = runtime.createReader({ name: "shop", baseUrl: "http://api.test", resources: { rows } }, { fetch });
  const heap = () => { globalThis.gc(); globalThis.gc(); return Math.round(process.memoryUsage().heapUsed / 1024); };
  const { signal } = new AbortController();
  let records = 0, early = 0;
  for await (const page of reader.read(rows, {}, { signal }).pages()) {
    records += page.records.length;
    if (page.number === 400) early = heap();
    if (page.number === 2000) console.log(JSON.stringify({ records, early, late: heap() }));
  }
`;

/**
 * Prints the live heap, in kB, at the last page of reads of 20,000 and then of 1,000 pages. Code is compiled in the first
 * read, and counts in both.
 */
const comparison = `
  const { concurrency } = input;
  let total = 0;
  const fetch = async (url) => {
    const page = Number(new URL(url).searchParams.get("page"));
    return new Response(JSON.stringify({ items: [{ id: 2 * page, name: "a" }, { id: 2 * page + 1, name: "b" }], total }));
  };
  const rows = { name: "rows", path: "/v1/rows", select: ["items"], primaryKey: ["id"],
    paginator: runtime.pageNumber({ basePage: 1, totalPath: ["total"] }) };
  const reader = runtime.createReader({ name: "shop", baseUrl: "http://api.test", resources: { rows } }, { fetch, concurrency });
  const heaps = {};
  for (total of [20000, 1000]) {
    for await (const page of reader.read(rows).pages()) {
      if (page.number < total) continue;
      await new Promise((resolve) => setTimeout(resolve, 20));
      globalThis.gc();
      globalThis.gc();
      heaps[total] = process.memoryUsage().heapUsed / 1024;
    }
  }
  console.log(JSON.stringify(heaps));
`;

describe("memory", () => {
  it.each([1, 16])("of 20,000 pages is that of 1,000, with %i in flight", async (concurrency) => {
    const { code, stdout, stderr } = await runChild(
      comparison,
      { concurrency },
      { flags: ["--expose-gc"], timeout: 60_000 },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { 1000: few = 0, 20_000: many = 0 } = JSON.parse(stdout) as Record<number, number>;
    expect(few).toBeGreaterThan(1000);
    expect(many / few).toBeGreaterThan(0.95);
    expect(many / few).toBeLessThan(1.05);
  });

  it("does not grow with the number of pages", async () => {
    const { code, stdout, stderr } = await runChild(module, {}, { flags: ["--expose-gc"] });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { records, early, late } = JSON.parse(stdout) as { records: number; early: number; late: number };
    expect(records).toBe(100_000);
    // 1,600 pages of 8 kB are 13,000 kB. Fingerprints of the pages and compiled code take 300 to 500 kB.
    expect(late - early).toBeLessThan(2000);
  });
});

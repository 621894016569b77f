import { expect, it } from "vitest";
import { runChild } from "../processes.js";

/**
 * Prints the live heap, in kB, at the last page of reads of 20,000 and then of 1,000 pages. Code is compiled in the first
 * read, and counts in both.
 */
const comparison = `
  let total = 0;
  const fetch = async (url) => {
    const page = Number(new URL(url).searchParams.get("page"));
    return new Response(JSON.stringify({ items: [{ id: 2 * page, name: "a" }, { id: 2 * page + 1, name: "b" }], total }));
  };
  const rows = { name: "rows", path: "/v1/rows", select: ["items"], primaryKey: ["id"],
    paginator: runtime.parallelPageNumber({ basePage: 1, totalPath: ["total"] }) };
  const reader = runtime.createReader({ name: "shop", baseUrl: "http://api.test", resources: { rows } }, { fetch, concurrency: 16 });
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

it("takes as much memory for 20,000 pages as for 1,000, with 16 pages in flight", async () => {
  const { code, stdout, stderr } = await runChild(
    comparison,
    {},
    { flags: ["--expose-gc"], timeout: 60_000 },
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const { 1000: few = 0, 20_000: many = 0 } = JSON.parse(stdout) as Record<number, number>;
  expect(few).toBeGreaterThan(1000);
  expect(many / few).toBeGreaterThan(0.95);
  expect(many / few).toBeLessThan(1.05);
});

import { describe, expect, it } from "vitest";
import { parents, partitions, plan } from "../../../runtime/src/index.js";
import type { ResourceShape } from "../../../runtime/src/plugin.js";
import { fakeFetch, idsOf, open, pagesOf, rows, span } from "../fixtures.js";
import { byNumber, openApi, size } from "../paginators/parallel-api.js";

describe("with several sequences", () => {
  const parts = { query: { part: "{partitions.part}" }, plan: plan(partitions({ part: ["a", "b", "c"] })) };
  const ids = [...span(1, 200), ...span(1, 200), ...span(1, 200)];

  it.each([
    { name: "up to 16 pages of one if the spec names the total", given: {}, most: 16 },
    { name: "all share the concurrency", given: { concurrency: 6 }, most: 6 },
    { name: "one page at a time", given: { concurrency: 1 }, most: 1 },
  ])("$name", async ({ given, most }) => {
    const { read, flight, pages } = openApi({ resource: parts });
    expect(idsOf(await read(given).toArray())).toEqual(ids);
    expect({ most: flight.most, requests: pages.length }).toEqual({ most, requests: 60 });
  });

  it("continues exactly after any page of any of them", async () => {
    const { read } = openApi({ resource: parts, records: 40 });
    const all = [...span(1, 40), ...span(1, 40), ...span(1, 40)];
    const pages = await pagesOf(read({ concurrency: 6 }));
    for (const { checkpoint, number } of pages.slice(0, -1))
      expect(idsOf(await read({ concurrency: 6, from: checkpoint }).toArray())).toEqual(
        all.slice(number * size),
      );
  });

  it("reads the pages of parents one ahead only", async () => {
    const asked: string[] = [];
    const { fetch } = fakeFetch(async ({ url, query }) => {
      const page = Number(query.get("page"));
      asked.push(url.includes("children") ? "child" : `parent ${page}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
      const items = url.includes("children") ? [{ id: 1 }] : rows(60).slice((page - 1) * size, page * size);
      return { body: { items, total: url.includes("children") ? 1 : 60 } };
    });
    const parent: ResourceShape = { name: "groups", path: "/groups", select: ["items"], paginator: byNumber };
    const child: ResourceShape = {
      name: "rows",
      path: "/children/{resources.groups.id}",
      select: ["items"],
      paginator: byNumber,
      plan: plan(parents({ parent: "groups", values: { "resources.groups.id": ["id"] } })),
    };
    const read = open({
      url: "http://api.test",
      resource: child,
      source: { resources: { groups: parent, rows: child } },
      options: { fetch },
    });
    expect(await read({ concurrency: 3 }).toArray()).toHaveLength(60);
    const firsts = asked.map((word, index) => [word, index] as const).filter(([word]) => word !== "child");
    expect(firsts).toHaveLength(6);
    // Ten children are read between two pages of parents; one page is ahead.
    const gaps = firsts.slice(2).map(([, index], at) => index - (firsts[at + 1]?.[1] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(5);
  });
});

import { describe, expect, it } from "vitest";
import { lastRecord } from "../../../runtime/src/index.js";
import { lastRecordKind } from "../../../runtime/src/kinds.js";
import { errorOf, idsOf, open, rows, span } from "../fixtures.js";
import { answerJson, serve } from "../server.js";
import { exchangeOf, items, walk, type TextCase } from "../walk.js";

describe("last_record", () => {
  const cases: readonly TextCase[] = [
    {
      name: "until a page is empty",
      given: lastRecord({ path: ["id"], param: "after" }),
      bodies: [items(3), items(2), items(0)],
      asks: ["", "after=2", "after=1"],
      end: "empty_page",
    },
    {
      name: "with a page size",
      given: lastRecord({ path: ["id"], param: "after", limit: 5, limitParam: "n" }),
      bodies: [items(1), items(0)],
      asks: ["n=5", "after=0&n=5"],
      end: "empty_page",
    },
    {
      name: "in the body, any JSON",
      given: lastRecord({ path: ["sort"], bodyPath: "search.after" }),
      bodies: [{ items: [{ sort: [1, "a"] }] }, items(0)],
      asks: ["", '{"search.after":[1,"a"]}'],
      end: "empty_page",
    },
    {
      name: "no records",
      given: lastRecord({ path: ["id"], param: "after" }),
      bodies: [items(0)],
      asks: [""],
      end: "empty_page",
    },
    {
      name: "until a flag says that no more pages follow",
      given: lastRecord({ path: ["id"], param: "after", hasMorePath: ["has_more"] }),
      bodies: [
        { ...items(3), has_more: true },
        { ...items(2), has_more: false },
      ],
      asks: ["", "after=2"],
      end: "has_more_false",
    },
    {
      name: "until a flag says that the page is the last",
      given: lastRecord({ path: ["id"], param: "after", endPath: ["last"] }),
      bodies: [items(3), { ...items(2), last: true }],
      asks: ["", "after=2"],
      end: "has_more_false",
    },
    {
      name: "until a page is short",
      given: lastRecord({ path: ["id"], param: "after", limit: 3, stopAfterShortPage: true }),
      bodies: [items(3), items(2)],
      asks: ["limit=3", "after=2&limit=3"],
      end: "short_page",
    },
    {
      name: "a last page whose record lacks the value",
      given: lastRecord({ path: ["key"], param: "after", hasMorePath: ["has_more"] }),
      bodies: [{ ...items(1), has_more: false }],
      asks: [""],
      end: "has_more_false",
    },
    {
      name: "no records and no more pages",
      given: lastRecord({ path: ["id"], param: "after", hasMorePath: ["has_more"] }),
      bodies: [{ ...items(0), has_more: false }],
      asks: [""],
      end: "has_more_false",
    },
    {
      name: "an empty page, although more pages follow",
      given: lastRecord({ path: ["id"], param: "after", hasMorePath: ["has_more"] }),
      bodies: [
        { ...items(1), has_more: true },
        { ...items(0), has_more: true },
      ],
      asks: ["", "after=0"],
      end: "PAGE_INFO_MISSING",
    },
    {
      name: "an empty page without the flag",
      given: lastRecord({ path: ["id"], param: "after", hasMorePath: ["has_more"] }),
      bodies: [{ ...items(1), has_more: true }, items(0)],
      asks: ["", "after=0"],
      end: "no_next",
    },
    {
      name: "a page with records but without the flag",
      given: lastRecord({ path: ["id"], param: "after", hasMorePath: ["has_more"] }),
      bodies: [items(1)],
      asks: [""],
      end: "PAGE_INFO_MISSING",
    },
    {
      name: "a record without the value",
      given: lastRecord({ path: ["key"], param: "after" }),
      bodies: [items(1)],
      asks: [""],
      end: "PAGE_INFO_MISSING",
    },
    {
      name: "a value of null",
      given: lastRecord({ path: ["key"], param: "after" }),
      bodies: [{ items: [{ key: null }] }],
      asks: [""],
      end: "PAGE_INFO_MISSING",
    },
    {
      name: "an object in the query",
      given: lastRecord({ path: ["key"], param: "after" }),
      bodies: [{ items: [{ key: { a: 1 } }] }],
      asks: [""],
      end: "PAGE_INFO_INVALID",
    },
  ];
  it.each(cases)("$name", ({ given, bodies, asks, end }) => {
    expect(walk(given, bodies)).toEqual({ asked: asks, end, warnings: [] });
  });

  it("keeps its options as data, and secrets out of positions", () => {
    const paginator = lastRecord({ path: ["id"], param: "after" });
    expect(paginator).toMatchObject({ type: "last_record", options: { path: ["id"], param: "after" } });
    const exchange = exchangeOf(
      { items: [{ id: "s3cr3t" }] },
      { isSecret: (text) => text.includes("s3cr3t") },
    );
    expect(() => paginator.next({}, exchange)).toThrow(/contains a secret/);
  });

  it.each([
    { options: { path: "$.id", param: "after" }, want: 0 },
    { options: { path: "$.id", bodyPath: "after" }, want: 0 },
    { options: { path: "$.id" }, want: 1 },
    { options: { path: "$.id", param: "after", hasMorePath: "$.more", hasMoreHeader: "x-more" }, want: 1 },
    { options: { path: "$.id", param: "after", stopAfterShortPage: true }, want: 1 },
    { options: { path: "$.id", param: "after", bodyPath: "after" }, want: 1 },
  ])("rejects invalid options: $options", ({ options, want }) => {
    expect(lastRecordKind.check?.(options)).toHaveLength(want);
  });

  it.each([
    { options: { path: "$.id" }, want: "paginated by the last record's `id`" },
    {
      options: { path: "$.a.id", limit: 50 },
      want: "paginated by the last record's `a.id`, 50 records per page",
    },
  ])("is described: $want", ({ options, want }) => {
    expect(lastRecordKind.phrase(options)).toBe(want);
  });
});

describe("last_record over the network", () => {
  const resource = { paginator: lastRecord({ path: ["id"], param: "after", limit: 10 }) };

  it("reads every record once while some are added and removed", async () => {
    const list = rows(25);
    const server = await serve(({ query }, response) => {
      const page = list.filter(({ id }) => id > Number(query.get("after") ?? 0)).slice(0, 10);
      answerJson(response, { items: page });
      // Records that were read are deleted, and new ones are added at the end: pages by number would skip and repeat
      // records.
      list.splice(0, 3);
      if (list.length > 10) list.push({ id: (list.at(-1)?.id ?? 0) + 1, name: "new" });
    });
    const ids = idsOf(await open({ url: server.url, resource })({ readAhead: false }).toArray());
    expect(ids).toEqual(span(1, ids.length));
    expect(ids.length).toBeGreaterThanOrEqual(25);
  });

  it("rejects an API that ignores the parameter", async () => {
    const server = await serve((_, response) => answerJson(response, { items: rows(10) }));
    const error = await errorOf(
      open({ url: server.url, resource: { ...resource, primaryKey: [] } })().toArray(),
    );
    expect(error.code).toBe("PAGINATION_LOOP");
    expect(server.seen).toHaveLength(2);
  });
});

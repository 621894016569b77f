import { describe, expect, it } from "vitest";
import { offset } from "../../../runtime/src/index.js";
import { exchangeOf, items, walk, type Case } from "../walk.js";

// The names in brackets are those of the vectors recorded from dlt, and of their deviations (D07).
const offsets: readonly Case[] = [
  {
    name: "the default total (total-default-path)",
    given: offset({ limit: 2 }),
    bodies: [items(2, { total: 5 }), items(2, { total: 5 }), items(1, { total: 5 })],
    asks: [0, 2, 4],
    end: "total_reached",
  },
  {
    name: "a total that is a multiple of the limit (total-exact-multiple)",
    given: offset({ limit: 2 }),
    bodies: [items(2, { total: 4 })],
    asks: [0, 2],
    end: "total_reached",
  },
  {
    name: "an empty page without a total (empty-page-beats-missing-total)",
    given: offset({ limit: 2 }),
    bodies: [items(0)],
    asks: [0],
    end: "empty_page",
  },
  {
    name: "no default total: until an empty page (total-missing-default-path, D07)",
    given: offset({ limit: 2 }),
    bodies: [items(2), items(1), items(0)],
    asks: [0, 2, 4],
    end: "empty_page",
  },
  {
    name: "a default total of null is ignored (D07)",
    given: offset({ limit: 2 }),
    bodies: [items(2, { total: null }), items(0, { total: null })],
    asks: [0, 2],
    end: "empty_page",
  },
  {
    name: "a named total that is missing (total-missing-explicit-path)",
    given: offset({ limit: 2, totalPath: ["meta", "count"] }),
    bodies: [items(2)],
    asks: [0],
    end: "PAGE_INFO_MISSING",
  },
  {
    name: "a named total of null (total-null)",
    given: offset({ limit: 2, totalPath: ["n"] }),
    bodies: [items(2, { n: null })],
    asks: [0],
    end: "PAGE_INFO_MISSING",
  },
  {
    name: "a nested total (total-nested-path)",
    given: offset({ limit: 2, totalPath: ["meta", "count"] }),
    bodies: [items(2, { meta: { count: 3 } }), items(1, { meta: { count: 3 } })],
    asks: [0, 2],
    end: "total_reached",
  },
  {
    name: "a total on the first page only (total-only-on-first-page)",
    given: offset({ limit: 2 }),
    bodies: [items(2, { total: 4 }), items(2)],
    asks: [0, 2],
    end: "PAGE_INFO_MISSING",
  },
  {
    name: "a total as text",
    given: offset({ limit: 2 }),
    bodies: [items(2, { total: "4" })],
    asks: [0, 2],
    end: "total_reached",
  },
  {
    name: "a total as text that is not an integer (total-text-not-whole)",
    given: offset({ limit: 1 }),
    bodies: [items(1, { total: "1.5" })],
    asks: [0],
    end: "PAGE_INFO_INVALID",
  },
  {
    name: "a fractional total is truncated",
    given: offset({ limit: 1 }),
    bodies: [items(1, { total: 2.7 })],
    asks: [0, 1],
    end: "total_reached",
  },
  {
    name: "a list instead of the total",
    given: offset({ limit: 1 }),
    bodies: [items(1, { total: [3] })],
    asks: [0],
    end: "PAGE_INFO_INVALID",
  },
  {
    name: "a total of 0 and no records (total-zero)",
    given: offset({ limit: 2 }),
    bodies: [items(0, { total: 0 })],
    asks: [0],
    end: "empty_page",
  },
  {
    name: "a maximum (maximum-offset-equal-step)",
    given: offset({ limit: 10, totalPath: null, maximumOffset: 20 }),
    bodies: [items(10)],
    asks: [0, 10],
    end: "maximum_reached",
  },
  {
    name: "a maximum between two offsets",
    given: offset({ limit: 10, totalPath: null, maximumOffset: 25 }),
    bodies: [items(10)],
    asks: [0, 10, 20],
    end: "maximum_reached",
  },
  {
    name: "a maximum before the total (maximum-and-total)",
    given: offset({ limit: 2, maximumOffset: 4 }),
    bodies: [items(2, { total: 9 })],
    asks: [0, 2],
    end: "maximum_reached",
  },
  {
    name: "a total before the maximum",
    given: offset({ limit: 2, maximumOffset: 40 }),
    bodies: [items(2, { total: 3 }), items(1, { total: 3 })],
    asks: [0, 2],
    end: "total_reached",
  },
  {
    name: "empty pages do not end it (stop-after-empty-false-with-total)",
    given: offset({ limit: 1, stopAfterEmptyPage: false }),
    bodies: [items(1, { total: 3 }), items(0, { total: 3 }), items(1, { total: 3 })],
    asks: [0, 1, 2],
    end: "total_reached",
  },
  {
    name: "a first offset",
    given: offset({ limit: 2, offset: 3 }),
    bodies: [items(2, { total: 6 }), items(1, { total: 6 })],
    asks: [3, 5],
    end: "total_reached",
  },
  {
    name: "a total that shrinks: the largest applies",
    given: offset({ limit: 2 }),
    bodies: [items(2, { total: 6 }), items(2, { total: 4 }), items(2, { total: 4 })],
    asks: [0, 2, 4],
    end: "total_reached",
  },
  {
    name: "a total that grows",
    given: offset({ limit: 2 }),
    bodies: [items(2, { total: 3 }), items(2, { total: 5 }), items(1, { total: 5 })],
    asks: [0, 2, 4],
    end: "total_reached",
  },
  {
    name: "a flag as words (has-more-text)",
    given: offset({ limit: 1, totalPath: null, hasMorePath: ["more"] }),
    bodies: [items(1, { more: "Yes" }), items(1, { more: "No" })],
    asks: [0, 1],
    end: "has_more_false",
  },
  {
    name: "a missing flag (has-more-missing)",
    given: offset({ limit: 1, totalPath: null, hasMorePath: ["more"] }),
    bodies: [items(1)],
    asks: [0],
    end: "PAGE_INFO_MISSING",
  },
  {
    name: "a flag as a number (has-more-number)",
    given: offset({ limit: 1, totalPath: null, hasMorePath: ["more"] }),
    bodies: [items(1, { more: 1 })],
    asks: [0],
    end: "PAGE_INFO_INVALID",
  },
  {
    name: "a flag that is another word",
    given: offset({ limit: 1, totalPath: null, hasMorePath: ["more"] }),
    bodies: [items(1, { more: "perhaps" })],
    asks: [0],
    end: "PAGE_INFO_INVALID",
  },
];

describe("offset", () => {
  it.each(offsets)("$name", ({ given, bodies, asks, end }) => {
    const { options } = given as { options: { limit?: number } };
    const walked = walk(given, bodies);
    expect(walked).toMatchObject({ asked: asks.map((at) => `offset=${at}&limit=${options.limit}`), end });
  });

  it("uses the configured parameter names (param-names)", () => {
    const paginator = offset({ limit: 2, offsetParam: "skip", limitParam: "take" });
    expect(walk(paginator, [items(2, { total: 3 }), items(1, { total: 3 })]).asked).toEqual([
      "skip=0&take=2",
      "skip=2&take=2",
    ]);
  });

  describe("with pages that are shorter than the limit", () => {
    const capped = [items(2), items(2), items(2), items(0)];
    const rows: readonly (Case & { readonly warns?: string })[] = [
      {
        name: "refuses the page after a gap (server-caps-limit, D08)",
        given: offset({ limit: 4, totalPath: null }),
        bodies: capped,
        asks: [0, 4],
        end: "TRUNCATED",
      },
      {
        name: "refuses a total that is not reached",
        given: offset({ limit: 2 }),
        bodies: [items(2, { total: 4 }), items(1, { total: 4 })],
        asks: [0, 2],
        end: "TRUNCATED",
      },
      {
        name: "refuses one page with fewer records than the total",
        given: offset({ limit: 10 }),
        bodies: [items(3, { total: 7 })],
        asks: [0],
        end: "TRUNCATED",
      },
      {
        name: "refuses gaps after a first offset",
        given: offset({ limit: 4, offset: 8, totalPath: null }),
        bodies: capped,
        asks: [8, 12],
        end: "TRUNCATED",
      },
      {
        name: "reads everything by the records received",
        given: offset({ limit: 4, step: "received" }),
        bodies: [items(2, { total: 5 }), items(2, { total: 5 }), items(1, { total: 5 })],
        asks: [0, 2, 4],
        end: "total_reached",
      },
      {
        name: "reads everything by the records received until a page is empty",
        given: offset({ limit: 4, step: "received", totalPath: null }),
        bodies: [items(3), items(1), items(0)],
        asks: [0, 3, 4],
        end: "empty_page",
      },
      {
        name: "refuses an empty page before the total, also by the records received",
        given: offset({ limit: 4, step: "received" }),
        bodies: [items(2, { total: 5 }), items(0, { total: 5 })],
        asks: [0, 2],
        end: "TRUNCATED",
      },
      {
        name: "only warns if the step is explicitly the limit",
        given: offset({ limit: 4, step: "limit", totalPath: null }),
        bodies: capped,
        asks: [0, 4, 8, 12],
        end: "empty_page",
        warns: "2 records seem to be missing",
      },
      {
        name: "only warns about a short page after full ones without a total",
        given: offset({ limit: 2, totalPath: null }),
        bodies: [items(2), items(1), items(2), items(0)],
        asks: [0, 2, 4, 6],
        end: "empty_page",
        warns: "1 records seem to be missing",
      },
      {
        name: "accepts short pages that make up the total in the end",
        given: offset({ limit: 10 }),
        bodies: [items(10, { total: 25 }), items(7, { total: 25 }), items(8, { total: 25 })],
        asks: [0, 10, 20],
        end: "total_reached",
        warns: "3 records seem to be missing",
      },
    ];
    it.each(rows)("$name", ({ given, bodies, asks, end, warns }) => {
      const { options } = given as { options: { limit?: number } };
      const { warnings, ...walked } = walk(given, bodies);
      expect(walked).toEqual({ asked: asks.map((at) => `offset=${at}&limit=${options.limit}`), end });
      expect(warnings[0] ?? "").toContain(warns ?? "");
      expect(warnings.length > 0).toBe(warns !== undefined);
    });
  });

  it("continues after the records received if pages are longer than the limit", () => {
    const walked = walk(offset({ limit: 2 }), [items(5, { total: 8 }), items(3, { total: 8 })]);
    expect(walked).toEqual({
      asked: ["offset=0&limit=2", "offset=5&limit=2"],
      end: "total_reached",
      warnings: [],
    });
  });

  it("counts rows, not records, if the selector takes lists out of them", () => {
    const given = offset({ limit: 2 });
    const asked: unknown[] = [];
    let position = given.start;
    for (const count of [9, 1]) {
      asked.push(given.request(position).query);
      const exchange = exchangeOf(items(count, { total: 4 }), { selector: ["items", "[*]", "lines", "[*]"] });
      const { next, stop } = given.next(position, exchange);
      position = next ?? { stop: String(stop) };
    }
    expect(asked).toEqual([0, 2].map((at) => ({ offset: at, limit: 2 })));
    expect(position).toEqual({ stop: "total_reached" });
  });

  it("does not warn about a complete read", () => {
    for (const { given, bodies, name } of offsets.filter(({ name }) => name.includes("total-"))) {
      expect({ name, warnings: walk(given, bodies).warnings }).toEqual({ name, warnings: [] });
    }
  });
});

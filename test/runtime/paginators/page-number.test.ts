import { describe, expect, it } from "vitest";
import { pageNumber } from "../../../runtime/src/index.js";
import { items, walk, type Case } from "../walk.js";

// The names in brackets are those of dlt's recorded vectors, or of its deviations.
const pageNumbers: readonly Case[] = [
  {
    name: "total counts pages, from base 0 (page-param)",
    given: pageNumber(),
    bodies: [items(2, { total: 2 })],
    asks: [0, 1],
    end: "total_reached",
  },
  {
    name: "total counts pages, from base 1 (static-params-kept)",
    given: pageNumber({ basePage: 1 }),
    bodies: [items(2, { total: 2 })],
    asks: [1, 2],
    end: "total_reached",
  },
  {
    name: "a nested total (nested-total)",
    given: pageNumber({ basePage: 1, totalPath: ["meta", "pages"] }),
    bodies: [items(1, { meta: { pages: 2 } })],
    asks: [1, 2],
    end: "total_reached",
  },
  {
    name: "a first page (start-page)",
    given: pageNumber({ basePage: 1, page: 2, totalPath: ["total"] }),
    bodies: [items(2, { total: 3 })],
    asks: [2, 3],
    end: "total_reached",
  },
  {
    name: "page 0 is a valid first page (start-page-zero-with-base-one)",
    given: pageNumber({ basePage: 1, page: 0, totalPath: ["total"] }),
    bodies: [items(2, { total: 2 })],
    asks: [0, 1, 2],
    end: "total_reached",
  },
  {
    name: "a maximum, from base 0 (maximum-page-base-zero)",
    given: pageNumber({ totalPath: null, maximumPage: 3 }),
    bodies: [items(2)],
    asks: [0, 1, 2],
    end: "maximum_reached",
  },
  {
    name: "a maximum, from base 1 (maximum-page-base-one)",
    given: pageNumber({ basePage: 1, totalPath: null, maximumPage: 3 }),
    bodies: [items(2)],
    asks: [1, 2],
    end: "maximum_reached",
  },
  {
    name: "until an empty page (stop-after-empty)",
    given: pageNumber({ totalPath: null }),
    bodies: [items(2), items(2), items(0)],
    asks: [0, 1, 2],
    end: "empty_page",
  },
  {
    name: "empty pages do not end it before the maximum (stop-after-empty-false)",
    given: pageNumber({ totalPath: null, maximumPage: 3, stopAfterEmptyPage: false }),
    bodies: [items(2), items(0), items(0)],
    asks: [0, 1, 2],
    end: "maximum_reached",
  },
  {
    name: "a negative total is invalid (total-negative, D26)",
    given: pageNumber(),
    bodies: [items(2, { total: -1 }), items(1, { total: -1 }), items(0, { total: -1 })],
    asks: [0, 1, 2],
    end: "empty_page",
  },
  {
    name: "a flag (has-more)",
    given: pageNumber({ basePage: 1, totalPath: null, hasMorePath: ["meta", "more"] }),
    bodies: [items(1, { meta: { more: true } }), items(1, { meta: { more: false } })],
    asks: [1, 2],
    end: "has_more_false",
  },
  {
    name: "a flag does not override the maximum (has-more-overrides-maximum, D06)",
    given: pageNumber({ basePage: 1, totalPath: null, maximumPage: 2, hasMorePath: ["more"] }),
    bodies: [items(2, { more: true })],
    asks: [1],
    end: "maximum_reached",
  },
  {
    name: "a flag does not override the total (D06)",
    given: pageNumber({ basePage: 1, hasMorePath: ["more"] }),
    bodies: [items(2, { more: true, total: 2 })],
    asks: [1, 2],
    end: "total_reached",
  },
  {
    name: "a total that counts records: an empty page ends it",
    given: pageNumber({ basePage: 1 }),
    bodies: [items(2, { total: 4 }), items(2, { total: 4 }), items(0, { total: 4 })],
    asks: [1, 2, 3],
    end: "empty_page",
  },
];

describe("page_number", () => {
  it.each(pageNumbers)("$name", ({ given, bodies, asks, end }) => {
    const walked = walk(given, bodies);
    expect(walked).toEqual({ asked: asks.map((at) => `page=${at}`), end, warnings: [] });
  });

  it("uses the configured parameter names, and sends a limit only if set", () => {
    const bodies = [items(1, { total: 1 })];
    expect(walk(pageNumber({ pageParam: "p" }), bodies).asked).toEqual(["p=0"]);
    expect(walk(pageNumber({ limit: 250 }), bodies).asked).toEqual(["page=0&limit=250"]);
    expect(walk(pageNumber({ limit: 250, limitParam: "size" }), bodies).asked).toEqual(["page=0&size=250"]);
  });
});

import { describe, expect, it } from "vitest";
import { offset, pageNumber, singlePage, type Paginator } from "../../runtime/src/index.js";

/** A response body of n items, with what else stands beside them. */
function items(n: number, beside: object = {}): object {
  return { items: Array.from({ length: n }, (_, id) => ({ id })), ...beside };
}

/** What a paginator asks for and how it ends, given the bodies of the pages; a walk of more than 20 is endless. */
function walk(paginator: Paginator, bodies: readonly object[]): { asked: string[]; end: string; warnings: string[] } {
  const asked: string[] = [];
  const warnings: string[] = [];
  let position = paginator.start;
  for (let page = 0; page < 20; page++) {
    const query = Object.entries(paginator.request(position).query ?? {});
    asked.push(query.map(([name, value]) => `${name}=${value}`).join("&"));
    const body = bodies[Math.min(page, bodies.length - 1)] as { readonly items: readonly unknown[] };
    try {
      const { next, stop, warning } = paginator.next(position, { body, records: body.items });
      if (warning) warnings.push(warning);
      if (!next) return { asked, end: String(stop), warnings };
      // Positions travel in checkpoints.
      position = JSON.parse(JSON.stringify(next)) as typeof next;
    } catch (error) {
      return { asked, end: (error as { code: string }).code, warnings };
    }
  }
  return { asked, end: "endless", warnings };
}

interface Case {
  readonly name: string;
  readonly given: Paginator;
  readonly bodies: readonly object[];
  /** The numbers of the pages asked for. */
  readonly asks: readonly number[];
  readonly end: string;
}

// The names in brackets are those of dlt's recorded vectors, or of the rows of the reference's table.
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
    name: "a default total of null counts as none (D07)",
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
    name: "a total as text that is not whole (total-text-not-whole)",
    given: offset({ limit: 1 }),
    bodies: [items(1, { total: "1.5" })],
    asks: [0],
    end: "PAGE_INFO_INVALID",
  },
  {
    name: "a fractional total is cut",
    given: offset({ limit: 1 }),
    bodies: [items(1, { total: 2.7 })],
    asks: [0, 1],
    end: "total_reached",
  },
  {
    name: "a list where the total should be",
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
    name: "empty pages passed over (stop-after-empty-false-with-total)",
    given: offset({ limit: 1, stopAfterEmptyPage: false }),
    bodies: [items(1, { total: 3 }), items(0, { total: 3 }), items(1, { total: 3 })],
    asks: [0, 1, 2],
    end: "total_reached",
  },
  {
    name: "a first offset",
    given: offset({ limit: 2, offset: 3 }),
    bodies: [items(2, { total: 6 })],
    asks: [3, 5],
    end: "total_reached",
  },
  {
    name: "a total that shrinks: the largest counts",
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
    name: "a flag that is missing (has-more-missing)",
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
    name: "page 0 counts as given (start-page-zero-with-base-one)",
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
    name: "empty pages passed over up to the maximum (stop-after-empty-false)",
    given: pageNumber({ totalPath: null, maximumPage: 3, stopAfterEmptyPage: false }),
    bodies: [items(2), items(0), items(0)],
    asks: [0, 1, 2],
    end: "maximum_reached",
  },
  {
    name: "a negative total (total-negative)",
    given: pageNumber(),
    bodies: [items(2, { total: -1 })],
    asks: [0],
    end: "total_reached",
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
    name: "total counts records after all: an empty page ends it",
    given: pageNumber({ basePage: 1 }),
    bodies: [items(2, { total: 4 }), items(2, { total: 4 }), items(0, { total: 4 })],
    asks: [1, 2, 3],
    end: "empty_page",
  },
];

const contradictions: readonly Case[] = [
  {
    name: "an empty page before the total",
    given: offset({ limit: 2 }),
    bodies: [items(2, { total: 5 }), items(0, { total: 5 })],
    asks: [0, 2],
    end: "TRUNCATED",
  },
  {
    name: "an empty page before the total of pages",
    given: pageNumber({ basePage: 1 }),
    bodies: [items(2, { total: 5 }), items(0, { total: 5 })],
    asks: [1, 2],
    end: "TRUNCATED",
  },
  {
    name: "an empty page before a total that it does not repeat",
    given: offset({ limit: 2 }),
    bodies: [items(2, { total: 5 }), items(0)],
    asks: [0, 2],
    end: "TRUNCATED",
  },
  {
    name: "an empty page beside a flag that says true",
    given: offset({ limit: 2, totalPath: null, hasMorePath: ["more"] }),
    bodies: [items(2, { more: true }), items(0, { more: true })],
    asks: [0, 2],
    end: "TRUNCATED",
  },
  {
    name: "an empty page beside a flag that says yes",
    given: offset({ limit: 2, totalPath: null, hasMorePath: ["more"] }),
    bodies: [items(2, { more: "yes" }), items(0, { more: "yes" })],
    asks: [0, 2],
    end: "TRUNCATED",
  },
];

describe("offset", () => {
  it.each(offsets)("$name", ({ given, bodies, asks, end }) => {
    const { options } = given as { options: { limit?: number } };
    const walked = walk(given, bodies);
    expect(walked).toMatchObject({ asked: asks.map((at) => `offset=${at}&limit=${options.limit}`), end });
  });

  it("names its parameters as told (param-names)", () => {
    const paginator = offset({ limit: 2, offsetParam: "skip", limitParam: "take" });
    expect(walk(paginator, [items(2, { total: 3 })]).asked).toEqual(["skip=0&take=2", "skip=2&take=2"]);
  });

  it("warns when a server caps its pages below the limit (server-caps-limit, D08)", () => {
    const paginator = offset({ limit: 4, totalPath: null });
    const walked = walk(paginator, [items(2), items(2), items(2), items(0)]);
    expect(walked).toMatchObject({ end: "empty_page" });
    expect(walked.warnings.length).toBeGreaterThan(0);
    expect(walked.warnings[0]).toContain("2 records seem to be missing");
  });

  it("warns when fewer records came than the total says", () => {
    const { end, warnings } = walk(offset({ limit: 2 }), [items(2, { total: 4 }), items(1, { total: 4 })]);
    expect({ end, warnings }).toEqual({
      end: "total_reached",
      warnings: [expect.stringContaining("1 records seem to be missing")],
    });
  });

  it("does not warn when all is well", () => {
    for (const { given, bodies, name } of offsets.filter(({ name }) => name.includes("total-"))) {
      expect({ name, warnings: walk(given, bodies).warnings }).toEqual({ name, warnings: [] });
    }
  });
});

describe("page_number", () => {
  it.each(pageNumbers)("$name", ({ given, bodies, asks, end }) => {
    const walked = walk(given, bodies);
    expect(walked).toEqual({ asked: asks.map((at) => `page=${at}`), end, warnings: [] });
  });

  it("names its parameters as told, and sends a limit only when it has one", () => {
    const bodies = [items(1, { total: 1 })];
    expect(walk(pageNumber({ pageParam: "p" }), bodies).asked).toEqual(["p=0"]);
    expect(walk(pageNumber({ limit: 250 }), bodies).asked).toEqual(["page=0&limit=250"]);
    expect(walk(pageNumber({ limit: 250, limitParam: "size" }), bodies).asked).toEqual(["page=0&size=250"]);
  });
});

describe("an empty page that contradicts the response", () => {
  it.each(contradictions)("is truncation: $name", ({ given, bodies, asks, end }) => {
    const walked = walk(given, bodies);
    expect(walked.end).toBe(end);
    expect(walked.asked).toHaveLength(asks.length);
  });
});

describe("single_page", () => {
  it("asks once, whatever the response says (ignores-next)", () => {
    const walked = walk(singlePage(), [items(2, { next: "/items?p=2", total: 9, has_more: true })]);
    expect(walked).toEqual({ asked: [""], end: "single_page", warnings: [] });
  });
});

describe("words for yes and no", () => {
  const words = [
    ...[true, "true", "TRUE", "yes", "Yes", "t", "y", "1"].map((given) => ({ given, end: "maximum_reached" })),
    ...[false, "false", "False", "no", "NO", "f", "n", "0"].map((given) => ({ given, end: "has_more_false" })),
    ...[0, 1, "", "on", {}, [], "true "].map((given) => ({ given, end: "PAGE_INFO_INVALID" })),
    { given: null, end: "PAGE_INFO_MISSING" },
  ];
  it.each(words)("has_more $given: $end", ({ given, end }) => {
    const paginator = offset({ limit: 1, totalPath: null, hasMorePath: ["more"], maximumOffset: 3 });
    expect(walk(paginator, [items(1, { more: given })]).end).toBe(end);
  });
});

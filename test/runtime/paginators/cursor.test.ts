import { describe, expect, it } from "vitest";
import { cursor, headerCursor, query } from "../../../runtime/src/index.js";
import { exchangeOf, headersOf, items, walk, type TextCase } from "../walk.js";

// The names in brackets are those of dlt's recorded vectors, or of its deviations.
const cursors: readonly TextCase[] = [
  {
    name: "the first request has none, the others that of the previous page (defaults)",
    given: cursor(),
    bodies: [
      items(1, { cursors: { next: "a" } }),
      items(1, { cursors: { next: "b" } }),
      items(1, { cursors: { next: null } }),
    ],
    asks: ["", "cursor=a", "cursor=b"],
    end: "no_next",
  },
  {
    name: "a parameter and a page size",
    given: cursor({ cursorPath: ["next"], cursorParam: "after", limit: 5 }),
    bodies: [items(1, { next: 7 }), items(1)],
    asks: ["limit=5", "after=7&limit=5"],
    end: "no_next",
  },
  {
    name: "in the JSON body, in its own type (cursor-body-path)",
    given: cursor({
      cursorPath: ["next"],
      cursorBodyPath: "page.after",
      limit: 5,
      limitBodyPath: "page.size",
    }),
    bodies: [items(1, { next: 7 }), items(1)],
    asks: ['{"page.size":5}', '{"page.after":7,"page.size":5}'],
    end: "no_next",
  },
  {
    name: "any JSON in the JSON body (cursor-object)",
    given: cursor({ cursorPath: ["items", -1, "sort"], cursorBodyPath: "search_after" }),
    bodies: [{ items: [{ sort: [10, "a"] }] }, { items: [] }],
    asks: ["", '{"search_after":[10,"a"]}'],
    end: "no_next",
  },
  {
    name: "no object in the query",
    given: cursor({ cursorPath: ["next"] }),
    bodies: [items(1, { next: { id: 1 } })],
    asks: [""],
    end: "PAGE_INFO_INVALID",
  },
  {
    name: "no list in a header",
    given: cursor({ cursorPath: ["next"], cursorHeader: "X-After" }),
    bodies: [items(1, { next: [1] })],
    asks: [""],
    end: "PAGE_INFO_INVALID",
  },
  {
    name: "in a header",
    given: cursor({ cursorPath: ["next"], cursorHeader: "X-After" }),
    bodies: [items(1, { next: 7 }), items(1)],
    asks: ["", "X-After: 7"],
    end: "no_next",
  },
  {
    name: "of several matches the first (first-of-many-matches)",
    given: cursor({ cursorPath: ["links", "[*]", "c"] }),
    bodies: [items(1, { links: [{ c: "one" }, { c: "two" }] }), items(1, { links: [] })],
    asks: ["", "cursor=one"],
    end: "no_next",
  },
  {
    name: "found by a query",
    given: cursor({ cursorPath: query([{ descend: "end" }]) }),
    bodies: [items(1, { page: { end: "x" } }), items(1)],
    asks: ["", "cursor=x"],
    end: "no_next",
  },
  {
    name: "an empty page is followed by others (empty-page-goes-on)",
    given: cursor({ cursorPath: ["next"] }),
    bodies: [items(1, { next: "a" }), items(0, { next: "b" }), items(1)],
    asks: ["", "cursor=a", "cursor=b"],
    end: "no_next",
  },
  {
    name: "an empty page is the last (stop-after-empty-page)",
    given: cursor({ cursorPath: ["next"], stopAfterEmptyPage: true }),
    bodies: [items(1, { next: "a" }), items(0, { next: "b" })],
    asks: ["", "cursor=a"],
    end: "empty_page",
  },
  {
    name: "a flag takes precedence over a cursor",
    given: cursor({ cursorPath: ["next"], hasMorePath: ["more"] }),
    bodies: [items(1, { next: "a", more: true }), items(1, { next: "b", more: "no" })],
    asks: ["", "cursor=a"],
    end: "has_more_false",
  },
  {
    name: "a missing flag",
    given: cursor({ cursorPath: ["next"], hasMorePath: ["more"] }),
    bodies: [items(1, { next: "a" })],
    asks: [""],
    end: "PAGE_INFO_MISSING",
  },
  {
    name: "a flag that is another number than 1 and 0",
    given: cursor({ cursorPath: ["next"], hasMorePath: ["more"] }),
    bodies: [items(1, { next: "a", more: 2 })],
    asks: [""],
    end: "PAGE_INFO_INVALID",
  },
  {
    name: "flags that are numbers",
    given: cursor({ cursorPath: ["next"], hasMorePath: ["more"] }),
    bodies: [items(1, { next: "a", more: 1 }), items(1, { next: "b", more: 0 })],
    asks: ["", "cursor=a"],
    end: "has_more_false",
  },
  {
    name: "a flag for the end that is a number",
    given: cursor({ cursorPath: ["next"], endPath: ["done"] }),
    bodies: [items(1, { next: "a", done: 0 }), items(1, { next: "b", done: 1 })],
    asks: ["", "cursor=a"],
    end: "has_more_false",
  },
  {
    name: "a flag that is null, or missing with the cursor",
    given: cursor({ cursorPath: ["next"], hasMorePath: ["more"] }),
    bodies: [items(1, { next: "a", more: true }), items(1, { next: "b", more: null }), items(1)],
    asks: ["", "cursor=a", "cursor=b"],
    end: "no_next",
  },
];

describe("cursor", () => {
  it.each(cursors)("$name", ({ given, bodies, asks, end }) => {
    expect(walk(given, bodies)).toEqual({ asked: asks, end, warnings: [] });
  });

  it.each([0, -0, "", " ", "null", false, null, [], {}, undefined])(
    "ends at %j (zero-ends, false-ends, missing-ends)",
    (next) => {
      expect(walk(cursor({ cursorPath: ["next"] }), [items(1, { next })])).toMatchObject({ end: "no_next" });
    },
  );

  it.each(["0", "false", "NULL?", -1, 0.5, true])("continues with %j", (next) => {
    const walked = walk(cursor({ cursorPath: ["next"] }), [items(1, { next }), items(1)]);
    expect(walked.asked).toEqual(["", `cursor=${next}`]);
  });

  it("rejects a response that indicates more pages, but has no cursor (D06)", () => {
    const walked = walk(cursor({ hasMorePath: ["more"] }), [items(1, { more: true })]);
    expect(walked).toEqual({ end: "PAGE_INFO_MISSING", asked: [""], warnings: [] });
  });

  it("keeps secrets out of positions", () => {
    const isSecret = (text: string): boolean => text.includes("s3cr3t");
    const given = cursor({ cursorPath: ["next"] });
    const exchange = exchangeOf(items(1, { next: "a-s3cr3t" }), { isSecret });
    expect(() => given.next({}, exchange)).toThrow(/contains a secret/);
  });

  it("keeps its options as data", () => {
    expect(cursor({ cursorParam: "c" })).toMatchObject({ type: "cursor", options: { cursorParam: "c" } });
  });
});

describe("header_cursor", () => {
  const rows: readonly TextCase[] = [
    {
      name: "with the default names (defaults)",
      given: headerCursor(),
      bodies: [items(1)],
      headers: [{ Next: "a" }, { next: "b" }],
      asks: ["", "cursor=a", "cursor=b"],
      end: "no_next",
    },
    {
      name: "with other names (names)",
      given: headerCursor({ cursorKey: "x-next", cursorParam: "from", limit: 2 }),
      bodies: [items(1)],
      headers: [{ "X-Next": "a1" }],
      asks: ["limit=2", "from=a1&limit=2"],
      end: "no_next",
    },
    {
      name: "an empty header is not a cursor (empty-header, D27)",
      given: headerCursor(),
      bodies: [items(1)],
      headers: [{ next: "1" }, { next: "" }],
      asks: ["", "cursor=1"],
      end: "no_next",
    },
    {
      name: "a header of spaces is not a cursor",
      given: headerCursor(),
      bodies: [items(1)],
      headers: [{ next: "  " }],
      asks: [""],
      end: "no_next",
    },
    {
      name: "null as a header is not a cursor",
      given: headerCursor({ cursorKey: "Sforce-Locator" }),
      bodies: [items(1)],
      headers: [{ "sforce-locator": "x" }, { "sforce-locator": "null" }],
      asks: ["", "cursor=x"],
      end: "no_next",
    },
    {
      name: "into the body",
      given: headerCursor({ cursorBodyPath: "after" }),
      bodies: [items(1)],
      headers: [{ next: "7" }],
      asks: ["", '{"after":"7"}'],
      end: "no_next",
    },
  ];
  it.each(rows)("$name", ({ given, bodies, headers, asks, end }) => {
    expect(walk(given, bodies, headers)).toEqual({ asked: asks, end, warnings: [] });
  });

  it("reads the header regardless of its case", () => {
    const exchange = exchangeOf(items(1), { headers: headersOf({ "X-NEXT": "b" }) });
    expect(headerCursor({ cursorKey: "x-Next" }).next({}, exchange)).toEqual({ next: { cursor: "b" } });
  });
});

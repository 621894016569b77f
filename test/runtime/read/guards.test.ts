import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createGuards, createNumberSet } from "../../../runtime/src/read/guards.js";
import { errorOf, fakeFetch, open, pagesOf } from "../fixtures.js";
import type { Paginator, Step } from "../../../runtime/src/plugin.js";

const draft = (url: string, method = "GET"): Parameters<ReturnType<typeof createGuards>["request"]>[0] => ({
  method,
  url,
  headers: {},
});

describe("a set of numbers", () => {
  it("has what was added to it, and nothing else", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.integer({ min: 1, max: 200 }),
            fc.maxSafeInteger().filter((n) => n > 0),
          ),
        ),
        (values) => {
          const numbers = createNumberSet();
          const known = new Set<number>();
          for (const value of values) {
            expect(numbers.add(value)).toBe(!known.has(value));
            known.add(value);
          }
        },
      ),
    );
  });

  it("keeps 2,000 numbers apart that share their place in the table", () => {
    const numbers = createNumberSet();
    const values = Array.from({ length: 2000 }, (_, n) => 1 + n * 2 ** 16);
    expect(values.every((value) => numbers.add(value))).toBe(true);
    expect(values.some((value) => numbers.add(value))).toBe(false);
  });
});

describe("the page before", () => {
  const page = [
    { id: 1, name: "Ann" },
    { id: 2, name: "Bob" },
  ];
  const step: Step = { next: {} };
  it.each([
    { name: "is kept", key: ["id"], needsPrevious: undefined, want: page },
    {
      name: "is freed but for its first record if nobody compares pages",
      key: ["id"],
      needsPrevious: false as const,
      want: page.slice(0, 1),
    },
    {
      name: "is freed but for its keys if nobody compares more",
      key: ["id"],
      needsPrevious: "keys" as const,
      want: [{ id: 1 }, { id: 2 }],
    },
    ...([false, "keys"] as const).map((needsPrevious) => ({
      name: "is kept without a key, because equal pages are compared as a whole",
      key: [],
      needsPrevious,
      want: page,
    })),
  ])("$name", ({ key, needsPrevious, want }) => {
    const guards = createGuards(key, undefined, needsPrevious);
    expect(guards.previous()).toBeUndefined();
    guards.records(page, step);
    expect(guards.previous()).toEqual(want);
  });

  it.each([
    { needsPrevious: undefined, want: [undefined, [{ id: 1, name: "1" }], [{ id: 2, name: "2" }]] },
    { needsPrevious: "keys" as const, want: [undefined, [{ id: 1 }], [{ id: 2 }]] },
    { needsPrevious: false as const, want: [undefined, undefined, undefined] },
  ])("is part of an exchange as needsPrevious $needsPrevious says", async ({ needsPrevious, want }) => {
    const seen: unknown[] = [];
    const paginator: Paginator = {
      type: "own",
      options: {},
      start: { n: 1 },
      needsPrevious,
      request: ({ n }) => ({ query: { n: Number(n) } }),
      next: ({ n }, { previous }) => {
        seen.push(previous);
        return Number(n) < 3 ? { next: { n: Number(n) + 1 } } : { stop: "no_next" };
      },
    };
    const { fetch } = fakeFetch((_, n) => ({ body: { items: [{ id: n, name: String(n) }] } }));
    await open({
      url: "http://api.test",
      resource: { paginator, primaryKey: ["id"] },
      options: { fetch },
    })().toArray();
    expect(seen).toEqual(want);
  });
});

describe("the guard over requests", () => {
  it("rejects a request that was sent before, at any distance", () => {
    const guards = createGuards(["id"]);
    for (const page of [1, 2, 3, 4, 5]) guards.request(draft(`http://x/?page=${page}`), {});
    expect(() => guards.request(draft("http://x/?page=2"), {})).toThrow(
      expect.objectContaining({ code: "PAGINATION_LOOP" }),
    );
  });

  it("tells methods, orders and spellings apart", () => {
    const guards = createGuards(["id"]);
    const urls = ["http://x/?a=1&b=2", "http://x/?b=2&a=1", "http://x/?a=1&b=2&", "http://x/?a=12&b="];
    for (const url of urls) guards.request(draft(url), {});
    guards.request(draft("http://x/?a=1&b=2", "POST"), {});
  });

  it("takes no two of 100,000 requests for one", () => {
    const guards = createGuards(["id"]);
    for (let page = 0; page < 100_000; page++)
      guards.request(draft(`https://api.example.com/v1/rows?page=${page}&limit=250`), {});
  });

  it("takes no two of 40,000 short cursors for one", () => {
    const guards = createGuards(["id"]);
    const letters = Array.from({ length: 200 }, (_, index) => String.fromCharCode(32 + index));
    for (const one of letters) for (const two of letters) guards.request(draft(`http://x/${one}${two}`), {});
  });

  it("takes no two different texts for one", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { minLength: 2, maxLength: 50 }), (texts) => {
        const guards = createGuards(["id"]);
        for (const text of texts) guards.request(draft(`http://x/${text}`), {});
      }),
    );
  });

  it("ends a read whose paginator goes round in a circle", async () => {
    const circle: Paginator = {
      type: "circle",
      options: {},
      start: { at: 1 },
      request: ({ at }) => ({ query: { at: at as number } }),
      next: ({ at }) => ({ next: { at: ((at as number) % 3) + 1 } }),
    };
    const { fetch, seen } = fakeFetch((_, n) => ({ body: { items: [{ id: n }] } }));
    const error = await errorOf(
      open({ url: "http://x.test", resource: { paginator: circle }, options: { fetch } })().toArray(),
    );
    expect(error).toMatchObject({ name: "PageError", code: "PAGINATION_LOOP", page: 4 });
    // The error names the request that would be sent again.
    const url = seen[0]?.url ?? "";
    expect(error.request).toEqual({ method: "GET", url });
    expect(error.message).toBe(
      `shop.rows page 4: the request is the same as an earlier one: check the paginator and its \`end_path\`: GET ${url}`,
    );
    expect(seen).toHaveLength(3);
  });
});

/** A step of a paginator to a page that the previous page named. */
const named: Step = { next: {} };
/** The same without evidence that the page is another one, or with a response that states its position. */
const unproven: Step = { next: {}, progress: "none" };
const stated: Step = { next: {}, progress: "stated" };

/** Returns the index of the first rejected page, and the indices of pages with a warning. */
function judge(
  key: readonly string[],
  pages: readonly (readonly unknown[])[],
  step: Step,
): { refused: number | undefined; warned: number[] } {
  const guards = createGuards(key);
  const warned: number[] = [];
  for (const [index, page] of pages.entries()) {
    try {
      if (guards.records(page, step)) warned.push(index);
    } catch (error) {
      expect((error as { code: string }).code).toBe("PAGE_PARAM_IGNORED");
      return { refused: index, warned };
    }
  }
  return { refused: undefined, warned };
}

/** Repeats a list. */
function repeat<T>(list: readonly T[], times: number): T[] {
  return Array.from({ length: times }, () => list).flat();
}

describe("the guard over records", () => {
  interface Case {
    readonly name: string;
    readonly key?: readonly string[];
    readonly step?: Step;
    readonly pages: readonly (readonly unknown[])[];
    /** The index of the rejected page. */
    readonly refused: number | undefined;
    readonly warned?: readonly number[];
  }
  const a = [
    { id: 1, v: 1 },
    { id: 2, v: 1 },
  ];
  const b = [{ id: 3 }, { id: 4 }];
  const c = [{ id: 5 }, { id: 6 }];
  const changed = [
    { id: 1, v: 2 },
    { id: 2, v: 2 },
  ];
  const objects = [{ id: { oid: 1 } }, { id: { oid: 2 } }];
  const others = [{ id: { oid: 3 } }, { id: { oid: 4 } }];

  const keyed: readonly Case[] = [
    { name: "the same keys again", pages: [a, b, b], refused: 2 },
    {
      name: "the same keys again, although a total states the position of the page",
      step: stated,
      pages: [a, a],
      refused: 1,
    },
    { name: "the same keys with other values", pages: [a, changed], refused: 1 },
    { name: "one key of two is the same", key: ["id", "v"], pages: [a, changed], refused: undefined },
    { name: "the first record is the same", pages: [a, [{ id: 1 }, { id: 9 }]], refused: undefined },
    { name: "the page is longer", pages: [a, [...a, ...b]], refused: undefined },
    { name: "empty pages", pages: [[], [], [], []], refused: undefined },
    { name: "empty pages between", pages: [a, [], a], refused: undefined },
    { name: "a text and a number are two keys", pages: [[{ id: 1 }], [{ id: "1" }]], refused: undefined },
    { name: "a cycle of two pages", pages: repeat([a, b], 9), refused: 3 },
    {
      name: "a cycle of three pages, although a total states the position of each",
      step: stated,
      pages: repeat([a, b, c], 9),
      refused: 5,
    },
    {
      name: "a cycle after other pages",
      pages: [[{ id: 7 }], [{ id: 8 }], ...repeat([a, b], 9)],
      refused: 5,
    },
    { name: "a cycle with empty pages", pages: repeat([a, [], b], 9), refused: 5 },
    {
      name: "a cycle of 200 pages",
      pages: repeat(
        Array.from({ length: 200 }, (_, id) => [{ id }]),
        3,
      ),
      refused: 399,
    },
    {
      name: "keys that are objects are compared whole",
      pages: [objects, others, objects, others],
      refused: undefined,
    },
    {
      name: "keys that are null are not keys",
      step: stated,
      pages: repeat([[{ id: null, v: 1 }]], 9),
      refused: undefined,
      warned: [1],
    },
  ];
  it.each(keyed)(
    "with a key, $name: $refused",
    ({ key = ["id"], step = named, pages, refused, warned = [] }) => {
      expect(judge(key, pages, step)).toEqual({ refused, warned });
    },
  );

  const unkeyed: readonly Case[] = [
    { name: "different pages", step: unproven, pages: [a, b, c], refused: undefined },
    {
      name: "the same page for ever, unproven",
      step: unproven,
      pages: repeat([a], 9),
      refused: 2,
      warned: [1],
    },
    {
      name: "the same page twice, then another, unproven",
      step: unproven,
      pages: [a, a, b],
      refused: undefined,
      warned: [1],
    },
    {
      name: "the same page twice, then none, unproven",
      step: unproven,
      pages: [a, a, []],
      refused: undefined,
      warned: [1],
    },
    {
      name: "the same page at the end, unproven",
      step: { stop: "maximum_reached", progress: "none" },
      pages: [a, a],
      refused: 1,
    },
    {
      name: "the same page nine times, named by the previous page",
      pages: repeat([a], 9),
      refused: undefined,
      warned: [1],
    },
    {
      name: "the same page forever, named by the previous page",
      pages: repeat([a], 99),
      refused: 9,
      warned: [1],
    },
    {
      name: "the same page for ever, stated",
      step: stated,
      pages: repeat([a], 99),
      refused: undefined,
      warned: [1],
    },
    { name: "a cycle of two pages, unproven", step: unproven, pages: repeat([a, b], 20), refused: 12 },
    { name: "a cycle of three pages", pages: repeat([a, b, c], 20), refused: 14 },
    {
      name: "a cycle with a repeated page",
      pages: repeat([a, a, b], 20),
      refused: 14,
      warned: [1, 4, 7, 10, 13],
    },
    {
      name: "equal ends around other records",
      pages: [1, 2, 3, 4].map((v) => [a, v, a].flat()),
      refused: undefined,
    },
    {
      name: "a key that the records do not have",
      key: ["uuid"],
      step: unproven,
      pages: repeat([a], 4),
      refused: 2,
      warned: [1],
    },
    {
      name: "scalars",
      step: unproven,
      pages: [
        [1, 2],
        [1, 3],
        [1, 2],
        [1, 2],
        [1, 3],
      ],
      refused: undefined,
      warned: [3],
    },
    { name: "null", step: unproven, pages: repeat([[null]], 4), refused: 2, warned: [1] },
  ];
  it.each(unkeyed)(
    "without a key, $name: $refused",
    ({ key = [], step = named, pages, refused, warned = [] }) => {
      expect(judge(key, pages, step)).toEqual({ refused, warned });
    },
  );

  it("remembers the pages in bounded memory", () => {
    const guards = createGuards(["id"]);
    const before = process.memoryUsage().heapUsed;
    for (let id = 1; id <= 50_000; id++) guards.records([{ id, text: "x".repeat(50) }], named);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(50_000_000);
  });
});

describe("a read that finds no end", () => {
  it("is refused the page after 100,000", () => {
    const guards = createGuards(["id"]);
    for (let id = 1; id <= 100_000; id++) guards.records([{ id }], named);
    expect(() => guards.records([{ id: 0 }], named)).toThrow(
      expect.objectContaining({ code: "TOO_MANY_PAGES" }),
    );
  });

  it("may go on for any number of pages that maxPages names, and no further", async () => {
    const guards = createGuards(["id"], 100_001);
    for (let id = 1; id <= 100_001; id++) guards.records([{ id }], named);
    const { fetch, seen } = fakeFetch((_, n) => ({ body: `{"items":[{"id":${n}}]}` }));
    const read = open({ url: "http://x.test", options: { fetch } });
    expect(await pagesOf(read({ maxPages: 1000 }))).toHaveLength(1000);
    expect(seen).toHaveLength(1000);
  });
});

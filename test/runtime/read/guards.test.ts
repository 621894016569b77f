import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createGuards } from "../../../runtime/src/read/guards.js";
import { errorOf, fakeFetch, open, pagesOf } from "../fixtures.js";
import type { Paginator } from "../../../runtime/src/plugin.js";

const draft = (url: string, method = "GET"): Parameters<ReturnType<typeof createGuards>["request"]>[0] => ({
  method,
  url,
  headers: {},
});

describe("the guard over requests", () => {
  it("refuses a request that was made before, at whatever distance", () => {
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
    expect(seen).toHaveLength(3);
  });
});

describe("the guard over records", () => {
  interface Case {
    readonly name: string;
    readonly key: readonly string[];
    readonly pages: readonly (readonly unknown[])[];
    /** The index of the page that is refused. */
    readonly refused: number | undefined;
  }
  const a = [
    { id: 1, v: 1 },
    { id: 2, v: 1 },
  ];
  const b = [{ id: 3 }, { id: 4 }];
  const cases: readonly Case[] = [
    { name: "different pages", key: ["id"], pages: [a, b, a, b], refused: undefined },
    { name: "the same keys again", key: ["id"], pages: [a, b, b], refused: 2 },
    {
      name: "the same keys with other values",
      key: ["id"],
      pages: [
        a,
        [
          { id: 1, v: 2 },
          { id: 2, v: 2 },
        ],
      ],
      refused: 1,
    },
    {
      name: "one key of two is the same",
      key: ["id", "v"],
      pages: [
        a,
        [
          { id: 1, v: 2 },
          { id: 2, v: 2 },
        ],
      ],
      refused: undefined,
    },
    {
      name: "the first record is the same",
      key: ["id"],
      pages: [a, [{ id: 1 }, { id: 9 }]],
      refused: undefined,
    },
    { name: "the page is longer", key: ["id"], pages: [a, [...a, ...b]], refused: undefined },
    { name: "empty pages", key: ["id"], pages: [[], [], [], []], refused: undefined },
    { name: "empty pages between", key: ["id"], pages: [a, [], a], refused: undefined },
    { name: "no key: three times is honest", key: [], pages: [a, a, a, b], refused: undefined },
    { name: "no key: four times is not", key: [], pages: [a, a, a, a], refused: 3 },
    { name: "a key that the records do not have", key: ["uuid"], pages: [a, a, a, a], refused: 3 },
    {
      name: "scalars",
      key: [],
      pages: [
        [1, 2],
        [1, 3],
        [1, 2],
        [1, 2],
      ],
      refused: undefined,
    },
    { name: "null", key: [], pages: [[null], [null], [null], [null]], refused: 3 },
  ];
  it.each(cases)("$name: $refused", ({ key, pages, refused }) => {
    const guards = createGuards(key);
    const verdicts = pages.map((page) => {
      try {
        guards.records(page);
        return undefined;
      } catch (error) {
        return (error as { code: string }).code;
      }
    });
    const at = verdicts.indexOf("PAGE_PARAM_IGNORED");
    expect(at === -1 ? undefined : at).toBe(refused);
  });
});

describe("a read that finds no end", () => {
  it("is refused the page after 100,000", () => {
    const guards = createGuards(["id"]);
    for (let id = 1; id <= 100_000; id++) guards.records([{ id }]);
    expect(() => guards.records([{ id: 0 }])).toThrow(expect.objectContaining({ code: "TOO_MANY_PAGES" }));
  });

  it("may go on for any number of pages that maxPages names, and no further", async () => {
    const guards = createGuards(["id"], 100_001);
    for (let id = 1; id <= 100_001; id++) guards.records([{ id }]);
    const { fetch, seen } = fakeFetch((_, n) => ({ body: `{"items":[{"id":${n}}]}` }));
    const read = open({ url: "http://x.test", options: { fetch } });
    expect(await pagesOf(read({ maxPages: 1000 }))).toHaveLength(1000);
    expect(seen).toHaveLength(1000);
  });
});

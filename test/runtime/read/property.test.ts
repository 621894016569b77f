import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isConnectorError,
  offset,
  pageNumber,
  type Checkpoint,
  type ReadEvent,
} from "../../../runtime/src/index.js";
import type { Paginator } from "../../../runtime/src/plugin.js";
import { fakeFetch, idsOf, open, paginatorOf, span, styles, type Reply } from "../fixtures.js";
import { pageAsked, pageBody, type Envelope, type Paging } from "../faults.js";

/** The temporary faults of a response, by name. */
const words: Readonly<Record<string, (body: string) => Reply>> = {
  busy: () => ({ status: 429, headers: { "retry-after": "0" } }),
  down: () => ({ status: 503 }),
  cut: (body) => ({ body: body.slice(0, -1) }),
  empty: () => ({ body: "" }),
  html: () => ({ body: "<html>" }),
  error: () => ({ body: '{"error":1}' }),
  reset: () => {
    throw new TypeError("fetch failed", { cause: Object.assign(new Error("reset"), { code: "ECONNRESET" }) });
  },
};

const stops: Readonly<Record<Envelope, object>> = {
  total: {},
  has_more: { totalPath: null, hasMorePath: ["has_more"] },
  none: { totalPath: null },
};

/** A read that stops several times and continues from the checkpoint. */
const schedule = fc.record({
  style: fc.constantFrom(...styles),
  envelope: fc.constantFrom<Envelope>("total", "has_more", "none"),
  records: fc.integer({ min: 0, max: 60 }),
  size: fc.integer({ min: 1, max: 12 }),
  readAhead: fc.boolean(),
  primaryKey: fc.constantFrom(["id"], []),
  /** The faults of each page, in turn; a page without an entry has none. */
  faults: fc.dictionary(
    fc.integer({ min: 0, max: 61 }).map(String),
    fc.array(fc.constantFrom(...Object.keys(words)), { maxLength: 4 }),
    { maxKeys: 8 },
  ),
  /** The numbers of records after which the consumer stops each read; the last read continues to the end. */
  leaves: fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 4 }),
});

type Schedule = typeof schedule extends fc.Arbitrary<infer T> ? T : never;

/** Plays a schedule; the records are those of whole pages before each checkpoint. */
async function play({
  readAhead,
  primaryKey,
  faults,
  leaves,
  ...api
}: Schedule): Promise<{ ids: number[]; requests: number }> {
  const left = new Map(Object.entries(faults).map(([page, list]) => [Number(page), [...list]]));
  // A complete first page with another format is requested only once more.
  const kinds = (left.get(0) ?? []).map((word) => (/cut|empty|html/.test(word) ? "no JSON" : word));
  left.set(
    0,
    (left.get(0) ?? []).filter((_, index) => kinds.indexOf(kinds[index] ?? "") === index),
  );
  const { fetch, seen } = fakeFetch((request) => {
    const page = pageAsked(api, request);
    const body = JSON.stringify(pageBody(api satisfies Paging, page));
    const word = left.get(page)?.shift();
    return word === undefined ? { body } : (words[word]?.(body) ?? {});
  });
  const read = open({
    url: "http://api.test",
    resource: { primaryKey, paginator: paginatorOf(api.style, api.size, stops[api.envelope]) },
    options: { fetch, retry: { backoffMs: 0 } },
  });
  const ids: number[] = [];
  let from: Checkpoint | undefined;
  for (const most of [...leaves, Infinity]) {
    let count = 0;
    for await (const { records, checkpoint } of read({ readAhead, ...(from && { from }) }).pages()) {
      ids.push(...idsOf(records));
      from = JSON.parse(JSON.stringify(checkpoint)) as Checkpoint;
      count += records.length;
      if (count >= most) break;
    }
    if (from?.position === null) break;
  }
  return { ids, requests: seen.length };
}

describe("any schedule of faults and interruptions", () => {
  it("ends with every record once and in order, without requests in excess", async () => {
    let resumed = 0;
    let faulty = 0;
    await fc.assert(
      fc.asyncProperty(schedule, async (given) => {
        const { ids, requests } = await play(given);
        expect(ids).toEqual(span(1, given.records));
        const pages =
          Math.max(1, Math.ceil(given.records / given.size)) + (given.envelope === "none" ? 1 : 0);
        const faults = Object.values(given.faults).flat().length;
        // A page that is read ahead and not used is requested again.
        expect(requests).toBeLessThanOrEqual(
          pages + faults + given.leaves.length * (given.readAhead ? 5 : 0) + 1,
        );
        if (requests > pages) faulty += 1;
        if (given.leaves.length > 0 && given.records > (given.leaves[0] ?? 0)) resumed += 1;
      }),
      { numRuns: 150 },
    );
    expect(resumed).toBeGreaterThan(15);
    expect(faulty).toBeGreaterThan(15);
  });
});

describe("any paginator", () => {
  const path = fc.constantFrom(["total"], ["meta", "n"], null);
  const stopConditions = fc.record(
    { totalPath: path, hasMorePath: fc.constantFrom(["more"], null), stopAfterEmptyPage: fc.constant(true) },
    { requiredKeys: [] },
  );
  const paginator: fc.Arbitrary<Paginator> = fc.oneof(
    fc
      .tuple(stopConditions, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 9 }))
      .map(([given, limit, start]) => offset({ ...given, limit, offset: start })),
    fc
      .tuple(stopConditions, fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }))
      .map(([given, basePage, page]) => pageNumber({ ...given, basePage, page })),
  );
  const odd = fc.oneof(
    fc.integer({ min: -5, max: 40 }),
    fc.constantFrom(null, "7", "x", true, "no", [], {}),
    fc.double(),
  );
  const body = fc.record(
    { total: odd, more: odd, meta: fc.record({ n: odd }, { requiredKeys: [] }) },
    { requiredKeys: [] },
  );

  it("ends with any responses, with a reason or an error of the runtime", async () => {
    const ends = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        paginator,
        fc.array(body, { minLength: 1, maxLength: 6 }),
        fc.nat({ max: 12 }),
        async (any, bodies, full) => {
          const { fetch, seen } = fakeFetch((_, n) => ({
            body: { ...bodies[n % bodies.length], items: n > full ? [] : [{ id: n }] },
          }));
          const read = open({
            url: "http://api.test",
            resource: { paginator: any },
            options: { fetch, retry: { backoffMs: 0 }, concurrency: 1 },
          });
          let end = "";
          const onEvent = (event: ReadEvent): void => {
            if (event.type === "complete") end = event.reason;
          };
          const error: unknown = await read({ onEvent })
            .toArray()
            .then(
              () => undefined,
              (reason: unknown) => reason,
            );
          if (error !== undefined) expect(isConnectorError(error)).toBe(true);
          ends.add(isConnectorError(error) ? error.code : end);
          // Full pages, an empty one, and its second attempt.
          expect(seen.length).toBeLessThanOrEqual(full + 2);
        },
      ),
      // Chance rarely finds these ends.
      {
        numRuns: 600,
        examples: [
          [offset({ hasMorePath: ["more"], totalPath: null, limit: 1 }), [{ more: false }], 1],
          [offset({ totalPath: ["total"], limit: 1 }), [{ total: 2 }], 2],
        ],
      },
    );
    expect([...ends].sort()).toEqual([
      "PAGE_INFO_INVALID",
      "PAGE_INFO_MISSING",
      "TRUNCATED",
      "empty_page",
      "has_more_false",
      "total_reached",
    ]);
  });
});

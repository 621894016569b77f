import { describe, expect, it } from "vitest";
import { singlePage, type ReadEvent } from "../../../runtime/src/index.js";
import { expectNoSecret, open, paginatorOf, rows, span, styles, type Row, type Style } from "../fixtures.js";
import { pageAsked, type Envelope, type Paging } from "../faults.js";
import { answer, answerJson, serve, type Handler, type Seen } from "../server.js";

const records = 25;
const size = 10;
const pages = 3;

/** Returns the metadata of a page. */
function beside({ style, envelope = "total" }: Paging, page: number): object {
  if (envelope === "total") return { total: style === "offset" ? records : pages };
  return envelope === "has_more" ? { has_more: page + 1 < pages } : {};
}

function page(index: number): Row[] {
  return rows(records).slice(index * size, (index + 1) * size);
}

type Misbehave = (api: Paging, index: number, request: Seen) => object | Handler;

/** The misbehaviours of an API with page numbers or offsets. */
const scenarios: Readonly<Record<string, Misbehave>> = {
  normal: (api, index) => ({ items: page(index), ...beside(api, index) }),
  loop: (api, index) => ({ items: page(Math.min(index, 1)), ...beside(api, Math.min(index, 1)) }),
  ignored: (api) => ({ items: page(0), ...beside(api, 0) }),
  empty: (api, index) => ({ items: index === 1 ? [] : page(index), ...beside(api, index) }),
  lastagain: (api, index) => ({ items: page(Math.min(index, 2)), ...beside(api, Math.min(index, 2)) }),
  nullitems: (api, index) => ({ items: index === 1 ? null : page(index), ...beside(api, index) }),
  missing: (api, index) =>
    index === 1 ? { error: "overload" } : { items: page(index), ...beside(api, index) },
  forgetful: (api, index) => ({
    items: index === 1 ? [] : page(index),
    ...(index === 0 && beside(api, index)),
  }),
};

/** The expected end of a read: the number of records, and the error if there is one. */
interface Ending {
  readonly got: number;
  readonly end: string;
}

const complete = (end: string): Ending => ({ got: records, end });
const ignored: Ending = { got: 20, end: "PAGE_PARAM_IGNORED" };
const truncated: Ending = { got: 10, end: "TRUNCATED" };
// These responses do not indicate more records, so an empty page is the end.
const asGoodAsOver: Ending = { got: 10, end: "empty_page" };

const expected: Readonly<Record<string, Readonly<Record<Envelope, Ending>>>> = {
  normal: {
    total: complete("total_reached"),
    has_more: complete("has_more_false"),
    none: complete("empty_page"),
  },
  loop: { total: ignored, has_more: ignored, none: ignored },
  ignored: {
    total: { ...ignored, got: 10 },
    has_more: { ...ignored, got: 10 },
    none: { ...ignored, got: 10 },
  },
  empty: { total: truncated, has_more: truncated, none: asGoodAsOver },
  lastagain: {
    total: complete("total_reached"),
    has_more: complete("has_more_false"),
    none: complete("PAGE_PARAM_IGNORED"),
  },
  nullitems: { total: truncated, has_more: truncated, none: asGoodAsOver },
  missing: {
    total: { got: 10, end: "RESPONSE_REJECTED" },
    has_more: { got: 10, end: "RESPONSE_REJECTED" },
    none: { got: 10, end: "RESPONSE_REJECTED" },
  },
  forgetful: { total: truncated, has_more: truncated, none: asGoodAsOver },
};

const stops: Readonly<Record<Envelope, object>> = {
  total: {},
  has_more: { totalPath: null, hasMorePath: ["has_more"] },
  none: {},
};

/** Reads everything; more than 40 requests mean an endless loop. */
async function readAll(
  api: Paging,
  misbehave: Misbehave,
  resource: object = {},
): Promise<{ ids: number[]; end: string; requests: number }> {
  const server = await serve((request, response) => {
    const answered = misbehave(api, pageAsked(api, request), request);
    if (typeof answered === "function") (answered as Handler)(request, response);
    else answerJson(response, answered);
  });
  let end = "none";
  const read = open({
    url: server.url,
    resource: { paginator: paginatorOf(api.style, size, stops[api.envelope ?? "total"]), ...resource },
    options: {
      onEvent: (event: ReadEvent) => {
        if (event.type === "complete") end = event.reason;
        if (event.type === "error") end = event.error.code;
      },
    },
  });
  const ids: number[] = [];
  try {
    for await (const { id } of read()) {
      ids.push(id);
      if (server.seen.length > 40) throw new Error("endless");
    }
  } catch (error) {
    if (end === "none") throw error;
  }
  return { ids, end, requests: server.seen.length };
}

describe.each(styles)("%s against an API that", (style: Style) => {
  const envelopes: readonly Envelope[] = ["total", "has_more", "none"];
  const table = Object.keys(scenarios).flatMap((scenario) =>
    envelopes.map((envelope) => ({ scenario, envelope, ...(expected[scenario]?.[envelope] as Ending) })),
  );

  it.each(table)("is $scenario, by $envelope: $end after $got", async ({ scenario, envelope, got, end }) => {
    const api = { style, envelope, records, size };
    const { ids, end: ended, requests } = await readAll(api, scenarios[scenario] as Misbehave);
    expect(ended).toBe(end);
    expect(ids).toEqual(span(1, got));
    expect(requests).toBeLessThanOrEqual(pages + 5);
  });

  it("ignores the page parameter, without a primary key: detected on the third page", async () => {
    const api = { style, envelope: "none", records, size } as const;
    const { ids, end } = await readAll(api, scenarios["ignored"] as Misbehave, { primaryKey: [] });
    expect(end).toBe("PAGE_PARAM_IGNORED");
    expect(ids).toEqual([...span(1, 10), ...span(1, 10)]);
  });

  it("decreases its total during the read: the largest total applies", async () => {
    const totals = style === "offset" ? [25, 25, 18] : [3, 3, 2];
    const { ids, end } = await readAll({ style, records, size }, (_, index) => ({
      items: page(index),
      total: totals[index],
    }));
    expect({ ids, end }).toEqual({ ids: span(1, 25), end: "total_reached" });
  });

  it("decreases its total at once: the total is not trusted", async () => {
    const totals = style === "offset" ? [25, 18, 18] : [3, 2, 2];
    const { ids, end } = await readAll({ style, records, size }, (_, index) => ({
      items: page(index),
      total: totals[index],
    }));
    expect({ ids, end }).toEqual({ ids: span(1, 25), end: "total_reached" });
  });

  it("has a total of null: ignored by default", async () => {
    const { ids, end } = await readAll({ style, records, size }, (_, index) => ({
      items: page(index),
      total: null,
    }));
    expect({ ids, end }).toEqual({ ids: span(1, 25), end: "empty_page" });
  });

  it("has a total of null at an explicit path", async () => {
    const paginator = paginatorOf(style, size, { totalPath: ["total"] });
    const { ids, end } = await readAll(
      { style, records, size },
      (_, index) => ({ items: page(index), total: null }),
      { paginator },
    );
    expect({ ids, end }).toEqual({ ids: [], end: "PAGE_INFO_MISSING" });
  });

  it("has identical pages that are correct", async () => {
    const paginator = paginatorOf(style, 2, { totalPath: null });
    const equal = [{ id: 1 }, { id: 1 }];
    const { ids, end } = await readAll(
      { style, records, size: 2 },
      (_, index) => ({ items: index < 2 ? equal : [] }),
      { paginator, primaryKey: [] },
    );
    expect({ ids, end }).toEqual({ ids: [1, 1, 1, 1], end: "empty_page" });
  });

  it("redirects page 2 to another origin", async () => {
    const other = await serve((request, response) =>
      answerJson(response, {
        items: page(pageAsked({ style, records, size }, request)),
        ...beside({ style, records, size }, 1),
      }),
    );
    const { ids, end } = await readAll({ style, records, size }, (api, index, { query }) =>
      index === 1
        ? (_, response) =>
            answer(response, 302, { headers: { location: `${other.url}/?${query.toString()}` } })
        : { items: page(index), ...beside(api, index) },
    );
    expect({ ids, end }).toEqual({ ids: span(1, 25), end: "total_reached" });
    expectNoSecret(JSON.stringify(other.seen));
  });
});

describe("single_page against an API that", () => {
  const table: readonly { name: string; misbehave: Misbehave; got: number; end: string }[] = [
    {
      name: "has more pages",
      misbehave: () => ({ items: page(0), total: 25, has_more: true }),
      got: 10,
      end: "single_page",
    },
    { name: "has null for records", misbehave: () => ({ items: null }), got: 0, end: "single_page" },
    { name: "has an error object", misbehave: () => ({ error: "x" }), got: 0, end: "RESPONSE_REJECTED" },
    {
      name: "has a list instead of an object",
      misbehave: () => [1, 2],
      got: 0,
      end: "SELECTOR_NO_MATCH",
    },
  ];
  it.each(table)("$name: $end", async ({ misbehave, got, end }) => {
    const result = await readAll({ style: "page_number", records, size }, misbehave, {
      paginator: singlePage(),
    });
    expect({ ids: result.ids, end: result.end }).toEqual({ ids: span(1, got), end });
    expect(result.requests).toBeLessThanOrEqual(5);
  });
});

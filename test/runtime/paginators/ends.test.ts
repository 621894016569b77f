import { describe, expect, it } from "vitest";
import {
  cursor,
  headerCursor,
  headerLink,
  jsonLink,
  offset,
  pageNumber,
  type ReadEvent,
} from "../../../runtime/src/index.js";
import type { Paginator } from "../../../runtime/src/plugin.js";
import { errorOf, idsOf, open, rows, span } from "../fixtures.js";
import { answer, answerJson, jsonType, serve } from "../server.js";

const size = 10;

interface Told {
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An API that serves 25 records by `?at=0`, and names the next page on each page. */
interface Api {
  readonly given: Paginator;
  /** What a page states, by the number of its first record and that of the next page. */
  readonly tell: (at: number, next: number) => Told;
  readonly records?: number;
  readonly primaryKey?: readonly string[];
}

interface Result {
  readonly ids: readonly number[];
  readonly end: string;
  readonly requests: number;
  readonly warnings: readonly string[];
}

async function readAll({ given, tell, records = 25, primaryKey = ["id"] }: Api): Promise<Result> {
  const server = await serve(({ query }, response) => {
    if (server.seen.length > 40) {
      answer(response, 418);
      return;
    }
    const at = Number(query.get("at") ?? query.get("cursor") ?? 0);
    const { body = {}, headers = {} } = tell(at, at + size);
    const items = rows(records).slice(at, at + size);
    answer(response, 200, { body: JSON.stringify({ items, ...body }), headers: { ...jsonType, ...headers } });
  });
  let end = "none";
  const warnings: string[] = [];
  const onEvent = (event: ReadEvent): void => {
    if (event.type === "complete") end = event.reason;
    if (event.type === "error") end = event.error.code;
    if (event.type === "warning") warnings.push(`${event.page}: ${event.message}`);
  };
  const ids: number[] = [];
  const resource = { paginator: given, primaryKey };
  try {
    for await (const page of open({ url: server.url, resource, options: { onEvent } })().pages())
      ids.push(...idsOf(page.records));
  } catch (error) {
    if (end === "none") throw error;
  }
  return { ids, end, requests: server.seen.length, warnings };
}

/** The four paginators that follow references. The API always names a next page. */
const followers: readonly {
  readonly name: string;
  readonly make: (options: object) => Paginator;
  readonly tellNext: (next: number) => Told;
}[] = [
  {
    name: "json_link",
    make: (options) => jsonLink({ nextUrlPath: ["next"], ...options }),
    tellNext: (next) => ({ body: { next: `?at=${next}` } }),
  },
  {
    name: "header_link",
    make: (options) => headerLink(options),
    tellNext: (next) => ({ headers: { link: `<?at=${next}>; rel="next"` } }),
  },
  {
    name: "cursor",
    make: (options) => cursor({ cursorPath: ["next"], ...options }),
    tellNext: (next) => ({ body: { next } }),
  },
  {
    name: "header_cursor",
    make: (options) => headerCursor(options),
    tellNext: (next) => ({ headers: { next: String(next) } }),
  },
];

const both = (one: Told, other: Told): Told => ({
  body: { ...one.body, ...other.body },
  headers: { ...one.headers, ...other.headers },
});

describe.each(followers)("$name over an API that always names a next page", ({ make, tellNext }) => {
  const ends: readonly {
    readonly name: string;
    readonly options: object;
    readonly tell?: (at: number) => Told;
    readonly end: string;
    readonly requests: number;
  }[] = [
    {
      name: "an empty page (stop_after_empty_page)",
      options: { stopAfterEmptyPage: true },
      end: "empty_page",
      requests: 4,
    },
    {
      name: "a flag for more (has_more_path)",
      options: { hasMorePath: ["meta", "more"] },
      tell: (at) => ({ body: { meta: { more: at < 20 } } }),
      end: "has_more_false",
      requests: 3,
    },
    {
      name: "a flag for more as text",
      options: { hasMorePath: ["more"] },
      tell: (at) => ({ body: { more: at < 20 ? "yes" : "no" } }),
      end: "has_more_false",
      requests: 3,
    },
    {
      name: "a flag for more in a header (has_more_header)",
      options: { hasMoreHeader: "X-More" },
      tell: (at) => ({ headers: { "x-more": String(at < 20) } }),
      end: "has_more_false",
      requests: 3,
    },
    {
      name: "a flag for the end (end_path)",
      options: { endPath: ["end_of_stream"] },
      tell: (at) => ({ body: { end_of_stream: at === 20 } }),
      end: "has_more_false",
      requests: 3,
    },
    {
      name: "a flag for the end that only the last page has",
      options: { endPath: ["meta", "is_last"] },
      tell: (at) => ({ body: at === 20 ? { meta: { is_last: "true" } } : {} }),
      end: "has_more_false",
      requests: 3,
    },
    {
      name: "a short page (stop_after_short_page)",
      options: { limit: size, stopAfterShortPage: true },
      end: "short_page",
      requests: 3,
    },
  ];
  it.each(ends)("ends with $name", async ({ options, tell = () => ({}), end, requests }) => {
    const api = { given: make(options), tell: (at: number, next: number) => both(tellNext(next), tell(at)) };
    expect(await readAll(api)).toEqual({ ids: span(1, 25), end, requests, warnings: [] });
  });

  it("does not end with a short page that is not the last according to a flag", async () => {
    const given = make({ limit: 99, stopAfterShortPage: true, hasMorePath: ["more"] });
    const tell = (at: number, next: number): Told => both(tellNext(next), { body: { more: at < 20 } });
    expect(await readAll({ given, tell })).toMatchObject({ ids: span(1, 25), end: "has_more_false" });
  });

  const wrong = [
    {
      name: "a flag that is missing",
      options: { hasMorePath: ["more"] },
      told: {},
      end: "PAGE_INFO_MISSING",
    },
    {
      name: "a header that is missing",
      options: { hasMoreHeader: "x-more" },
      told: {},
      end: "PAGE_INFO_MISSING",
    },
    {
      name: "a flag that is a number",
      options: { endPath: ["end"] },
      told: { body: { end: 7 } },
      end: "PAGE_INFO_INVALID",
    },
  ];
  it.each(wrong)("rejects $name", async ({ options, told, end }) => {
    const api = { given: make(options), tell: (_: number, next: number) => both(tellNext(next), told) };
    expect(await readAll(api)).toMatchObject({ ids: [], end, requests: 1 });
  });
});

describe.each(followers)("$name with an API that indicates more pages, but names none", ({ make }) => {
  const flags = [
    { name: "has_more_path", options: { hasMorePath: ["more"] }, told: { body: { more: true } } },
    {
      name: "has_more_header",
      options: { hasMoreHeader: "x-more" },
      told: { headers: { "x-more": "true" } },
    },
    { name: "end_path", options: { endPath: ["end"] }, told: { body: { end: false } } },
  ];
  it.each(flags)("is an error by $name", async ({ options, told }) => {
    const { ids, end } = await readAll({ given: make(options), tell: () => told });
    expect({ ids, end }).toEqual({ ids: [], end: "PAGE_INFO_MISSING" });
  });
});

describe("header_cursor", () => {
  it.each(["", " ", "null", undefined])("ends with the header %j", async (last) => {
    const tell = (at: number, next: number): Told => {
      const value = at < 20 ? String(next) : last;
      return value === undefined ? {} : { headers: { "x-next-page": value } };
    };
    const given = headerCursor({ cursorKey: "X-Next-Page" });
    expect(await readAll({ given, tell })).toMatchObject({ ids: span(1, 25), end: "no_next", requests: 3 });
  });
});

describe("links with a limit", () => {
  it("send it with the first request only", async () => {
    const server = await serve((_, response) =>
      answerJson(response, { items: rows(1), next: server.seen.length < 2 ? "/v1/rows?p=2&n=7" : null }),
    );
    const given = jsonLink({ limit: 7, limitParam: "n" });
    await open({ url: server.url, resource: { paginator: given, primaryKey: [] } })().toArray();
    expect(server.seen.map(({ url }) => url)).toEqual(["/v1/rows?n=7", "/v1/rows?p=2&n=7"]);
  });
});

describe("offset and page_number over flags", () => {
  const ends = [
    {
      name: "has_more_header",
      options: { totalPath: null, hasMoreHeader: "x-more" },
      tell: (at: number): Told => ({ headers: { "x-more": String(at < 20) } }),
      end: "has_more_false",
    },
    {
      name: "end_path",
      options: { totalPath: null, endPath: ["end"] },
      tell: (at: number): Told => ({ body: { end: at === 20 } }),
      end: "has_more_false",
    },
    {
      name: "stop_after_short_page",
      options: { totalPath: null, stopAfterShortPage: true },
      tell: (): Told => ({}),
      end: "short_page",
    },
  ];
  it.each(ends)("end by $name", async ({ options, tell, end }) => {
    const byOffset = offset({ limit: size, offsetParam: "at", ...options });
    expect(await readAll({ given: byOffset, tell })).toEqual({
      ids: span(1, 25),
      end,
      requests: 3,
      warnings: [],
    });
  });
});

describe("an API that counts from 1, read from 0", () => {
  const numbered = async (
    given: Paginator,
    { pages, primaryKey, beside = {} }: { pages: number; primaryKey: readonly string[]; beside?: object },
  ): Promise<{ ids: number[]; code: string; message: string }> => {
    const server = await serve(({ query }, response) => {
      const page = Math.max(1, Number(query.get("page")));
      answerJson(response, { items: rows(pages * 2).slice(page * 2 - 2, page * 2), ...beside });
    });
    const ids: number[] = [];
    const read = async (): Promise<void> => {
      for await (const page of open({
        url: server.url,
        resource: { paginator: given, primaryKey },
      })().pages())
        ids.push(...idsOf(page.records));
    };
    const { code, message } = await errorOf(read());
    return { ids, code, message };
  };

  const cases = [
    { name: "with a key", primaryKey: ["id"], beside: {}, ids: [1, 2] },
    { name: "with a key and a total", primaryKey: ["id"], beside: { total: 4 }, ids: [1, 2] },
    { name: "without a key or a total", primaryKey: [], beside: {}, ids: [1, 2, 1, 2] },
    { name: "without a key, with a flag", primaryKey: [], beside: { more: true }, ids: [1, 2, 1, 2] },
    // The total confirms the pages until one is beyond it.
    {
      name: "without a key, with a total",
      primaryKey: [],
      beside: { total: 4 },
      ids: [1, 2, 1, 2, 3, 4, 5, 6],
    },
  ];
  it.each(cases)("is refused $name", async ({ primaryKey, beside, ids }) => {
    const given = pageNumber("more" in beside ? { totalPath: null, hasMorePath: ["more"] } : {});
    const found = await numbered(given, { pages: 4, primaryKey, beside });
    expect(found).toMatchObject({ ids, code: "PAGE_PARAM_IGNORED" });
    expect(found.message).toContain("set `base_page` to 1");
  });

  it("is read once the base is right", async () => {
    const server = await serve(({ query }, response) => {
      const page = Number(query.get("page"));
      answerJson(response, { items: rows(8).slice(page * 2 - 2, page * 2) });
    });
    const read = open({ url: server.url, resource: { paginator: pageNumber({ basePage: 1 }) } });
    expect(idsOf(await read().toArray())).toEqual(span(1, 8));
  });
});

describe("equal pages without a key that are right", () => {
  const zeros = Array.from({ length: size }, () => ({ v: 0 }));
  const cases = [
    { name: "a total", given: offset({ limit: size }), pages: 20, beside: () => ({ total: 200 }) },
    {
      name: "an offset that the response repeats",
      given: offset({ limit: size, totalPath: null }),
      pages: 20,
      beside: (index: number) => ({ meta: { offset: index * size } }),
    },
    {
      name: "a page number that the response repeats",
      given: pageNumber({ basePage: 1, totalPath: null }),
      pages: 20,
      beside: (index: number) => ({ page: index + 1 }),
    },
    {
      name: "cursors",
      given: cursor({ cursorPath: ["next"] }),
      pages: 9,
      beside: (index: number) => ({ next: index < 8 ? index + 1 : null }),
    },
  ];
  const keys = [
    { key: "no key", primaryKey: [], item: (record: object) => record },
    { key: "a key that is null", primaryKey: ["id"], item: (record: object) => ({ id: null, ...record }) },
    { key: "a key that is an object", primaryKey: ["id"], item: (record: object) => ({ id: {}, ...record }) },
  ];
  it.each(cases.flatMap((one) => keys.map((key) => ({ ...one, ...key }))))(
    "$name, $key",
    async ({ given, pages, beside, primaryKey, item }) => {
      const server = await serve(({ query }, response) => {
        const index = query.has("offset")
          ? Number(query.get("offset")) / size
          : query.has("page")
            ? Number(query.get("page")) - 1
            : Number(query.get("cursor") ?? 0);
        answerJson(response, { items: index < pages ? zeros.map(item) : [], ...beside(index) });
      });
      const warnings: string[] = [];
      const onEvent = (event: ReadEvent): void => {
        if (event.type === "warning") warnings.push(event.message);
      };
      const read = open({
        url: server.url,
        resource: { paginator: given, primaryKey },
        options: { onEvent },
      });
      expect(await read().toArray()).toHaveLength(pages * size);
      expect(warnings).toEqual([expect.stringContaining("the API may ignore the position")]);
    },
  );
});

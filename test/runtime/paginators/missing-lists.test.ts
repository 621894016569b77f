import { describe, expect, it } from "vitest";
import {
  cursor,
  headerCursor,
  headerLink,
  jsonLink,
  lastRecord,
  offset,
  pageNumber,
  type ReadEvent,
} from "../../../runtime/src/index.js";
import type { Paginator } from "../../../runtime/src/plugin.js";
import { idsOf, open, rows, span } from "../fixtures.js";
import { answer, jsonType, serve } from "../server.js";

const size = 10;

/** An API with three pages of 10, 10 and 5 records, and its references to next pages. */
interface Api {
  readonly name: string;
  readonly given: Paginator;
  readonly tell: (index: number) => {
    readonly body?: object;
    readonly headers?: Readonly<Record<string, string>>;
  };
}

const next = (index: number): string | null => (index < 2 ? `/v1/rows?cursor=${index + 1}` : null);

const promising: readonly Api[] = [
  {
    name: "cursor",
    given: cursor({ cursorPath: ["next"] }),
    tell: (index) => ({ body: { next: index < 2 ? index + 1 : null } }),
  },
  {
    name: "header_cursor",
    given: headerCursor(),
    tell: (index) => ({ headers: index < 2 ? { next: `${index + 1}` } : {} }),
  },
  { name: "json_link", given: jsonLink(), tell: (index) => ({ body: { next: next(index) } }) },
  {
    name: "header_link",
    given: headerLink(),
    tell: (index) => ({ headers: index < 2 ? { link: `<${next(index)}>; rel=next` } : {} }),
  },
  { name: "offset with a total", given: offset({ limit: size }), tell: () => ({ body: { total: 25 } }) },
  {
    name: "page_number with a total",
    given: pageNumber({ basePage: 1 }),
    tell: () => ({ body: { total: 3 } }),
  },
  {
    name: "page_number with a flag",
    given: pageNumber({ basePage: 1, totalPath: null, hasMorePath: ["more"] }),
    tell: (index) => ({ body: { more: index < 2 } }),
  },
  {
    name: "offset with a flag",
    given: offset({ limit: size, totalPath: null, hasMorePath: ["more"] }),
    tell: (index) => ({ body: { more: index < 2 } }),
  },
];

/** The values that an API sends instead of a page's list. */
const faults = {
  "no content": { status: 204, body: () => "" },
  null: { status: 200, body: (beside: object) => JSON.stringify({ items: null, ...beside }) },
  "null and nothing else": { status: 200, body: () => JSON.stringify({ items: null }) },
  false: { status: 200, body: (beside: object) => JSON.stringify({ items: false, ...beside }) },
  "a number": { status: 200, body: (beside: object) => JSON.stringify({ items: 0, ...beside }) },
} as const;
type FaultName = keyof typeof faults;

interface Result {
  readonly ids: readonly number[];
  readonly end: string;
  readonly requests: number;
}

async function readAll(
  { given, tell }: Api,
  { fault, page, times }: { fault: FaultName; page: number; times: number },
): Promise<Result> {
  let left = times;
  const server = await serve(({ query }, response) => {
    const given = query.get("offset") ?? query.get("cursor") ?? query.get("page");
    const number = Number(given ?? 0);
    const index = query.has("offset") ? number / size : query.has("page") ? number - 1 : number;
    const { body = {}, headers = {} } = tell(index);
    const isFaulty = index === page && left-- > 0;
    const items = rows(25).slice(index * size, (index + 1) * size);
    const { status, body: write } = isFaulty
      ? faults[fault]
      : { status: 200, body: (beside: object) => JSON.stringify({ items, ...beside }) };
    answer(response, status, { body: write(body), headers: { ...jsonType, ...(status === 200 && headers) } });
  });
  let end = "none";
  const onEvent = (event: ReadEvent): void => {
    if (event.type === "complete") end = event.reason;
    if (event.type === "error") end = event.error.code;
  };
  const ids: number[] = [];
  try {
    const read = open({ url: server.url, resource: { paginator: given }, options: { onEvent } });
    for await (const { records } of read().pages()) ids.push(...idsOf(records));
  } catch (error) {
    if (end === "none") throw error;
  }
  return { ids, end, requests: server.seen.length };
}

/** Whether the response alone still shows the end of the paging. */
function isHonestEnd({ name }: Api, fault: FaultName): boolean {
  return fault === "null and nothing else" && /cursor|link/.test(name) && !name.startsWith("header");
}

describe.each(promising)("in the middle of a read by $name", (api) => {
  const names = Object.keys(faults) as FaultName[];

  it.each(names.filter((fault) => !isHonestEnd(api, fault)))(
    "%s is retried once it passes",
    async (fault) => {
      const { ids, requests } = await readAll(api, { fault, page: 1, times: 1 });
      expect(ids).toEqual(span(1, 25));
      expect(requests).toBe(4);
    },
  );

  it.each(names.filter((fault) => !isHonestEnd(api, fault)))("%s is an error if it stays", async (fault) => {
    const { ids, end } = await readAll(api, { fault, page: 1, times: 99 });
    expect(ids).toEqual(span(1, 10));
    expect(end).toBe(fault === "false" || fault === "a number" ? "SELECTOR_NO_MATCH" : "TRUNCATED");
  });
});

describe("at the end of a read", () => {
  const ends: readonly (Api & { readonly fault: FaultName; readonly end: string })[] = [
    {
      name: "page_number",
      given: pageNumber({ basePage: 1, totalPath: null }),
      tell: () => ({}),
      fault: "no content",
      end: "empty_page",
    },
    {
      name: "offset",
      given: offset({ limit: size, totalPath: null }),
      tell: () => ({}),
      fault: "null",
      end: "empty_page",
    },
    {
      name: "offset with a total that is reached",
      given: offset({ limit: size, stopAfterEmptyPage: true }),
      tell: (index) => ({ body: index < 2 ? {} : { total: 20 } }),
      fault: "null",
      end: "empty_page",
    },
    {
      name: "cursor without a next one",
      given: cursor({ cursorPath: ["next"] }),
      tell: (index) => ({ body: { next: index < 2 ? index + 1 : null } }),
      fault: "null",
      end: "no_next",
    },
    {
      name: "json_link without a next one",
      given: jsonLink(),
      tell: (index) => ({ body: { next: next(index) } }),
      fault: "null and nothing else",
      end: "no_next",
    },
    {
      name: "cursor that ends with an empty page",
      given: cursor({ cursorPath: ["next"], stopAfterEmptyPage: true }),
      tell: (index) => ({ body: { next: index + 1 } }),
      fault: "no content",
      end: "empty_page",
    },
    {
      name: "page_number with a flag that says so",
      given: pageNumber({ basePage: 1, totalPath: null, hasMorePath: ["more"] }),
      tell: (index) => ({ body: { more: index < 2 } }),
      fault: "null",
      end: "empty_page",
    },
  ];
  it.each(ends)("$fault is an empty page by $name", async ({ fault, end, ...api }) => {
    expect(await readAll(api, { fault, page: 2, times: 99 })).toEqual({ ids: span(1, 20), end, requests: 3 });
  });

  it("no content is an empty page by last_record", async () => {
    const server = await serve(({ query }, response) => {
      const after = Number(query.get("after") ?? 0);
      if (after >= 20) answer(response, 204);
      else
        answer(response, 200, {
          body: JSON.stringify({ items: rows(20).slice(after, after + size) }),
          headers: jsonType,
        });
    });
    const read = open({
      url: server.url,
      resource: { paginator: lastRecord({ path: ["id"], param: "after" }) },
    });
    expect(idsOf(await read().toArray())).toEqual(span(1, 20));
  });

  it.each(["no content", "null"] as const)("%s is no record on a first page", async (fault) => {
    const api: Api = { name: "", given: cursor({ cursorPath: ["next"] }), tell: () => ({}) };
    expect(await readAll(api, { fault, page: 0, times: 99 })).toEqual({
      ids: [],
      end: "no_next",
      requests: 1,
    });
  });
});

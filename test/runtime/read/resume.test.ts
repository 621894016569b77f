import { describe, expect, it } from "vitest";
import type { Checkpoint, ReadEvent } from "../../../runtime/src/index.js";
import { runChild } from "../processes.js";
import { errorOf, fakeFetch, idsOf, open, pagesOf, paginatorOf, span, styles } from "../fixtures.js";
import { pageAsked, pageBody, paging, type Envelope, type Paging } from "../faults.js";
import { serve } from "../server.js";

const envelopes: readonly { envelope: Envelope; stops: object }[] = [
  { envelope: "total", stops: {} },
  { envelope: "has_more", stops: { totalPath: null, hasMorePath: ["has_more"] } },
  { envelope: "none", stops: { totalPath: null } },
];

function json<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** Returns a value with the keys of every object in reverse order, as some databases return it. */
function reordered(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(reordered);
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reordered(inner)]),
  );
}

/** A client of a paged API without a network. */
function openApi(
  api: Paging,
  stops: object,
  onEvent?: (event: ReadEvent) => void,
): { read: ReturnType<typeof open>; asked: () => number } {
  const { fetch, seen } = fakeFetch((request) => ({ body: pageBody(api, pageAsked(api, request)) }));
  const resource = { paginator: paginatorOf(api.style, api.size, stops) };
  return {
    read: open({ url: "http://api.test", resource, options: { fetch, ...(onEvent && { onEvent }) } }),
    asked: () => seen.length,
  };
}

describe.each(styles)("%s", (style) => {
  it.each(envelopes)("continues exactly after any page ($envelope)", async ({ envelope, stops }) => {
    const api = { style, envelope, records: 47, size: 5 } as const;
    const { read, asked } = openApi(api, stops);
    const pages = await pagesOf(read());
    const requests = asked();
    for (const [k, { checkpoint }] of pages.slice(0, -1).entries()) {
      const before = asked();
      const rest = await pagesOf(read({ from: json(checkpoint) }));
      expect(rest.map(({ number }) => number)).toEqual(span(k + 2, pages.length));
      expect(rest).toEqual(pages.slice(k + 1));
      expect(asked() - before).toBe(requests - k - 1);
    }
  });

  it("continues from a checkpoint of a resumed read", async () => {
    const { read } = openApi({ style, records: 47, size: 5 }, {});
    const ids: number[] = [];
    let from: Checkpoint | undefined;
    let reads = 0;
    do {
      const [page] = await pagesOf(read({ maxPages: 1, ...(from && { from }) }));
      ids.push(...idsOf(page?.records ?? []));
      from = json(page?.checkpoint);
      reads += 1;
    } while (from?.position && reads < 20);
    expect(ids).toEqual(span(1, 47));
    expect(reads).toBe(10);
  });

  it("starts afresh from the checkpoint of a completed read", async () => {
    const { read } = openApi({ style, records: 12, size: 5 }, {});
    const checkpoint = (await pagesOf(read())).at(-1)?.checkpoint as Checkpoint;
    expect(checkpoint).toMatchObject({ page: 3, position: null });
    const again = await pagesOf(read({ from: json(checkpoint) }));
    expect(again.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(again.flatMap(({ records }) => idsOf(records))).toEqual(span(1, 12));
  });

  it("knows of the total that came before the checkpoint", async () => {
    const api = { style, records: 47, size: 5 } as const;
    const { fetch } = fakeFetch((request, n) => {
      const page = pageAsked(api, request);
      // From the fourth request, the server has no records.
      return { body: n > 3 ? { items: [] } : pageBody(api, page) };
    });
    const read = open({
      url: "http://api.test",
      resource: { paginator: paginatorOf(style, 5) },
      options: { fetch },
    });
    const [, , third] = await pagesOf(read({ maxPages: 3 }));
    const reading = read({ from: json(third?.checkpoint as Checkpoint) }).toArray();
    expect(await errorOf(reading)).toMatchObject({ code: "TRUNCATED", page: 4 });
  });
});

describe("a checkpoint", () => {
  const params = { state: "query", since: "query" } as const;
  const given = { state: "open", since: ["a", "b"] };
  const api = { style: "page_number", records: 30, size: 10 } as const;
  const { fetch } = fakeFetch((request) => ({ body: pageBody(api, pageAsked(api, request)) }));
  const setup = { url: "http://api.test", resource: { params }, options: { fetch } };
  async function firstOf(read: object = given): Promise<Checkpoint> {
    const [page] = await pagesOf(open(setup)({ maxPages: 1 }, read));
    return page?.checkpoint as Checkpoint;
  }

  it("is plain JSON that names its source and resource", async () => {
    const checkpoint = await firstOf();
    expect(json(checkpoint)).toStrictEqual(checkpoint);
    expect(checkpoint).toEqual({
      source: "shop",
      resource: "rows",
      fingerprint: expect.any(String) as string,
      params: given,
      page: 1,
      position: expect.any(Object) as object,
      digest: expect.any(String) as string,
    });
    expect(await firstOf({})).not.toHaveProperty("params");
  });

  it("survives a database that reorders keys, and parameters given in another order", async () => {
    const from = reordered(await firstOf()) as Checkpoint;
    expect(Object.keys(from.params ?? {})).toEqual(Object.keys(given).reverse());
    expect(idsOf(await open(setup)({ from }, given).toArray())).toEqual(span(11, 30));
  });

  it.each([undefined, null])("takes a parameter that is %s for one left out", async (state) => {
    const from = await firstOf({});
    expect(await open(setup)({ from }, { state }).toArray()).toHaveLength(20);
    expect(await open(setup)({ from: await firstOf({ state }) }, {}).toArray()).toHaveLength(20);
  });

  const spoil =
    (change: object): ((checkpoint: Checkpoint) => object) =>
    (checkpoint) => ({ ...checkpoint, ...change });
  const foreign = [
    { name: "another source", change: spoil({ source: "other" }) },
    { name: "another resource", change: spoil({ resource: "others" }) },
    { name: "other parameters", change: spoil({ params: { state: "closed", since: given.since } }) },
    { name: "fewer parameters", change: spoil({ params: { state: "open" } }) },
    { name: "no parameters", change: spoil({ params: undefined }) },
  ];
  it.each(foreign)("with $name is refused before any request", async ({ change }) => {
    const from = change(await firstOf()) as Checkpoint;
    const { fetch: fresh, seen } = fakeFetch(() => ({ body: { items: [] } }));
    const read = open({ ...setup, options: { fetch: fresh } });
    const error = await errorOf(read({ from }, given).toArray());
    expect(error).toMatchObject({
      name: "ConnectorError",
      code: "CHECKPOINT_MISMATCH",
      source: "shop",
      resource: "rows",
    });
    expect(seen).toHaveLength(0);
  });

  it("of a completed read is refused elsewhere, too", async () => {
    const last = (await pagesOf(open(setup)({}, given))).at(-1)?.checkpoint as Checkpoint;
    expect(
      await errorOf(open(setup)({ from: { ...last, resource: "others" } }, given).toArray()),
    ).toMatchObject({
      code: "CHECKPOINT_MISMATCH",
    });
  });

  it("is part of every error of a page, and continues with that page", async () => {
    let isGone = true;
    const { fetch: flaky } = fakeFetch((request) =>
      isGone && request.query.get("page") === "2"
        ? { status: 404 }
        : { body: pageBody(api, pageAsked(api, request)) },
    );
    const read = open({ ...setup, options: { fetch: flaky } });
    const error = await errorOf(read({}, given).toArray());
    expect(error.checkpoint).toEqual(await firstOf());
    isGone = false;
    expect(idsOf(await read({ from: error.checkpoint as Checkpoint }, given).toArray())).toEqual(
      span(11, 30),
    );
  });
});

describe("a new process", () => {
  const module = `
    const rows = { name: "rows", path: "/v1/rows", select: ["items"], primaryKey: ["id"],
      paginator: runtime[input.factory](input.paginator) };
    const reader = runtime.createReader({ name: "shop", baseUrl: input.url, resources: { rows } }, {});
    const ids = [];
    let checkpoint;
    for await (const page of reader.read(rows, {}, input.from ? { from: input.from } : {}).pages()) {
      ids.push(...page.records.map(({ id }) => id));
      checkpoint = page.checkpoint;
      if (page.number === input.stopAfter) break;
    }
    console.log(JSON.stringify({ ids, checkpoint }));
  `;
  it.each(styles)("reads the rest, exactly, after the first broke off at page 3: %s", async (style) => {
    const server = await serve(paging({ style, records: 47, size: 10 }));
    const input = {
      url: server.url,
      factory: style === "offset" ? "offset" : "pageNumber",
      paginator: { limit: 10, ...(style === "page_number" && { basePage: 1 }) },
    };
    const first = await runChild(module, { ...input, stopAfter: 3 });
    expect(first).toMatchObject({ code: 0, stderr: "" });
    const { ids, checkpoint } = JSON.parse(first.stdout) as { ids: number[]; checkpoint: Checkpoint };
    const second = await runChild(module, { ...input, from: checkpoint });
    const rest = JSON.parse(second.stdout) as { ids: number[]; checkpoint: Checkpoint };
    expect(ids).toEqual(span(1, 30));
    expect(rest.ids).toEqual(span(31, 47));
    expect(rest.checkpoint).toMatchObject({ page: 5, position: null });
  });
});

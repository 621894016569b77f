import { describe, expect, it } from "vitest";
import { errorOf } from "../runtime/fixtures.js";
import { api, clientOf, readInPieces, typeCheckAll, type Reply } from "./spec-client.js";

/** The records from 1 to 5, two per page. */
function page(number: number): readonly { readonly id: number }[] {
  return [1, 2, 3, 4, 5].slice((number - 1) * 2, number * 2).map((id) => ({ id }));
}

function items(endpoint: object): object {
  const schema = { type: "object", properties: { id: { type: "integer" } } };
  return { resources: [{ name: "items", schema, endpoint: { data_selector: "items", ...endpoint } }] };
}

const five = [1, 2, 3, 4, 5].map((id) => ({ id }));

describe("a page in the path", () => {
  it.each([
    {
      name: "a page number",
      endpoint: { path: "/items/page/{page}", paginator: { type: "page_number", base_page: 1 } },
      want: ["/items/page/1", "/items/page/2", "/items/page/3", "/items/page/4"],
    },
    {
      name: "a page number that params fix",
      endpoint: {
        path: "/items/page/{page}",
        params: { page: 1 },
        paginator: { type: "page_number", base_page: 1 },
      },
      want: ["/items/page/1", "/items/page/2", "/items/page/3", "/items/page/4"],
    },
    {
      name: "an own name, inside a segment",
      endpoint: {
        path: "/items-{p}.json",
        params: { lang: "en" },
        paginator: { type: "page_number", base_page: 1, page_param: "p" },
      },
      want: [1, 2, 3, 4].map((number) => `/items-${number}.json?lang=en`),
    },
    {
      name: "offset and limit",
      endpoint: { path: "/items/{offset}/{limit}", paginator: { type: "offset", limit: 2 } },
      want: ["/items/0/2", "/items/2/2", "/items/4/2", "/items/6/2"],
    },
    {
      name: "an offset alone: the limit stays in the query",
      endpoint: { path: "/items/{offset}", paginator: { type: "offset", limit: 2 } },
      want: [0, 2, 4, 6].map((at) => `/items/${at}?limit=2`),
    },
  ])("$name", async ({ endpoint, want }) => {
    const server = await api(({ url }) => {
      const [, at = "1"] = /(?:page\/|items-|items\/)(\d+)/.exec(url) ?? [];
      const number = /page|items-/.test(url) ? Number(at) : Number(at) / 2 + 1;
      return { body: { items: page(number) } };
    });
    const client = await clientOf(items(endpoint), { baseUrl: server.url });
    const pages = await readInPieces(client("items"));
    expect(pages.flatMap(({ records }) => records)).toEqual(five);
    expect(server.requests.slice(0, want.length).map(({ url }) => url)).toEqual(want);
  });

  it.each([
    { name: "without a first value", path: "/items/{cursor}", params: {}, want: "/items" },
    { name: "in the middle", path: "/items/{cursor}/list", params: {}, want: "/items/list" },
    { name: "with a first value", path: "/items/{cursor}", params: { cursor: "*" }, want: "/items/*" },
  ])("a cursor $name", async ({ path, params, want }) => {
    const server = await api(({ url }) => {
      const number = Number(/a%2F(\d)/.exec(url)?.[1] ?? 1);
      return { body: { items: page(number), next: number < 3 ? `a/${number + 1}` : null } };
    });
    const client = await clientOf(
      items({ path, params, paginator: { type: "cursor", cursor_path: "next" } }),
      { baseUrl: server.url },
    );
    const pages = await readInPieces(client("items"));
    expect(pages.flatMap(({ records }) => records)).toEqual(five);
    const second = path.replace("{cursor}", "a%2F2");
    expect(server.requests.slice(0, 2).map(({ url }) => url)).toEqual([want, second]);
  });

  it("braces of the path stay braces, and values that change the path are refused", async () => {
    let next: unknown = "x{y}";
    const server = await api(() => ({ body: { items: [{ id: 1 }], next } }));
    const client = await clientOf(
      items({ path: "/{{page}}/{cursor}", paginator: { type: "cursor", cursor_path: "next" } }),
      { baseUrl: server.url },
    );
    await client("items")({ maxPages: 2 }).toArray();
    expect(server.requests.map(({ text }) => text)).toEqual(["GET /{page}", "GET /{page}/x{y}"]);
    for (const hostile of [".", "..", {}, ["a"], [["b"]]]) {
      next = hostile;
      const reading = client("items")({ maxPages: 2 }).toArray();
      if (JSON.stringify(hostile) === "{}") expect(await reading).toHaveLength(1);
      else expect((await errorOf(reading)).code).toBe("PAGE_INFO_INVALID");
    }
  });
});

describe("next", () => {
  const scroll = {
    path: "/orders/_search",
    method: "POST",
    params: { scroll: "1m" },
    json: { size: 2 },
    data_selector: "hits.hits[*]._source",
    paginator: {
      type: "cursor",
      cursor_path: "_scroll_id",
      cursor_body_path: "scroll_id",
      stop_after_empty_page: true,
    },
    next: { path: "/_search/scroll", json: { scroll: "1m" } },
  };

  it.each([
    { name: "stays the same", idOf: () => "s1", want: ["s1", "s1", "s1"] },
    { name: "changes", idOf: (turn: number) => `s${turn}`, want: ["s1", "s2", "s3"] },
    { name: "changes once", idOf: (turn: number) => (turn < 2 ? "s1" : "s2"), want: ["s1", "s2", "s2"] },
  ])("reads a scroll API, whose cursor $name", async ({ idOf, want }) => {
    let turn = 0;
    const server = await api(({ path }): Reply => {
      turn = path.endsWith("/_search") ? 1 : turn + 1;
      return {
        body: { _scroll_id: idOf(turn), hits: { hits: page(turn).map((_source) => ({ _source })) } },
      };
    });
    const client = await clientOf(items(scroll), { baseUrl: server.url });
    expect(await client("items")().toArray()).toEqual(five);
    expect(server.requests.map(({ text }) => text)).toEqual([
      'POST /orders/_search?scroll=1m {"size":2}',
      ...want.map((id) => `POST /_search/scroll {"scroll":"1m","scroll_id":"${id}"}`),
    ]);
  });

  it("refuses a scroll that makes no progress", async () => {
    const hits = page(1).map((_source) => ({ _source }));
    const server = await api(() => ({ body: { _scroll_id: "s1", hits: { hits } } }));
    const client = await clientOf(items(scroll), { baseUrl: server.url });
    expect(await errorOf(client("items")().toArray())).toMatchObject({ code: "PAGE_PARAM_IGNORED" });
    expect(server.requests.length).toBeLessThan(15);
  });

  it.each([
    {
      name: "list_folder/continue",
      endpoint: {
        path: "/list_folder",
        method: "POST",
        json: { path: "" },
        paginator: {
          type: "cursor",
          cursor_path: "cursor",
          cursor_body_path: "cursor",
          has_more_path: "more",
        },
        next: { path: "/list_folder/continue" },
      },
      want: ['POST /list_folder {"path":""}', 'POST /list_folder/continue {"cursor":2}'],
    },
    {
      name: "another method, and the cursor in the query",
      endpoint: {
        path: "/query",
        method: "POST",
        json: { q: "all" },
        paginator: { type: "cursor", cursor_path: "cursor", has_more_path: "more" },
        next: { path: "/query/next", method: "get", params: { v: 2 } },
      },
      want: ['POST /query {"q":"all"}', "GET /query/next?v=2&cursor=2"],
    },
    {
      name: "the cursor in the path of next only",
      endpoint: {
        path: "/query",
        params: { size: 2 },
        paginator: { type: "cursor", cursor_path: "cursor", has_more_path: "more" },
        next: { path: "/query/{cursor}" },
      },
      want: ["GET /query?size=2", "GET /query/2"],
    },
    {
      name: "a page number",
      endpoint: {
        path: "/first",
        paginator: { type: "page_number", base_page: 1, has_more_path: "more", total_path: null },
        next: { path: "/further" },
      },
      want: ["GET /first?page=1", "GET /further?page=2"],
    },
    {
      name: "links that are followed with another method",
      endpoint: {
        path: "/search",
        method: "POST",
        data: { a: 1 },
        paginator: { type: "json_link", next_url_path: "link" },
        next: { method: "GET" },
      },
      want: ["POST /search a=1", "GET /linked?page=2"],
    },
  ])("$name", async ({ endpoint, want }) => {
    const server = await api(({ text }) => {
      const number = Number(/(?:cursor|page)\W+(\d)|query\/(\d)/.exec(text)?.slice(1).find(Boolean) ?? 1);
      const more = number < 3;
      return {
        body: {
          items: page(number),
          cursor: number + 1,
          more,
          link: more ? `/linked?page=${number + 1}` : null,
        },
      };
    });
    const client = await clientOf(items(endpoint), { baseUrl: server.url });
    const pages = await readInPieces(client("items"));
    expect(pages.flatMap(({ records }) => records)).toEqual(five);
    expect(server.requests.slice(0, 2).map(({ text }) => text)).toEqual(want);
  });

  it("of a child keeps the parent's values in the path, and works without a selector", async () => {
    const server = await api(({ path, query }) =>
      path === "/lists"
        ? { body: { items: [{ id: 7 }, { id: 8 }] } }
        : {
            body: {
              rows: [{ id: path + (query.get("cursor") ?? "") }],
              next: query.has("cursor") ? null : "c",
            },
          },
    );
    const client = await clientOf(
      {
        resources: [
          {
            name: "lists",
            schema: true,
            endpoint: { path: "/lists", data_selector: "items", paginator: "single_page" },
          },
          {
            name: "members",
            schema: true,
            endpoint: {
              path: "/lists/{resources.lists.id}/members",
              paginator: { type: "cursor", cursor_path: "next" },
              next: { path: "/lists/{resources.lists.id}/more" },
            },
          },
        ],
      },
      { baseUrl: server.url },
    );
    const pages = await readInPieces(client("members"));
    expect(pages.flatMap(({ records }) => records)).toEqual(
      ["/lists/7/members", "/lists/7/morec", "/lists/8/members", "/lists/8/morec"].map((id) => ({ id })),
    );
  });
});

describe("an item of a list in the body", () => {
  it.each([
    {
      name: "the last record",
      paginator: { type: "last_record", path: "id", body_path: "groups.0.filters.1.value" },
      want: { groups: [{ filters: [{ a: 1 }, { op: "GT", value: 2 }] }], tail: [0] },
    },
    {
      name: "an offset and a limit, as an item itself",
      paginator: { type: "offset", limit: 2, offset_body_path: "tail.0", limit_body_path: "groups.0.size" },
      want: { groups: [{ filters: [{ a: 1 }, { op: "GT", value: 0 }], size: 2 }], tail: [2] },
    },
  ])("$name", async ({ paginator, want }) => {
    const server = await api(({ body }) => {
      const { groups, tail } = JSON.parse(body) as typeof want;
      const after = Math.max(groups[0]?.filters[1]?.value ?? 0, tail[0] ?? 0);
      return { body: { items: five.slice(after, after + 2) } };
    });
    const json = { groups: [{ filters: [{ a: 1 }, { op: "GT", value: 0 }] }], tail: [0] };
    const client = await clientOf(items({ path: "/search", method: "POST", json, paginator }), {
      baseUrl: server.url,
    });
    const pages = await readInPieces(client("items"));
    expect(pages.flatMap(({ records }) => records)).toEqual(five);
    expect(JSON.parse(server.requests[1]?.body ?? "")).toEqual(want);
  });

  it("that a value of the client removes is an error with the place and the fix", async () => {
    const server = await api(({ path }) =>
      path === "/lists" ? { body: { items: [{ tags: [] }] } } : { body: { items: [{ id: 1 }] } },
    );
    const client = await clientOf(
      {
        resources: [
          {
            name: "lists",
            schema: true,
            endpoint: { path: "/lists", data_selector: "items", paginator: "single_page" },
          },
          {
            name: "hits",
            schema: true,
            endpoint: {
              path: "/hits",
              method: "POST",
              json: { tags: "{resources.lists.tags}" },
              data_selector: "items",
              paginator: { type: "offset", limit: 1, offset_body_path: "tags.0", limit_body_path: "n" },
            },
          },
        ],
      },
      { baseUrl: server.url },
    );
    const error = await errorOf(client("hits")().toArray());
    expect(error.code).toBe("INVALID_OPTIONS");
    expect(error.message).toContain(
      "cannot set `tags.0` in the JSON body: it is inside a list of 0; `0` is not the index of an item",
    );
  });
});

it("all modules compile", () => typeCheckAll(), 60_000);

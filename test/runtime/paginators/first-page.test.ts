import { describe, expect, it } from "vitest";
import {
  cursor,
  headerCursor,
  headerLink,
  jsonLink,
  singlePage,
  type ReadEvent,
} from "../../../runtime/src/index.js";
import type { Paginator } from "../../../runtime/src/plugin.js";
import { errorOf, idsOf, open, rows } from "../fixtures.js";
import { answer, answerJson, jsonType, serve } from "../server.js";

/** The parts of a response besides its records. */
interface Told {
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

describe("a paginator that finds nothing on the first page", () => {
  const cases: readonly { name: string; given: Paginator; told: Told; sees: string | undefined }[] = [
    { name: "single_page, a link", given: singlePage(), told: { body: { next: "/p2" } }, sees: "`next`" },
    {
      name: "single_page, a flag",
      given: singlePage(),
      told: { body: { meta: { hasMore: true } } },
      sees: "`meta.hasMore`",
    },
    {
      name: "single_page, a total",
      given: singlePage(),
      told: { body: { total_count: 99 } },
      sees: "`total_count`",
    },
    {
      name: "single_page, pages",
      given: singlePage(),
      told: { body: { meta: { totalPages: "3" } } },
      sees: "`meta.totalPages`",
    },
    {
      name: "single_page, a Link header",
      given: singlePage(),
      told: { headers: { link: "</p2>; rel=next" } },
      sees: "a `Link` header",
    },
    {
      name: "single_page, a header with the next page",
      given: singlePage(),
      told: { headers: { "x-next-page": "2" } },
      sees: "a header `x-next-page`",
    },
    {
      name: "single_page, a header with the total",
      given: singlePage(),
      told: { headers: { "x-total-count": "99" } },
      sees: "a header `x-total-count`",
    },
    {
      name: "single_page, the range of the content",
      given: singlePage(),
      told: { headers: { "content-range": "items 0-1/99" } },
      sees: "a header `content-range`",
    },
    {
      name: "single_page, no next page in a header",
      given: singlePage(),
      told: { headers: { "x-next-page": "", "x-total": "1", "content-range": "items 0-1/*" } },
      sees: undefined,
    },
    {
      name: "single_page, the number of the last page",
      given: singlePage(),
      told: { body: { current_page: 1, last_page: 3 } },
      sees: "`last_page`",
    },
    {
      name: "single_page, a flag for the end",
      given: singlePage(),
      told: { body: { isLast: false } },
      sees: "`isLast`",
    },
    {
      name: "single_page, a flag for the end that is true",
      given: singlePage(),
      told: { body: { isLast: true, last: true, IsTruncated: false } },
      sees: undefined,
    },
    {
      name: "single_page, S3",
      given: singlePage(),
      told: { body: { IsTruncated: true } },
      sees: "`IsTruncated`",
    },
    {
      name: "single_page, OData",
      given: singlePage(),
      told: { body: { "@odata.nextLink": "/p2" } },
      sees: "@odata.nextLink",
    },
    {
      name: "single_page, a list of links",
      given: singlePage(),
      told: { body: { links: [{ rel: "next", href: "/p2" }] } },
      sees: "`links`",
    },
    {
      name: "a wrong cursor_path",
      given: cursor({ cursorPath: ["cursors", "next"] }),
      told: { body: { meta: { next_cursor: "abc" } } },
      sees: "`meta.next_cursor`",
    },
    {
      name: "a wrong next_url_path",
      given: jsonLink(),
      told: { body: { paging: { next: "/p2" } } },
      sees: "`paging.next`",
    },
    {
      name: "a wrong header",
      given: headerCursor(),
      told: { body: { nextPageToken: "x" } },
      sees: "`nextPageToken`",
    },
    { name: "no Link header", given: headerLink(), told: { body: { has_more: true } }, sees: "`has_more`" },
    {
      name: "nothing to see",
      given: singlePage(),
      told: { body: { total: 3, next: null, has_more: false } },
      sees: undefined,
    },
    { name: "names in a record", given: singlePage(), told: {}, sees: undefined },
    {
      name: "the end of a paging that works",
      given: cursor({ cursorPath: ["next"] }),
      told: { body: { next: "", total_pages: 1 } },
      sees: undefined,
    },
  ];
  it.each(cases)(
    "describes the sign of further pages: $name",
    async ({ given, told: { body = {}, headers = {} }, sees }) => {
      const items = [{ id: 1, next: "/x", has_more: true, total: 9 }, { id: 2 }, { id: 3 }];
      const server = await serve((_, response) =>
        answer(response, 200, {
          body: JSON.stringify({ items, ...body }),
          headers: { ...jsonType, ...headers },
        }),
      );
      const warnings: string[] = [];
      const lines: string[] = [];
      const onEvent = (event: ReadEvent): void => {
        if (event.type === "warning") warnings.push(`${event.page}: ${event.message}`);
      };
      const logger = { warn: (line: string) => lines.push(line), error: () => undefined };
      const read = open({ url: server.url, resource: { paginator: given }, options: { onEvent, logger } });
      expect(await read().toArray()).toHaveLength(3);
      expect(server.seen).toHaveLength(1);
      expect(warnings).toEqual(
        sees === undefined
          ? []
          : [expect.stringMatching(/^1: only this page is read, but the response has /)],
      );
      expect(warnings[0] ?? "").toContain(sees ?? "");
      expect(lines).toHaveLength(warnings.length);
    },
  );

  it("takes one record as the body for no sign", async () => {
    const server = await serve((_, response) => answerJson(response, { id: 1, next: "/2", total: 9 }));
    const warnings: string[] = [];
    const onEvent = (event: ReadEvent): void => {
      if (event.type === "warning") warnings.push(event.message);
    };
    const resource = { paginator: singlePage(), select: [] };
    await open({ url: server.url, resource, options: { onEvent } })().toArray();
    expect(warnings).toEqual([]);
  });
});

describe("a first page that is whole, but of another kind", () => {
  const login = "<!doctype html><html><head><title> Sign in </title></head><body></body></html>";
  const html = { body: login, headers: { "content-type": "text/html" } };

  it("is requested once more, and the error names the title of an HTML page", async () => {
    const server = await serve((_, response) => answer(response, 200, html));
    const error = await errorOf(open({ url: server.url })().toArray());
    expect(server.seen).toHaveLength(2);
    expect(error).toMatchObject({ name: "DecodeError", code: "NOT_JSON" });
    expect(error.message).toContain('titled "Sign in"');
    expect(error.message).not.toContain("answered by");
  });

  it("names the URL that answered after a redirect", async () => {
    const server = await serve(({ path }, response) =>
      path === "/login"
        ? answer(response, 200, html)
        : answer(response, 302, { headers: { location: "/login?to=rows" } }),
    );
    const error = await errorOf(open({ url: server.url })().toArray());
    expect(error.message).toContain(
      `GET ${server.url}/v1/rows?page=1&limit=10, answered by ${server.url}/login?to=rows`,
    );
    expect(error.response).toMatchObject({ status: 200, url: `${server.url}/login?to=rows` });
  });

  it("redacts the URL that answered", async () => {
    const server = await serve(({ path }, response) =>
      path === "/login"
        ? answer(response, 200, html)
        : answer(response, 302, { headers: { location: "/login?k=s3cr-t0ken" } }),
    );
    const read = open({ url: server.url, options: { token: "s3cr-t0ken" } });
    const error = await errorOf(read().toArray());
    expect(error.message).toContain("answered by");
    expect(`${error.message} ${error.response?.url ?? ""}`).not.toContain("s3cr");
  });

  it.each([
    { name: "a wrong selector", body: { data: [], meta: {} }, keys: "(its fields: data, meta)" },
    { name: "another envelope", body: { status: "no", code: 7 }, keys: "(its fields: status, code)" },
    { name: "a list", body: [{ id: 1 }], keys: "it is a list" },
    { name: "false instead of the list", body: { items: false }, keys: "(its fields: items)" },
  ])("is requested once more, and the error names the keys: $name", async ({ body, keys }) => {
    const server = await serve((_, response) => answerJson(response, body));
    const error = await errorOf(open({ url: server.url })().toArray());
    expect(server.seen).toHaveLength(2);
    expect(error).toMatchObject({ name: "PageError", code: "SELECTOR_NO_MATCH" });
    expect(error.message).toContain(keys);
  });

  it("heals with the second request", async () => {
    const server = await serve((_, response) =>
      server.seen.length < 2
        ? answer(response, 200, html)
        : answerJson(response, { items: rows(3), total: 1 }),
    );
    expect(idsOf(await open({ url: server.url })().toArray())).toEqual([1, 2, 3]);
  });

  it("is retried like any fault later in the read", async () => {
    const server = await serve(({ query }, response) =>
      query.get("page") === "2"
        ? answer(response, 200, html)
        : answerJson(response, { items: rows(10), total: 3 }),
    );
    const error = await errorOf(open({ url: server.url })().toArray());
    expect(error).toMatchObject({ page: 2, code: "NOT_JSON" });
    expect(server.seen).toHaveLength(6);
  });
});

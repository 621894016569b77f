import { describe, expect, it } from "vitest";
import {
  csv,
  pageNumber,
  query,
  responseActions,
  singlePage,
  type ReadEvent,
} from "../../../runtime/src/index.js";
import type { ResponseRule } from "../../../runtime/src/http/response-actions.js";
import { fakeFetch, open, transports, type Reply } from "../fixtures.js";
import { answer, answerJson, serve } from "../server.js";
import { failing, missing, ok, outcome } from "./response-outcome.js";

describe("ignore", () => {
  const rows: readonly {
    name: string;
    rules: readonly ResponseRule[];
    replies: readonly Reply[];
    want: object;
  }[] = [
    {
      name: "a status",
      rules: [{ action: "ignore", status: 404 }],
      replies: [missing],
      want: { ids: [], asked: 1 },
    },
    {
      name: "a status as text",
      rules: [{ action: "ignore", status: "404" }],
      replies: [missing],
      want: { ids: [], asked: 1 },
    },
    {
      name: "a class",
      rules: [{ action: "ignore", status: "4xx" }],
      replies: [missing],
      want: { ids: [], asked: 1 },
    },
    {
      name: "a range",
      rules: [{ action: "ignore", status: "500-503" }],
      replies: [failing],
      want: { ids: [], asked: 1 },
    },
    {
      name: "a success",
      rules: [{ action: "ignore", status: 200 }],
      replies: [ok],
      want: { ids: [], asked: 1 },
    },
    {
      name: "401 and 429 alike",
      rules: [{ action: "ignore", status: "4xx" }],
      replies: [{ status: 429 }],
      want: { ids: [], asked: 1 },
    },
    {
      name: "content of a success",
      rules: [{ action: "ignore", content: "end of data" }],
      replies: [{ body: { m: "end of data" } }],
      want: { ids: [], asked: 1 },
    },
    {
      name: "content that is not JSON",
      rules: [{ action: "ignore", content: "none" }],
      replies: [{ body: "<none>" }],
      want: { ids: [], asked: 1 },
    },
    {
      name: "content in another case: not",
      rules: [{ action: "ignore", content: "nothing" }],
      replies: [{ body: { items: [{ id: 1, m: "Nothing" }] } }],
      want: { ids: [1], asked: 1 },
    },
    {
      name: "after a retry",
      rules: [{ action: "ignore", status: 404 }],
      replies: [{ status: 503 }, missing],
      want: { ids: [], asked: 2 },
    },
    {
      name: "status without its content: not",
      rules: [{ action: "ignore", status: 400, content: "no access" }],
      replies: [{ status: 400, body: { e: "other" } }],
      want: { name: "HttpError", code: "HTTP_STATUS", status: 400, message: "400", asked: 1 },
    },
    {
      name: "another range: not",
      rules: [{ action: "ignore", status: "501-599" }],
      replies: [failing],
      want: { code: "HTTP_STATUS", status: 500, asked: 5 },
    },
  ];
  it.each(rows)("$name", async ({ rules, replies, want }) => {
    expect(await outcome(rules, replies)).toMatchObject(want);
  });

  it("ends the paging, keeps the earlier pages and reports it", async () => {
    const { fetch } = fakeFetch(({ query }) => (query.get("page") === "3" ? missing : ok));
    const events: ReadEvent[] = [];
    const actions = responseActions([{ action: "ignore", status: 404 }]);
    const resource = { actions, paginator: pageNumber({ basePage: 1, totalPath: null }), primaryKey: [] };
    const read = open({ url: "http://api.test", resource, options: { fetch } });
    expect(await read({ onEvent: (event) => events.push(event) }).toArray()).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({ type: "complete", reason: "ignored", page: 3 });
  });
});

describe("a JSON path", () => {
  const body = { ok: false, error: { code: "limited", details: [{ n: 1 }, { n: 2 }] }, gone: null };
  const rows: readonly { name: string; rule: Omit<ResponseRule, "action">; isMatch: boolean }[] = [
    { name: "a text", rule: { path: ["error", "code"], equals: "limited" }, isMatch: true },
    { name: "another text", rule: { path: ["error", "code"], equals: "Limited" }, isMatch: false },
    { name: "false", rule: { path: ["ok"], equals: false }, isMatch: true },
    { name: "false is not 0", rule: { path: ["ok"], equals: 0 }, isMatch: false },
    { name: "null", rule: { path: ["gone"], equals: null }, isMatch: true },
    { name: "nothing is not null", rule: { path: ["nowhere"], equals: null }, isMatch: false },
    { name: "an object", rule: { path: ["error", "details", 1], equals: { n: 2 } }, isMatch: true },
    { name: "any of several", rule: { path: ["error", "details", "[*]", "n"], equals: 2 }, isMatch: true },
    { name: "a query", rule: { path: query([{ descend: "n" }]), equals: 2 }, isMatch: true },
    { name: "with a status", rule: { path: ["ok"], equals: false, status: 400 }, isMatch: false },
    { name: "with content", rule: { path: ["ok"], equals: false, content: "limited" }, isMatch: true },
  ];
  it.each(rows)("finds an error inside a 200: $name", async ({ rule, isMatch }) => {
    const ended = await outcome([{ action: "ignore", ...rule }], [{ body: { ...body, items: [{ id: 1 }] } }]);
    expect(ended).toEqual({ ids: isMatch ? [] : [1], asked: 1 });
  });

  it("matches nothing in a body that is not JSON", async () => {
    const ended = await outcome(
      [{ action: "ignore", path: [], equals: null }],
      [{ status: 400, body: "oops" }],
    );
    expect(ended).toMatchObject({ code: "HTTP_STATUS", asked: 1 });
  });
});

describe("fail", () => {
  it("makes an error of a success, with the rule or the spec's words, and tries once", async () => {
    const rule = { action: "fail", path: ["ok"], equals: false, status: 200 } as const;
    const reply = { body: { ok: false, hint: "hunter2" } };
    expect(await outcome([rule], [reply])).toEqual({
      name: "HttpError",
      code: "RESPONSE_REJECTED",
      status: 200,
      message: "200: the response action `fail` matches (status 200, ok is false)",
      asked: 1,
    });
    const told = await outcome([{ ...rule, message: "the account is closed" }], [reply]);
    expect(told).toMatchObject({ code: "RESPONSE_REJECTED", message: "the account is closed" });
  });

  it("quotes the API's own words", async () => {
    const rule = { action: "fail", path: ["ok"], equals: false } as const;
    const ended = await outcome([rule], [{ body: { ok: false, error: "not_allowed" } }]);
    expect(ended).toMatchObject({
      message: '200: "not_allowed": the response action `fail` matches (ok is false)',
    });
  });

  it("ends what would be tried again", async () => {
    const ended = await outcome([{ action: "fail", status: "5xx", content: '"e"' }], [failing]);
    expect(ended).toMatchObject({ code: "RESPONSE_REJECTED", status: 500, asked: 1 });
  });
});

describe("retry", () => {
  const rule: ResponseRule = { action: "retry", content: "try later" };
  const later: Reply = { body: { m: "try later" } };

  it("repeats the request until the response differs", async () => {
    expect(await outcome([rule], [later, later, ok])).toEqual({ ids: [1], asked: 3 });
  });

  it("ends after the policy's attempts with an error that states them", async () => {
    expect(await outcome([rule], [later])).toEqual({
      name: "HttpError",
      code: "RETRY_REQUESTED",
      status: 200,
      message: '200: the response action `retry` matches (content "try later") after 5 attempts',
      asked: 5,
    });
  });

  it("has a word after `X-Should-Retry: false`, and for statuses that are not retried", async () => {
    const reply = { status: 404, headers: { "x-should-retry": "false" } };
    expect(await outcome([{ action: "retry", status: 404 }], [reply, ok])).toEqual({ ids: [1], asked: 2 });
  });

  it("waits as long as the server asks", async () => {
    const { fetch, seen } = fakeFetch((_request, n) =>
      n === 1 ? { ...later, headers: { "retry-after-ms": "150" } } : ok,
    );
    const resource = { actions: responseActions([rule]), paginator: singlePage() };
    const start = performance.now();
    await open({ url: "http://api.test", resource, options: { fetch } })().toArray();
    expect(performance.now() - start).toBeGreaterThanOrEqual(149);
    expect(seen).toHaveLength(2);
  });
});

describe("rules", () => {
  it("count in their order", async () => {
    const rules: ResponseRule[] = [
      { action: "fail", status: 404, content: "fatal" },
      { action: "ignore", status: 404 },
      { action: "retry", status: "4xx" },
    ];
    expect(await outcome(rules, [missing])).toEqual({ ids: [], asked: 1 });
    expect(await outcome(rules, [{ status: 404, body: "fatal" }])).toMatchObject({
      code: "RESPONSE_REJECTED",
    });
    expect(await outcome(rules, [{ status: 418 }, missing])).toEqual({ ids: [], asked: 2 });
    expect(responseActions(rules).rules).toBe(rules);
  });

  it("that match nothing change nothing", async () => {
    const rules: ResponseRule[] = [{ action: "ignore", status: 404 }];
    expect(await outcome(rules, [ok])).toEqual({ ids: [1], asked: 1 });
    expect(await outcome(rules, [{ status: 204 }])).toEqual({ ids: [], asked: 1 });
    expect(await outcome(rules, [{ status: 401 }])).toMatchObject({
      name: "AuthError",
      code: "UNAUTHORIZED",
    });
    expect(await outcome(rules, [failing])).toMatchObject({ code: "HTTP_STATUS", status: 500, asked: 5 });
  });
});

describe.each(transports)("over $transport, rules", ({ open }) => {
  it("apply to the target of a redirect, not to the redirect", async () => {
    const { url, seen } = await serve((request, response) => {
      if (request.path === "/gone") answer(response, 404);
      else answer(response, 302, { headers: { location: "/gone" } });
    });
    const actions = responseActions([
      { action: "fail", status: "3xx" },
      { action: "ignore", status: 404 },
    ]);
    expect(await open({ url, resource: { actions } })().toArray()).toEqual([]);
    expect(seen).toHaveLength(2);
  });

  it("see the text of other formats, and the body of an error that breaks off as empty", async () => {
    const { url, seen } = await serve((request, response) => {
      if (seen.length === 1) answer(response, 200, { body: "id\nbusy\n" });
      else if (seen.length === 2)
        response.writeHead(400, { "content-length": "99" }).write("busy", () => response.destroy());
      else if (request.query.size === 0) answerJson(response, {});
    });
    const actions = responseActions([
      { action: "retry", content: "busy" },
      { action: "ignore", status: 400 },
    ]);
    const resource = { actions, decode: csv(), select: [], paginator: singlePage() };
    expect(await open({ url, resource })().toArray()).toEqual([]);
    expect(seen).toHaveLength(2);
  });
});

import { describe, expect, it } from "vitest";
import {
  pageNumber,
  responseActions,
  sessionToken,
  singlePage,
  type ReadEvent,
} from "../../../runtime/src/index.js";
import type { ResponseRule } from "../../../runtime/src/http/response-actions.js";
import { errorOf, fakeFetch, onRetry, open, type Reply } from "../fixtures.js";
import { missing, ok, outcome } from "./response-outcome.js";

describe("exists", () => {
  const graphQl: ResponseRule = { action: "fail", path: ["errors"], exists: true };
  const rows: readonly { name: string; rule: ResponseRule; body: object; want: object }[] = [
    {
      name: "a value",
      rule: graphQl,
      body: { errors: [{ m: 1 }], items: [] },
      want: { code: "RESPONSE_REJECTED" },
    },
    {
      name: "false, which is a value",
      rule: graphQl,
      body: { errors: false },
      want: { code: "RESPONSE_REJECTED" },
    },
    {
      name: "null, which does not count",
      rule: graphQl,
      body: { errors: null, items: [] },
      want: { ids: [] },
    },
    { name: "nothing", rule: graphQl, body: { items: [{ id: 1 }] }, want: { ids: [1] } },
    {
      name: "a value that must not be missing",
      rule: { action: "fail", path: ["ok"], exists: false },
      body: { items: [] },
      want: { message: "200: the response action `fail` matches (ok does not exist)" },
    },
    {
      name: "a value that is not missing",
      rule: { action: "fail", path: ["ok"], exists: false },
      body: { ok: 1, items: [] },
      want: { ids: [] },
    },
  ];
  it.each(rows)("finds $name", async ({ rule, body, want }) => {
    expect(await outcome([rule], [{ body }])).toMatchObject({ ...want, asked: 1 });
  });
});

describe("stop", () => {
  it("keeps the records of the response, and asks for no further page", async () => {
    const { fetch, seen } = fakeFetch(({ query }) => ({
      body: { items: [{ id: Number(query.get("page")) }], last: query.get("page") === "2" },
    }));
    const actions = responseActions([{ action: "stop", path: ["last"], equals: true }]);
    const resource = { actions, paginator: pageNumber({ basePage: 1 }) };
    const events: ReadEvent[] = [];
    const read = open({ url: "http://api.test", resource, options: { fetch } });
    const records = await read({ onEvent: (event) => events.push(event) }).toArray();
    expect(records.map(({ id }) => id)).toEqual([1, 2]);
    expect(events.at(-1)).toMatchObject({ type: "complete", reason: "ignored", page: 2, records: 2 });
    expect(seen).toHaveLength(2);
  });

  it("does not turn an error into a page", async () => {
    const ended = await outcome([{ action: "stop", status: 404 }], [missing]);
    expect(ended).toMatchObject({ code: "HTTP_STATUS", status: 404, asked: 1 });
  });
});

describe("renew", () => {
  const expired: readonly { name: string; rule: ResponseRule; reply: Reply }[] = [
    { name: "403", rule: { action: "renew", status: 403 }, reply: { status: 403 } },
    {
      name: "a 200 with an error",
      rule: { action: "renew", path: ["error"], equals: "session expired" },
      reply: { body: { error: "session expired" } },
    },
    { name: "a text", rule: { action: "renew", content: "log in" }, reply: { status: 400, body: "log in" } },
  ];

  /** An API that accepts the token number `good` only, and the number of logins. */
  function login(
    rule: ResponseRule,
    reply: Reply,
    good: number,
  ): { run: () => Promise<object>; logins: () => number } {
    let logins = 0;
    const { fetch } = fakeFetch(({ url, headers }) => {
      if (url.endsWith("/login")) return { body: { token: `token-number-${++logins}` } };
      return headers["authorization"] === `Bearer token-number-${good}` ? ok : reply;
    });
    const auth = sessionToken({ loginUrl: "/login", tokenPath: ["token"] });
    const resource = { actions: responseActions([rule]), paginator: singlePage(), auth };
    const records = open({ url: "http://api.test", resource, options: { fetch } })().toArray();
    const run = (): Promise<object> =>
      records.then(
        (found) => ({ ids: found.map(({ id }) => id) }),
        async () => {
          const { name, code, message } = await errorOf(records);
          return { name, code, message };
        },
      );
    return { run, logins: () => logins };
  }

  it.each(expired)("logs in again after $name", async ({ rule, reply }) => {
    const { run, logins } = login(rule, reply, 2);
    expect(await run()).toEqual({ ids: [1] });
    expect(logins()).toBe(2);
  });

  it.each(expired)("gives up when new credentials do not help: $name", async ({ rule, reply }) => {
    const { run, logins } = login(rule, reply, 9);
    expect(await run()).toMatchObject({
      name: "AuthError",
      code: "UNAUTHORIZED",
      message: expect.stringContaining("but there are no new credentials") as string,
    });
    expect(logins()).toBe(2);
  });

  it.each(expired)("is an error where the credentials cannot be renewed: $name", async ({ rule, reply }) => {
    expect(await outcome([rule], [reply])).toMatchObject({
      code: "UNAUTHORIZED",
      message: expect.stringMatching(
        /^\d+(: ".*")?: the response action `renew` matches \(.*\), but there are no new/,
      ) as string,
      asked: 1,
    });
  });
});

describe("a delay", () => {
  const waitsOf = async (rule: ResponseRule, reply: Reply, retry = {}): Promise<number[]> => {
    const { fetch } = fakeFetch((_request, n) => (n === 1 ? reply : ok));
    const waits: number[] = [];
    const resource = { actions: responseActions([rule]), paginator: singlePage() };
    const read = open({ url: "http://api.test", resource, options: { fetch, retry } });
    await read({ onEvent: onRetry(({ delayMs }) => waits.push(delayMs)) }).toArray();
    return waits;
  };

  it("is the minimum before a retry", async () => {
    const rule: ResponseRule = { action: "retry", status: 429, delayMs: 120 };
    expect(await waitsOf(rule, { status: 429 }, { backoffMs: 1 })).toEqual([120]);
    // The limit on waits that the server requests does not apply to those of the spec.
    expect(await waitsOf(rule, { status: 429 }, { backoffMs: 1, maxWaitMs: 50 })).toEqual([120]);
  });

  it("is less than what the server asks for", async () => {
    const reply: Reply = { status: 429, headers: { "retry-after-ms": "200" } };
    const [wait] = await waitsOf({ action: "retry", status: 429, delayMs: 20 }, reply, { backoffMs: 1 });
    expect(wait).toBeGreaterThanOrEqual(200);
  });
});

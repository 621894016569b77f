import { describe, expect, it } from "vitest";
import { apiKey, cursor, isHttpError, type ConnectorError, type ReadEvent } from "../../runtime/src/index.js";
import { errorOf, exposureOf, fakeFetch, open, pagesOf } from "./fixtures.js";

async function failWith(
  reply: { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> },
  options: object = {},
): Promise<ConnectorError> {
  const { fetch } = fakeFetch(() => reply);
  const read = open({
    url: "http://api.test",
    source: { auth: apiKey({ apiKey: "{secrets.api_key}", name: "x-key" }) },
    options: { fetch, apiKey: "s3cr-canary", retry: { maxRetries: 0 }, ...options },
  });
  return await errorOf(read().toArray());
}

describe("the API's own words", () => {
  const texts = [
    { body: { message: "status must be open" }, says: "status must be open" },
    { body: { title: "Bad", detail: "status must be open" }, says: "status must be open" },
    { body: { title: "Bad Request" }, says: "Bad Request" },
    { body: { error: { message: "no such column" } }, says: "no such column" },
    { body: { error: "invalid_token" }, says: "invalid_token" },
    { body: { errors: [{ message: "first" }, { message: "second" }] }, says: "first" },
    { body: { errors: ["first"] }, says: "first" },
    { body: { errors: {}, errorMessages: ["first", "second"] }, says: "first" },
    { body: [{ message: "first", errorCode: "A" }], says: "first" },
    { body: ["first"], says: "first" },
    { body: { error: "NotFound", description: "no such order" }, says: "no such order" },
    { body: { error: "invalid_scope", error_description: "no such scope" }, says: "no such scope" },
    { body: { error: { type: "a_exception", reason: "no such index" } }, says: "no such index" },
    { body: '"just a text"', says: "just a text" },
  ];
  it.each(texts)("are part of the message: $body", async ({ body, says }) => {
    const error = await failWith({ status: 422, body });
    expect(error.message).toMatch(
      new RegExp(`^shop\\.rows page 1: 422.*: "${says}": GET http://api\\.test/`),
    );
  });

  it.each([
    { body: {} },
    { body: [] },
    { body: [5] },
    { body: { errors: {} } },
    { body: { message: 5 } },
    { body: { message: "" } },
  ])("are missing in $body", async ({ body }) => {
    expect((await failWith({ status: 422, body })).message).toMatch(/^shop\.rows page 1: 422[^":]*: GET /);
  });

  it("are redacted, on one line, and 200 characters long at most", async () => {
    const { message } = await failWith({
      status: 400,
      body: { message: `key s3cr-canary\nis wrong ${"x".repeat(500)}` },
    });
    expect(message).toContain('"key [redacted]\\nis wrong x');
    expect(message).not.toContain("\n");
    expect(message).not.toContain("s3cr");
    expect(message.length).toBeLessThan(320);
  });
});

describe("the fix for a status", () => {
  const rows = [
    { status: 401, fix: "; check the credentials" },
    { status: 403, fix: "; check the credentials and their permissions" },
    { status: 404, fix: "; check the path" },
    { status: 422, fix: "" },
    // The status of a server that asks to wait, or that is asked again, has another cause.
    { status: 403, headers: { "x-ratelimit-remaining": "0" }, fix: "" },
    { status: 404, headers: { "x-should-retry": "true" }, fix: "" },
  ];
  it.each(rows)("follows the API's words: $status $headers", async ({ status, headers, fix }) => {
    const { message } = await failWith({ status, body: { message: "no" }, ...(headers && { headers }) });
    expect(message).toMatch(
      new RegExp(`^shop\\.rows page 1: ${status}.*: "no"${fix}: GET http://api\\.test/`),
    );
  });
});

describe("error.response", () => {
  it("has status, headers and the start of the body, redacted and not enumerable", async () => {
    const error = await failWith({
      status: 400,
      body: { message: "bad", key: "s3cr-canary", pad: "x".repeat(9000) },
      headers: { "x-request-id": "abc s3cr-canary" },
    });
    expect(isHttpError(error)).toBe(true);
    expect(error.response?.status).toBe(400);
    expect(error.response?.headers.get("x-request-id")).toBe("abc [redacted]");
    expect(error.response?.headers.get("x-none")).toBeNull();
    expect(error.response?.body).toHaveLength(4096);
    expect(error.response?.body).toContain('"key":"[redacted]"');
    expect(Object.keys(error)).not.toContain("response");
    expect(exposureOf(error)).not.toContain("s3cr");
  });

  it("is present if a body or its records are invalid", async () => {
    const { fetch } = fakeFetch(() => ({ body: { other: [] } }));
    const error = await errorOf(
      open({ url: "http://api.test", options: { fetch, retry: { maxRetries: 0 } } })().toArray(),
    );
    expect(error).toMatchObject({ code: "SELECTOR_NO_MATCH" });
    expect(error.response?.body).toBe('{"other":[]}');
  });

  it("is missing without a response", async () => {
    const fetch = (): Promise<never> => Promise.reject(new Error("offline"));
    const error = await errorOf(
      open({ url: "http://api.test", options: { fetch, retry: { maxRetries: 0 } } })().toArray(),
    );
    expect(error).toMatchObject({ code: "NETWORK" });
    expect(error.response).toBeUndefined();
  });
});

describe("a short secret", () => {
  it.each(["x", "orders", "rows"])("garbles no message and refuses no cursor or link: %s", async (secret) => {
    const events: ReadEvent[] = [];
    const { fetch } = fakeFetch(({ query }) =>
      query.get("cursor") === "orders"
        ? { status: 404, body: { message: "no more orders or rows of x" } }
        : { body: { items: [{ id: 1 }], next: "orders" } },
    );
    const read = open({
      url: "http://api.test",
      source: { auth: apiKey({ apiKey: "{secrets.api_key}", name: "x-key" }) },
      resource: { paginator: cursor({ cursorPath: ["next"] }) },
      options: { fetch, apiKey: secret, onEvent: (event: ReadEvent) => events.push(event) },
    });
    const error = await errorOf(read().toArray());
    expect(error.message).toContain("shop.rows page 2: 404");
    expect(error.message).toContain('"no more orders or rows of x"');
    // Only a whole value in the URL may be the secret itself.
    expect(error.message.replace(/=\[redacted\]/g, "")).not.toContain("[redacted]");
    expect(error.request?.url).toContain("/v1/rows?");
  });

  it("is removed where it is a whole value", async () => {
    const { fetch } = fakeFetch(() => ({ status: 400, body: { key: "abc123" } }));
    const read = open({
      url: "http://api.test",
      resource: { query: { key: "{secrets.api_key}" } },
      options: { fetch, apiKey: "abc123" },
    });
    const error = await errorOf(read().toArray());
    expect(error.message).toContain("key=[redacted]&");
    expect(error.response?.body).toBe('{"key":"[redacted]"}');
  });
});

describe("a page", () => {
  it.each([true, false])("states whether it is the last, and the total; readAhead %s", async (readAhead) => {
    const { fetch } = fakeFetch(({ query }) => ({
      body: { items: [{ id: Number(query.get("page")) }], total: 3 },
    }));
    const pages = await pagesOf(open({ url: "http://api.test", options: { fetch } })({ readAhead }));
    expect(pages.map(({ isLast, total }) => ({ isLast, total }))).toEqual([
      { isLast: false, total: 3 },
      { isLast: false, total: 3 },
      { isLast: true, total: 3 },
    ]);
    const some = await pagesOf(open({ url: "http://api.test", options: { fetch } })({ maxPages: 1 }));
    expect(some.map(({ isLast }) => isLast)).toEqual([false]);
  });
});

describe("a missing secret", () => {
  it("states how to pass it", async () => {
    const { fetch } = fakeFetch(() => ({ body: { items: [] } }));
    const read = open({
      url: "http://api.test",
      source: { auth: apiKey({ apiKey: "{secrets.api_key}", name: "x-key" }), factory: "createShop" },
      options: { fetch },
    });
    expect((await errorOf(read().toArray())).message).toContain(
      "`apiKey` has no value: pass { apiKey } to createShop or set SHOP_API_KEY",
    );
  });
});

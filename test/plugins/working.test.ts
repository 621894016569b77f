import { createHash, createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { isAuthError, isConnectorError, isDecodeError, isHttpError } from "@connector-gen/runtime";
import { fetchTransport } from "@connector-gen/runtime/plugin";
import { cachingTransport } from "../../examples/plugins/caching-transport.js";
import { connection } from "../../examples/plugins/connection-paginator.js";
import { graphQlActions } from "../../examples/plugins/graphql-actions.js";
import { hmacAuth } from "../../examples/plugins/hmac-auth.js";
import { isoDates } from "../../examples/plugins/iso-dates-shaper.js";
import { pipeEncoder } from "../../examples/plugins/pipe-encoder.js";
import { redisLimiter } from "../../examples/plugins/redis-limiter.js";
import { createShop } from "../../examples/plugins/shop.js";
import { soapBody } from "../../examples/plugins/soap-body.js";
import { xml } from "../../examples/plugins/xml-decoder.js";
import { answer, answerJson, serve, type TestServer } from "../runtime/server.js";
import { createFakeRedis } from "./fake-redis.js";
import { openOrders, type ShopParts } from "./shop.js";

/** Three pages of two orders. */
function servePages(delayMs = 0): Promise<TestServer> {
  return serve(({ query }, response) => {
    const page = Number(query.get("page"));
    const items = [{ id: 2 * page + 1 }, { id: 2 * page + 2 }];
    setTimeout(() => answerJson(response, { items, more: page < 2 }), delayMs);
  });
}

const all = [1, 2, 3, 4, 5, 6].map((id) => ({ id }));

/** The error that a read of orders ends with. */
async function failureOf(url: string, parts: ShopParts): Promise<unknown> {
  return openOrders(url, parts)()
    .toArray()
    .catch((error: unknown) => error);
}

describe("a limiter in Redis", () => {
  it("limits the attempts of two clients together, and frees every slot", async () => {
    const server = await servePages(5);
    const redis = createFakeRedis();
    const create = (): ShopParts => ({
      options: { rateLimit: redisLimiter({ redis, key: "shop", concurrency: 1, pollMs: 1 }) },
    });
    const reads = [create(), create()].map((parts) => openOrders(server.url, parts)().toArray());
    expect(await Promise.all(reads)).toEqual([all, all]);
    expect(redis.most()).toBe(1);
    const spans = server.seen.map(({ at, answered = Infinity }) => ({ at, answered }));
    for (const [index, { at }] of spans.entries())
      expect(at).toBeGreaterThanOrEqual(spans[index - 1]?.answered ?? 0);
    expect(redis.taken()).toBe(0);
  });

  it("gets the slot of a process that ended, once its lease is over", async () => {
    const server = await servePages();
    let time = 0;
    const redis = createFakeRedis(() => (time += 1000));
    const lost = redisLimiter({ redis, key: "shop", concurrency: 1, leaseMs: 10_000 });
    await lost.acquire({}, new AbortController().signal as never);
    const rateLimit = redisLimiter({ redis, key: "shop", concurrency: 1, pollMs: 1 });
    expect(await openOrders(server.url, { options: { rateLimit } })().toArray()).toEqual(all);
  });

  it("stops waiting when the read is aborted", async () => {
    const server = await servePages();
    const redis = createFakeRedis();
    const rateLimit = redisLimiter({ redis, key: "shop", concurrency: 1, pollMs: 1 });
    await rateLimit.acquire({}, new AbortController().signal as never);
    const controller = new AbortController();
    const reading = openOrders(server.url, { options: { rateLimit } })({
      signal: controller.signal,
    }).toArray();
    setTimeout(() => controller.abort(new Error("enough")), 10);
    await expect(reading).rejects.toThrow("enough");
    expect(server.seen).toEqual([]);
  });

  it("retries while Redis does not respond", async () => {
    const server = await servePages();
    const redis = createFakeRedis();
    let failures = 2;
    const flaky = {
      eval: (...given: Parameters<typeof redis.eval>) =>
        failures-- > 0 ? Promise.reject(new Error("ECONNREFUSED")) : redis.eval(...given),
    };
    const rateLimit = redisLimiter({ redis: flaky, key: "shop", concurrency: 1 });
    expect(await openOrders(server.url, { options: { rateLimit } })().toArray()).toEqual(all);
    failures = Infinity;
    const error = await failureOf(server.url, { options: { rateLimit, retry: { maxRetries: 2 } } });
    expect(error).toMatchObject({ name: "NetworkError", code: "NETWORK", page: 1 });
    expect(String(error)).toContain("the rate limit in Redis does not respond after 3 attempts");
  });
});

describe("a decoder for XML", () => {
  const page = `<?xml version="1.0"?>
    <list total="1"><order id="7" paid="yes"><note>a &amp; b</note><tag>x</tag><tag>y</tag></order></list>`;
  const parts = { resource: { decode: xml({ lists: ["order"] }), select: ["list", "order"] } };

  it("turns elements into records", async () => {
    const { url, seen } = await serve((_, response) => answer(response, 200, { body: page }));
    const records = await openOrders(url, parts)().toArray();
    expect(records).toEqual([{ "@id": "7", "@paid": "yes", note: "a & b", tag: ["x", "y"] }]);
    expect(seen[0]?.headers.accept).toBe("application/xml, text/xml");
  });

  it("requests a page again whose body breaks off", async () => {
    let n = 0;
    const { url, seen } = await serve((_, response) =>
      answer(response, 200, { body: n++ === 0 ? page.slice(0, -9) : page }),
    );
    expect(await openOrders(url, parts)().toArray()).toHaveLength(1);
    expect(seen).toHaveLength(2);
  });

  it("rejects a body of another format at once, without quoting it", async () => {
    const { url, seen } = await serve((_, response) => answer(response, 200, { body: "private < and more" }));
    const error = await failureOf(url, parts);
    expect(isDecodeError(error) && error.code).toBe("INVALID_BODY");
    expect(String(error)).toContain("shop.orders page 1: the body is not XML from line 1, column 1: GET ");
    expect(String(error)).not.toContain("private");
    expect(seen).toHaveLength(1);
  });
});

describe("request signing", () => {
  const signingKey = "5e".repeat(32);
  const parts = (key: string): ShopParts => ({
    source: {
      auth: hmacAuth({ keyId: "{config.key_id}", signingKey: "{secrets.signing_key}" }),
      options: {
        "config.key_id": { option: "keyId" },
        "secrets.signing_key": { option: "signingKey", env: "SHOP_SIGNING_KEY" },
        "secrets.token": { option: "token", env: "SHOP_TOKEN" },
      },
    },
    options: { keyId: "k1", signingKey: key },
  });

  it("signs every request", async () => {
    const { url, seen } = await servePages();
    expect(await openOrders(url, parts(signingKey))().toArray()).toEqual(all);
    const empty = createHash("sha256").update("").digest("hex");
    for (const { headers } of seen) {
      const text = ["GET", "/orders", headers["x-date"], empty].join("\n");
      const signature = createHmac("sha256", Buffer.from(signingKey, "hex")).update(text).digest("hex");
      expect(headers.authorization).toBe(`HMAC k1:${signature}`);
    }
  });

  it("hides key and signature in errors, even if the API quotes them", async () => {
    const { url } = await serve(({ headers }, response) =>
      answer(response, 422, { body: JSON.stringify({ message: `bad: ${headers.authorization ?? ""}` }) }),
    );
    const error = await failureOf(url, parts(signingKey));
    expect(isHttpError(error) && error.message).toContain(
      '422 Unprocessable Entity: "bad: HMAC k1:[redacted]"',
    );
  });

  it("refuses an invalid key without sending a request", async () => {
    const { url, seen } = await servePages();
    const error = await failureOf(url, parts("not-hexadecimal"));
    expect(isAuthError(error) && error.code).toBe("NO_CREDENTIALS");
    expect(String(error)).not.toContain("not-hexadecimal");
    expect(seen).toEqual([]);
  });
});

describe("a paginator for GraphQL connections", () => {
  const query =
    "query ($first: Int, $after: String) { orders(first: $first, after: $after) { nodes { id } } }";
  const body = {
    type: "json",
    template: { query },
    build: ({ page }: { readonly page: Readonly<Record<string, unknown>> }) => ({
      text: JSON.stringify({
        query,
        variables: { first: page["variables.first"], after: page["variables.after"] },
      }),
      contentType: "application/json",
    }),
  };
  const resource = {
    method: "POST",
    path: "/graphql",
    body,
    select: ["data", "orders", "nodes"],
    paginator: connection({ path: ["data", "orders"], first: 2 }),
    actions: graphQlActions(),
  };
  const toPage = (ids: readonly number[], endCursor?: string): object => ({
    data: { orders: { nodes: ids.map((id) => ({ id })), pageInfo: { hasNextPage: !!endCursor, endCursor } } },
  });

  it("follows the cursors and resumes from a checkpoint", async () => {
    const bodies: string[] = [];
    const transport = fetchTransport();
    const recording = {
      send: (request: Parameters<typeof transport.send>[0]) => {
        bodies.push(request.body ?? "");
        return transport.send(request);
      },
    };
    let n = 0;
    const { url } = await serve((_, response) =>
      answerJson(response, n++ === 0 ? toPage([1, 2], "c2") : toPage([3])),
    );
    const open = openOrders(url, { resource, options: { transport: recording } });
    const pages = [];
    for await (const page of open().pages()) pages.push(page);
    expect(pages.flatMap(({ records }) => records)).toEqual([1, 2, 3].map((id) => ({ id })));
    expect(bodies.map((text) => (JSON.parse(text) as { variables: unknown }).variables)).toEqual([
      { first: 2, after: null },
      { first: 2, after: "c2" },
    ]);
    expect(await open({ from: pages[0]?.checkpoint }).toArray()).toEqual([{ id: 3 }]);
    expect(bodies[2]).toBe(bodies[1]);
  });

  it("fails for a cursor that it cannot use", async () => {
    const missing = { data: { orders: { nodes: [], pageInfo: { hasNextPage: true, endCursor: null } } } };
    const { url, seen } = await serve((_, response) => answerJson(response, missing));
    const error = await failureOf(url, { resource });
    expect(error).toMatchObject({ name: "PageError", code: "PAGE_INFO_INVALID", page: 1 });
    expect(seen).toHaveLength(1);
  });

  it("with its response actions, retries when the API throttles, and fails with the API's message", async () => {
    const throttled = { errors: [{ message: "slow down", extensions: { code: "THROTTLED" } }] };
    const refused = { errors: [{ message: "field `nodes` is private" }] };
    const responses = [throttled, toPage([1]), refused];
    const { url, seen } = await serve((_, response) => answerJson(response, responses[seen.length - 1]));
    expect(await openOrders(url, { resource })().toArray()).toEqual([{ id: 1 }]);
    const error = await failureOf(url, { resource });
    expect(error).toMatchObject({ name: "HttpError", code: "RESPONSE_REJECTED", status: 200 });
    expect(String(error)).toContain("shop.orders page 1: field `nodes` is private: POST ");
    expect(isConnectorError(error) && error.response?.body).toContain("private");
  });
});

it("a body for SOAP contains its fields, parameters and the page's values, escaped", async () => {
  const body = soapBody({
    operation: "ListOrders",
    namespace: "urn:shop",
    fields: { key: "{secrets.token}", note: "a<b" },
  });
  const sent: string[] = [];
  const inner = fetchTransport();
  const transport = {
    send: (request: Parameters<typeof inner.send>[0]) => {
      sent.push(request.body ?? "");
      return inner.send(request);
    },
  };
  const { url, seen } = await serve((_, response) => answerJson(response, { items: [{ id: 1 }] }));
  const resource = { method: "POST", body, params: { status: "body" } } as const;
  await openOrders(url, { resource, options: { transport, token: "tok&en-123" } })().toArray();
  expect(sent[0]).toBe(
    '<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body><ListOrders xmlns="urn:shop">' +
      "<key>tok&#38;en-123</key><note>a&#60;b</note></ListOrders></Body></Envelope>",
  );
  expect(seen[0]?.headers["content-type"]).toBe("text/xml; charset=utf-8");
  const error = await failureOf(url, { resource: { body }, options: { fetch } });
  expect(error).toMatchObject({ code: "INVALID_OPTIONS" });
});

it("a shaper transforms the records of every page, and rejects those that it cannot transform", async () => {
  const { url } = await serve((_, response) =>
    answerJson(response, {
      items: [
        { id: 1, created: 86_400 },
        { id: 2, created: null },
      ],
    }),
  );
  const records = await openOrders(url, { resource: { shape: [isoDates(["created"])] } })().toArray();
  expect(records).toEqual([
    { id: 1, created: "1970-01-02T00:00:00.000Z" },
    { id: 2, created: null },
  ]);
  const error = await failureOf(url, { resource: { shape: [isoDates(["id", "items"]), isoDates(["id"])] } });
  expect(error).toMatchObject({ name: "ValidationError", code: "INVALID_RECORD", page: 1 });
  expect(String(error)).toContain('`id` must be a number of seconds, not "1970-01-01T00:00:01.000Z"');
});

it("a transport returns unchanged pages from its cache", async () => {
  const { url, seen } = await serve(({ headers }, response) => {
    const etag = '"v1"';
    if (headers["if-none-match"] === etag) answer(response, 304, { headers: { etag } });
    else {
      const body = JSON.stringify({ items: [{ id: 1 }] });
      answer(response, 200, { body, headers: { etag, "content-type": "application/json" } });
    }
  });
  const open = openOrders(url, { options: { transport: cachingTransport() } });
  expect(await open().toArray()).toEqual([{ id: 1 }]);
  expect(await open().toArray()).toEqual([{ id: 1 }]);
  expect(seen.map(({ headers }) => headers["if-none-match"])).toEqual([undefined, '"v1"']);
});

it("an encoder writes the values of the query", async () => {
  const { url, seen } = await serve((_, response) => answerJson(response, { items: [] }));
  const encode = pipeEncoder();
  await openOrders(url, { resource: { encode, query: { tags: ["a b", "c"], none: null } } })().toArray();
  expect(seen[0]?.url).toBe("/orders?tags=a%20b%7Cc&page=0");
  const error = await failureOf(url, { resource: { encode, query: { tags: [{ a: 1 }] } } });
  expect(error).toMatchObject({ code: "INVALID_PARAMS", page: 1 });
});

it("plug-ins work together in a client written by hand", async () => {
  const { url, seen } = await serve(({ headers }, response) =>
    answer(response, (headers.authorization ?? "").startsWith("HMAC k1:") ? 200 : 401, {
      body: '<orders><order id="7"><total>12.50</total></order></orders>',
    }),
  );
  const redis = createFakeRedis();
  const rateLimit = redisLimiter({ redis, key: "shop", concurrency: 1 });
  const shop = createShop({ baseUrl: url, keyId: "k1", signingKey: () => "0f".repeat(32), rateLimit });
  expect(await shop.orders().toArray()).toEqual([{ "@id": "7", total: "12.50" }]);
  expect(redis.most()).toBe(1);
  expect(seen).toHaveLength(1);
});

it("plug-ins may be instances of classes", async () => {
  class Plugin {
    readonly options = {};
    readonly name = "tags";
    encode(_name: string, value: unknown): readonly (readonly [string, string])[] {
      return [[this.name, String(value)]];
    }
  }
  const { url, seen } = await serve((_, response) => answerJson(response, { items: [] }));
  await openOrders(url, { resource: { encode: new Plugin() } })().toArray();
  expect(seen[0]?.url).toBe("/orders?tags=0");
});

import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createReader, offset, pageNumber, singlePage } from "@connector-gen/runtime";
import type { Paginator } from "@connector-gen/runtime/plugin";
import type { KindIr, SourceIr } from "../../generator/ir/source-ir.js";
import type { Mock, MockOptions, MockRequest } from "../../generator/mock/mock.js";
import { startMock } from "../../generator/mock/start-mock.js";
import { call, resource, source } from "./fixtures.js";

const open: Mock[] = [];

async function mockOf(sources: SourceIr | readonly SourceIr[], options: MockOptions = {}): Promise<Mock> {
  const mock = await startMock([sources].flat(), options);
  open.push(mock);
  return mock;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((mock) => mock.close()));
});

interface PagingRow {
  /** The paginator as the server knows it and as the reader does. */
  readonly given: KindIr;
  readonly reader: Paginator;
  readonly records: number;
  readonly pages: number;
}

const pagings: readonly PagingRow[] = [
  { given: call("offset", { limit: 10 }), reader: offset({ limit: 10 }), records: 25, pages: 3 },
  { given: call("offset", { limit: 10 }), reader: offset({ limit: 10 }), records: 20, pages: 2 },
  {
    given: call("offset", { limit: 10, totalPath: null }),
    reader: offset({ limit: 10, totalPath: null }),
    records: 20,
    pages: 3,
  },
  {
    given: call("offset", {
      limit: 7,
      offsetParam: "skip",
      limitParam: "take",
      totalPath: { selector: ["meta", "all rows"] },
    }),
    reader: offset({ limit: 7, offsetParam: "skip", limitParam: "take", totalPath: ["meta", "all rows"] }),
    records: 20,
    pages: 3,
  },
  {
    given: call("offset", { limit: 10, totalPath: null, hasMorePath: { selector: ["has_more"] } }),
    reader: offset({ limit: 10, totalPath: null, hasMorePath: ["has_more"] }),
    records: 20,
    pages: 2,
  },
  { given: call("page_number"), reader: pageNumber(), records: 45, pages: 3 },
  {
    given: call("page_number", { basePage: 1, limit: 10 }),
    reader: pageNumber({ basePage: 1, limit: 10 }),
    records: 25,
    pages: 3,
  },
  {
    given: call("page_number", { limit: 10, pageParam: "p", limitParam: "n" }),
    reader: pageNumber({ limit: 10, pageParam: "p", limitParam: "n" }),
    records: 20,
    pages: 2,
  },
  {
    given: call("page_number", { limit: 10, totalPath: null, hasMorePath: { selector: ["meta", "more"] } }),
    reader: pageNumber({ limit: 10, totalPath: null, hasMorePath: ["meta", "more"] }),
    records: 20,
    pages: 2,
  },
  { given: call("page_number", { limit: 10 }), reader: pageNumber({ limit: 10 }), records: 0, pages: 1 },
  { given: call("single_page"), reader: singlePage(), records: 25, pages: 1 },
];

describe("paging", () => {
  it.each(pagings)("$given.type $given.options: $records", async ({ given, reader, records, pages }) => {
    const mock = await mockOf(source({ resources: [resource({ name: "rows", paginator: given })] }), {
      records,
    });
    const stream = createReader({ name: "shop", baseUrl: mock.url, resources: {} }, {}).read({
      name: "rows",
      path: "/v1/rows",
      select: ["items"],
      paginator: reader,
    });
    const want = Array.from({ length: records }, (_, index) => mock.record("shop", "rows", index));
    expect(await stream.toArray()).toEqual(want);
    expect(mock.expected("shop", "rows")).toBe(records);
    expect(mock.stats()).toEqual({ shop: { rows: { requests: pages, pages, records, faults: 0 } } });
  });

  const requests = [
    { query: "", want: { items: 10, total: 3 }, why: "the spec's limit caps the default of 20" },
    { query: "?limit=5", want: { items: 5, total: 5 }, why: "a smaller page" },
    { query: "?limit=99", want: { items: 10, total: 3 }, why: "a larger page than the API allows" },
    { query: "?page=3", want: { items: 5, total: 3 }, why: "the last page" },
    { query: "?page=4", want: { items: 0, total: 3 }, why: "past the end" },
    { query: "?page=0", want: 400, why: "before the first page" },
    { query: "?page=x", want: 400, why: "not a number" },
    { query: "?limit=0", want: 400, why: "no records per page" },
  ];
  it.each(requests)("responds to $query: $why", async ({ query, want }) => {
    const mock = await mockOf(source({}), { records: 25 });
    const response = await fetch(`${mock.url}/v1/rows${query}`);
    const body = (await response.json()) as { items: unknown[]; total: number };
    expect(response.ok ? { items: body.items.length, total: body.total } : response.status).toEqual(want);
  });
});

describe("credentials", () => {
  const key = call("api_key", { apiKey: "{secrets.api_key}", name: "X-Key" });
  const inQuery = call("api_key", { apiKey: "{secrets.api_key}", name: "key", location: "query" });
  const inCookie = call("api_key", { apiKey: "{secrets.api_key}", name: "session", location: "cookie" });
  const prefixed = call("api_key", { apiKey: "Token {secrets.api_key}" });
  const bearer = call("bearer", { token: "{secrets.token}" });
  const basic = call("http_basic", { username: "{secrets.username}", password: "{secrets.password}" });
  const pair = (text: string): string => `Basic ${Buffer.from(text).toString("base64")}`;
  const secrets = { api_key: "right", token: "right", username: "käthe", password: "right" };

  const rows = [
    { name: "header", auth: key, headers: { "x-key": "any" }, want: 200 },
    { name: "header missing", auth: key, headers: {}, want: 401 },
    { name: "header empty", auth: key, headers: { "x-key": "" }, want: 401 },
    { name: "header expected", auth: key, headers: { "x-key": "right" }, secrets, want: 200 },
    { name: "header unexpected", auth: key, headers: { "x-key": "wrong" }, secrets, want: 401 },
    {
      name: "header in a template",
      auth: prefixed,
      headers: { authorization: "Token right" },
      secrets,
      want: 200,
    },
    { name: "template without a secret", auth: prefixed, headers: { authorization: "Token " }, want: 401 },
    { name: "query", auth: inQuery, query: "?key=any", want: 200 },
    { name: "query empty", auth: inQuery, query: "?key=", want: 401 },
    { name: "cookie", auth: inCookie, headers: { cookie: "a=b; session=x%20y" }, want: 200 },
    { name: "cookie missing", auth: inCookie, headers: { cookie: "a=b" }, want: 401 },
    { name: "bearer", auth: bearer, headers: { authorization: "bearer any" }, want: 200 },
    {
      name: "bearer unexpected",
      auth: bearer,
      headers: { authorization: "Bearer wrong" },
      secrets,
      want: 401,
    },
    { name: "bearer under another scheme", auth: bearer, headers: { authorization: "Token any" }, want: 401 },
    { name: "basic", auth: basic, headers: { authorization: pair("any:") }, want: 200 },
    { name: "basic empty", auth: basic, headers: { authorization: pair(":") }, want: 401 },
    {
      name: "basic expected",
      auth: basic,
      headers: { authorization: pair("käthe:right") },
      secrets,
      want: 200,
    },
    {
      name: "basic unexpected",
      auth: basic,
      headers: { authorization: pair("käthe:wrong") },
      secrets,
      want: 401,
    },
  ];
  it.each(rows)("$name: $want", async ({ auth, headers = {}, query = "", secrets: expected = {}, want }) => {
    const mock = await mockOf(source({ auth }), { secrets: expected });
    const response = await fetch(`${mock.url}/v1/rows${query}`, { headers });
    const body = await response.text();
    expect(response.status).toBe(want);
    if (want === 401) expect(JSON.parse(body)).toMatchObject({ error: { code: 401 } });
  });

  it("are optional or different for one resource", async () => {
    const resources = [
      resource({ name: "open", auth: null }),
      resource({ name: "own", auth: bearer }),
      resource({ name: "same" }),
    ];
    const mock = await mockOf(source({ auth: key, resources }));
    const statuses = ["open", "own", "same"].map(
      async (name) => (await fetch(`${mock.url}/v1/${name}`)).status,
    );
    expect(await Promise.all(statuses)).toEqual([200, 401, 401]);
    const { headers } = await fetch(`${mock.url}/v1/own`);
    expect(headers.get("www-authenticate")).toBe("Bearer");
  });
});

describe("routes", () => {
  const resources = [
    resource({ name: "issues", path: "/repos/{owner}/{repo}/issues" }),
    resource({ name: "mine", path: "/repos/me/{repo}/issues" }),
    resource({ name: "open", path: "state", query: [{ name: "state", value: "open" }] }),
    resource({ name: "closed", path: "state", query: [{ name: "state", value: "closed" }] }),
    resource({ name: "search", path: "/search", method: "POST" }),
    resource({ name: "odd", path: "/größe/a.b" }),
    resource({ name: "file", path: "/files/{name}.json?full=1" }),
  ];
  const rows = [
    { method: "GET", path: "/repos/a%2Fb/c/issues", want: "issues" },
    { method: "GET", path: "/repos/me/c/issues", want: "mine" },
    { method: "GET", path: "/repos//c/issues", want: 404 },
    { method: "GET", path: "/state?state=closed", want: "closed" },
    { method: "GET", path: "/state?state=open", want: "open" },
    { method: "POST", path: "/search", want: "search" },
    { method: "GET", path: "/search", want: 405 },
    { method: "GET", path: "/gr%C3%B6%C3%9Fe/a.b", want: "odd" },
    { method: "GET", path: "/gr%C3%B6%C3%9Fe/axb", want: 404 },
    { method: "GET", path: "/files/x.json", want: "file" },
    { method: "GET", path: "/files/x.json/", want: 404 },
    { method: "GET", path: "/files/%E0%A4%A.json", want: 400 },
    { method: "GET", path: "/", want: 404 },
  ];
  it.each(rows)("$method $path: $want", async ({ method, path, want }) => {
    const mock = await mockOf(source({ resources }));
    const response = await fetch(mock.url + path, { method });
    const asked = Object.entries(mock.stats()["shop"] ?? {}).find(([, { requests }]) => requests > 0)?.[0];
    expect(response.ok ? asked : response.status).toBe(want);
    if (response.status === 405) expect(response.headers.get("allow")).toBe("POST");
    if (!response.ok) expect(await response.json()).toMatchObject({ error: { code: want } });
  });

  it("lets a page of another origin send its requests and read their responses", async () => {
    const auth = call("bearer", { token: "{secrets.token}" });
    const mock = await mockOf(source({ auth, resources: [resource({ name: "rows", path: "/v1/rows" })] }), {
      faults: [{ kind: "status", status: 429, times: 1 }],
    });
    const preflight = await fetch(`${mock.url}/v1/rows`, {
      method: "OPTIONS",
      headers: {
        Origin: "https://app.test",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization,x-trace",
      },
    });
    expect([preflight.status, await preflight.text()]).toEqual([204, ""]);
    expect(preflight.headers.get("access-control-allow-methods")).toBe("GET");
    expect(preflight.headers.get("access-control-allow-headers")).toBe("authorization,x-trace");
    // The request of a page without credentials, a fault, and a page of records.
    const headers = { Origin: "https://app.test", Authorization: "Bearer any" };
    const responses = [
      await fetch(`${mock.url}/v1/rows`, { headers: { Origin: "https://app.test" } }),
      await fetch(`${mock.url}/v1/rows`, { headers }),
      await fetch(`${mock.url}/v1/rows`, { headers }),
    ];
    expect(responses.map(({ status }) => status)).toEqual([401, 429, 200]);
    for (const response of [preflight, ...responses]) {
      expect(response.headers.get("access-control-allow-origin")).toBe("*");
      expect(response.headers.get("access-control-expose-headers")).toBe("*");
    }
  });

  const bases = [
    { baseUrl: "https://x.test", want: "" },
    { baseUrl: "https://x.test/api/", want: "/api" },
    { baseUrl: "https://{config.region}.x.test/api/{config.version}", want: "/api/version" },
    { baseUrl: "{config.base_url}/v2", want: "/v2" },
    { baseUrl: "{config.base_url}", want: "" },
  ];
  it.each(bases)("serves below the path of $baseUrl", async ({ baseUrl, want }) => {
    const mock = await mockOf(source({ baseUrl }));
    expect(new URL(mock.url).pathname.replace(/\/$/, "")).toBe(want);
    expect((await fetch(`${mock.url}/v1/rows`)).status).toBe(200);
  });

  it("distinguishes several sources by name", async () => {
    const both = [source({}), source({ name: "lms two", baseUrl: "https://x.test/api" })];
    const mock = await mockOf(both, { records: 3 });
    const paths = Object.values(mock.urls).map((url) => new URL(url).pathname);
    expect(paths).toEqual(["/shop", "/lms%20two/api"]);
    const bodies = Object.values(mock.urls).map(async (url) => (await fetch(`${url}/v1/rows`)).text());
    const [first, second] = await Promise.all(bodies);
    expect(first).not.toBe(second);
  });
});

describe("the server", () => {
  it("serves the same bytes for the same seed", async () => {
    const get = async (options: MockOptions): Promise<string> => {
      const mock = await mockOf(source({}), options);
      return (await fetch(`${mock.url}/v1/rows?page=2`)).text();
    };
    const [first, second, other] = [await get({ seed: 7 }), await get({ seed: 7 }), await get({ seed: 8 })];
    expect(second).toBe(first);
    expect(other).not.toBe(first);
  });

  it("closes at once despite open connections", async () => {
    const mock = await startMock([source({})], { latency: 60_000 });
    const idle = connect(Number(new URL(mock.url).port), "127.0.0.1");
    const waiting = fetch(`${mock.url}/v1/rows`).then(
      () => "completed",
      () => "broken",
    );
    await new Promise((resolve) => idle.once("connect", resolve));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const start = performance.now();
    await mock.close();
    // Idle connections stay open for five seconds, the response takes a minute.
    expect(performance.now() - start).toBeLessThan(4000);
    expect(await waiting).toBe("broken");
  });

  it("keeps connections open and reports requests with masked credentials", async () => {
    const seen: MockRequest[] = [];
    const auth = call("api_key", { apiKey: "{secrets.api_key}", name: "key", location: "query" });
    const rows = resource({ name: "rows", path: "/{secrets.tenant}/rows" });
    const mock = await mockOf(source({ auth, resources: [rows] }), {
      onRequest: (request) => seen.push(request),
    });
    const response = await fetch(`${mock.url}/hush/rows?page=1&key=hush`);
    await response.text();
    await fetch(`${mock.url}/other?key=hush`);
    expect(response.headers.get("connection")).toBe("keep-alive");
    expect(seen).toEqual([
      { method: "GET", url: "/***/rows?page=1&key=***", status: 200 },
      { method: "GET", url: "/other?key=***", status: 404 },
    ]);
  });

  it("accepts request bodies up to a megabyte", async () => {
    const mock = await mockOf(source({ resources: [resource({ name: "rows", method: "POST" })] }), {
      latency: 20,
    });
    const post = (bytes: number): Promise<number> =>
      fetch(`${mock.url}/v1/rows`, { method: "POST", body: "x".repeat(bytes) }).then(
        ({ status }) => status,
        () => 0,
      );
    expect(await post(1000)).toBe(200);
    expect(await post(20_000_000)).toBe(0);
  });

  const refusals = [
    {
      name: "a paginator",
      given: { paginator: call("magic") },
      want: 'shop.rows: the mock server does not know the paginator "magic"',
    },
    {
      name: "an auth type",
      given: { auth: call("magic") },
      want: 'shop.rows: the mock server does not support the auth type "magic"',
    },
    {
      name: "a selector",
      given: { select: { selector: [{ descend: "items" }] } },
      want: 'shop.rows: the mock server cannot build a body for the selector [{"descend":"items"}]',
    },
  ];
  it.each(refusals)("rejects $name that it does not support", async ({ given, want }) => {
    await expect(startMock([source({ resources: [resource({ name: "rows", ...given })] })])).rejects.toThrow(
      want,
    );
  });

  it("rejects two sources with the same name", async () => {
    await expect(startMock([source({}), source({})])).rejects.toThrow(
      'two specs have the name shop: change "name" in one of them',
    );
  });

  it("reports a port in use", async () => {
    const port = Number(new URL((await mockOf(source({}))).url).port);
    await expect(startMock([source({})], { port })).rejects.toThrow(`port ${port} on 127.0.0.1 is in use`);
  });
});

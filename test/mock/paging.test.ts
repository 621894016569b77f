import { afterEach, describe, expect, it } from "vitest";
import * as runtime from "@connector-gen/runtime";
import type { Paginator } from "@connector-gen/runtime/plugin";
import * as allKinds from "@connector-gen/runtime/kinds";
import { toKind } from "../../generator/ir/calls.js";
import type { KindIr } from "../../generator/ir/source-ir.js";
import { callFactory } from "../../generator/live/call-factory.js";
import type { Mock } from "../../generator/mock/mock.js";
import { startMock } from "../../generator/mock/start-mock.js";
import { readKindUse } from "../../generator/spec/kinds.js";
import { call, resource, source } from "./fixtures.js";

const open: Mock[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((mock) => mock.close()));
});

/** Returns the IR of a paginator in the spec. */
function kindOf(spec: runtime.JsonValue): KindIr {
  const problems: unknown[] = [];
  const use = readKindUse("paginator", spec, { path: [], report: (problem) => problems.push(problem) });
  if (!use) throw new Error(`no paginator: ${JSON.stringify([spec, problems])}`);
  return toKind(use);
}

interface Given {
  readonly records: number;
  readonly select?: readonly (string | number)[];
}

/** Starts a mock of a resource with a paginator and reads it as a generated client does. */
async function readMock(
  kind: KindIr,
  { records, select = ["items"] }: Given,
): Promise<{ mock: Mock; read: unknown[]; want: unknown[] }> {
  const isInBody = Object.keys(kind.options).some((name) => /bodyPath$/i.test(name));
  const shape = { name: "rows", ...(isInBody && { method: "POST" }) };
  const mock = await startMock(
    [source({ resources: [resource({ ...shape, select: { selector: select }, paginator: kind })] })],
    {
      records,
    },
  );
  open.push(mock);
  const reader = runtime.createReader({ name: "shop", baseUrl: mock.url, resources: {} }, {});
  const stream = reader.read({
    ...shape,
    path: "/v1/rows",
    select,
    paginator: callFactory(kind) as Paginator,
    ...(isInBody && { body: runtime.jsonBody({ q: 1 }) }),
  });
  const want = Array.from({ length: records }, (_, index) => mock.record("shop", "rows", index));
  return { mock, read: await stream.toArray(), want };
}

describe("every paginator of the runtime", () => {
  const kinds = Object.values(allKinds).filter(
    (value): value is allKinds.Kind =>
      typeof value === "object" && "family" in value && value.family === "paginator",
  );
  const examples = kinds.flatMap(({ type, examples: all }) =>
    all.map((spec) => ({ type, spec, text: JSON.stringify(spec) })),
  );

  it("is found with its examples", () => {
    expect(kinds.length).toBeGreaterThanOrEqual(9);
    expect(examples.length).toBeGreaterThanOrEqual(20);
  });

  it.each(examples)("is served by the mock: $text", async ({ spec }) => {
    const { read, want } = await readMock(kindOf(spec), { records: 107 });
    // Some examples start or end in the middle of the list.
    const isPart = Object.keys(spec as object).some((key) => /^(page|offset|maximum_.*)$/.test(key));
    const first = isPart ? want.findIndex((record) => JSON.stringify(record) === JSON.stringify(read[0])) : 0;
    expect(read.length).toBeGreaterThan(0);
    expect(read).toEqual(want.slice(first, isPart ? first + read.length : undefined));
  });

  it.each(examples)("ends if there are no records: $text", async ({ spec }) => {
    const { read } = await readMock(kindOf(spec), { records: 0 });
    expect(read).toEqual([]);
  });
});

describe("a cursor in the records", () => {
  const rows = [
    { select: ["items"], cursor: "items[-1].id" },
    { select: [], cursor: "$[-1].id" },
  ];
  it.each(rows)("is served by the mock: $cursor", async ({ select, cursor }) => {
    const kind = kindOf({ type: "cursor", cursor_path: cursor, cursor_param: "after", limit: 10 });
    const { mock, read, want } = await readMock(kind, { records: 25, select });
    expect(read).toEqual(want);
    expect(mock.stats()["shop"]?.["rows"]).toMatchObject({ requests: 4, records: 25 });
  });

  it.each([
    { type: "cursor", cursor_path: "items[-1].id", cursor_param: "after", has_more_path: "has_more" },
    { type: "cursor", cursor_path: "items[-1].id", cursor_param: "after", end_path: "meta.last" },
    { type: "last_record", path: "id", param: "after", has_more_header: "X-More" },
  ])("is served with its flag, and without the page size: $type", async (paginator) => {
    const { mock, read, want } = await readMock(kindOf({ ...paginator, limit: 10 }), { records: 25 });
    expect(read).toEqual(want);
    // No request follows the page that the flag marks as the last one.
    expect(mock.stats()["shop"]?.["rows"]).toMatchObject({ requests: 3, records: 25 });
    expect((await fetch(`${mock.url}/v1/rows`)).status).toBe(200);
    expect((await fetch(`${mock.url}/v1/rows?limit=5`)).status).toBe(400);
  });

  it("must be the cursor of a record", async () => {
    const kind = kindOf({ type: "cursor", cursor_path: "items[-1].id", cursor_param: "after" });
    const { mock } = await readMock(kind, { records: 25 });
    const response = await fetch(`${mock.url}/v1/rows?after=nobody`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { message: "no page has a request with these values: query after" },
    });
  });
});

describe("tokens and links", () => {
  it("are opaque", async () => {
    const { mock } = await readMock(kindOf({ type: "cursor" }), { records: 25 });
    const statuses = ["", "?cursor=20", "?cursor=", "?cursor=x"].map(
      async (query) => (await fetch(`${mock.url}/v1/rows${query}`)).status,
    );
    expect(await Promise.all(statuses)).toEqual([200, 400, 400, 400]);
  });

  it("keep the host and the parameters of the request, but not its key", async () => {
    const auth = call("api_key", { apiKey: "{secrets.api_key}", name: "key", location: "query" });
    const paginator = kindOf({ type: "json_link" });
    const mock = await startMock([source({ auth, resources: [resource({ name: "rows", paginator })] })], {
      records: 25,
    });
    open.push(mock);
    const host = mock.url.replace("127.0.0.1", "localhost");
    const { next } = (await (await fetch(`${host}/v1/rows?key=any&sort=id`)).json()) as { next: string };
    expect(next).toMatch(`${host}/v1/rows?sort=id&page_token=`);
  });

  it("do not fit into a list, which is served as one page", async () => {
    const kind = kindOf({ type: "json_link" });
    const { mock, read } = await readMock(kind, { records: 45, select: [] });
    expect(read).toHaveLength(45);
    expect(mock.stats()["shop"]?.["rows"]).toMatchObject({ requests: 1 });
  });

  it("are detected in any body", async () => {
    const resources = [
      resource({ name: "rows", paginator: call("auto") }),
      resource({ name: "list", select: { selector: [] }, paginator: call("auto") }),
    ];
    const mock = await startMock([source({ resources })], { records: 45 });
    open.push(mock);
    const reader = runtime.createReader({ name: "shop", baseUrl: mock.url, resources: {} }, {});
    for (const name of ["rows", "list"]) {
      const paginator = runtime.detectRecords(runtime.auto());
      const stream = reader.read({ name, path: `/v1/${name}`, select: [], paginator });
      expect(await stream.toArray()).toHaveLength(45);
    }
  });
});

describe("values in the body", () => {
  it.each([
    { body: '{"from":10,"size":5}', want: 5 },
    { body: "{}", want: 10 },
    { body: "no JSON", want: 10 },
    { body: '{"from":"x"}', want: 400 },
    { body: '{"size":0}', want: 400 },
    { body: '{"from":-1}', want: 400 },
  ])("are read: $body", async ({ body, want }) => {
    const paginator = kindOf({
      type: "offset",
      limit: 10,
      offset_body_path: "from",
      limit_body_path: "size",
    });
    const mock = await startMock(
      [source({ resources: [resource({ name: "rows", method: "POST", paginator })] })],
      {
        records: 100,
      },
    );
    open.push(mock);
    const response = await fetch(`${mock.url}/v1/rows`, { method: "POST", body });
    const { items } = (await response.json()) as { items?: unknown[] };
    expect(response.ok ? items?.length : response.status).toBe(want);
  });
});

describe("other formats", () => {
  it.each([
    {
      decode: call("jsonl"),
      decoder: () => runtime.jsonLines(),
      type: "application/x-ndjson; charset=utf-8",
    },
    { decode: call("csv"), decoder: () => runtime.csv(), type: "text/csv; charset=utf-8" },
    {
      decode: call("csv", { delimiter: ";" }),
      decoder: () => runtime.csv({ delimiter: ";" }),
      type: "text/csv; charset=utf-8",
    },
  ])("are written: $decode.type $decode.options", async ({ decode, decoder, type }) => {
    const paginator = kindOf({ type: "page_number", limit: 10 });
    const mock = await startMock(
      [source({ resources: [resource({ name: "rows", select: { selector: [] }, decode, paginator })] })],
      {
        records: 25,
      },
    );
    open.push(mock);
    const response = await fetch(`${mock.url}/v1/rows`);
    expect(response.headers.get("content-type")).toBe(type);
    const reader = runtime.createReader({ name: "shop", baseUrl: mock.url, resources: {} }, {});
    const stream = reader.read({
      name: "rows",
      path: "/v1/rows",
      select: [],
      decode: decoder(),
      paginator: runtime.pageNumber({ limit: 10 }),
    });
    const want = Array.from({ length: 25 }, (_, index) => mock.record("shop", "rows", index));
    const toText = (record: unknown): string => {
      const { id, name } = record as { id: unknown; name: string };
      return `${String(id)} ${name}`;
    };
    expect((await stream.toArray()).map(toText)).toEqual(want.map(toText));
  });
});

describe("tokens", () => {
  it("are issued by endpoints below the base URL", async () => {
    const auth = call("oauth2_client_credentials", { accessTokenUrl: "/oauth/token" });
    const mock = await startMock([source({ auth })], { records: 3 });
    open.push(mock);
    const response = await fetch(`${mock.url}/oauth/token`, { method: "POST", body: "grant_type=x" });
    expect(await response.json()).toMatchObject({ access_token: "mock-token" });
    const headers = { authorization: "Bearer mock-token" };
    expect((await fetch(`${mock.url}/v1/rows`, { headers })).status).toBe(200);
    expect((await fetch(`${mock.url}/v1/rows`)).status).toBe(401);
  });
});

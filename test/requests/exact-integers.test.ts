import { describe, expect, it } from "vitest";
import { errorOf } from "../runtime/fixtures.js";
import { pagesOf } from "../runtime/fixtures.js";
import { api, clientOf, readInPieces, stored, typeCheckAll, type Request } from "./spec-client.js";

const big = "9007199254740993";

interface Endpoint {
  readonly [key: string]: unknown;
}

function items(endpoint: Endpoint, resource: object = {}): object {
  const schema = { type: "object", properties: { id: { type: "integer" } } };
  const path = "/items";
  return {
    client: { base_url: "https://api.example.com", big_integers: "string" },
    resources: [
      {
        name: "items",
        schema,
        ...resource,
        endpoint: { path, data_selector: "items", paginator: "single_page", ...endpoint },
      },
    ],
  };
}

/** Three pages; each but the last names the next one by the text that `next` returns. */
function chain(next: (page: number) => string): (request: Request) => { readonly body: string } {
  return ({ url, body }) => {
    const page = Number(/99300(\d)/.exec(url + body)?.[1] ?? 0) + 1;
    return { body: `{"items":[{"id":${page}}],"next":${page < 3 ? next(page) : null}}` };
  };
}

describe("a cursor with an integer beyond 2^53 is sent as it came, also after a resumption", () => {
  it.each([
    { name: "a number", next: (page: number) => `${big}00${page}`, sent: `{"after":${big}001}` },
    { name: "in a list", next: (page: number) => `[${big}00${page},"x"]`, sent: `{"after":[${big}001,"x"]}` },
    {
      name: "in an object",
      next: (page: number) => `{"k":${big}00${page}}`,
      sent: `{"after":{"k":${big}001}}`,
    },
    {
      name: "nested",
      next: (page: number) => `{"k":[[${big}00${page}]]}`,
      sent: `{"after":{"k":[[${big}001]]}}`,
    },
    { name: "as text", next: (page: number) => `"${big}00${page}"`, sent: `{"after":"${big}001"}` },
  ])("$name", async ({ next, sent }) => {
    const server = await api(chain(next));
    const paginator = { type: "cursor", cursor_path: "next", cursor_body_path: "after" };
    const client = await clientOf(items({ method: "POST", json: {}, paginator }), { baseUrl: server.url });
    const pages = await readInPieces(client("items"));
    expect(pages.flatMap(({ records }) => records)).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
    expect(server.requests[1]?.body).toBe(sent);
  });
});

it.each([
  { name: "an id", path: "id", sent: `{"after":${big}}` },
  { name: "a list of sort values", path: "sort", sent: `{"after":[${big},"k"]}` },
])("the value of the last record keeps its type: $name", async ({ path, sent }) => {
  const server = await api(({ body }) => ({
    body: `{"items":[${body.includes("after") ? "" : `{"id":${big},"sort":[${big},"k"]}`}]}`,
  }));
  const paginator = { type: "last_record", path, body_path: "after" };
  const client = await clientOf(items({ method: "POST", json: {}, paginator }), { baseUrl: server.url });
  const [page] = await readInPieces(client("items"));
  expect(page?.records).toEqual([{ id: big, sort: [big, "k"] }]);
  expect(server.requests[1]?.body).toBe(sent);
});

describe("values of parents", () => {
  const parent = {
    name: "items",
    schema: true,
    endpoint: { path: "/items", data_selector: "items", paginator: "single_page" },
  };

  it.each([
    { name: "an object in the query", value: "o", want: `/parts?v={"k":${big}}` },
    { name: "a list in the query", value: "ids", want: `/parts?v=${big}&v=1` },
    { name: "a number in the query", value: "id", want: `/parts?v=${big}` },
  ])("$name", async ({ value, want }) => {
    const server = await api(({ path }) => ({
      body: path === "/items" ? `{"items":[{"id":${big},"ids":[${big},1],"o":{"k":${big}}}]}` : '[{"at":1}]',
    }));
    const params = { v: `{resources.items.${value}}`, since: "{incremental.start_value}" };
    const endpoint = {
      path: "/parts",
      params,
      data_selector: "$",
      paginator: "single_page",
      incremental: { cursor_path: "at", initial_value: 0 },
    };
    const spec = { resources: [parent, { name: "parts", schema: true, endpoint }] };
    const client = await clientOf(spec, { baseUrl: server.url });
    const [page] = await pagesOf(client("parts")());
    expect(decodeURIComponent(server.requests[1]?.url ?? "")).toBe(`${want}&since=0`);
    // The state of the parent's sequence is found.
    await pagesOf(client("parts")({ from: stored(page?.checkpoint) }));
    expect(decodeURIComponent(server.requests[3]?.url ?? "")).toBe(`${want}&since=1`);
  });
});

describe("incremental state", () => {
  it.each([
    { name: "in a JSON body, where numbers are numbers", lag: undefined, want: `{"since":${big}}` },
    { name: "less a lag", lag: 10, want: `{"since":${BigInt(big) - 10n}}` },
  ])("$name", async ({ lag, want }) => {
    const server = await api(() => ({ body: `{"items":[{"id":1,"v":${big}},{"id":2,"v":5}]}` }));
    const json = { since: "{incremental.start_value}" };
    const incremental = { cursor_path: "v", initial_value: 0, ...(lag !== undefined && { lag }) };
    const client = await clientOf(items({ method: "POST", json, incremental }), { baseUrl: server.url });
    const [page] = await pagesOf(client("items")());
    await pagesOf(client("items")({ from: stored(page?.checkpoint) }));
    expect(server.requests.map(({ body }) => body)).toEqual(['{"since":0}', want]);
  });

  it.each([
    { name: "text of digits, by a number", initial: "100", lag: 5, at: "200", want: "195" },
    {
      name: "seconds as text, by a duration",
      initial: "1704103200",
      lag: "PT1M",
      at: "1704103300",
      want: "1704103240",
    },
    { name: "a fraction as text", initial: "1.5", lag: 1, at: "2.5", want: "1.5" },
  ])("$name", async ({ initial, lag, at, want }) => {
    const server = await api(() => ({ body: { items: [{ id: 1, at }] } }));
    const params = { since: "{incremental.start_value}" };
    const incremental = { cursor_path: "at", initial_value: initial, lag };
    const client = await clientOf(items({ params, incremental }), { baseUrl: server.url });
    const [page] = await pagesOf(client("items")());
    await pagesOf(client("items")({ from: stored(page?.checkpoint) }));
    expect(server.requests[1]?.query.get("since")).toBe(want);
  });

  it.each([
    { name: "a query parameter", state: { state_param: "t" }, want: `/items?t=${big}` },
    { name: "the body", state: { state_body_path: "t" }, want: `{"t":"${big}"}` },
  ])("a sync token in $name", async ({ state, want }) => {
    const server = await api(() => ({ body: `{"items":[{"id":1}],"token":${big}}` }));
    const request = "state_body_path" in state ? { method: "POST", json: {} } : {};
    const incremental = { state_path: "token", ...state };
    const client = await clientOf(items({ ...request, incremental }), { baseUrl: server.url });
    const [page] = await pagesOf(client("items")());
    await pagesOf(client("items")({ from: stored(page?.checkpoint) }));
    expect(server.requests[1]?.text).toContain(want);
  });
});

it("the id of an export job may be beyond 2^53 in any mode for records", async () => {
  const server = await api(({ path }) => ({
    body: path.endsWith("rows") ? { items: [{ id: 1 }] } : `{"id":${big},"status":"done"}`,
  }));
  const create = { path: "/jobs" };
  const poll = { path: "/jobs/{job.id}", interval: 0 };
  const endpoint = { path: "/jobs/{job.id}/rows", export_job: { create, poll, status_path: "status" } };
  const spec = { ...items(endpoint), client: { base_url: "https://api.example.com" } };
  const client = await clientOf(spec, { baseUrl: server.url });
  expect(await client("items")().toArray()).toEqual([{ id: 1 }]);
  expect(server.requests.at(-1)?.url).toBe(`/jobs/${big}/rows`);
});

describe("records", () => {
  it.each([
    { text: `${big}.0`, want: big },
    { text: `-${big}.00`, want: `-${big}` },
    { text: "9007199254740991.0", want: 9007199254740991 },
    { text: "1e20", want: 1e20 },
    { text: `${big}.5`, want: 9007199254740994 },
  ])("$text", async ({ text, want }) => {
    const server = await api(() => ({ body: `{"items":[{"id":${text}}]}` }));
    const client = await clientOf(items({}), { baseUrl: server.url });
    expect(await client("items")().toArray()).toEqual([{ id: want }]);
  });

  it("are compared by `where` as numbers, though they are text", async () => {
    const server = await api(() => ({ body: `{"items":[{"id":${big}},{"id":3},{"id":-${big}}]}` }));
    const steps = [{ where: { id: { gt: 5 } } }];
    const client = await clientOf(items({}, { processing_steps: steps }), { baseUrl: server.url });
    expect(await client("items")().toArray()).toEqual([{ id: big }]);
  });
});

it("a response action compares with the digits that the spec writes as text", async () => {
  const server = await api(() => ({ body: `{"items":[],"code":${big}}` }));
  const rules = [{ json_path: "code", equals: big, action: "fail" }];
  const client = await clientOf(items({ response_actions: rules }), { baseUrl: server.url });
  expect(await errorOf(client("items")().toArray())).toMatchObject({ code: "RESPONSE_REJECTED" });
});

it("a default total beyond 2^53 counts as unknown", async () => {
  const server = await api(({ query }) => {
    const records = query.get("offset") === "0" ? '{"id":1},{"id":2}' : "";
    return { body: `{"items":[${records}],"total":9223372036854775807}` };
  });
  const client = await clientOf(items({ paginator: { type: "offset", limit: 2 } }), { baseUrl: server.url });
  expect(await client("items")().toArray()).toEqual([{ id: 1 }, { id: 2 }]);
});

it("the generated modules compile", typeCheckAll);

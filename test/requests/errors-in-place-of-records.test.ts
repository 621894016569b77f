import { describe, expect, it } from "vitest";
import { errorOf } from "../runtime/fixtures.js";
import { api, clientOf, collectWarnings, typeCheckAll } from "./spec-client.js";

function items(selector: string, more: object = {}): object {
  const endpoint = { path: "/items", data_selector: selector, paginator: "single_page" };
  return { resources: [{ name: "items", schema: true, ...more, endpoint }] };
}

/** A primary key, and a schema that has its fields. */
function keyed(primary_key: readonly string[]): object {
  const properties = Object.fromEntries(primary_key.map((name) => [name, {}]));
  return { primary_key, schema: { type: "object", properties } };
}

const errors = [{ message: "boom" }];

describe("a 200 with errors instead of records is an error that quotes them", () => {
  it.each([
    { name: "null (GraphQL)", selector: "data.items", body: { data: { items: null }, errors } },
    { name: "an empty list", selector: "data.items", body: { data: { items: [] }, errors } },
    {
      name: "null for one record",
      selector: "data.items",
      body: { data: { items: [{ id: 1 }, null] }, errors },
    },
    { name: "one error", selector: "data", body: { data: null, errors: { message: "boom" } } },
    { name: "an error object", selector: "data", body: { data: null, error: { message: "boom" } } },
    { name: "an error text", selector: "data", body: { data: [], error: "boom" } },
    { name: "a flag", selector: "data", body: { data: null, success: false, message: "boom" } },
    { name: "another flag", selector: "members", body: { ok: false, message: "boom", members: [] } },
    { name: "only an error (Slack)", selector: "members", body: { ok: false, error: "boom" } },
    { name: "only errors (GraphQL)", selector: "data.items[*].node", body: { errors } },
    { name: "errors beside null", selector: "data.items", body: { data: null, errors } },
    { name: "an error in the place of all items", selector: "pages[*].items", body: { error: "boom" } },
  ])("$name", async ({ selector, body }) => {
    const server = await api(() => ({ body }));
    const client = await clientOf(items(selector), { baseUrl: server.url });
    const error = await errorOf(client("items")().toArray());
    expect(error).toMatchObject({ code: "RESPONSE_REJECTED", name: "HttpError" });
    expect(error.message).toContain('errors in place of records: 200: "boom"');
    expect(server.requests).toHaveLength(2);
  });
});

it.each([
  { name: "an error", body: { error: "boom" } },
  { name: "a flag", body: { success: false, message: "boom", code: 7 } },
])("$name without the primary key is no record", async ({ body }) => {
  const server = await api(() => ({ body }));
  const client = await clientOf(items("$", keyed(["id", "lang"])), { baseUrl: server.url });
  const error = await errorOf(client("items")().toArray());
  expect(error.message).toContain('errors in place of records: 200: "boom"');
});

describe("a 200 without errors", () => {
  it.each([
    { name: "none in the list", body: { data: [], errors: [] } },
    { name: "null", body: { data: null, error: null, errors: {} } },
    { name: "flags that are true", body: { data: [], success: true, ok: true, error: "" } },
    { name: "false", body: { data: [], error: false } },
  ])("is an empty page: $name", async ({ body }) => {
    const server = await api(() => ({ body }));
    const client = await clientOf(items("data"), { baseUrl: server.url });
    expect(await client("items")().toArray()).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });

  it("ends the read where a response action says so", async () => {
    const server = await api(() => ({ body: { data: [], error: "end of data" } }));
    const endpoint = {
      path: "/items",
      data_selector: "data",
      paginator: "single_page",
      response_actions: [{ json_path: "error", equals: "end of data", action: "stop" }],
    };
    const spec = { resources: [{ name: "items", schema: true, endpoint }] };
    const client = await clientOf(spec, { baseUrl: server.url });
    expect(await client("items")().toArray()).toEqual([]);
  });

  it("may be one record that has such fields", async () => {
    const server = await api(() => ({ body: { id: 1, ok: false, error: "boom" } }));
    for (const more of [{}, keyed([]), keyed(["id", "lang"])]) {
      const client = await clientOf(items("$", more), { baseUrl: server.url });
      expect(await client("items")().toArray()).toEqual([{ id: 1, ok: false, error: "boom" }]);
    }
  });
});

it("errors of GraphQL besides records are a warning", async () => {
  const server = await api(() => ({ body: { data: { items: [{ id: 1, owner: null }] }, errors } }));
  const { messages, onEvent } = collectWarnings();
  const client = await clientOf(items("data.items"), { baseUrl: server.url, onEvent });
  expect(await client("items")().toArray()).toHaveLength(1);
  expect(messages).toEqual(['the response has errors besides the records: 200: "boom"']);
});

it("the generated modules compile", typeCheckAll);

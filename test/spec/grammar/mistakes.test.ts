import { readFile } from "node:fs/promises";

import { describe, expect, test } from "vitest";

import { messagesOf, parseText, parseValue, pointedAt, shortOf, specWith } from "../parse-text.js";

const cases = new URL("../../cases/", import.meta.url);

describe("ten mistakes", () => {
  test("give ten diagnostics at the right positions", async () => {
    const text = await readFile(new URL("ten-mistakes/spec.json", cases), "utf8");
    const { spec, diagnostics } = await parseText(text);
    expect(spec).toBeUndefined();
    expect(diagnostics.map((one) => `${one.line}:${one.column} ${one.code} ${pointedAt(text, one)}`)).toEqual(
      [
        '4:3 unknown-key "descripton"',
        '6:17 bad-url "shop.example.com/v1"',
        "7:32 literal-secret sk-live-51H8x2",
        '8:23 unknown-value "barer"',
        '9:16 wrong-type "60"',
        '10:5 missing-key "paginator"',
        "15:38 unbound-path-param {shop}",
        "20:43 bad-selector [",
        '21:27 unknown-ref "#/schemas/Customr"',
        '24:15 duplicate-resource "orders"',
      ],
    );
    expect(diagnostics.every((one) => one.severity === "error")).toBe(true);
  });
});

/** The changes, the code, the marked text (`undefined`: not checked), a part of the message. */
type Mistake = readonly [
  changes: NonNullable<Parameters<typeof specWith>[0]>,
  code: string,
  at: string | number | boolean | null | undefined,
  message: string,
];

describe("one mistake, one diagnostic", () => {
  test.each<Mistake>([
    [
      { root: { resorces: [] } },
      "unknown-key",
      "resorces",
      "valid keys are $schema, name, type_name, description",
    ],
    [{ root: { base_url: "https://x.y" } }, "unknown-key", "base_url", '"base_url" belongs in client'],
    [{ resource: { params: {} } }, "unknown-key", "params", '"params" belongs in endpoint'],
    [{ endpoint: { dataSelector: "x" } }, "unknown-key", "dataSelector", "valid keys are path"],
    [{ endpoint: { methd: "GET" } }, "unknown-key", "methd", 'did you mean "method"?'],
    [
      { endpoint: { paginator: { type: "offset", limt: 3 } } },
      "unknown-key",
      "limt",
      'did you mean "limit"?',
    ],
    [
      { endpoint: { paginator: { type: "offset", limit: 3, page_param: "p" } } },
      "unknown-key",
      "page_param",
      "(offset)",
    ],
    [{ endpoint: { paginator: { limit: 3 } } }, "missing-key", "paginator", 'needs "type": valid values are'],
    [{ endpoint: { paginator: { type: "ofset" } } }, "unknown-value", "ofset", 'did you mean "offset"?'],
    [{ endpoint: { paginator: { type: 3 } } }, "wrong-type", 3, "must be one of"],
    [{ endpoint: { paginator: "offset" } }, "unknown-value", "offset", "needs limit"],
    [{ endpoint: { paginator: "pagenumber" } }, "unknown-value", "pagenumber", 'did you mean "page_number"?'],
    [
      { endpoint: { paginator: { type: "offset", limit: 2.5 } } },
      "wrong-type",
      2.5,
      "must be a whole number, not 2.5",
    ],
    [
      { endpoint: { paginator: { type: "offset", limit: "2" } } },
      "wrong-type",
      "2",
      "must be a number, not text",
    ],
    [{ endpoint: { paginator: { type: "offset", limit: 0 } } }, "invalid-value", 0, "must be at least 1"],
    [
      { endpoint: { paginator: { type: "page_number", base_page: 1, start_from_page: 1 } } },
      "conflicting-options",
      "start_from_page",
      "set the same option",
    ],
    [
      {
        endpoint: { paginator: { type: "offset", limit: 1, total_path: null, stop_after_empty_page: false } },
      },
      "conflicting-options",
      "paginator",
      "the paging never ends",
    ],
    [
      { endpoint: { paginator: { type: "offset", limit: 1, total_path: "a.." } } },
      "bad-selector",
      ".",
      "after the dot",
    ],
    [{ endpoint: { paginator: 7 } }, "wrong-type", 7, "must be text or an object, not a number"],
    [{ endpoint: { method: "FETCH" } }, "unknown-value", "FETCH", "valid methods are GET, POST"],
    [{ endpoint: { method: "GTE" } }, "unknown-value", "GTE", 'did you mean "GET"?'],
    [{ endpoint: { headers: { A: 1 } } }, "wrong-type", 1, "must be text, not a number"],
    [
      { endpoint: { headers: { A: "{secret.x}" } } },
      "bad-placeholder",
      "{secret.x}",
      "did you mean {secrets.x}?",
    ],
    [{ endpoint: { headers: { A: "{x}" } } }, "bad-placeholder", "{x}", "{secrets.name} or {config.name}"],
    [{ endpoint: { headers: { "A{x}": "" } } }, "bad-placeholder", "A{x}", 'unknown placeholder "{x}"'],
    [{ client: { headers: { A: 1 } } }, "wrong-type", 1, "must be text, not a number"],
    [
      { resource: { schema: { $ref: "https://example.com/a.json" } } },
      "unknown-ref",
      "https://example.com/a.json",
      'copy this one into "schemas"',
    ],
    [{ resource: { schema: { $ref: "user.json" } } }, "unknown-ref", "user.json", "copy this one"],
    [
      { client: { headers: { A: "{secret.x}" } } },
      "bad-placeholder",
      "{secret.x}",
      "did you mean {secrets.x}?",
    ],
    [
      { endpoint: { headers: { A: "{ secrets.x }" } } },
      "bad-placeholder",
      "{ secrets.x }",
      "did you mean {secrets.x}?",
    ],
    [{ endpoint: { params: { a: "{" } } }, "bad-placeholder", "{", "unclosed brace"],
    [{ endpoint: { params: { a: "}" } } }, "bad-placeholder", "}", "unmatched closing brace"],
    [{ endpoint: { params: { a: "{}" } } }, "bad-placeholder", "{}", "empty"],
    [
      { endpoint: { params: { a: { type: "lookup" } } } },
      "unknown-value",
      "lookup",
      "valid values are input, resolve, incremental",
    ],
    [
      { endpoint: { path: "/{a}", params: { a: { type: "resolve", resource: "x" } } } },
      "missing-key",
      "a",
      'needs "field"',
    ],
    [{ endpoint: { params: { a: [{ b: 1 }] } } }, "wrong-type", undefined, "params.a[0]"],
    [
      { endpoint: { params: { a: { type: "input", in: "cookie" } } } },
      "unknown-value",
      "cookie",
      "query, path, header, body",
    ],
    [{ endpoint: { timeout: 0 } }, "invalid-value", 0, "must be more than 0"],
    [{ endpoint: { timeout: "60" } }, "wrong-type", "60", 'invalid duration "60": write seconds as a number'],
    [{ endpoint: { timeout: "P1M" } }, "invalid-value", "P1M", 'invalid duration "P1M"'],
    [{ client: { retry: { max_wait: "PT" } } }, "invalid-value", "PT", 'such as "PT15M"'],
    [
      { client: { auth: { type: "jwt", lifetime: -1 } } },
      "invalid-value",
      -1,
      "client.auth.lifetime must be at least 1",
    ],
    [
      { client: { auth: { type: "jwt", lifetime_ms: 1 } } },
      "unknown-key",
      "lifetime_ms",
      'did you mean "lifetime"?',
    ],
    [{ endpoint: { retry: { max_retries: -1 } } }, "invalid-value", -1, "must be at least 0"],
    [{ endpoint: { retry: { statuses: [600] } } }, "invalid-value", 600, "must be at most 599"],
    [{ endpoint: { retry: { statuses: ["429"] } } }, "unknown-value", "429", "write a number such as 429"],
    [{ resource: { name: " " } }, "invalid-value", " ", "must not be empty"],
    [{ resource: { name: 3 } }, "wrong-type", 3, "must be text"],
    [{ resource: { record_type: "class" } }, "invalid-value", "class", "cannot be the name"],
    [{ resource: { record_type: "string" } }, "invalid-value", "string", "cannot be the name"],
    [{ resource: { method_name: "1st" } }, "invalid-value", "1st", "cannot be the name"],
    [{ resource: { method_name: "then" } }, "invalid-value", "then", "cannot be the name"],
    [
      { resource: { write_disposition: "upsert" } },
      "unknown-value",
      "upsert",
      "append, replace, merge, skip",
    ],
    [
      { resource: { write_disposition: { strategy: "scd2" } } },
      "missing-key",
      "write_disposition",
      'needs "disposition"',
    ],
    [
      { resource: { write_disposition: { disposition: "merge", strategy: "upsrt" } } },
      "unknown-value",
      "upsrt",
      'did you mean "upsert"?',
    ],
    [{ resource: { selected: "yes" } }, "wrong-type", "yes", "must be true or false"],
    [{ resource: { parallelized: 1 } }, "wrong-type", 1, "must be true or false"],
    [{ resource: { max_table_nesting: -1 } }, "invalid-value", -1, "must be at least 0"],
    [{ resource: { table_format: "parquet" } }, "unknown-value", "parquet", "iceberg, delta, hive, native"],
    [{ resource: { schema_contract: "frozen" } }, "unknown-value", "frozen", "evolve, freeze, discard_row"],
    [
      { resource: { schema_contract: { table: "evolve" } } },
      "unknown-key",
      "table",
      'did you mean "tables"?',
    ],
    [
      { resource: { references: [{ columns: ["a"], referenced_columns: ["b"] }] } },
      "missing-key",
      undefined,
      'needs "referenced_table"',
    ],
    [{ resource: { nested_hints: [] } }, "wrong-type", undefined, "must be an object, not a list"],
    [{ resource: { incremental: {} } }, "unknown-key", "incremental", '"incremental" belongs in endpoint'],
    [
      { endpoint: { status_code: 404 } },
      "unknown-key",
      "status_code",
      '"status_code" belongs in response_actions',
    ],
    [
      { endpoint: { cursor_path: "u" } },
      "unknown-key",
      "cursor_path",
      '"cursor_path" belongs in endpoint.incremental',
    ],
    [{ resource: { rename: {} } }, "unknown-key", "rename", '"rename" belongs in processing_steps'],
    [{ endpoint: { partitions: {} } }, "unknown-key", "partitions", '"partitions" belongs in a resource'],
    [{ resource: { columns: { a: { data_type: "txt" } } } }, "unknown-value", "txt", 'did you mean "text"?'],
    [{ resource: { columns: [{ data_type: "text" }] } }, "missing-key", undefined, 'needs "name"'],
    [{ resource: { schema: { type: "objekt" } } }, "unknown-value", "objekt", 'did you mean "object"?'],
    [
      { resource: { schema: { propertes: {} } } },
      "unknown-keyword",
      "propertes",
      'did you mean "properties"?',
    ],
    [{ resource: { schema: { required: true } } }, "wrong-type", true, "must be a list"],
    [{ resource: { schema: { enum: [] } } }, "invalid-value", undefined, "at least one item"],
    [
      { resource: { schema: { type: "object", properties: { a: { $ref: "#/schemas/X" } } } } },
      "unknown-ref",
      "#/schemas/X",
      'the spec has no "schemas"',
    ],
    [{ resource: { schema: { $ref: "other.json" } } }, "unknown-ref", "other.json", "unknown schema"],
    [{ client: { base_url: "" } }, "bad-url", "", "is empty"],
    [{ client: { base_url: "/v1" } }, "bad-url", "/v1", "must be an absolute"],
    [{ client: { base_url: "ftp://x" } }, "bad-url", "ftp://x", "must be an absolute"],
    [{ client: { base_url: "https://" } }, "bad-url", "https://", "invalid URL"],
    [{ client: { base_url: "https://x/#a" } }, "bad-url", "https://x/#a", "has a fragment"],
    [
      { client: { base_url: "https://x/?a=1&api_key={secrets.k}" } },
      "bad-url",
      undefined,
      '"name": "api_key", "location": "query"',
    ],
    [{ client: { base_url: "https://u:p@x" } }, "bad-url", "https://u:p@x", "contains credentials"],
    [
      { client: { base_url: "https://{secrets.x}" } },
      "bad-placeholder",
      "{secrets.x}",
      "secrets are not allowed here",
    ],
    [
      { client: { auth: { type: "api_key", location: "body" } } },
      "conflicting-options",
      undefined,
      'add "json": {}',
    ],
    [{ client: { base_url: null } }, "wrong-type", null, "must be text, not null"],
    [
      { client: { auth: { type: "api_key", location: "url" } } },
      "unknown-value",
      "url",
      "header, query, param, cookie",
    ],
    [{ client: { auth: { tokn: "{secrets.x}" } } }, "unknown-key", "tokn", 'did you mean "token"?'],
    [{ root: { name: "a/b" } }, "invalid-value", "a/b", 'invalid name "a/b"'],
    [
      { root: { type_name: "Git Hub" } },
      "invalid-value",
      "Git Hub",
      "cannot be the name of a TypeScript type",
    ],
    [{ root: { typename: "GitHub" } }, "unknown-key", "typename", 'did you mean "type_name"?'],
    [{ root: { resources: {} } }, "wrong-type", undefined, "resources must be a list"],
    [{ root: { client: undefined } }, "missing-key", undefined, 'the spec needs "client"'],
    [{ root: { client: {} } }, "missing-key", "client", 'client needs "base_url"'],
    [{ root: { resource_defaults: { name: "x" } } }, "unknown-key", "name", "in resource_defaults"],
    [
      {
        root: { schemas: { A: { $ref: "#/schemas/B" }, B: { allOf: [{ $ref: "#/schemas/A" }] } } },
        resource: { schema: { $ref: "#/schemas/A" } },
      },
      "circular-ref",
      "A",
      "circular schema",
    ],
  ])("%j: %s", async (changes, code, ...[at, message]) => {
    const { spec, diagnostics } = await parseValue(specWith(changes));
    expect(messagesOf(diagnostics)).toEqual([expect.stringContaining(message)]);
    expect(diagnostics[0]?.code).toBe(code);
    expect(spec).toBeUndefined();
    if (at === undefined || !diagnostics[0]) return;
    const found = pointedAt(JSON.stringify(specWith(changes), null, 2), diagnostics[0]);
    expect([JSON.stringify(at), String(at)]).toContain(found);
  });

  test("a resource without a name is marked at its brace", async () => {
    const text =
      '{ "client": { "base_url": "https://x.y" },\n  "resources": [\n    { "schema": true },\n    3 ] }';
    const { diagnostics } = await parseText(text);
    const errors = diagnostics.filter((one) => one.severity === "error");
    expect(shortOf(errors)).toEqual(["3:5 missing-key", "4:5 wrong-type"]);
  });

  test("a misspelt key is not reported as missing as well", async () => {
    const { diagnostics } = await parseValue({ client: { bas_url: "https://x.y" }, resources: [] });
    expect(diagnostics.map((one) => one.code)).toEqual(["unknown-key", "no-resources"]);
    const { diagnostics: others } = await parseValue(
      specWith({ resource: { endpoint: { path: "x", data_selectr: "a", paginatr: "none" } } }),
    );
    expect(others.map((one) => one.code)).toEqual(["unknown-key", "unknown-key"]);
  });

  test("a mistake in the defaults is reported once", async () => {
    const { diagnostics } = await parseValue({
      ...specWith({
        root: {
          resource_defaults: {
            endpoint: {
              paginator: { type: "offset", limit: 1, total_path: null, stop_after_empty_page: false },
            },
          },
        },
      }),
      resources: ["a", "b"].map((name) => ({ name, schema: true, endpoint: { data_selector: "x" } })),
    });
    expect(shortOf(diagnostics)).toEqual(["23:7 conflicting-options"]);
  });
});

describe("warnings", () => {
  test.each([
    [
      { resource: { schema: undefined } },
      'resource "items" has no schema: its records are untyped; add "schema"',
    ],
    [
      { endpoint: { paginator: undefined } },
      'resource "items" has no paginator: every read chooses one by its first response; "connector-gen detect"',
    ],
    [
      { endpoint: { data_selector: undefined } },
      'resource "items" has no data_selector: every read searches its first response for the records',
    ],
    [{ resource: { schema: { unit: "cm" } } }, 'unknown JSON Schema keyword "unit"'],
    [{ root: { schemas: { A: true } } }, 'no resource uses the schema "A"'],
    [{ root: { resources: [] } }, "resources is empty"],
    [{ client: { base_url: "https://x/?a=1" } }, "base_url has a query, and paths are appended after it"],
    [{ client: { headers: { A: "{x} {{y}} {secrets.a}" } } }, '"{x}" is sent unchanged'],
  ])("%j", async (changes, message) => {
    const { spec, diagnostics } = await parseValue(specWith(changes));
    expect(diagnostics.map((one) => one.severity)).toEqual(["warning"]);
    expect(diagnostics[0]?.message).toContain(message);
    expect(spec).toBeDefined();
  });

  test("a schema that a used schema refers to counts as used", async () => {
    const schemas = {
      A: { type: "array", items: { $ref: "#/schemas/B" } },
      B: { $ref: "#/schemas/C" },
      C: true,
    };
    const { diagnostics } = await parseValue(
      specWith({ root: { schemas }, resource: { schema: { $ref: "#/schemas/A" } } }),
    );
    expect(diagnostics).toEqual([]);
  });
});

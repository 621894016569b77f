import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { parseText, pointedAt, resourceWith, specOf, specWith } from "./parse-text.js";

describe("the normalised spec", () => {
  test("contains every default and expands every shorthand", async () => {
    const spec = await specOf({
      name: "shop",
      description: "A shop.",
      docs_url: "https://docs.example.com",
      client: {
        base_url: "https://{config.tenant}.example.com/v1",
        headers: { "X-Trace": "{{a}} {config.trace}" },
        auth: { type: "api_key", name: "X-Key" },
        paginator: {
          type: "page_number",
          limit: 50,
          start_from_page: 1,
          total_path: "meta.pages",
          has_more_path: null,
        },
        retry: { max_retries: 2, backoff_factor: 2, max_delay: "PT9S", max_wait: 5, statuses: [429, "5XX"] },
        timeout: 30,
      },
      resource_defaults: {
        primary_key: "id",
        write_disposition: { disposition: "merge", strategy: "upsert" },
      },
      resources: [
        "orders",
        {
          name: "notes",
          description: "Notes.",
          endpoint: {
            path: "/orders/{order}/notes/{kind}",
            method: "post",
            params: {
              kind: "a/b",
              order: { type: "input", schema: { type: "integer" } },
              since: { type: "input" },
              all: true,
              none: null,
              tags: ["a", 1],
            },
            headers: { "X-Secret": "{secrets.other}" },
            data_selector: "data['x-y']",
            paginator: "none",
            auth: null,
            timeout: 5,
          },
          primary_key: ["a", "b"],
          merge_key: "c",
          write_disposition: "replace",
          record_type: "Note",
          method_name: "listNotes",
          selected: false,
          schema: true,
        },
      ],
    });
    const { resources, auth, ...source } = spec;
    expect(source).toMatchObject({
      name: "shop",
      description: "A shop.",
      docsUrl: "https://docs.example.com",
      file: "spec.json",
      baseUrl: "https://{config.tenant}.example.com/v1",
      headers: { "X-Trace": "{{{{a}}}} {config.trace}" },
      retry: { maxRetries: 2, backoffMs: 2000, maxDelayMs: 9000, maxWaitMs: 5000, statuses: [429, "5xx"] },
      timeoutMs: 30_000,
      secrets: ["api_key", "other"],
      config: ["tenant", "trace"],
      schemas: {},
    });
    expect(source.hash).toMatch(/^[0-9a-f]{16}$/);
    expect(auth?.kind.type).toBe("api_key");
    expect(auth?.options).toEqual({ apiKey: "{secrets.api_key}", name: "X-Key" });
    const [orders, notes] = resources.map(({ paginator, ...resource }) => ({
      ...resource,
      paginator: [paginator.kind.type, paginator.options],
    }));
    expect(orders).toEqual({
      name: "orders",
      method: "GET",
      path: "orders",
      query: {},
      inputs: [],
      headers: {},
      selectRequired: true,
      pageRequests: [],
      shape: [],
      plan: [],
      paginator: [
        "page_number",
        { limit: 50, basePage: 1, totalPath: { selector: ["meta", "pages"] }, hasMorePath: null },
      ],
      primaryKey: ["id"],
      mergeKey: [],
      writeDisposition: "merge",
      load: { strategy: "upsert" },
      hasSchema: false,
      selected: true,
    });
    expect(notes).toEqual({
      name: "notes",
      description: "Notes.",
      method: "POST",
      path: "/orders/{order}/notes/a/b",
      query: { all: true, none: null, tags: ["a", 1] },
      inputs: [
        { name: "order", in: "path", required: true, schema: { type: "integer" } },
        { name: "since", in: "query", required: false, schema: { type: "string" } },
      ],
      headers: { "X-Secret": "{secrets.other}" },
      select: { selector: ["data", "x-y"] },
      selectRequired: true,
      pageRequests: [],
      shape: [],
      plan: [],
      paginator: ["single_page", {}],
      auth: null,
      timeoutMs: 5000,
      primaryKey: ["a", "b"],
      mergeKey: ["c"],
      writeDisposition: "replace",
      selected: false,
      hasSchema: false,
      schema: true,
      recordType: "Note",
      methodName: "listNotes",
    });
  });

  test.each([
    ["bearer", "bearer", { token: "{secrets.token}" }],
    [{ token: "{secrets.x}" }, "bearer", { token: "{secrets.x}" }],
    [{}, "bearer", { token: "{secrets.token}" }],
    ["http_basic", "http_basic", { username: "{secrets.username}", password: "{secrets.password}" }],
    [{ type: "http_basic", username: "bob", password: "" }, "http_basic", { username: "bob", password: "" }],
  ])("auth %j", async (auth, type, options) => {
    const spec = await specOf(specWith({ client: { auth } }));
    expect([spec.auth?.kind.type, spec.auth?.options]).toEqual([type, options]);
  });

  test.each([
    ["page_number", "page_number", {}],
    ["single_page", "single_page", {}],
    ["none", "single_page", {}],
    [{ type: "offset", limit: 1, total_path: "" }, "offset", { limit: 1, totalPath: null }],
  ])("paginator %j", async (paginator, type, options) => {
    const resource = await resourceWith({ endpoint: { paginator } });
    expect([resource.paginator.kind.type, resource.paginator.options]).toEqual([type, options]);
  });

  test("a null paginator means that of the client", async () => {
    const resource = await resourceWith({
      client: { paginator: "page_number" },
      endpoint: { paginator: null },
    });
    expect(resource.paginator.kind.type).toBe("page_number");
  });

  test.each([
    ["specs/shop.json", "shop"],
    ["shop.connector.json", "shop"],
    ["a\\b\\my-shop.yaml", "my-shop"],
    ["shop.v2.jsonc", "shop.v2"],
    ["<stdin>", "rest_api"],
  ])("its name defaults to that of the file: %s", async (file, name) => {
    const { spec } = await parseText(JSON.stringify(specWith()), { file });
    expect(spec?.name).toBe(name);
  });

  test("keys for loading records become hints", async () => {
    const resource = {
      parallelized: true,
      max_table_nesting: 0,
      table_name: "t",
      parent_table_name: "p",
      table_format: "delta",
      file_format: "parquet",
      schema_contract: { tables: "evolve", columns: "freeze", data_type: "discard_value" },
      references: [
        { referenced_table: "t", columns: ["a"], referenced_columns: ["b"], label: "l", cardinality: "c" },
      ],
      nested_hints: { items: { primary_key: "id" } },
      write_disposition: { disposition: "merge", strategy: "scd2", validity_column_names: ["a", "b"] },
    };
    const plain = await resourceWith({ resource: { write_disposition: "merge" } });
    const load = {
      strategy: "scd2",
      validityColumnNames: ["a", "b"],
      tableName: "t",
      maxNesting: 0,
      contract: { tables: "evolve", columns: "freeze", data_type: "discard_value" },
    };
    expect(await resourceWith({ resource })).toEqual({ ...plain, load });
    expect(await resourceWith({ root: { resource_defaults: resource } })).toEqual({ ...plain, load });
  });

  test("__proto__ is a name like any other", async () => {
    const text = `{
      "client": { "base_url": "https://x.y", "headers": { "__proto__": "h" } },
      "resources": [{
        "name": "__proto__",
        "endpoint": { "path": "/{__proto__}", "params": { "__proto__": "p" }, "data_selector": "__proto__", "paginator": "none" },
        "schema": { "type": "object", "properties": { "__proto__": { "$ref": "#/schemas/__proto__" } } },
        "primary_key": "__proto__"
      }],
      "schemas": { "__proto__": { "type": "string" } }
    }`;
    const { spec, diagnostics } = await parseText(text);
    expect(diagnostics.map(({ code }) => code)).toEqual(["dropped-field"]);
    expect(Object.entries(spec?.headers ?? {})).toEqual([["__proto__", "h"]]);
    expect(Object.entries(spec?.schemas ?? {})).toEqual([["__proto__", { type: "string" }]]);
    expect(spec?.resources[0]).toMatchObject({ path: "/p", select: { selector: ["__proto__"] } });
  });

  test.each(['"p"', '{ "type": "incremental", "cursor_path": "at", "initial_value": "2024-01-01" }'])(
    "__proto__ is a query parameter like any other: %s",
    async (value) => {
      const { spec } = await parseText(`{
        "client": { "base_url": "https://x.y" },
        "resources": [{
          "name": "a",
          "endpoint": { "path": "/a", "params": { "__proto__": ${value}, "b": 1 }, "paginator": "single_page" }
        }]
      }`);
      expect(Object.keys(spec?.resources[0]?.query ?? {})).toEqual(["__proto__", "b"]);
    },
  );
});

describe("the hash", () => {
  const spec = specWith({ root: { name: "a" } });

  test("depends only on the values", async () => {
    const plain = await parseText(JSON.stringify(spec));
    const [first, ...others] = Object.entries(spec).reverse();
    const reordered = JSON.stringify(Object.fromEntries([...others, ...(first ? [first] : [])]), null, 4);
    const commented = await parseText(`// note\n${reordered.replace("{", '{ "$schema": "x", ')}\n`, {
      file: "other.json",
    });
    const yaml = await parseText(`# note\n${JSON.stringify(spec)}`, { file: "b.yaml" });
    expect(plain.spec?.hash).toBe(commented.spec?.hash);
    expect(plain.spec?.hash).toBe(yaml.spec?.hash);
  });

  test("changes with any value", async () => {
    const hashes = await Promise.all(
      [
        spec,
        specWith({ root: { name: "b" } }),
        specWith({ endpoint: { params: { a: 1 } } }),
        specWith({ endpoint: { params: { a: "1" } } }),
      ].map(async (value) => (await specOf(value)).hash),
    );
    expect(new Set(hashes).size).toBe(4);
  });
});

describe("YAML", () => {
  test("is the same language", async () => {
    const text = `
# A shop.
client:
  base_url: https://api.example.com
  auth: bearer
resources:
  - orders
  - name: notes
    endpoint:
      path: /notes
      data_selector: "['@odata.value']"
      paginator: { type: offset, limit: 10 }
    schema: { type: object, properties: { id: { type: integer } } }
    primary_key: [id]
`;
    const { spec } = await parseText(text, { file: "shop.yaml" });
    expect(spec?.resources.map((one) => [one.name, one.select])).toEqual([
      ["orders", undefined],
      ["notes", { selector: ["@odata.value"] }],
    ]);
  });

  test("positions are as exact as in JSON", async () => {
    const text = [
      "client:",
      "  base_url: ftp://x",
      "  auth:",
      "    type: barer",
      "resources:",
      "  - name: a",
      "    endpoint:",
      "      pth: /x",
      "      data_selector: 'a b'",
      "      paginator: none",
      "    schema: true",
      "  - {}",
    ].join("\n");
    const { diagnostics } = await parseText(text, { file: "a.yml" });
    const errors = diagnostics.filter((one) => one.severity === "error");
    expect(errors.map((one) => `${one.line}:${one.column} ${pointedAt(text, one)}`)).toEqual([
      "2:13 ftp://x",
      "4:11 barer",
      "8:7 pth",
      "9:25 b",
      "12:5 {",
    ]);
  });
});

describe("never throws", () => {
  const words = [
    "client base_url auth paginator type offset resources name endpoint path params schema schemas $ref properties",
    "columns headers token bearer input __proto__ resource_defaults data_selector primary_key allOf #/schemas/a $defs",
    "{secrets.x} {x} { a https://x.y retry statuses incremental cursor_path initial_value end_value window json data raw",
    "partitions batch include_from_parent processing_steps where add rename response_actions status_code rate_limit",
    "resolve resource field {resources.a.id} {incremental.start_value} {partitions.a}",
  ].flatMap((line) => line.split(" "));
  const word = fc.constantFrom(...words);
  const leaf = fc.oneof(word, fc.constantFrom(null, true, 0, 1, -1, 1.5), fc.string());
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: "medium" },
      leaf,
      fc.array(tie("value"), { maxLength: 4 }),
      fc.array(fc.tuple(word, tie("value")), { maxLength: 6 }).map((entries) => Object.fromEntries(entries)),
    ),
  }));

  const check = async (spec: unknown): Promise<void> => {
    const parsed = await parseText(JSON.stringify(spec));
    const hasError = parsed.diagnostics.some((one) => one.severity === "error");
    expect(parsed.spec === undefined).toBe(hasError);
    expect(
      parsed.diagnostics.every((one) => one.line >= 1 && one.column >= 1 && one.endLine >= one.line),
    ).toBe(true);
  };

  test("for any JSON", async () => {
    await fc.assert(fc.asyncProperty(fc.oneof(fc.jsonValue(), value), check), { numRuns: 250 });
  });

  test("for any value anywhere in a spec", async () => {
    const spec = fc.record({
      client: fc.record(
        { base_url: fc.constant("https://x.y"), auth: value, paginator: value, headers: value, retry: value },
        { requiredKeys: ["base_url"] },
      ),
      resource_defaults: value,
      resources: fc.array(
        fc.record(
          {
            name: fc.string(),
            endpoint: fc.oneof(
              value,
              fc.record(
                {
                  path: value,
                  params: value,
                  paginator: value,
                  json: value,
                  data: value,
                  incremental: value,
                  response_actions: value,
                  headers: value,
                  rate_limit: value,
                },
                { requiredKeys: ["path"] },
              ),
            ),
            include_from_parent: value,
            processing_steps: value,
            partitions: value,
            batch: value,
            schema: value,
            columns: value,
            primary_key: value,
          },
          { requiredKeys: [] },
        ),
        { maxLength: 3 },
      ),
      schemas: value,
    });
    await fc.assert(fc.asyncProperty(spec, check), { numRuns: 100 });
  });
});

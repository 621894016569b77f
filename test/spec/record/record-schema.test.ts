import { describe, expect, test } from "vitest";

import { messagesOf, parseValue, resourceWith, specOf, specWith } from "../parse-text.js";

describe("columns", () => {
  const rows: { name: string; resource: object; want: unknown }[] = [
    {
      name: "every type",
      resource: {
        columns: Object.fromEntries(
          [
            "text",
            "double",
            "decimal",
            "bool",
            "timestamp",
            "date",
            "time",
            "bigint",
            "wei",
            "binary",
            "json",
          ].map((type) => [type, { data_type: type, nullable: false }]),
        ),
      },
      want: {
        type: "object",
        properties: {
          text: { type: "string" },
          double: { type: "number" },
          decimal: { type: "number" },
          bool: { type: "boolean" },
          timestamp: { type: "string", format: "date-time" },
          date: { type: "string", format: "date" },
          time: { type: "string", format: "time" },
          bigint: { type: "integer" },
          wei: { type: "integer" },
          binary: { type: "string" },
          json: {},
        },
        required: [
          "text",
          "double",
          "decimal",
          "bool",
          "timestamp",
          "date",
          "time",
          "bigint",
          "wei",
          "binary",
          "json",
        ],
      },
    },
    {
      name: "nullable and optional by default",
      resource: { columns: [{ name: "a", data_type: "text", description: "An a." }] },
      want: { type: "object", properties: { a: { type: ["string", "null"], description: "An a." } } },
    },
    {
      name: "keys are never null",
      resource: { primary_key: "id", columns: { id: { data_type: "bigint" } } },
      want: { type: "object", properties: { id: { type: "integer" } }, required: ["id"] },
    },
    {
      name: "keys are fields even without a column",
      resource: { primary_key: "id", columns: { gone: { data_type: "bool", hard_delete: true } } },
      want: {
        type: "object",
        properties: { id: {}, gone: { type: ["boolean", "null"] } },
        required: ["id"],
      },
    },
    {
      name: "keywords of the schema take precedence",
      resource: {
        columns: { a: { data_type: "text", description: "column" }, b: { data_type: "bool" } },
        schema: {
          type: "object",
          properties: { a: { type: "integer" }, b: { description: "schema" } },
          required: ["a"],
        },
      },
      want: {
        type: "object",
        properties: {
          a: { type: "integer", description: "column" },
          b: { type: ["boolean", "null"], description: "schema" },
        },
        required: ["a"],
      },
    },
    {
      name: "beside a reference they become another part",
      resource: {
        columns: { a: { data_type: "text" }, b: { data_type: "bool", nullable: false } },
        schema: { $ref: "#/schemas/A" },
      },
      want: {
        allOf: [
          { $ref: "#/schemas/A" },
          { type: "object", properties: { b: { type: "boolean" } }, required: ["b"] },
        ],
      },
    },
    {
      name: "__proto__ is a column like any other",
      resource: JSON.parse(
        '{ "columns": { "__proto__": { "data_type": "text", "nullable": false } } }',
      ) as object,
      want: {
        type: "object",
        properties: JSON.parse('{ "__proto__": { "type": "string" } }') as object,
        required: ["__proto__"],
      },
    },
  ];

  test.each(rows)("$name", async ({ resource, want }) => {
    const root = { schemas: { A: { type: "object", properties: { a: { type: "string" } } } } };
    const { schema } = await resourceWith({ root, resource: { schema: undefined, ...resource } });
    expect(schema).toEqual(want);
  });

  test("define keys", async () => {
    const columns = { a: { primary_key: true }, b: { primary_key: true, merge_key: true } };
    expect(await resourceWith({ resource: { columns } })).toMatchObject({
      primaryKey: ["a", "b"],
      mergeKey: ["b"],
    });
    expect(await resourceWith({ resource: { columns, primary_key: "c" } })).toMatchObject({
      primaryKey: ["c"],
    });
  });
});

describe("keys", () => {
  const schemas = {
    Base: { type: "object", properties: { id: { type: "integer" } } },
    Full: { allOf: [{ $ref: "#/schemas/Base" }, { properties: { name: {} } }] },
    Either: { oneOf: [{ $ref: "#/schemas/Base" }, { properties: { uid: {} } }] },
    Open: { anyOf: [{ $ref: "#/schemas/Base" }, {}] },
    Tree: {
      type: "object",
      properties: { id: {} },
      allOf: [{ properties: { child: { $ref: "#/schemas/Tree" } } }],
    },
  };

  test.each([
    ["Base", "id", undefined],
    ["Base", ["id", "idd"], 'primary_key: unknown field "idd": valid fields are id; did you mean "id"?'],
    ["Full", "name", undefined],
    ["Full", "id", undefined],
    ["Full", "nmae", 'did you mean "name"?'],
    ["Either", "uid", undefined],
    ["Either", "x", "valid fields are id, uid"],
    ["Open", "anything", undefined],
    ["Tree", "child", undefined],
    ["Tree", "x", "valid fields are id, child"],
  ])("%s with %j", async (name, key, message) => {
    const all = Object.fromEntries(Object.keys(schemas).map((one) => [one, { $ref: `#/schemas/${one}` }]));
    const { diagnostics } = await parseValue(
      specWith({
        root: { schemas: { ...schemas, All: { type: "object", properties: all } } },
        resource: { schema: { $ref: `#/schemas/${name}` }, primary_key: key },
      }),
    );
    const found = messagesOf(diagnostics).filter((text) => !text.startsWith("unused-schema"));
    expect(found).toEqual(message === undefined ? [] : [expect.stringContaining(message)]);
  });

  test("are marked one by one, also in the defaults", async () => {
    const value = specWith({
      root: { resource_defaults: { primary_key: ["id", "x"] } },
      resource: { schema: { type: "object", properties: { id: {} } }, merge_key: "y" },
    });
    const { diagnostics } = await parseValue(value);
    expect(messagesOf(diagnostics)).toEqual([
      expect.stringContaining('merge_key: unknown field "y"'),
      expect.stringContaining('primary_key: unknown field "x"'),
    ]);
  });
});

describe("$defs", () => {
  test("become shared schemas; references are rewritten", async () => {
    const $defs = {
      Item: { properties: { next: { $ref: "#/$defs/Item" }, other: { $ref: "#/schemas/a~1b" } } },
    };
    const schema = { $defs, items: { $ref: "#/$defs/Item" } };
    const spec = await specOf({
      ...specWith({
        root: {
          schemas: {
            "a/b": true,
            Item: { const: { $ref: "#/$defs/not-a-schema" } },
            User: { $ref: "#/schemas/Item" },
          },
        },
      }),
      resources: ["x", "y"].map((name) => ({ name, schema })),
    });
    expect(spec.schemas).toEqual({
      "a/b": true,
      Item: { const: { $ref: "#/$defs/not-a-schema" } },
      User: { $ref: "#/schemas/Item" },
      x_Item: { properties: { next: { $ref: "#/schemas/x_Item" }, other: { $ref: "#/schemas/a/b" } } },
    });
    expect(spec.resources.map((one) => one.schema)).toEqual([
      { items: { $ref: "#/schemas/x_Item" } },
      { items: { $ref: "#/schemas/x_Item" } },
    ]);
  });
});

import { describe, expect, it } from "vitest";
import { messagesOf, parseValue, specWith } from "../parse-text.js";

/** The problems of a schema of the field `value`. */
async function problemsOf(value: unknown, others: object = {}): Promise<readonly string[]> {
  const schema = { type: "object", properties: { value }, ...others };
  return messagesOf((await parseValue(specWith({ resource: { schema } }))).diagnostics);
}

const place = 'schema.properties.value of resource "items"';

describe("a schema that types and validators cannot follow", () => {
  it.each([
    {
      name: "a limit without a type",
      schema: { minLength: 2 },
      want: `missing-type: ${place} has "minLength", but no type, so its type is any value: add "type", for example "string"`,
    },
    {
      name: "a limit of numbers without a type",
      schema: { description: "Share.", maximum: 1 },
      want: `missing-type: ${place} has "maximum", but no type, so its type is any value: add "type", for example "number"`,
    },
    {
      name: "a negation without a type",
      schema: { not: { type: "string" } },
      want: `missing-type: ${place} has "not", but no type, so its type is any value: add "type", for example "string"`,
    },
    {
      name: "a tuple without minItems",
      schema: { type: "array", prefixItems: [{ type: "number" }, { type: "number" }] },
      want: `missing-min-items: ${place} does not say which items may be missing, so all count as present: add "minItems": 2, or less`,
    },
    {
      name: "a tuple of an older draft without minItems",
      schema: { type: "array", items: [{ type: "number" }], additionalItems: false },
      want: `missing-min-items: ${place} does not say which items may be missing, so all count as present: add "minItems": 1, or less`,
    },
    {
      name: "a required field that zod drops",
      schema: { type: "object", required: ["a", "__proto__"] },
      want: `dropped-field: validators do not see the field "__proto__" of ${place}: remove it from "required", or do not validate`,
    },
    {
      name: "a declared field that zod drops",
      schema: JSON.parse(
        '{ "type": "object", "properties": { "__proto__": { "type": "string" } } }',
      ) as object,
      want: `dropped-field: validators do not see the field "__proto__" of ${place}: remove it from "properties", or do not validate`,
    },
    {
      name: "fields without a type",
      schema: { properties: { a: { items: {} } } },
      want: `implied-type: ${place} has "properties", but no type, so it counts as "object": add "type": "object"`,
    },
    {
      name: "items without a type",
      schema: { items: { type: "string" } },
      want: `implied-type: ${place} has "items", but no type, so it counts as "array": add "type": "array"`,
    },
    {
      name: "an enum of another type",
      schema: { type: "integer", enum: ["1", "2"] },
      want: `no-value: no value of "enum" in ${place} is of type integer: correct one of them`,
    },
    {
      name: "a constant of another type",
      schema: { type: ["string", "null"], const: 1 },
      want: `no-value: no value of "const" in ${place} is of type string, null: correct one of them`,
    },
    {
      name: "a pattern of another language",
      schema: { type: "string", pattern: "(?i)^[a-z]+$(?<!x" },
      want: `invalid-pattern: "pattern" in ${place} is not a regular expression of JavaScript, so validators skip it: rewrite "(?i)^[a-z]+$(?<!x"`,
    },
    {
      name: "a name pattern of another language",
      schema: { type: "object", patternProperties: { "^\\A[": {} } },
      want: `invalid-pattern: "patternProperties" in ${place} is not a regular expression of JavaScript, so validators skip it: rewrite "^\\\\A["`,
    },
    {
      name: "an $id of a part",
      schema: { $id: "https://example.com/value", type: "string" },
      want: `nested-id: "$id" of a part has no effect in ${place}: refer to the part by its path, such as "#/$defs/Name"`,
    },
  ])("$name", async ({ schema, want }) => {
    expect(await problemsOf(schema)).toEqual([want]);
  });
});

describe("a schema without problems", () => {
  it.each([
    { name: "nothing", schema: {} },
    { name: "a description only", schema: { description: "Anything." } },
    {
      name: "limits as parts of a schema",
      schema: { type: "string", allOf: [{ minLength: 1 }], not: { pattern: "x" } },
    },
    {
      name: "a tuple with minItems",
      schema: { type: "array", prefixItems: [{ type: "number" }], minItems: 1 },
    },
    { name: "one value of the type", schema: { type: "string", enum: ["a", 1] } },
    { name: "a whole number", schema: { type: "number", const: 1 } },
    { name: "a pattern", schema: { type: "string", pattern: "^\\p{L}+$" } },
  ])("$name", async ({ schema }) => {
    expect(await problemsOf(schema)).toEqual([]);
  });
});

describe("a reference", () => {
  it.each(["#", "#/$defs/A", "#/properties/other", "#an-anchor", "https://example.com/item#/$defs/A"])(
    "%s leads to a part of the schema",
    async ($ref) => {
      const others = {
        $id: "https://example.com/item",
        $defs: { A: { type: "string" }, B: { $anchor: "an-anchor", type: "string" } },
      };
      const schema = {
        type: "object",
        properties: { value: { $ref }, other: { type: "string" } },
        ...others,
      };
      expect(messagesOf((await parseValue(specWith({ resource: { schema } }))).diagnostics)).toEqual([]);
    },
  );

  it.each([
    { $ref: "#/$defs/Addres", want: 'did you mean "#/$defs/Address"?' },
    { $ref: "#/definitions/Uesr", want: 'did you mean "#/definitions/User"?' },
    { $ref: "#unknown", want: 'unknown schema "#unknown"' },
    { $ref: "other.json", want: 'unknown schema "other.json"' },
    { $ref: "#/properties/nothing", want: 'unknown schema "#/properties/nothing"' },
  ])("$ref leads nowhere", async ({ $ref, want }) => {
    const definitions = { User: { type: "string" } };
    const problems = await problemsOf({ $ref }, { $defs: { Address: { type: "string" } }, definitions });
    expect(problems.join("\n")).toContain(want);
    expect(problems).toHaveLength(1);
  });

  it("may be dynamic: with one dynamic anchor, it is like any other", async () => {
    const $defs = { Node: { $dynamicAnchor: "node", type: "object" } };
    expect(await problemsOf({ $dynamicRef: "#node" }, { $defs })).toEqual([]);
    expect(await problemsOf({ $dynamicRef: "#nod" }, { $defs })).toHaveLength(1);
  });

  it("to itself is an error", async () => {
    expect((await problemsOf({ $ref: "#/properties/value" })).join()).toContain("circular");
  });
});

describe("the schema of a record", () => {
  const record = { type: "object", properties: { id: { type: "integer" } } };

  it.each([
    { name: "objects", schema: { type: "array", items: record } },
    { name: "a shared schema", schema: { type: "array", items: { $ref: "#/schemas/Item" } } },
  ])("is probably wrong if it describes a list of $name", async ({ schema }) => {
    const { diagnostics } = await parseValue(
      specWith({ root: { schemas: { Item: record } }, resource: { schema } }),
    );
    expect(messagesOf(diagnostics)).toContain(
      'list-schema: the schema describes a list of objects, but each record is one object: write the schema in "items" instead',
    );
  });

  it.each([
    { name: "a list of values", schema: { type: "array", items: { type: "number" } } },
    { name: "a list of anything", schema: { type: "array" } },
    { name: "an object", schema: record },
  ])("may describe $name", async ({ schema }) => {
    expect(messagesOf((await parseValue(specWith({ resource: { schema } }))).diagnostics)).toEqual([]);
  });
});

describe("the cursor of a resource", () => {
  const schema = { type: "object", properties: { id: { type: "integer" }, meta: { type: "object" } } };
  const problemsOfCursor = async (cursor_path: string, resource: object): Promise<readonly string[]> => {
    const endpoint = { params: { since: "{incremental.start_value}" }, incremental: { cursor_path } };
    return messagesOf((await parseValue(specWith({ endpoint, resource }))).diagnostics);
  };

  it.each(["idd", "idd.at", "$.idd"])("is probably wrong if the schema lacks it: %s", async (path) => {
    expect(await problemsOfCursor(path, { schema })).toEqual([
      'unknown-cursor-field: cursor_path: unknown field "idd": valid fields are id, meta; did you mean "id"?',
    ]);
  });

  it.each([
    { name: "a declared field", path: "id", resource: { schema } },
    { name: "a nested field", path: "meta.at", resource: { schema } },
    { name: "any field of a free schema", path: "at", resource: { schema: { type: "object" } } },
    { name: "any field of columns", path: "at", resource: { schema: undefined, columns: { id: {} } } },
    { name: "a field of a step", path: "at", resource: { schema, processing_steps: [{ add: { at: 1 } }] } },
  ])("may be $name", async ({ path, resource }) => {
    expect((await problemsOfCursor(path, resource)).filter((one) => one.includes("cursor"))).toEqual([]);
  });
});

describe("a merge", () => {
  const messagesWith = async (resource: object): Promise<readonly string[]> =>
    messagesOf((await parseValue(specWith({ resource }))).diagnostics);
  const merge = (strategy: string): object => ({ disposition: "merge", strategy });

  it.each([
    { write_disposition: "merge" },
    { write_disposition: { disposition: "merge" } },
    { write_disposition: merge("delete-insert") },
  ])("without a key is a warning: %j", async (resource) => {
    expect(await messagesWith(resource)).toEqual([
      'missing-key-field: resource "items" is merged, but has no key, so every load fails: add "primary_key" or "merge_key"',
    ]);
  });

  it.each(["upsert", "insert-only"])("by %s needs a primary key", async (strategy) => {
    expect(await messagesWith({ write_disposition: merge(strategy), merge_key: "id" })).toEqual([
      'missing-key-field: resource "items" is merged, but has no key, so every load fails: add "primary_key"',
    ]);
  });

  it.each([
    { write_disposition: "merge", primary_key: "id" },
    { write_disposition: "merge", merge_key: ["day"] },
    { write_disposition: "merge", schema: undefined, columns: { id: { primary_key: true } } },
    { write_disposition: merge("scd2") },
    { write_disposition: "replace" },
  ])("may be %j", async (resource) => {
    expect(await messagesWith(resource)).toEqual([]);
  });
});

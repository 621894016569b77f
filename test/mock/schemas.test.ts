import { beforeAll, describe, expect, it } from "vitest";
import { getLanguageService, TextDocument } from "vscode-json-languageservice";
import { buildSource } from "../../generator/ir/build.js";
import type { JsonIr } from "../../generator/ir/source-ir.js";
import { compileRecords } from "../../generator/mock/data/records.js";
import { createSampler, type Sampler } from "../../generator/mock/data/sampler.js";
import { parseText } from "../spec/parse-text.js";
import { integer, object, satisfiable, text } from "./schema-rows.js";

const service = getLanguageService({});

/** Returns the problems that an independent validator finds in a value. */
async function validate(value: JsonIr, schema: object): Promise<readonly string[]> {
  const text = TextDocument.create("file:///record.json", "json", 1, JSON.stringify(value));
  const settings = { schemaValidation: "error" as const };
  const problems = await service.doValidation(text, service.parseJSONDocument(text), settings, {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    ...schema,
  });
  return problems.map(({ message }) => (typeof message === "string" ? message : message.value));
}

let sampler: Sampler;
beforeAll(async () => {
  sampler = await createSampler();
});

interface Made {
  readonly records: readonly JsonIr[];
  /** The messages about records that do not match. */
  readonly mismatches: readonly string[];
}

/** Creates the records of a resource with a schema. `$ref`s lead to `schemas`. */
async function make(schema: object, { count = 60, schemas = {}, seed = 1 } = {}): Promise<Made> {
  const endpoint = { path: "/rows", data_selector: "data", paginator: "single_page" };
  const spec = {
    name: "shop",
    client: { base_url: "https://a.example" },
    resources: [{ name: "rows", primary_key: "id", endpoint, schema }],
    schemas,
  };
  const parsed = await parseText(JSON.stringify(spec), { file: "shop.json" });
  if (!parsed.spec) throw new Error(parsed.diagnostics.map(({ message }) => message).join("\n"));
  const mismatches: string[] = [];
  const onMismatch = (resource: string, problem: string): void =>
    void mismatches.push(`${resource}: ${problem}`);
  const record = compileRecords(buildSource(parsed.spec), { seed, sampler, onMismatch }).get("rows");
  return { records: Array.from({ length: count }, (_, index) => record?.(index) ?? null), mismatches };
}

describe("records match their schema", () => {
  it.each(satisfiable)("$what", async ({ schema, schemas = {} }) => {
    const { records, mismatches } = await make(schema, { schemas });
    expect(mismatches).toEqual([]);
    const problems = await Promise.all(records.map((record) => validate(record, { ...schema, schemas })));
    expect(problems.flat().slice(0, 3), JSON.stringify(records[0])).toEqual([]);
  });

  it("depends only on the seed and the index", async () => {
    for (const { schema, schemas = {} } of satisfiable.slice(0, 60)) {
      const [one, same] = [
        await make(schema, { schemas, count: 5 }),
        await make(schema, { schemas, count: 5 }),
      ];
      expect(one).toEqual(same);
    }
  });

  it("is checked by a validator that finds each limit", async () => {
    expect(await validate({ id: 1, value: "a" }, object({ value: { ...text, pattern: "^b" } }))).not.toEqual(
      [],
    );
    expect(await validate([1], { contains: { minimum: 2 } })).not.toEqual([]);
    expect(await validate({ a: 1 }, { dependentRequired: { a: ["b"] } })).not.toEqual([]);
    expect(await validate({ a: 1 }, { if: { required: ["a"] }, then: { required: ["b"] } })).not.toEqual([]);
  });
});

describe("keys with limits", () => {
  const keys = [
    { what: "a pattern", id: { ...text, pattern: "^cus_[A-Za-z0-9]{14}$" } },
    { what: "a pattern with just enough texts", id: { ...text, pattern: "^[A-Z]{2}\\d$" } },
    { what: "a pattern with repetitions", id: { ...text, pattern: "^[a-z]+$" } },
    { what: "a maxLength", id: { ...text, maxLength: 4 } },
    { what: "a minLength", id: { ...text, minLength: 50 } },
    { what: "multipleOf", id: { ...integer, multipleOf: 5 } },
    { what: "an excluded minimum", id: { ...integer, exclusiveMinimum: 100 } },
  ];
  it.each(keys)("are unique and match: $what", async ({ id }) => {
    const schema = { type: "object", properties: { id, name: text }, required: ["id"] };
    const { records, mismatches } = await make(schema, { count: 1000 });
    const ids = records.map((record) => (record as { id: JsonIr }).id);
    expect(mismatches).toEqual([]);
    expect(new Set(ids).size).toBe(1000);
    const problems = await Promise.all(ids.slice(0, 50).map((each) => validate(each, id)));
    expect(problems.flat()).toEqual([]);
  });
});

describe("a schema that no record matches is reported once", () => {
  it.each([
    {
      what: "contradicting lengths",
      schema: object({ a: { ...text, minLength: 5, maxLength: 3 } }),
      why: /^rows: record 1: a: expected at/,
    },
    {
      what: "contradicting bounds",
      schema: object({ a: { ...integer, minimum: 5, maximum: 3 } }),
      why: /^rows: record 1: a: expected a number/,
    },
    {
      what: "an impossible pattern",
      schema: object({ a: { ...text, pattern: "a^" } }),
      why: /^rows: record 1: a: expected text like/,
    },
    {
      what: "an integer between two integers",
      schema: object({ a: { ...integer, exclusiveMinimum: 1, exclusiveMaximum: 2 } }),
      why: /^rows: record 1: a: /,
    },
    {
      what: "more unique items than values",
      schema: object({ a: { type: "array", items: { type: "boolean" }, uniqueItems: true, minItems: 3 } }),
      why: /^rows: record 1: a: /,
    },
    { what: "a required field that allows no value", schema: object({ a: false }), why: /^rows: record 1: / },
    {
      what: "a field that is required and excluded",
      schema: object({ a: text }, { not: { required: ["a"] } }),
      why: /^rows: record 1: /,
    },
  ])("$what", async ({ schema, why }) => {
    const { records, mismatches } = await make(schema, { count: 20 });
    expect(mismatches).toEqual([expect.stringMatching(why)]);
    expect(records).toHaveLength(20);
  });

  it("a type without an end", async () => {
    const { mismatches } = await make(object({ self: { $ref: "#/schemas/Node" } }), {
      count: 3,
      schemas: { Node: object({ next: { $ref: "#/schemas/Node" } }) },
    });
    expect(mismatches).toEqual([
      "rows: record 1: a type requires values of the same type in it, without an end",
    ]);
  });
});

import { describe, expect, it } from "vitest";
import { jsonSchema } from "../../../runtime/src/schemas.js";

/** The issues of a value as `path: message`. */
function issuesOf(keywords: object, value: unknown, definitions: object = {}): readonly string[] {
  const issues: { path: readonly PropertyKey[]; message: string }[] = [];
  jsonSchema(keywords as never, definitions as never)({ value, issues });
  return issues.map(({ path, message }) => `${path.map(String).join(".")}: ${message}`);
}

describe("keywords that zod lacks", () => {
  it.each([
    { keywords: { minLength: 2 }, value: "💩", want: ": expected at least 2 characters, received 1" },
    { keywords: { pattern: "^a" }, value: "b", want: ": expected text like /^a/, received other text" },
    { keywords: { minimum: 3 }, value: 2n, want: ": expected a number from 3, received another one" },
    {
      keywords: { multipleOf: 0.01 },
      value: 0.305,
      want: ": expected a number that is a multiple of 0.01, received another one",
    },
    {
      keywords: { uniqueItems: true },
      value: [{ a: 1, b: 2 }, 3, { b: 2, a: 1 }],
      want: ": expected different items, received equal ones at 0 and 2",
    },
    {
      keywords: { contains: { const: 1 } },
      value: [2],
      want: ": expected at least 1 item like `contains`, received 0",
    },
    { keywords: { maxProperties: 1 }, value: { a: 1, b: 2 }, want: ": expected at most 1 field, received 2" },
    { keywords: { required: ["a"] }, value: {}, want: "a: expected a value, received nothing" },
    {
      keywords: { dependentRequired: { a: ["b"] } },
      value: { a: 1 },
      want: "b: expected a value, received nothing",
    },
    {
      keywords: { propertyNames: { maxLength: 1 } },
      value: { ab: 1 },
      want: "ab: expected another name of the field",
    },
    {
      keywords: { patternProperties: { "^n_": { type: "number" } } },
      value: { n_a: "1" },
      want: "n_a: expected number, received string",
    },
    {
      keywords: { not: { required: ["a"] } },
      value: { a: 1 },
      want: ": expected a value that does not match `not`",
    },
    {
      keywords: { oneOf: [{ minimum: 1 }, { minimum: 2 }] },
      value: 3,
      want: ": expected exactly one of 2 alternatives, received 2",
    },
    {
      keywords: { if: { required: ["a"] }, then: { required: ["b"] } },
      value: { a: 1 },
      want: "b: expected a value, received nothing",
    },
    {
      keywords: { properties: { a: true }, unevaluatedProperties: false },
      value: { a: 1, b: 2 },
      want: "b: expected no value",
    },
    { keywords: { type: "object" }, value: new Date(0), want: ": expected object, received string" },
  ])("$keywords", ({ keywords, value, want }) => {
    expect(issuesOf(keywords, value)).toEqual([want]);
  });

  it.each([
    { keywords: { maxLength: 2 }, value: "💩💩" },
    { keywords: { minLength: 2 }, value: 1 },
    { keywords: { multipleOf: 0.0001 }, value: 0.0075 },
    { keywords: { uniqueItems: true }, value: [1, "1", true, null, [1]] },
    { keywords: { pattern: "(?i)[" }, value: "b" },
    { keywords: { if: { required: ["a"] }, then: { required: ["b"] } }, value: {} },
    {
      keywords: { properties: { a: true }, unevaluatedProperties: { type: "number" } },
      value: { a: "", b: 2 },
    },
    { keywords: { type: "integer" }, value: 2n },
  ])("allow what they do not limit: $keywords", ({ keywords, value }) => {
    expect(issuesOf(keywords, value)).toEqual([]);
  });

  it("follow references, also of definitions to themselves", () => {
    const tree = { properties: { child: { $ref: "#/schemas/Tree" }, name: { maxLength: 1 } } };
    const value = { child: { child: { name: "ab" } } };
    const want = ["child.child.name: expected at most 1 character, received 2"];
    expect(issuesOf({ $ref: "#/schemas/Tree" }, value, { Tree: tree })).toEqual(want);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inferSchema } from "../../generator/infer/infer-schema.js";

/** Infers the schema of one field from its values; `undefined` leaves the field out of a record. */
function field(...values: readonly unknown[]): unknown {
  const records = values.map((value) => (value === undefined ? {} : { x: value }));
  const { properties } = inferSchema(records)?.schema as { properties: Record<string, unknown> };
  return properties["x"];
}

function notesOf(...values: readonly unknown[]): readonly string[] {
  return inferSchema(values.map((x) => ({ x })))?.notes.map(({ path, text }) => `${path}: ${text}`) ?? [];
}

describe("inferSchema", () => {
  const rows: readonly { name: string; given: readonly unknown[]; want: unknown }[] = [
    { name: "text", given: ["a", ""], want: { type: "string" } },
    { name: "integers", given: [1, 2], want: { type: "integer" } },
    { name: "a fraction makes numbers", given: [1, 2.5], want: { type: "number" } },
    { name: "booleans", given: [true, false], want: { type: "boolean" } },
    { name: "null beside text", given: ["a", null], want: { type: ["string", "null"] } },
    { name: "nothing but null", given: [null, null], want: {} },
    { name: "texts and numbers", given: ["a", 1, null], want: { type: ["string", "integer", "null"] } },
    {
      name: "few different values, which are not an enum",
      given: ["open", "paid", "open"],
      want: { type: "string" },
    },
    {
      name: "times",
      given: ["2024-01-02T03:04:05Z", "2024-01-02T03:04:05.123+02:00"],
      want: { type: "string", format: "date-time" },
    },
    {
      name: "a time without a zone, which is none",
      given: ["2024-01-02T03:04:05"],
      want: { type: "string" },
    },
    { name: "dates", given: ["2024-02-29", null], want: { type: ["string", "null"], format: "date" } },
    { name: "a date that does not exist", given: ["2024-02-29", "2023-02-29"], want: { type: "string" } },
    { name: "dates and times", given: ["2024-02-29", "2024-02-29T00:00:00Z"], want: { type: "string" } },
    {
      name: "UUIDs",
      given: ["6f9619ff-8b86-d011-b42d-00c04fc964ff"],
      want: { type: "string", format: "uuid" },
    },
    {
      name: "email addresses",
      given: ["ann@example.com", "bo.b+x@mail.example.org"],
      want: { type: "string", format: "email" },
    },
    { name: "URLs", given: ["https://example.com/a?b=1"], want: { type: "string", format: "uri" } },
    { name: "a URL and an empty text", given: ["https://example.com", ""], want: { type: "string" } },
    {
      name: "integers beyond 2^53",
      given: [1, 9007199254740993],
      want: { type: "integer", format: "int64", big_integers: "string" },
    },
    { name: "a large measurement", given: [1e300], want: { type: "number" } },
    { name: "lists", given: [["a"], []], want: { type: "array", items: { type: "string" } } },
    { name: "empty lists", given: [[], []], want: { type: "array" } },
    {
      name: "lists of mixed items",
      given: [["a", 1, null]],
      want: { type: "array", items: { type: ["string", "integer", "null"] } },
    },
    {
      name: "objects",
      given: [{ a: 1, b: null }, { a: 2 }],
      want: { type: "object", required: ["a"], properties: { a: { type: "integer" }, b: {} } },
    },
    {
      name: "objects or null",
      given: [{ a: 1 }, null],
      want: { type: ["object", "null"], required: ["a"], properties: { a: { type: "integer" } } },
    },
    {
      name: "an object or its id",
      given: ["cus_1", { id: "cus_1" }, null],
      want: {
        anyOf: [
          { type: "string" },
          { type: "object", required: ["id"], properties: { id: { type: "string" } } },
          { type: "null" },
        ],
      },
    },
    { name: "empty objects", given: [{}], want: { type: "object" } },
    {
      name: "numbers as keys",
      given: [{ "17": { n: 1 } }, { "18": { n: 2 }, "19": { n: 3 } }],
      want: {
        type: "object",
        additionalProperties: { type: "object", required: ["n"], properties: { n: { type: "integer" } } },
      },
    },
    {
      name: "email addresses as keys",
      given: [{ "ann@example.com": true }],
      want: { type: "object", additionalProperties: { type: "boolean" } },
    },
    {
      name: "generated ids as keys",
      given: [{ cus_9s6XKzkNRlz8i3: 1 }],
      want: { type: "object", additionalProperties: { type: "integer" } },
    },
    {
      name: "names that only look like ids",
      given: [{ sha256: "a", address2: "b", "@type": "c" }],
      want: {
        type: "object",
        required: ["sha256", "address2", "@type"],
        properties: { sha256: { type: "string" }, address2: { type: "string" }, "@type": { type: "string" } },
      },
    },
    {
      name: "many rare keys with values of one type",
      given: Array.from({ length: 26 }, (_, index) => ({
        [`word${String.fromCharCode(97 + index)}`]: index,
      })),
      want: { type: "object", additionalProperties: { type: "integer" } },
    },
  ];
  it.each(rows)("$name", ({ given, want }) => expect(field(...given)).toEqual(want));

  it("requires what every record has, in the order of the first appearance", () => {
    const records = [
      { id: 1, name: "a" },
      { id: 2, name: null, tag: "x" },
    ];
    const inferred = inferSchema(records);
    expect(JSON.stringify(inferred?.schema)).toBe(
      JSON.stringify({
        type: "object",
        required: ["id", "name"],
        properties: { id: { type: "integer" }, name: { type: ["string", "null"] }, tag: { type: "string" } },
      }),
    );
    expect(inferred?.fields).toEqual({ all: 3, present: 1, nullable: 1, missing: 1 });
  });

  it("notes what the records do not show", () => {
    expect(notesOf(null)).toEqual(["x: always null, so its type is unknown"]);
    expect(notesOf([])).toEqual(["x: always empty, so the type of its items is unknown"]);
    expect(notesOf("a", 1)).toEqual(["x: values of 2 types: text, integer"]);
    expect(notesOf([9007199254740993])).toEqual([
      "x[*]: 1 integer beyond 2^53, which a number would round; read as text",
    ]);
    expect(notesOf({ a: 1 })).toEqual([]);
  });

  it("describes only objects", () => {
    expect(inferSchema([])).toBeUndefined();
    expect(inferSchema([{ a: 1 }, "b"])).toBeUndefined();
  });

  it("survives names that JavaScript treats specially, and leaves out those that a spec cannot contain", () => {
    const record: unknown = JSON.parse('{"__proto__": 1, "constructor": "a", "{secrets.token}": 2}');
    const { schema, notes } = inferSchema([record]) ?? {};
    expect(JSON.stringify(schema)).toBe(
      '{"type":"object","required":["__proto__","constructor"],"properties":{"__proto__":{"type":"integer"},"constructor":{"type":"string"}}}',
    );
    expect(notes).toMatchObject([{ text: expect.stringContaining("cannot contain") as string }]);
  });

  it("limits depth and size", () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 5000; depth++) deep = { deep };
    const wide = Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [`f${"abcdefghij"[index % 10]}_${index}`, 1]),
    );
    for (const record of [{ deep }, wide]) {
      const { schema, notes } = inferSchema([record]) ?? {};
      expect(JSON.stringify(schema).length).toBeLessThan(50_000);
      expect(notes?.some(({ text }) => text.includes("too"))).toBe(true);
    }
  });

  it("accepts every record that it was made from, and keeps no text of a record", () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), fc.jsonValue()), {
          minLength: 1,
          maxLength: 8,
        }),
        (records) => {
          const secret = "s3cr3t-value";
          const { schema } = inferSchema(records.map((record) => ({ ...record, canary: secret }))) ?? {};
          expect(JSON.stringify(schema)).not.toContain(secret);
          for (const record of records)
            expect(problemOf(schema, { ...record, canary: secret })).toBeUndefined();
        },
      ),
      { numRuns: 300 },
    );
  });
});

interface Schema {
  readonly type?: string | readonly string[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** Validates a value against the keywords that inference uses. */
function problemOf(raw: unknown, value: unknown, path = "$"): string | undefined {
  const schema = raw as Schema;
  if (schema.anyOf?.every((part) => problemOf(part, value, path) !== undefined)) return `${path}: anyOf`;
  const types = schema.type === undefined ? [] : [schema.type].flat();
  const own = Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
  const isTyped =
    types.length === 0 ||
    types.includes(own) ||
    (own === "number" && types.includes("integer") && Number.isInteger(value));
  if (!isTyped) return `${path}: ${own} is not ${types.join()}`;
  if (Array.isArray(value) && schema.items) {
    const { items } = schema;
    return value
      .map((item, index) => problemOf(items, item, `${path}[${index}]`))
      .find((problem) => problem !== undefined);
  }
  if (own !== "object") return undefined;
  const object = value as Readonly<Record<string, unknown>>;
  const missing = (schema.required ?? []).find((name) => !Object.hasOwn(object, name));
  if (missing !== undefined) return `${path}: ${missing} is missing`;
  return Object.entries(object)
    .map(([name, item]) => {
      const part =
        schema.properties && Object.hasOwn(schema.properties, name)
          ? schema.properties[name]
          : schema.additionalProperties;
      return part === undefined ? undefined : problemOf(part, item, `${path}.${name}`);
    })
    .find((problem) => problem !== undefined);
}

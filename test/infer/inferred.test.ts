import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareSchema } from "../../generator/infer/compare-schema.js";
import { inferSchema } from "../../generator/infer/infer-schema.js";
import { evaluate } from "../../runtime/src/validation/evaluate.js";

/** Infers the schema of a field `x` from its values. */
function inferred(
  values: readonly unknown[],
  name = "x",
): { readonly schema: unknown; readonly notes: string } {
  const result = inferSchema(values.map((value) => ({ [name]: value })));
  const { properties } = result?.schema as { properties: Record<string, unknown> };
  return {
    schema: properties[name],
    notes: result?.notes.map(({ path, text }) => `${path}: ${text}`).join("\n") ?? "",
  };
}

function repeat<T>(times: number, ...values: readonly T[]): readonly T[] {
  return Array.from({ length: times }, () => values).flat();
}

describe("inferSchema finds", () => {
  it("a closed enum in many texts of a field with the name of one", () => {
    const { schema, notes } = inferred(repeat(50, "open", "paid"), "status");
    expect(schema).toEqual({ type: "string", enum: ["open", "paid"] });
    expect(notes).toBe("status: an enum: 2 values in 100 texts");
  });

  it("an open enum in fewer texts, or in a field with another name", () => {
    const open = { type: "string", enum: ["open", "paid"], "x-open-enum": true };
    expect(inferred(repeat(12, "open", "paid"), "status").schema).toEqual(open);
    expect(inferred(repeat(200, "open", "paid"), "label").schema).toEqual(open);
    expect(inferred([...repeat(200, "open"), "paid", "paid"], "status").schema).toEqual(open);
  });

  it("null beside the values of an enum", () => {
    expect(inferred(repeat(50, "open", "paid", null), "status").schema).toEqual({
      type: ["string", "null"],
      enum: ["open", "paid", null],
    });
  });

  it.each([
    ["too few texts", repeat(9, "open", "paid")],
    ["a text that came once", [...repeat(30, "open"), "paid"]],
    ["one text only", repeat(100, "open")],
    ["sentences", repeat(50, "This is a sentence of words.", "This is another one of those.")],
    ["generated values", repeat(50, "sk_live_9s6XKzkNRlz8i3", "sk_live_7aYhNNpQQz12k9")],
    ["many different texts", repeat(30, ...Array.from({ length: 20 }, (_, n) => `word${n}`))],
    ["digits", repeat(50, "1", "2")],
  ])("no enum in %s", (_, values) => {
    expect(inferred(values, "status").schema).toEqual({ type: "string" });
  });

  it("no enum in the codes of a standard", () => {
    expect(inferred(repeat(100, "EUR", "USD"), "currency").schema).toEqual({ type: "string" });
  });

  it.each(["name", "title", "user name"])("no enum in what users call things: %s", (name) => {
    expect(inferred(repeat(100, "Red", "Blue"), name).schema).toEqual({ type: "string" });
  });

  it("decimal numbers in texts", () => {
    expect(inferred(["1.50", "-12.00"]).schema).toEqual({ type: "string", format: "decimal" });
    expect(inferred(["1.50", "12"]).schema).toEqual({ type: "string" });
  });

  it("tuples of different types, but no lists of numbers", () => {
    const tuple = {
      type: "array",
      prefixItems: [{ type: "string" }, { type: "number" }],
      items: false,
      minItems: 2,
    };
    const { schema, notes } = inferred(repeat(3, ["a", 1], ["b", 1.5]));
    expect(schema).toEqual(tuple);
    expect(notes).toBe("x: a tuple: all lists have 2 items of the same types");
    expect(inferred(repeat(5, [1, 2.5])).schema).toEqual({ type: "array", items: { type: "number" } });
    expect(inferred([...repeat(5, ["a", 1]), ["a"]]).schema).toEqual({
      type: "array",
      items: { type: ["string", "integer"] },
    });
  });

  it("tuples whose last items may be missing, and the fewest and the most items", () => {
    const { schema, notes } = inferred(
      repeat(3, ["a", 1], ["b", 2, true], ["c", 3, null], ["d", 4, false, "x"], ["e", 5, true, "y"]),
    );
    expect(schema).toEqual({
      type: "array",
      prefixItems: [
        { type: "string" },
        { type: "integer" },
        { type: ["boolean", "null"] },
        { type: "string" },
      ],
      items: false,
      minItems: 2,
    });
    expect(notes).toBe("x: a tuple: all lists have 2 to 4 items of the same types");
  });

  it.each([
    { name: "the items that are always there have one type", lists: repeat(5, ["a", "b"], ["a", "b", 1]) },
    { name: "too few lists have the last item", lists: [...repeat(9, ["a", 1]), ["b", 2, true]] },
    { name: "a list is empty", lists: [...repeat(9, ["a", 1]), []] },
    { name: "a list is empty at first", lists: [[], ...repeat(9, ["a", 1])] },
    { name: "a list is long", lists: [...repeat(9, ["a", 1]), ["a", 1, 2, 3, 4, 5, 6]] },
    { name: "an item has two types", lists: [...repeat(9, ["a", 1]), ["a", "b"]] },
  ])("no tuple where $name", ({ lists }) => {
    expect(inferred(lists).schema).not.toHaveProperty("prefixItems");
  });

  it("tuples that accept all samples, and no list that is shorter, longer or of other types", () => {
    const values = {
      string: fc.string({ maxLength: 3 }),
      integer: fc.integer(),
      boolean: fc.boolean(),
    } as const;
    const kinds = fc.constantFrom<keyof typeof values>("string", "integer", "boolean");
    const tuples = fc
      .tuple(fc.array(kinds, { minLength: 2, maxLength: 4 }), fc.array(kinds, { maxLength: 2 }))
      .filter(([head]) => new Set(head).size > 1)
      .chain(([head, tail]) => {
        const list = (types: readonly (keyof typeof values)[]): fc.Arbitrary<readonly unknown[]> =>
          fc.tuple(...types.map((type) => values[type]));
        const all = tail.map((_, at) => [...head, ...tail.slice(0, at + 1)]);
        const samples = [head, ...all].map((types) => fc.array(list(types), { minLength: 5, maxLength: 8 }));
        return fc.record({
          samples: fc.tuple(...samples).map((lists) => lists.flat()),
          head: fc.constant(head),
          tail: fc.constant(tail),
        });
      });
    const other = { string: 1, integer: true, boolean: "text" } as const;
    fc.assert(
      fc.property(tuples, ({ samples, head, tail }) => {
        const { schema } = inferred(samples);
        const accepts = (list: unknown): boolean =>
          evaluate(schema, list, { definitions: {}, path: [] }).issues.length === 0;
        expect(samples.filter((list) => !accepts(list))).toEqual([]);
        const longest = samples.at(-1) ?? [];
        expect(accepts(longest.slice(0, head.length - 1))).toBe(false);
        expect(accepts([...longest, "more"])).toBe(false);
        for (const [at, type] of [...head, ...tail].entries())
          expect(accepts(longest.map((item, index) => (index === at ? other[type] : item)))).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  it("a union of objects by the text of a field", () => {
    const card = { type: "card", last4: "1", brand: "visa" };
    const bank = { type: "bank", iban: "x" };
    const { schema, notes } = inferred(repeat<object | null>(3, card, bank, null));
    expect(schema).toEqual({
      anyOf: [
        {
          type: "object",
          required: ["type", "last4", "brand"],
          properties: { type: { const: "card" }, last4: { type: "string" }, brand: { type: "string" } },
        },
        {
          type: "object",
          required: ["type", "iban"],
          properties: { type: { const: "bank" }, iban: { type: "string" } },
        },
        { type: "null" },
      ],
    });
    expect(notes).toContain("x: a union of 2 objects by type");
  });

  it("no union if a field is missing at random", () => {
    const values = repeat(4, { type: "a", n: 1 }, { type: "a" }, { type: "b", n: 1 }, { type: "b" });
    expect(inferred(values).schema).toMatchObject({ type: "object", required: ["type"] });
  });

  it("one shape for objects with the same fields at several places", () => {
    const address = (city: string, zip: string | null): object => ({ city, zip });
    const records = [
      { billing_address: address("a", "1"), shipping_address: address("b", null) },
      { billing_address: address("c", "2"), shipping_address: null },
    ];
    const schema = inferSchema(records)?.schema;
    expect(schema).toEqual({
      type: "object",
      required: ["billing_address", "shipping_address"],
      properties: {
        billing_address: { $ref: "#/$defs/Address" },
        shipping_address: { anyOf: [{ $ref: "#/$defs/Address" }, { type: "null" }] },
      },
      $defs: {
        Address: {
          type: "object",
          required: ["city", "zip"],
          properties: { city: { type: "string" }, zip: { type: ["string", "null"] } },
        },
      },
    });
  });

  it("no enum in texts that only differ between the places of a shape", () => {
    const records = Array.from({ length: 120 }, (_, n) => ({
      author: { type: "user", id: n, state: n % 2 ? "on" : "off" },
      cover: { type: "file", id: n, state: n % 3 ? "on" : "off" },
    }));
    expect(inferSchema(records)?.schema).toMatchObject({
      properties: { author: { $ref: "#/$defs/Author" }, cover: { $ref: "#/$defs/Author" } },
      $defs: {
        Author: {
          properties: {
            type: { type: "string" },
            state: { type: "string", enum: ["off", "on"] },
          },
        },
      },
    });
  });

  it("a shape that contains itself", () => {
    const reply = (text: string, ...replies: readonly object[]): object => ({ text, replies });
    const records = [{ id: 1, replies: [reply("a", reply("b", reply("c"))), reply("d")] }];
    expect(inferSchema(records)?.schema).toMatchObject({
      properties: { replies: { items: { $ref: "#/$defs/Reply" } } },
      $defs: {
        Reply: { properties: { replies: { type: "array", items: { $ref: "#/$defs/Reply" } } } },
      },
    });
  });
});

describe("compareSchema reports", () => {
  const schemas = {
    Status: { type: "string", enum: ["open", "paid"] },
    Address: { type: "object", required: ["zip"], properties: { zip: { type: "string" } } },
  };

  function contradictions(property: object, ...values: readonly unknown[]): readonly string[] {
    const seen = inferSchema(values.map((x) => ({ x })))?.seen;
    if (!seen) throw new Error("no records");
    const schema = { type: "object", properties: { x: property } };
    return compareSchema(schema, seen, { schemas }).contradictions.map(
      ({ path, text }) => `${path}: ${text}`,
    );
  }

  it.each([
    [
      { type: "string", enum: ["a"] },
      ["a", "b", "b"],
      "x: the schema has an enum, but 2 texts are not among its values",
    ],
    [
      { $ref: "#/schemas/Status" },
      ["open", "void"],
      "x: the schema has an enum, but 1 text is not among its values",
    ],
    [
      { type: "string", format: "date" },
      ["2024-01-01", "soon"],
      "x: the schema says date, but not every text is one",
    ],
    [
      { $ref: "#/schemas/Address" },
      [{ zip: 1 }],
      "x.zip: the schema says string, but 1 of 1 value is integer",
    ],
    [
      { anyOf: [{ $ref: "#/schemas/Address" }, { type: "null" }] },
      [null, {}],
      "x.zip: the schema requires it, but 1 of 1 object lacks it",
    ],
  ])("what %j does not allow", (property, values, text) => {
    expect(contradictions(property, ...values)).toEqual([text]);
  });

  it.each([
    [{ type: "string", enum: ["a"], "x-open-enum": true }, ["a", "b"]],
    [{ anyOf: [{ $ref: "#/schemas/Address" }, { type: "null" }] }, [null, { zip: "1", more: true }]],
    [{ type: "string", format: "colour" }, ["red"]],
  ])("nothing for %j", (property, values) => {
    expect(contradictions(property, ...values)).toEqual([]);
  });
});

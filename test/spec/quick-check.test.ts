import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { createQuickCheck } from "../../generator/spec/grammar/quick-check.js";
import { jsonSchemaGrammar } from "../../generator/spec/grammar/record-schema.js";

const isValid = createQuickCheck(jsonSchemaGrammar);

describe("createQuickCheck", () => {
  it.each([
    {
      type: "object",
      required: ["id"],
      properties: { id: { type: "integer", minimum: 0.5, multipleOf: 2 } },
    },
    { anyOf: [{ $ref: "#/schemas/A" }, { type: ["string", "null"] }], description: "x", deprecated: true },
    { items: [{ enum: [1, null, {}] }, true], minItems: 0, additionalProperties: false, "x-anything": 1 },
    { $defs: { A: { not: { const: null } } }, patternProperties: { "^a": { big_integers: "string" } } },
  ])("recognises what the grammar allows: %j", (schema) => {
    expect(jsonSchemaGrammar.safeParse(schema).success).toBe(true);
    expect(isValid(schema)).toBe(true);
  });

  it("never accepts a value that the grammar rejects", () => {
    const words = ["string", "integer", "null", "nonsense", "bigint", "#/schemas/A", ""];
    const leaf = fc.oneof(
      fc.constantFrom(...words),
      fc.boolean(),
      fc.integer({ min: -3, max: 3 }),
      fc.double(),
    );
    const keywords = Object.keys(
      (
        z.toJSONSchema(jsonSchemaGrammar, { io: "input" }) as {
          readonly $defs: Readonly<Record<string, { properties?: object }>>;
        }
      ).$defs["jsonSchemaObject"]?.properties ?? {},
    );
    expect(keywords.length).toBeGreaterThan(40);
    const { schema } = fc.letrec<{ schema: unknown; value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        leaf,
        fc.constant(null),
        tie("schema"),
        fc.array(fc.oneof(leaf, tie("schema")), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom("a", "b", "__proto__"), tie("schema"), { maxKeys: 2 }),
      ),
      schema: fc.dictionary(fc.constantFrom(...keywords, "x-other"), tie("value"), { maxKeys: 3 }),
    }));
    let [recognised, refused] = [0, 0];
    fc.assert(
      fc.property(schema, (given) => {
        const isAllowed = jsonSchemaGrammar.safeParse(given).success;
        if (isValid(given)) {
          recognised += 1;
          expect(isAllowed).toBe(true);
        } else if (!isAllowed) refused += 1;
      }),
      { numRuns: 5_000 },
    );
    expect(recognised).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(100);
  });

  it("says nothing of grammars with checks of their own", () => {
    const own = z
      .string()
      .check((payload) => void payload.issues.push({ code: "custom", input: 1, message: "no" }));
    for (const grammar of [
      own,
      z.object({ a: z.string() }),
      z.strictObject({}),
      z.email(),
      z.date(),
      z.bigint(),
    ])
      for (const value of ["a", {}, { a: "x" }, 1]) expect(createQuickCheck(grammar)(value)).toBe(false);
  });
});

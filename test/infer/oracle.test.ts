import fc from "fast-check";
import { InputData, jsonInputForTargetLanguage, quicktype } from "quicktype-core";
import { expect, it } from "vitest";
import { z } from "zod";
import { inferSchema } from "../../generator/infer/infer-schema.js";

type Json = null | string | number | boolean | readonly Json[] | { readonly [name: string]: Json };

/** The shape from which random values are generated. */
interface Shape {
  readonly kind: "string" | "integer" | "number" | "boolean" | "list" | "object";
  readonly isNullable: boolean;
  readonly isOptional: boolean;
  readonly item?: Shape;
  readonly fields?: Readonly<Record<string, Shape>>;
}

const flags = { isNullable: fc.boolean(), isOptional: fc.boolean() };
const names = fc.constantFrom("id", "name", "total", "type", "address", "lines", "note");

function shapes(depth: number): fc.Arbitrary<Shape> {
  const plain = fc.record<Shape>({
    kind: fc.constantFrom("string", "integer", "number", "boolean"),
    ...flags,
  });
  return depth === 0
    ? plain
    : fc.oneof(
        { arbitrary: plain, weight: 3 },
        {
          arbitrary: fc.record<Shape>({ kind: fc.constant("list"), ...flags, item: shapes(depth - 1) }),
          weight: 1,
        },
        { arbitrary: objects(depth - 1), weight: 1 },
      );
}

function objects(depth: number): fc.Arbitrary<Shape> {
  const fields = fc.dictionary(names, shapes(depth), { minKeys: 1, maxKeys: 4 });
  return fc.record<Shape>({ kind: fc.constant("object"), ...flags, fields });
}

function valuesOf(shape: Shape): fc.Arbitrary<Json> {
  const values = plainOf(shape);
  return shape.isNullable ? fc.option(values, { nil: null, freq: 3 }) : values;
}

function plainOf({ kind, item, fields = {} }: Shape): fc.Arbitrary<Json> {
  if (kind === "string") return fc.string({ unit: fc.constantFrom("a", "b", " "), maxLength: 4 });
  if (kind === "integer") return fc.integer({ min: -99, max: 99 });
  if (kind === "number") return fc.integer({ min: -99, max: 99 }).map((whole) => whole + 0.5);
  if (kind === "boolean") return fc.boolean();
  if (kind === "list" && item) return fc.array(valuesOf({ ...item, isOptional: false }), { maxLength: 3 });
  const model = Object.fromEntries(Object.entries(fields).map(([name, shape]) => [name, valuesOf(shape)]));
  const requiredKeys = Object.keys(fields).filter((name) => fields[name]?.isOptional !== true);
  return fc.record(model, { requiredKeys });
}

const samples = objects(2)
  .map((shape): Shape => ({ ...shape, isNullable: false }))
  .chain((shape) => fc.array(valuesOf(shape), { minLength: 4, maxLength: 10 }));

/** Values like a given one with one change: without a field, with null, or with a value of another type. */
function* mutantsOf(value: Json): Generator<Json, void, undefined> {
  if (isList(value)) {
    const items = value;
    for (const [at, item] of items.entries())
      for (const mutant of [...mutantsOf(item), null, "text", 1, { other: 1 }])
        yield items.map((each, index) => (index === at ? mutant : each));
  } else if (typeof value === "object" && value !== null) {
    for (const [name, field] of Object.entries(value)) {
      const { [name]: _left, ...rest } = value as Record<string, Json>;
      yield rest;
      for (const mutant of [...mutantsOf(field), null, "text", 1.5, true, ["text"]])
        yield { ...value, [name]: mutant };
    }
  }
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

type Accepts = (value: Json) => boolean;

function acceptorOf(schema: unknown): Accepts {
  const validator = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
  return (value) => validator.safeParse(value).success;
}

/** The schema that quicktype infers from the same values, without guesses from the content of texts. */
async function quicktypeOf(values: readonly Json[]): Promise<Accepts> {
  const input = jsonInputForTargetLanguage("schema");
  await input.addSource({ name: "Record", samples: values.map((value) => JSON.stringify(value)) });
  const inputData = new InputData();
  inputData.addInput(input);
  const { lines } = await quicktype({
    inputData,
    lang: "schema",
    allPropertiesOptional: false,
    inferMaps: false,
    inferEnums: false,
    inferUuids: false,
    inferDateTimes: false,
    inferIntegerStrings: false,
    inferBooleanStrings: false,
    combineClasses: false,
  });
  // It writes draft 6, and the validator reads the names of 2020-12. Our records may have unknown fields.
  const text = lines
    .join("\n")
    .replaceAll("definitions", "$defs")
    .replaceAll('"additionalProperties": false', '"x": 0');
  const { $schema: _draft, ...schema } = JSON.parse(text, openNull) as Record<string, unknown>;
  return acceptorOf(schema);
}

/** A value that is always null does not show its type: ours is any, quicktype's is null. */
function openNull(key: string, value: unknown): unknown {
  const isField = !/^\d+$/.test(key);
  return isField && (value as { readonly type?: unknown } | null)?.type === "null" ? {} : value;
}

it("infers a schema that accepts all samples, and nothing that quicktype's schema refuses", async () => {
  let mutants = 0;
  await fc.assert(
    fc.asyncProperty(samples, async (values) => {
      const schema = inferSchema(values)?.schema;
      const accepts = acceptorOf(schema);
      expect(values.filter((value) => !accepts(value))).toEqual([]);
      const oracle = await quicktypeOf(values);
      const changed = values.flatMap((value) => [...mutantsOf(value)]);
      mutants += changed.length;
      expect(changed.filter((value) => accepts(value) && !oracle(value)).slice(0, 3)).toEqual([]);
    }),
    { numRuns: 60 },
  );
  expect(mutants).toBeGreaterThan(1000);
});

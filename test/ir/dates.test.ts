import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createImports } from "../../generator/emit/imports.js";
import { createTypePrinter } from "../../generator/emit/types.js";
import { buildSource } from "../../generator/ir/build.js";
import type { SourceIr } from "../../generator/ir/source-ir.js";
import { createReader, decodeDates, plan, staticRecords, type Resource } from "../../runtime/src/index.js";
import { specOf } from "../spec/parse-text.js";

const time = { type: "string", format: "date-time" };
const text = { type: "string" };

/** An object that requires all its fields. */
function object(properties: Readonly<Record<string, unknown>>): object {
  return { type: "object", required: Object.keys(properties), properties };
}

const endpoint = { path: "/items", data_selector: "items", paginator: "single_page" };

async function build(resource: object, root: object = {}): Promise<SourceIr> {
  const client = { base_url: "https://api.example.com" };
  const resources = [{ name: "items", endpoint, ...resource }];
  return buildSource(await specOf({ client, output: { dates: "Date" }, resources, ...root }));
}

/** The declarations of a source: each with its fields, in one line. */
function typesOf({ resources, shared }: SourceIr): Readonly<Record<string, string>> {
  const { print } = createTypePrinter(createImports("runtime"));
  const declarations = [...resources.flatMap((resource) => resource.declarations), ...shared];
  return Object.fromEntries(
    declarations.map(({ name, type }) => {
      const base = type.kind === "object" && type.base !== undefined ? `${type.base} & ` : "";
      const fields = type.kind === "object" ? type.fields : [];
      const printed = fields.map((field) => `${field.name}: ${print(field.type)}`);
      return [name, type.kind === "object" ? `${base}${printed.join("; ")}` : print(type)];
    }),
  );
}

/** Schemas that the rows of fields refer to. */
const schemas = {
  Time: time,
  Stamp: object({ at: time }),
  Node: object({ at: time, next: { $ref: "#/schemas/Node" } }),
  Card: object({ kind: { const: "card" }, at: time }),
  Bank: object({ kind: { enum: ["iban", "wire"] }, on: time }),
  Cash: object({ kind: { const: "cash" } }),
  Made: object({ at: time, by: text }),
  Done: object({ at: time, to: text }),
  Said: object({ at: text }),
  Open: object({ kind: text, at: time }),
  Count: object({ kind: { const: 1 }, at: time }),
  CountText: object({ kind: { const: "1" }, at: text }),
};

function ref(name: keyof typeof schemas): object {
  return { $ref: `#/schemas/${name}` };
}

interface Row {
  readonly name: string;
  readonly schema: object;
  readonly type: string;
  /** Absent: none. */
  readonly places?: unknown;
}

const decided: readonly Row[] = [
  { name: "a date-time", schema: time, type: "Date", places: "date-time" },
  { name: "a nullable one", schema: { ...time, nullable: true }, type: "Date | null", places: "date-time" },
  { name: "a date-time by reference", schema: ref("Time"), type: "Time", places: "Time" },
  {
    name: "a nullable object",
    schema: { anyOf: [ref("Stamp"), { type: "null" }] },
    type: "Stamp | null",
    places: "Stamp",
  },
  {
    name: "a list",
    schema: { type: "array", items: time },
    type: "readonly Date[]",
    places: { items: "date-time" },
  },
  {
    name: "a map of lists",
    schema: { type: "object", additionalProperties: { type: "array", items: ref("Stamp") } },
    type: "Readonly<Record<string, readonly Stamp[]>>",
    places: { others: { items: "Stamp" } },
  },
  {
    name: "a tuple",
    schema: { prefixItems: [text, time], minItems: 2, items: time },
    type: "readonly [string, Date, ...(Date)[]]",
    places: { first: [null, "date-time"], items: "date-time" },
  },
  {
    name: "a tuple whose rest alone has some",
    schema: { prefixItems: [text], minItems: 1, items: time },
    type: "readonly [string, ...(Date)[]]",
    places: { first: [null], items: "date-time" },
  },
  { name: "a type that contains itself", schema: ref("Node"), type: "Node", places: "Node" },
  {
    name: "a union with fixed texts",
    schema: { anyOf: [time, { enum: ["never", ""] }, { type: "null" }] },
    type: 'Date | ("never" | "" | null)',
    places: { unless: ["never", ""] },
  },
  {
    name: "a union with a number",
    schema: { type: ["string", "integer"], format: "date-time" },
    type: "Date | number",
    places: { unless: [] },
  },
  {
    name: "a union of a text, a list and an object",
    schema: { anyOf: [time, { type: "array", items: time }, ref("Stamp")] },
    type: "Date | readonly Date[] | Stamp",
    places: { unless: [], items: "date-time", fields: { at: "date-time" } },
  },
  {
    name: "a union with an object alone",
    schema: { anyOf: [ref("Stamp"), text] },
    type: "Stamp | string",
    places: "Stamp",
  },
  {
    name: "a union told apart by a field",
    schema: { oneOf: [ref("Card"), ref("Bank"), ref("Cash")] },
    type: "Card | Bank | Cash",
    places: { by: "kind", cases: { card: "Card", iban: "Bank", wire: "Bank" } },
  },
  {
    name: "a nullable union told apart by a field",
    schema: { oneOf: [ref("Card"), ref("Cash"), { type: "null" }] },
    type: "Card | Cash | null",
    places: { by: "kind", cases: { card: "Card" } },
  },
  {
    name: "options that agree",
    schema: { oneOf: [ref("Made"), ref("Done")] },
    type: "Made | Done",
    places: { fields: { at: "date-time" } },
  },
  {
    name: "an allOf",
    schema: { allOf: [ref("Stamp"), object({ on: time })] },
    type: "ItemField",
    places: "ItemField",
  },
];

const undecided: readonly Row[] = [
  { name: "a date", schema: { type: "string", format: "date" }, type: "string" },
  { name: "a text", schema: text, type: "string" },
  {
    name: "fixed values",
    schema: { ...time, enum: ["2024-01-01T00:00:00Z"] },
    type: '"2024-01-01T00:00:00Z"',
  },
  {
    name: "a date-time or a date",
    schema: { anyOf: [time, { type: "string", format: "date" }] },
    type: "string",
  },
  { name: "a date-time or any text", schema: { anyOf: [time, text] }, type: "string" },
  {
    name: "a date-time or an open enum",
    schema: { anyOf: [time, { enum: ["a"], "x-open-enum": true }] },
    type: 'string | "a" | (string & {})',
  },
  {
    name: "objects of which one has a text",
    schema: { oneOf: [ref("Stamp"), ref("Said")] },
    type: "RawStamp | Said",
  },
  {
    name: "objects with an open field",
    schema: { oneOf: [ref("Open"), ref("Cash")] },
    type: "RawOpen | Cash",
  },
  {
    name: "objects whose values look alike as texts",
    schema: { oneOf: [ref("Count"), ref("CountText")] },
    type: "RawCount | CountText",
  },
  {
    name: "two lists",
    schema: {
      oneOf: [
        { type: "array", items: time },
        { type: "array", items: text },
      ],
    },
    type: "readonly string[]",
  },
];

describe("the type of a field, and where its date-times are", () => {
  // The other uses of the shared types make them `Date`s.
  const uses = Object.fromEntries(Object.keys(schemas).map((name) => [name, { $ref: `#/schemas/${name}` }]));

  it.each([...decided, ...undecided])("$name", async ({ schema, type, places }) => {
    const source = await build({ schema: object({ field: schema, uses: object(uses) }) }, { schemas });
    expect(typesOf(source)["Item"]).toMatch(/^field: /);
    const printed = typesOf(source)
      ["Item"]?.replace(/^field: /, "")
      .replace("; uses: ItemUses", "");
    expect(printed).toBe(type);
    const item = source.dates?.places["Item"] as { readonly fields: Readonly<Record<string, unknown>> };
    expect(item.fields["field"]).toEqual(places);
  });
});

describe("copies with texts", () => {
  const made = object({ at: time, stamp: ref("Stamp") });

  it("are made for hooks, with all that they refer to", async () => {
    const source = await build(
      { schema: made, processing_steps: [{ filter: true }] },
      { schemas: { Stamp: schemas.Stamp } },
    );
    expect(typesOf(source)).toEqual({
      Item: "at: Date; stamp: Stamp",
      RawItem: "at: string; stamp: RawStamp",
      Stamp: "at: Date",
      RawStamp: "at: string",
    });
    expect(source.resources[0]?.hooks?.filter?.record).toEqual({ kind: "ref", name: "RawItem" });
    expect(Object.keys(source.dates?.places ?? {})).toEqual(["Item", "Stamp"]);
  });

  it("are not made for types without date-times", async () => {
    const source = await build({
      schema: object({ name: text, day: { type: "string", format: "date" } }),
      processing_steps: [{ filter: true }],
    });
    expect(typesOf(source)).toEqual({ Item: "name: string; day: string" });
    expect(source.dates).toBeUndefined();
  });

  it("are not made where nothing has `Date`s: the records of a map are the hook's", async () => {
    const source = await build(
      { schema: made, processing_steps: [{ map: true }] },
      { schemas: { Stamp: schemas.Stamp } },
    );
    expect(typesOf(source)).toEqual({ Item: "at: string; stamp: Stamp", Stamp: "at: string" });
    expect(source.dates).toBeUndefined();
  });

  it("get another name where theirs is taken", async () => {
    const source = await build(
      {
        schema: object({ stamp: ref("Stamp"), raw: { $ref: "#/schemas/RawStamp" } }),
        processing_steps: [{ filter: true }],
      },
      { schemas: { Stamp: schemas.Stamp, RawStamp: object({ a: text }) } },
    );
    expect(typesOf(source)).toEqual({
      Item: "stamp: Stamp; raw: RawStamp",
      RawItem: "stamp: RawStampText; raw: RawStamp",
      Stamp: "at: Date",
      RawStampText: "at: string",
      RawStamp: "a: string",
    });
  });

  it("are made for parameters", async () => {
    const params = { stamp: { type: "input", schema: ref("Stamp") }, at: { type: "input", schema: time } };
    const source = await build(
      { schema: made, endpoint: { ...endpoint, params } },
      { schemas: { Stamp: schemas.Stamp } },
    );
    const { print } = createTypePrinter(createImports("runtime"));
    expect(source.resources[0]?.params.map(({ type }) => print(type))).toEqual(["RawStamp", "string"]);
    expect(source.resources[0]?.declarations.map(({ name }) => name)).toEqual(["Item"]);
    expect(typesOf(source)).toMatchObject({ Stamp: "at: Date", RawStamp: "at: string" });
  });
});

it("keeps texts without the option", async () => {
  for (const output of [undefined, {}, { dates: "string" }, { dates: null }]) {
    const source = await build({ schema: object({ at: time }) }, { output });
    expect(typesOf(source)).toEqual({ Item: "at: string" });
    expect(source.dates).toBeUndefined();
  }
});

it("takes dlt's timestamps for date-times, and its dates for texts", async () => {
  const columns = {
    at: { data_type: "timestamp", nullable: false },
    day: { data_type: "date", nullable: false },
    on: { data_type: "timestamp" },
  };
  const source = await build({ columns });
  expect(typesOf(source)).toEqual({ Item: "at: Date; day: string; on: Date | null" });
});

/** A schema, a value of it, and what the value is with `Date`s. */
interface Sample {
  readonly schema: object | true;
  readonly value: unknown;
  readonly want: unknown;
}

const dates = fc
  .date({ noInvalidDate: true, min: new Date(0), max: new Date("9999-12-31T00:00:00Z") })
  .map((date): Sample => ({ schema: time, value: date.toISOString(), want: date }));

function same(schema: object | true, value: unknown): Sample {
  return { schema, value, want: value };
}

const plain = fc.oneof(
  fc.string().map((value) => same(text, value)),
  fc.integer().map((value) => same({ type: "integer" }, value)),
  dates.map(({ value }) => same(text, value)),
  dates.map(({ value }) => same(true, value)),
);

const keys = fc.constantFrom("a", "b", "at", "__proto__", "constructor", "x y");

const { sample } = fc.letrec<{ sample: Sample }>((tie) => ({
  sample: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    dates,
    plain,
    tie("sample").map(({ schema }) =>
      same({ anyOf: [schema, { type: "null" }] }, schema === true ? 1 : null),
    ),
    tie("sample").map(({ schema, value, want }) => ({
      schema: { type: "array", items: schema },
      value: [value, value],
      want: [want, want],
    })),
    tie("sample").map(({ schema, value, want }) => ({
      schema: { type: "object", additionalProperties: schema },
      value: { k: value },
      want: { k: want },
    })),
    fc.array(tie("sample"), { minLength: 1, maxLength: 3 }).map((items) => ({
      schema: {
        type: "array",
        prefixItems: items.map((each) => each.schema),
        minItems: items.length,
        items: false,
      },
      value: items.map((each) => each.value),
      want: items.map((each) => each.want),
    })),
    fc.dictionary(keys, tie("sample"), { minKeys: 1, maxKeys: 3, noNullPrototype: true }).map((fields) => ({
      schema: {
        type: "object",
        properties: mapValues(fields, ({ schema }) => schema),
        required: Object.keys(fields),
      },
      value: mapValues(fields, ({ value }) => value),
      want: mapValues(fields, ({ want }) => want),
    })),
  ),
}));

function mapValues(fields: Readonly<Record<string, Sample>>, of: (sample: Sample) => unknown): object {
  return Object.fromEntries(Object.entries(fields).map(([name, each]) => [name, of(each)]));
}

it("decodes the date-times of any schema, and nothing else", async () => {
  await fc.assert(
    fc.asyncProperty(sample, async ({ schema, value, want }) => {
      const source = await build({ schema: object({ field: schema }) });
      const type = source.resources[0]?.dates;
      const given = { name: "items", path: "", select: [], paginator: {} as never };
      const rows = { ...given, plan: plan(staticRecords([{ field: value }] as never)) } as Resource<unknown>;
      const decoded =
        type === undefined ? rows : decodeDates(rows, (source.dates?.places ?? {}) as never, type);
      const reader = createReader({ name: "shop", baseUrl: "https://shop.test", resources: {} }, {});
      expect(await reader.read(decoded).toArray()).toEqual([{ field: want }]);
    }),
    { numRuns: 150 },
  );
});

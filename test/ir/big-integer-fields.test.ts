import { describe, expect, it } from "vitest";
import { createReader, type Resource } from "@connector-gen/runtime";
import { buildSource } from "../../generator/ir/build.js";
import { toLiveSource } from "../../generator/live/live-source.js";
import { parseValue } from "../spec/parse-text.js";
import type { SourceIr } from "../../generator/ir/source-ir.js";

const text = { type: "integer", big_integers: "string" };
const exact = { type: "integer", big_integers: "bigint" };
const plain = { type: "integer" };

const object = (properties: object, more: object = {}): object => ({ type: "object", properties, ...more });
const ref = (name: string): object => ({ $ref: `#/schemas/${name}` });

const specOf = (schema: object, schemas: object = {}): object => ({
  name: "x",
  client: { base_url: "http://api.test" },
  schemas,
  resources: [
    { name: "rows", endpoint: { path: "/rows", data_selector: "$", paginator: "single_page" }, schema },
  ],
});

async function sourceOf(schema: object, schemas: object): Promise<SourceIr> {
  const { spec } = await parseValue(specOf(schema, schemas));
  if (!spec) throw new Error("the spec is invalid");
  return buildSource(spec);
}

/** Reads records through the descriptor of a spec with these schemas. */
async function readAll(schema: object, schemas: object, records: string): Promise<readonly unknown[]> {
  const source = toLiveSource(await sourceOf(schema, schemas));
  const reader = createReader(source, { fetch: () => Promise.resolve(new Response(`[${records}]`)) });
  return reader.read(source.resources["rows"] as Resource<unknown, object>, {}).toArray();
}

const rows: readonly {
  readonly what: string;
  readonly schema: object;
  readonly schemas?: object;
  /** Separated by commas. */
  readonly records: string;
  readonly want: readonly unknown[];
}[] = [
  {
    what: "fields, lists and lists of lists",
    schema: object({ a: text, b: { type: "array", items: { type: "array", items: exact } }, c: plain }),
    records: '{"a":1,"b":[[2],3],"c":4}',
    want: [{ a: "1", b: [[2n], 3n], c: 4 }],
  },
  {
    what: "tuples",
    schema: object({ a: { type: "array", prefixItems: [object({ b: text })], items: object({ c: exact }) } }),
    records: '{"a":[{"b":1},{"c":2}]}',
    want: [{ a: [{ b: "1" }, { c: 2n }] }],
  },
  {
    what: "maps",
    schema: object({ a: { type: "object", additionalProperties: text } }),
    records: '{"a":{"x":1,"y z":2,"constructor":3}}',
    want: [{ a: { x: "1", "y z": "2", constructor: "3" } }],
  },
  {
    what: "maps by pattern",
    schema: object({ a: { type: "object", patternProperties: { "^x": exact } } }),
    records: '{"a":{"x":1}}',
    want: [{ a: { x: 1n } }],
  },
  {
    what: "other fields, but not those beside them",
    schema: object({ a: plain, b: text }, { additionalProperties: exact }),
    records: '{"a":1,"b":2,"c":3}',
    want: [{ a: 1, b: "2", c: 3n }],
  },
  {
    what: "fields with a dot in the name, but not nested ones",
    schema: object({ "a.b": text, a: object({ b: plain }) }),
    records: '{"a.b":1,"a":{"b":2}}',
    want: [{ "a.b": "1", a: { b: 2 } }],
  },
  {
    what: "schemas that refer to themselves, at any depth",
    schema: ref("Node"),
    schemas: { Node: object({ id: exact, children: { type: "array", items: ref("Node") } }) },
    records: `${'{"id":1,"children":['.repeat(30)}${"]}".repeat(30)}`,
    want: Array.from({ length: 30 }).reduce<readonly object[]>((children) => [{ id: 1n, children }], []),
  },
  {
    what: "schemas that refer to each other",
    schema: object({ a: ref("A") }),
    schemas: { A: object({ b: ref("B"), id: plain }), B: object({ a: ref("A"), id: text }), C: plain },
    records: '{"a":{"id":1,"b":{"id":2,"a":{"id":3,"b":{"id":4}}}}}',
    want: [{ a: { id: 1, b: { id: "2", a: { id: 3, b: { id: "4" } } } } }],
  },
  {
    what: "a schema with the name of a mode",
    schema: object({ a: ref("string") }),
    schemas: { string: object({ id: exact }) },
    records: '{"a":{"id":1}}',
    want: [{ a: { id: 1n } }],
  },
  {
    what: "parts of `allOf`",
    schema: { allOf: [ref("A"), object({ b: text }), { additionalProperties: false }] },
    schemas: { A: object({ a: exact }) },
    records: '{"a":1,"b":2}',
    want: [{ a: 1n, b: "2" }],
  },
  {
    what: "alternatives: values, objects and maps",
    schema: object({
      a: { anyOf: [text, object({ b: plain, c: exact }), { type: "object", additionalProperties: exact }] },
    }),
    records: '{"a":1},{"a":{"b":2,"c":3,"d":4}}',
    want: [{ a: "1" }, { a: { b: 2n, c: 3n, d: 4n } }],
  },
  {
    what: "nullable references",
    schema: object({
      a: { anyOf: [ref("A"), { type: "null" }] },
      b: { anyOf: [ref("A"), { type: "null" }] },
    }),
    schemas: { A: object({ id: text }) },
    records: '{"a":null,"b":{"id":1}}',
    want: [{ a: null, b: { id: "1" } }],
  },
];

describe("integers with their own mode", () => {
  it.each(rows)("are found in $what", async ({ schema, schemas = {}, records, want }) => {
    expect(await readAll(schema, schemas, records)).toEqual(want);
  });

  it("are found once in schemas that refer to each other in 60^100 ways", async () => {
    const names = Array.from({ length: 60 }, (_, index) => `S${index}`);
    const links = Object.fromEntries(names.map((name) => [`to_${name}`, ref(name)]));
    const schemas = Object.fromEntries(names.map((name) => [name, object({ ...links, id: text })]));
    const { resources } = await sourceOf(ref("S0"), schemas);
    expect(Object.keys(resources[0]?.bigIntegerFields?.types ?? {})).toHaveLength(60);
  });

  it("are not looked for where no field has a mode", async () => {
    const { resources } = await sourceOf(ref("A"), { A: object({ a: ref("A"), b: plain }) });
    expect(resources[0]).not.toHaveProperty("bigIntegerFields");
  });
});

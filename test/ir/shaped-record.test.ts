import { describe, expect, it } from "vitest";
import { renderSource } from "../../generator/emit/render.js";
import { buildSource } from "../../generator/ir/build.js";
import type { ResourceIr, SourceIr } from "../../generator/ir/source-ir.js";
import { specOf } from "../spec/parse-text.js";

type Properties = Readonly<Record<string, object | boolean>>;

/** An object schema; a property is required unless its name ends in `?`. */
function object(properties: Properties): object {
  const entries = Object.entries(properties).map(
    ([name, schema]) => [name.replace("?", ""), schema] as const,
  );
  const required = Object.keys(properties).filter((name) => !name.endsWith("?"));
  return { type: "object", required, properties: Object.fromEntries(entries) };
}

const text = { type: "string" };
const whole = { type: "integer" };

async function build(resources: readonly object[], schemas: object = {}): Promise<SourceIr> {
  const spec = await specOf({
    name: "shop",
    client: { base_url: "https://api.example.com", paginator: "single_page" },
    resource_defaults: { endpoint: { data_selector: "data" } },
    resources,
    schemas,
  });
  return buildSource(spec);
}

/** The declaration of a type in the module, on one line. */
function declared(source: SourceIr, name: string): string {
  const module = renderSource(source);
  const found = new RegExp(`export (?:interface ${name}\\b[^]*?\\n\\}|type ${name} =[^;]*;)`).exec(module);
  return (found?.[0] ?? "")
    .replace(/\/\*\*[^]*?\*\//g, "")
    .replace(/readonly |export |\s*\n\s*/g, " ")
    .replace(/ +/g, " ")
    .trim();
}

interface Row {
  readonly name: string;
  readonly schema: object;
  readonly steps: readonly object[];
  readonly want: string;
}

const rows: readonly Row[] = [
  {
    name: "rename keeps the place of a field",
    schema: object({ a: text, b: whole }),
    steps: [{ rename: { a: "c" } }],
    want: "interface Row { c: string; b: number; }",
  },
  {
    name: "rename to a field's name replaces it",
    schema: object({ a: text, b: whole }),
    steps: [{ rename: { a: "b" } }],
    want: "interface Row { b: string; }",
  },
  {
    name: "rename can swap",
    schema: object({ a: text, b: whole }),
    steps: [{ rename: { a: "b", b: "a" } }],
    want: "interface Row { b: string; a: number; }",
  },
  {
    name: "remove leaves out, and types of what is left out go",
    schema: object({ a: text, b: object({ c: text }) }),
    steps: [{ remove: ["b"] }],
    want: "interface Row { a: string; }",
  },
  {
    name: "remove: dots lead into objects, of which this resource gets its own type",
    schema: object({ a: object({ b: text, c: text }), "d?": { $ref: "#/schemas/Money" } }),
    steps: [{ remove: ["a.b", "d.currency", "a.nothing", "d.amount.x"] }],
    want: "interface Row { a: RowA; d?: RowMoney; }",
  },
  {
    name: "add: constants are literal types, templates are text",
    schema: object({ a: text }),
    steps: [
      { add: { s: "x", n: 1, f: false, z: null, l: [1, 2], t: "{config.v}!", o: { k: 1 }, b: "{{x}}" } },
    ],
    want: 'interface Row { a: string; s: "x"; n: 1; f: false; z: null; l: (1 | 2)[]; t: string; o: JsonValue; b: "{x}"; }',
  },
  {
    name: "add replaces a field of the same name",
    schema: object({ a: text, b: whole }),
    steps: [{ add: { a: 1 } }],
    want: "interface Row { a: 1; b: number; }",
  },
  {
    name: "flatten: names are joined, lists stay",
    schema: object({
      a: object({ b: object({ c: text }), d: { type: "array", items: object({ e: text }) } }),
    }),
    steps: [{ flatten: true }],
    want: "interface Row { a_b_c: string; a_d: RowAD[]; }",
  },
  {
    name: "flatten: so many levels, with a separator",
    schema: object({ a: object({ b: object({ c: text }) }) }),
    steps: [{ flatten: { separator: "__", depth: 1 } }],
    want: "interface Row { a__b: RowAB; }",
  },
  {
    name: "flatten: what may be missing or null leaves nothing certain",
    schema: object({ "a?": object({ b: text }), n: { type: ["object", "null"], properties: { c: whole } } }),
    steps: [{ flatten: true }],
    want: "interface Row { a_b?: string; n?: null; n_c?: number; }",
  },
  {
    name: "flatten: alternatives are merged",
    schema: object({ a: { oneOf: [object({ x: text }), object({ x: whole, y: text }), whole] } }),
    steps: [{ flatten: true }],
    want: "interface Row { a?: number; a_x?: string | number; a_y?: string; }",
  },
  {
    name: "flatten: an object of unknown fields is lost",
    schema: object({ a: { type: "object" }, b: true, c: text }),
    steps: [{ flatten: true }],
    want: "interface Row { b?: JsonValue; c: string; }",
  },
  {
    name: "flatten: a type within itself has no end, its fields are declared once",
    schema: { $ref: "#/schemas/Node" },
    steps: [{ flatten: true }],
    want: "interface Row { id: number; next_id?: number; }",
  },
  {
    name: "a shared type gets fields besides",
    schema: { $ref: "#/schemas/Money" },
    steps: [{ add: { a: 1 } }],
    want: "interface Row extends Money { a: 1; }",
  },
  {
    name: "a shared type that has the field is written out",
    schema: { $ref: "#/schemas/Money" },
    steps: [{ add: { currency: "EUR" } }],
    want: 'interface Row { amount: number; currency: "EUR"; }',
  },
  {
    name: "a union gets fields by an intersection",
    schema: { oneOf: [object({ x: text }), object({ y: text })] },
    steps: [{ add: { a: 1 } }],
    want: "type Row = (RowWithX | RowWithY) & RowAdded;",
  },
  {
    name: "what is renamed in a union is any object",
    schema: { oneOf: [object({ x: text }), object({ y: text })] },
    steps: [{ rename: { x: "z" } }],
    want: "type Row = JsonObject;",
  },
  {
    name: "steps follow each other",
    schema: object({ a: object({ b: text }) }),
    steps: [{ flatten: true }, { rename: { a_b: "c" } }, { add: { d: true } }, { remove: ["d"] }],
    want: "interface Row { c: string; }",
  },
  {
    name: "records within records are as they are sent",
    schema: { $ref: "#/schemas/Tree" },
    steps: [{ remove: ["position"] }],
    want: "interface Row { id: number; children?: Tree[]; }",
  },
];

const schemas = {
  Money: object({ amount: whole, "currency?": text }),
  Node: object({ id: whole, "next?": { $ref: "#/schemas/Node" } }),
  Tree: object({
    id: whole,
    position: whole,
    "children?": { type: "array", items: { $ref: "#/schemas/Tree" } },
  }),
};

describe("the type of shaped records", () => {
  it.each(rows)("$name", async ({ schema, steps, want }) => {
    const source = await build([{ name: "rows", schema, processing_steps: steps }], schemas);
    expect(declared(source, "Row")).toBe(want);
  });

  it("takes fields out of nested types", async () => {
    const schema = object({ a: object({ b: text, c: text }), d: { $ref: "#/schemas/Money" } });
    const steps = [{ remove: ["a.b", "d.currency"] }];
    const source = await build([{ name: "rows", schema, processing_steps: steps }], schemas);
    expect(declared(source, "RowA")).toBe("interface RowA { c: string; }");
    expect(declared(source, "RowMoney")).toBe("interface RowMoney { amount: number; }");
    expect(declared(source, "Money")).toBe("interface Money { amount: number; currency?: string; }");
  });

  it("keeps what the API sends for those who need it", async () => {
    const steps = [{ rename: { a: "b" } }];
    const { resources } = await build([
      { name: "rows", schema: object({ a: text }), processing_steps: steps },
    ]);
    const [served] = resources[0]?.served?.declarations ?? [];
    expect(served).toMatchObject({ name: "Row", type: { fields: [{ name: "a" }] } });
  });

  it("names what is within a record of its own type by another name", async () => {
    const schema = object({ id: whole, "kids?": { type: "array", items: { $ref: "#/schemas/Kid" } } });
    const source = await build(
      [
        {
          name: "rows",
          record_type: "Kid",
          schema: { $ref: "#/schemas/Kid" },
          processing_steps: [{ remove: ["id"] }],
        },
      ],
      { Kid: schema },
    );
    expect(declared(source, "Kid")).toBe("interface Kid { kids?: KidSchema[]; }");
  });
});

describe("keys", () => {
  it.each([
    { name: "that the record has", steps: [{ rename: { a: "k" } }], want: "Resource<Row>" },
    { name: "that no schema names", steps: [{ flatten: true }], want: "Resource<never>" },
    { name: "of what a hook makes", steps: [{ map: true }], want: "Resource<never>" },
  ])("$name", async ({ steps, want }) => {
    const schema = object({ a: text, "o?": { type: "object" } });
    const resource = { name: "rows", primary_key: "k", schema, processing_steps: steps };
    expect(renderSource(await build([resource]))).toContain(`const rows: ${want} = {`);
  });
});

describe("what comes from elsewhere", () => {
  const child = (more: object): object => ({
    name: "rows",
    endpoint: { path: "/parents/{resources.parents.id}/rows" },
    schema: object({ a: text }),
    ...more,
  });
  const parent = {
    name: "parents",
    schema: object({
      id: { type: ["integer", "null"] },
      "name?": text,
      owner: object({ tags: { type: "array", items: object({ key: { enum: ["x", "y"] } }) } }),
      "any-thing": true,
    }),
  };

  it.each([
    { path: "id", want: "_p: number | null" },
    { path: "owner.tags[0].key", want: '_p?: "x" | "y"' },
    { path: "name", want: "_p?: string" },
    { path: "['any-thing']", want: "_p?: JsonValue" },
    { path: "nothing", want: "_p?: JsonValue" },
    { path: "owner.tags[*].key", want: '_p?: "x" | "y"' },
  ])("types the parent's $path", async ({ path, want }) => {
    const include_from_parent = [{ path, as: "_p" }];
    const source = await build([child({ include_from_parent }), parent]);
    expect(declared(source, "Row")).toBe(`interface Row { a: string; ${want}; }`);
  });

  it("types a value that may be missing", async () => {
    const processing_steps = [{ add: { p: "{resources.parents.name}", q: "{resources.parents.id}" } }];
    const source = await build([child({ processing_steps }), parent]);
    expect(declared(source, "Row")).toBe("interface Row { a: string; p: string | null; q: number | null; }");
  });

  it("types a parameter as the parent's field, without null", async () => {
    const source = await build([child({}), parent]);
    expect(declared(source, "RowsParams")).toBe("interface RowsParams { parent_id?: number | undefined; }");
  });

  it("types fields of fields that a parent got from its own parent", async () => {
    const grandchild = {
      name: "leaves",
      endpoint: { path: "/rows/{resources.rows._parents_id}/leaves" },
      include_from_parent: ["_parents_id"],
      schema: object({ l: text }),
    };
    const source = await build([grandchild, child({ include_from_parent: ["id"] }), parent]);
    expect(declared(source, "Leaf")).toBe("interface Leaf { l: string; _rows__parents_id: number | null; }");
  });

  it("knows nothing of what a hook makes of a parent's records", async () => {
    const mapped = { ...parent, processing_steps: [{ map: true }] };
    const source = await build([child({ include_from_parent: ["id"] }), mapped]);
    expect(declared(source, "Row")).toBe("interface Row { a: string; _parents_id: JsonValue; }");
  });
});

describe("hooks", () => {
  const hooksOf = async (steps: readonly object[]): Promise<ResourceIr["hooks"]> => {
    const { resources } = await build([
      { name: "rows", schema: object({ a: text }), processing_steps: steps },
    ]);
    return resources[0]?.hooks;
  };

  it("map records to a parameter of the module", async () => {
    expect(await hooksOf([{ map: true }])).toEqual({
      name: "rows",
      map: { record: { kind: "ref", name: "Row" }, result: { kind: "ref", name: "RowOut" } },
      parameter: { name: "RowOut", default: { kind: "ref", name: "Row" } },
    });
  });

  it("see what records are at their step", async () => {
    const hooks = await hooksOf([{ filter: true }, { rename: { a: "b" } }, { map: true }]);
    expect(hooks?.filter?.record).toEqual({ kind: "ref", name: "RawRow" });
    expect(hooks?.map?.record).toEqual({ kind: "ref", name: "Row" });
  });

  it("see what a map before them answers", async () => {
    const hooks = await hooksOf([{ map: true }, { filter: true }]);
    expect(hooks?.filter?.record).toEqual({ kind: "ref", name: "RowOut" });
  });

  it("map to any object where later steps take it apart", async () => {
    const hooks = await hooksOf([{ map: true }, { flatten: true }]);
    expect(hooks?.map?.result).toEqual({ kind: "map", values: { kind: "json" } });
    expect(hooks).not.toHaveProperty("parameter");
  });
});

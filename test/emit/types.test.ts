import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatText } from "../../generator/emit/format.js";
import { createImports } from "../../generator/emit/imports.js";
import { layOutStatement } from "../../generator/emit/layout.js";
import { printSource } from "../../generator/emit/print.js";
import { printSimpleType } from "../../generator/emit/simple-type.js";
import { printZodType } from "../../generator/emit/zod-type.js";
import type { TypeIr } from "../../generator/ir/source-ir.js";
import { buildSource } from "../../generator/ir/build.js";
import { parseText } from "../spec/parse-text.js";
import { loadAllSources } from "../support/all-specs.js";

const word = fc.constantFrom(
  "draft",
  "a b",
  "",
  " | ",
  "</x>",
  "it's",
  "{secrets.x}",
  'say "x"',
  "\\",
  "\u00e9",
  "\n",
);
const number = fc.oneof(
  fc.integer(),
  fc.constantFrom(0, -0, -1, 1.5, 1e21, 1e-7, -2.25, Number.MAX_SAFE_INTEGER),
);
const values = fc.array(fc.oneof(word, number, fc.constantFrom(true, false, null)), {
  minLength: 1,
  maxLength: 4,
});
const forms = fc.uniqueArray(fc.constantFrom("number" as const, "string" as const, "bigint" as const), {
  minLength: 1,
  maxLength: 3,
});

const plainTypes: readonly TypeIr[] = [
  { kind: "string" },
  { kind: "string", format: "email" },
  { kind: "string", form: "Date" },
  { kind: "boolean" },
  { kind: "null" },
  { kind: "json" },
  { kind: "json", exact: true },
  { kind: "never" },
  { kind: "object", fields: [] },
  { kind: "number", integer: true },
  { kind: "ref", name: "Thing" },
  { kind: "ref", name: "$1" },
];

const { type } = fc.letrec<{ type: TypeIr }>((tie) => {
  const types = fc.array(tie("type"), { minLength: 1, maxLength: 3 });
  return {
    type: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom(...plainTypes),
      forms.map((each): TypeIr => ({ kind: "number", integer: false, forms: each })),
      values.map((each): TypeIr => ({ kind: "enum", values: each })),
      values.map((each): TypeIr => ({ kind: "enum", values: each, open: true })),
      tie("type").map((items): TypeIr => ({ kind: "array", items })),
      tie("type").map((each): TypeIr => ({ kind: "map", values: each })),
      types.map((items): TypeIr => ({ kind: "tuple", items })),
      types.map((items): TypeIr => ({ kind: "tuple", items, required: 0 })),
      fc.tuple(types, tie("type")).map(([items, rest]): TypeIr => ({ kind: "tuple", items, rest })),
      types.map((options): TypeIr => ({ kind: "union", options })),
      types.map((parts): TypeIr => ({ kind: "intersection", parts })),
    ),
  };
});

/** A type as the module shows it. */
async function shown(type: string): Promise<string> {
  return await formatText(`type A = ${type};`, { parser: "babel-ts", printWidth: 80 });
}

/** Compares what is printed without the compiler, if anything, with what zod-to-ts prints. Returns whether there was anything. */
async function isSimple(type: TypeIr): Promise<boolean> {
  const [imports, wantedImports] = [createImports("runtime"), createImports("runtime")];
  const printed = printSimpleType(type, imports);
  if (printed === undefined) return false;
  const wanted = printZodType(type, wantedImports);
  expect(imports.print()).toBe(wantedImports.print());
  // zod-to-ts prints tuples over several lines.
  if (printed !== wanted) expect(await shown(printed)).toBe(await shown(wanted));
  return true;
}

/** The types of a value of the IR. */
function typesIn(value: unknown): readonly TypeIr[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.values(value).flatMap(typesIn);
  return kinds.has((value as { readonly kind?: string }).kind ?? "") ? [value as TypeIr, ...inner] : inner;
}

const kinds: ReadonlySet<string> = new Set(
  "string number boolean null json never enum array tuple map union intersection ref".split(" "),
);

describe("a type printed without the compiler", () => {
  it("is what zod-to-ts prints, for random types", async () => {
    const counts = new Map<string, number>();
    for (const each of fc.sample(type, 1_500))
      if (await isSimple(each)) counts.set(each.kind, (counts.get(each.kind) ?? 0) + 1);
    for (const kind of kinds)
      expect([kind, (counts.get(kind) ?? 0) > 0]).toEqual([kind, kind !== "intersection"]);
  });

  it("is what zod-to-ts prints, in every case and spec, and most types are such", async () => {
    const sources = await loadAllSources();
    const types = new Map(typesIn(sources).map((each) => [JSON.stringify(each), each]));
    let simple = 0;
    for (const each of types.values()) if (await isSimple(each)) simple += 1;
    expect(types.size).toBeGreaterThan(100);
    expect(simple / types.size).toBeGreaterThan(0.9);
  });

  it.each<{ readonly name: string; readonly given: TypeIr; readonly want: string | undefined }>([
    {
      name: "a list of a union",
      given: listOf(unionOf("string", "null")),
      want: "readonly (string | null)[]",
    },
    {
      name: "a list of lists",
      given: listOf(listOf({ kind: "string" })),
      want: "readonly (readonly string[])[]",
    },
    {
      name: "an enum with other values",
      given: { kind: "enum", values: ["a", "b"], open: true },
      want: '"a" | "b" | (string & {})',
    },
    {
      name: "an enum or null",
      given: { kind: "union", options: [{ kind: "enum", values: ["a", 1] }, { kind: "null" }] },
      want: '("a" | 1) | null',
    },
    {
      name: "a list of a negative number",
      given: listOf({ kind: "enum", values: [-1] }),
      want: "ReadonlyArray<-1>",
    },
    { name: "an option twice", given: unionOf("string", "string"), want: undefined },
    { name: "a text with a quote", given: { kind: "enum", values: ['"'] }, want: undefined },
  ])("is whole: $name", ({ given, want }) => {
    expect(printSimpleType(given, createImports("runtime"))).toBe(want);
    if (want !== undefined)
      expect(layOutStatement(`export type A = ${want};`).declares).toEqual({ kind: "type", name: "A" });
  });
});

describe("a spec with a list of what needs parentheses", () => {
  const number = { const: -1 };
  it.each([
    { name: "alone", given: number, want: "ReadonlyArray<-1>" },
    { name: "in a list", given: { type: "array", items: number }, want: "readonly ReadonlyArray<-1>[]" },
    {
      name: "in a tuple",
      given: { type: "array", prefixItems: [number] },
      want: "readonly (readonly [-1, ...JsonValue[]])[]",
    },
  ])("has a module: $name", async ({ given, want }) => {
    const schema = { type: "object", properties: { list: { type: "array", items: given } } };
    const endpoint = { path: "/x", data_selector: "$", paginator: "single_page" };
    const spec = {
      name: "x",
      client: { base_url: "https://a.example" },
      resources: [{ name: "r", endpoint, schema }],
    };
    const parsed = await parseText(JSON.stringify(spec));
    expect(parsed.spec && (await printSource(buildSource(parsed.spec)))).toContain(`list?: ${want};`);
  });
});

function listOf(items: TypeIr): TypeIr {
  return { kind: "array", items };
}

function unionOf(...options: readonly ("string" | "null")[]): TypeIr {
  return { kind: "union", options: options.map((kind) => ({ kind })) };
}

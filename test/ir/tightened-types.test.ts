import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { printSchemas, printSource } from "../../generator/emit/print.js";
import { buildSource } from "../../generator/ir/build.js";
import { specOf } from "../spec/parse-text.js";
import { typeCheck } from "../support/compile.js";
import { root } from "../support/paths.js";

const folder = join(root, ".scratch", `tightened-${process.pid}`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const schemas = {
  User: {
    type: "object",
    required: ["id"],
    properties: { id: { type: "integer" }, name: { type: "string" }, boss: { $ref: "#/schemas/User" } },
  },
  Id: { type: "string" },
};

const files: string[] = [];

/** Writes the modules of a spec for the compiler, which checks all of them at the end. */
async function write(spec: object): Promise<string> {
  const name = `shop-${files.length}`;
  const source = buildSource(await specOf({ name, ...spec }));
  const module = await printSource(source);
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of [
    [`${name}.ts`, module],
    [`${name}.schemas.ts`, await printSchemas(source)],
  ] as const) {
    writeFileSync(join(folder, file), text);
    files.push(join(folder, file));
  }
  return module;
}

/** The printed type of a record, without comments. */
async function typeOf(schema: unknown, extras: object = {}): Promise<string> {
  const module = await write({
    client: { base_url: "https://api.example.com", paginator: "single_page" },
    resources: [{ name: "items", endpoint: { path: "/items", data_selector: "items" }, schema, ...extras }],
    ...(JSON.stringify(schema).includes("#/schemas") && { schemas }),
  });
  const found = /export (?:interface Item\b[^]*?\n\}|type Item =[^;]*;)/.exec(module)?.[0] ?? "";
  return found
    .replace(/\/\*\*[^]*?\*\//g, "")
    .replace(/\s+/g, " ")
    .replaceAll("readonly ", "");
}

describe("a schema that tightens another", () => {
  const tightened = "export interface Item { id: number; name: string; boss?: User; }";

  it.each([
    { name: "allOf with required", schema: { allOf: [{ $ref: "#/schemas/User" }, { required: ["name"] }] } },
    {
      name: "required first, and a description",
      schema: { allOf: [{ required: ["name"], description: "With a name" }, { $ref: "#/schemas/User" }] },
    },
    {
      name: "an object type with required",
      schema: { allOf: [{ $ref: "#/schemas/User" }, { type: "object", required: ["name"] }] },
    },
    {
      name: "required beside allOf",
      schema: { allOf: [{ $ref: "#/schemas/User" }], required: ["name"] },
    },
    { name: "required beside $ref", schema: { $ref: "#/schemas/User", required: ["name"] } },
    {
      name: "required beside $ref within allOf",
      schema: { allOf: [{ $ref: "#/schemas/User", required: ["name"] }] },
    },
    {
      name: "alternatives of required",
      schema: {
        allOf: [
          { $ref: "#/schemas/User" },
          { required: ["name"] },
          { anyOf: [{ required: ["boss"] }, { required: ["name"] }] },
        ],
      },
    },
  ])("$name", async ({ schema }) => {
    expect(await typeOf(schema)).toBe(tightened);
  });

  it("may require a field without a schema, which can have any value", async () => {
    const schema = { allOf: [{ $ref: "#/schemas/User" }, { required: ["extra"] }] };
    expect(await typeOf(schema, { primary_key: "extra" })).toBe(
      "export interface Item { id: number; name?: string; boss?: User; extra: JsonValue; }",
    );
    const own = { type: "object", required: ["id", "ghost"], properties: { id: { type: "integer" } } };
    expect(await typeOf(own, { primary_key: "ghost" })).toBe(
      "export interface Item { id: number; ghost: JsonValue; }",
    );
    expect(await typeOf({ type: "object", required: ["ghost"] }, { primary_key: "ghost" })).toBe(
      "export type Item = JsonObject;",
    );
  });

  it("drops the parts of an intersection that limit nothing in TypeScript", async () => {
    const schema = {
      type: "object",
      properties: { code: { allOf: [{ $ref: "#/schemas/Id" }, { minLength: 2 }] } },
    };
    expect(await typeOf(schema)).toBe("export interface Item { code?: Id; }");
  });
});

describe("a list of types with properties", () => {
  const object = { properties: { html: { type: "string" } } };
  const list = { items: { type: "string" } };

  it.each([
    { type: ["string", "object"], extra: object, want: "string | ItemNote" },
    { type: ["object", "string", "null"], extra: object, want: "ItemNote | string | null" },
    { type: ["object", "null"], extra: object, want: "ItemNote | null" },
    { type: ["array", "object", "null"], extra: { ...object, ...list }, want: "string[] | ItemNote | null" },
    { type: ["string", "null"], extra: object, want: "string | null" },
    { type: "string", extra: object, want: "string" },
  ])("$type", async ({ type, extra, want }) => {
    const schema = { type: "object", properties: { note: { type, ...extra } } };
    expect(await typeOf(schema)).toBe(`export interface Item { note?: ${want}; }`);
  });

  it("of a record", async () => {
    const schema = { type: ["object", "string"], properties: { id: { type: "integer" } } };
    expect(await typeOf(schema)).toMatch(/^export type Item = Item\w+ \| string;$/);
  });
});

describe("a module without use for its parts", () => {
  it.each([
    { name: "no resources", resources: [] },
    {
      name: "parameters that no request uses",
      resources: [
        {
          name: "items",
          endpoint: {
            path: "/items",
            data_selector: "items",
            params: { unused: { type: "input" }, other: { type: "input", in: "header" } },
          },
        },
      ],
    },
  ])("is printed: $name", async ({ resources }) => {
    const base_url = "https://api.example.com/{config.region}";
    const module = await write({ client: { base_url, auth: "bearer", paginator: "single_page" }, resources });
    expect(module).toContain("createReader(");
  });

  it("compiles, as do all modules above", () => {
    expect(files.length).toBeGreaterThan(30);
    expect([...typeCheck(files).values()].flat()).toEqual([]);
  }, 60_000);
});

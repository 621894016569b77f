import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { printSchemas, printSource } from "../../generator/emit/print.js";
import { buildSource } from "../../generator/ir/build.js";
import { specOf } from "../spec/parse-text.js";
import { typeCheck } from "../support/compile.js";
import { root } from "../support/paths.js";
import { compositions } from "./composition-rows.js";
import { fields } from "./field-rows.js";
import { records } from "./record-rows.js";
import type { Row } from "./schema-rows.js";

const folder = join(root, ".scratch", `schema-types-${process.pid}`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const files: string[] = [];

/** The printed types of a spec with one resource `items`, in one line each. */
async function printTypes({ schema, schemas, columns }: Row): Promise<string> {
  const name = `shop-${files.length}`;
  const endpoint = { path: "/items", data_selector: "items", paginator: "single_page" };
  const resource = {
    name: "items",
    endpoint,
    ...(schema !== undefined && { schema }),
    ...(columns && { columns }),
  };
  const client = { base_url: "https://api.example.com" };
  const source = buildSource(
    await specOf({ name, client, resources: [resource], ...(schemas && { schemas }) }),
  );
  const module = await printSource(source);
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of [
    [`${name}.ts`, module],
    [`${name}.schemas.ts`, await printSchemas(source)],
  ] as const) {
    writeFileSync(join(folder, file), text);
    files.push(join(folder, file));
  }
  const declared = /^export (?:interface (?!Shop)[^{]+\{\n[^]*?^\}|type (?!Shop)[^]*?;$)/gm;
  return (module.match(declared) ?? [])
    .map((text) =>
      text
        .replace(/\/\*\*[^]*?\*\//g, "")
        .replace(/\s+/g, " ")
        .replaceAll("readonly ", "")
        .replaceAll("export ", "")
        .replace(/= \| /g, "= ")
        .replace(/: \| /g, ": ")
        .replace(/; \}/g, " }"),
    )
    .join("\n");
}

describe("the type of a record", () => {
  it.each(records)("$name", async (row) => {
    expect(await printTypes(row)).toBe([row.want].flat().join("\n"));
  });
});

describe("the type of a field", () => {
  it.each([...fields, ...compositions])("$name", async ({ schema, ...row }) => {
    const record = { type: "object", properties: { value: schema }, ...(row.defs && { $defs: row.defs }) };
    const [first = "", ...others] = [row.want].flat();
    const want = [`interface Item { value?: ${first} }`, ...others].join("\n");
    expect(await printTypes({ ...row, schema: record })).toBe(want);
  });
});

it("compiles under the strict flags, with its validators", () => {
  expect(files.length).toBeGreaterThan(100);
  expect([...typeCheck(files).values()].flat()).toEqual([]);
}, 300_000);

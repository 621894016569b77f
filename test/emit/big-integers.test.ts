import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { ReadOptions, RecordStream } from "@connector-gen/runtime";
import type { FetchLike } from "@connector-gen/runtime/plugin";
import { printSchemas, printSource } from "../../generator/emit/print.js";
import { buildSource } from "../../generator/ir/build.js";
import { errorOf } from "../runtime/fixtures.js";
import { specOf } from "../spec/parse-text.js";
import { typeCheck } from "../support/compile.js";
import { loadModule } from "../support/load-module.js";
import { root } from "../support/paths.js";

const folder = join(root, ".scratch", `big-integers-${process.pid}`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const big = "1945044589271781377";

type Mode = "error" | "string" | "bigint";

interface Written {
  readonly module: string;
  readonly files: readonly string[];
  /** Reads one record through the written modules, which check it. */
  readonly read: (record: string) => Promise<unknown>;
}

/** Writes the modules of a spec with one resource, for this mode of the client. */
async function write(mode: Mode, schema?: unknown): Promise<Written> {
  const name = `shop-${mode}${schema === undefined ? "" : "-typed"}`;
  const endpoint = { path: "/items", data_selector: "$", paginator: "single_page" };
  const spec = {
    name,
    type_name: "Shop",
    client: { base_url: "http://api.test", big_integers: mode },
    resources: [{ name: "items", endpoint, ...(schema !== undefined && { schema }) }],
  };
  const source = buildSource(await specOf(spec));
  const texts = {
    [`${name}.ts`]: await printSource(source),
    [`${name}.schemas.ts`]: await printSchemas(source),
  };
  mkdirSync(folder, { recursive: true });
  const files = Object.entries(texts).map(([file, text]) => {
    writeFileSync(join(folder, file), text);
    return join(folder, file);
  });
  const [file = "", schemasFile = ""] = files;
  return {
    module: Object.values(texts)[0] ?? "",
    files,
    read: async (record) => {
      const { createShop } = (await loadModule(file)) as unknown as {
        readonly createShop: (options: object) => {
          readonly items: (options: ReadOptions) => RecordStream<unknown>;
        };
      };
      const schemas = Object.entries(await loadModule(schemasFile)).find(([key]) =>
        key.endsWith("Schemas"),
      )?.[1];
      const fetch: FetchLike = () => Promise.resolve(new Response(`[${record}]`));
      const client = createShop({ fetch, schemas });
      return (await client.items({ validate: "error" }).toArray())[0];
    },
  };
}

const schema = {
  type: "object",
  required: ["any"],
  properties: {
    any: {},
    list: { type: "array" },
    pair: { type: "array", prefixItems: [{ type: "string" }] },
    map: { type: "object" },
    text: { type: "string" },
  },
};

const record = `{"any":{"deep":[${big}]},"list":[${big}],"pair":["a",${big}],"map":{"x":${big}},"text":"a"}`;

describe("a value without a schema", () => {
  it.each([
    { mode: "bigint", any: "JsonValue<bigint>", map: "JsonObject<bigint>", value: BigInt(big) },
    { mode: "string", any: "JsonValue", map: "JsonObject", value: big },
  ] as const)(
    "may hold a $mode, as its type says and the validator accepts",
    async ({ mode, value, ...want }) => {
      const written = await write(mode, schema);
      const fields = [
        `any: ${want.any}`,
        `list?: readonly ${want.any}[]`,
        `pair?: readonly [string, ...${want.any}[]]`,
        `map?: ${want.map}`,
      ];
      for (const field of fields) expect(written.module).toContain(`  readonly ${field};`);
      expect([...typeCheck(written.files).values()].flat()).toEqual([]);
      const exact = { any: { deep: [value] }, list: [value], pair: ["a", value], map: { x: value } };
      expect(await written.read(record)).toEqual({ ...exact, text: "a" });
      // The validator still rejects values that the schema rejects.
      expect((await errorOf(written.read('{"any":1,"text":2}'))).code).toBe("INVALID_RECORD");
      expect((await errorOf(written.read('{"text":"a"}'))).code).toBe("INVALID_RECORD");
    },
  );

  it.each([
    { mode: "bigint", want: "JsonObject<bigint>" },
    { mode: "string", want: "JsonObject" },
    { mode: "error", want: "JsonObject" },
  ] as const)("may be the whole record, with $mode", async ({ mode, want }) => {
    const { module } = await write(mode);
    expect(module).toContain(`const items: Resource<${want}> = {`);
    expect(module).toContain(`RecordStream<${want}>;`);
  });
});

import { build } from "esbuild";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { printSource } from "../generator/emit/print.js";
import { buildSource } from "../generator/ir/build.js";
import { loadSpec } from "../generator/spec/load/load.js";
import { parseSpec } from "../generator/spec/parse.js";

const root = fileURLToPath(new URL("..", import.meta.url));

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(root, ".scratch-budgets-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("budgets", () => {
  // Above the 8 kB of before by the hooks that the whole language needs: nothing else may come on top.
  it("keeps the runtime with the analytics client within 11.9 kB, minified and gzipped", async () => {
    const result = await build({
      stdin: { contents: `export * from "./generated/analytics.ts";`, resolveDir: root, loader: "ts" },
      bundle: true,
      minify: true,
      format: "esm",
      write: false,
    });
    const [file] = result.outputFiles;
    const bytes = gzipSync(file?.contents ?? new Uint8Array(), { level: 9 }).length;
    expect(bytes).toBeGreaterThan(1000);
    expect(bytes).toBeLessThanOrEqual(11_900);
  });

  it("leaves no description of a kind in an app's bundle", async () => {
    const { outputFiles } = await build({
      stdin: { contents: `export { offset, bearer } from "@connector-gen/runtime";`, resolveDir: root },
      bundle: true,
      minify: true,
      format: "esm",
      write: false,
    });
    const text = outputFiles[0]?.text ?? "";
    expect(text).toContain("Bearer ");
    expect(text).not.toContain("Query parameter of");
    expect(text).not.toContain("RFC 6750");
  });

  it.each([
    { name: "a resource", extras: {} },
    { name: "a child", extras: child },
    { name: "a resource with hooks", extras: { processing_steps: [{ filter: true, map: true }] } },
  ])("costs the compiler at most 40 type instantiations for $name", async ({ extras }) => {
    const few = await countInstantiations(10, extras);
    const many = await countInstantiations(60, extras);
    expect((many - few) / 50).toBeLessThanOrEqual(40);
  });
});

/** What makes a resource a child of the first one, with fields of its parent. */
const child = {
  include_from_parent: ["field_0", "field_1"],
  processing_steps: [{ rename: { field_2: "renamed" }, add: { source: "{resources.things_0.field_3}" } }],
};

/** Type instantiations of a module with so many resources of 30 fields, checked strictly. */
async function countInstantiations(resources: number, extras: object): Promise<number> {
  const file = join(folder, `client-${resources}.ts`);
  writeFileSync(file, await printSyntheticClient(resources, extras));
  const program = ts.createProgram([file], {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts"],
    types: [],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    noEmit: true,
  });
  const problems = ts.getPreEmitDiagnostics(program).map(({ messageText }) => messageText);
  expect(problems).toEqual([]);
  // Not in the public types, but what `--extendedDiagnostics` prints.
  return (program as unknown as { getInstantiationCount: () => number }).getInstantiationCount();
}

/** The first resource has no extras: it is the parent of those that need one. */
async function printSyntheticClient(resources: number, extras: object): Promise<string> {
  const properties = Object.fromEntries(
    Array.from({ length: 30 }, (_, index) => [
      `field_${index}`,
      { type: index % 2 ? "string" : ["integer", "null"] },
    ]),
  );
  const spec = {
    name: `synthetic-${resources}`,
    client: { base_url: "https://api.example.com", auth: { type: "bearer" } },
    resources: Array.from({ length: resources }, (_, index) => ({
      name: `things_${index}`,
      primary_key: "field_1",
      ...(index > 0 && extras),
      endpoint: {
        path:
          index > 0 && extras === child
            ? `/things/{resources.things_0.field_1}/${index}`
            : `/things/${index}`,
        data_selector: "data",
        paginator: { type: "offset", limit: 100 },
      },
      schema: { type: "object", properties },
    })),
  };
  const parsed = parseSpec(await loadSpec("synthetic.json", JSON.stringify(spec)), {
    literalSecrets: "error",
  });
  if (!parsed.spec) throw new Error(JSON.stringify(parsed.diagnostics));
  return await printSource(buildSource(parsed.spec));
}

it("keeps source files within 400 lines", () => {
  const config = ts.readConfigFile(join(root, "generator/tsconfig.json"), (path) =>
    readFileSync(path, "utf8"),
  );
  const generator = ts.parseJsonConfigFileContent(config.config, ts.sys, join(root, "generator")).fileNames;
  expect(generator.length).toBeGreaterThan(20);
  const long = generator.filter((file) => readFileSync(file, "utf8").split("\n").length > 400);
  expect(long).toEqual([]);
});

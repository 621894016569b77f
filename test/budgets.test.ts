import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { printSource } from "../generator/emit/print.js";
import { buildSource } from "../generator/ir/build.js";
import { allKinds } from "../generator/spec/kinds.js";
import { loadSpec } from "../generator/spec/load/load.js";
import { parseSpec } from "../generator/spec/parse.js";
import { bundle, gzippedSize } from "./support/bundle.js";
import { createStrictProgram } from "./support/compile.js";
import { root, runtimePackage } from "./support/paths.js";

let folder = "";

beforeAll(() => {
  mkdirSync(join(root, ".scratch"), { recursive: true });
  folder = mkdtempSync(join(root, ".scratch/budgets-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("budgets", () => {
  it("keeps the runtime with the analytics client within 21.35 kB, minified and gzipped", async () => {
    const text = await bundle(`export * from "./generated/analytics.ts";`);
    const bytes = gzippedSize(text);
    expect(bytes).toBeGreaterThan(1000);
    expect(bytes).toBeLessThanOrEqual(21_350);
  });

  it("adds the conversion of date-times only to clients that ask for it", async () => {
    const found = "expected a date-time";
    expect(await bundle(`export * from "./test/cases/dates/out.ts";`)).toContain(found);
    for (const name of ["incremental", "parents", "shaping"])
      expect(await bundle(`export * from "./test/cases/${name}/out.ts";`)).not.toContain(found);
  });

  it("adds pages in parallel only to clients whose spec names a total or asks for them", async () => {
    const found = "requested ahead";
    expect(await bundle(`export * from "./test/cases/paginators/out.ts";`)).toContain(found);
    for (const file of [
      "generated/analytics.ts",
      "test/cases/incremental/out.ts",
      "test/cases/parents/out.ts",
    ])
      expect(await bundle(`export * from "./${file}";`)).not.toContain(found);
  });

  it("leaves no description of a kind in an app's bundle", async () => {
    const descriptions = allKinds.flatMap(({ summary, options }) => [
      summary,
      ...Object.values(options).map(({ description }) => description),
    ]);
    const factories = await bundle(exportOf([...new Set(allKinds.flatMap(({ factory }) => factory ?? []))]));
    expect(factories).toContain("Bearer ");
    expect(descriptions.map(longestPlainPart).filter((part) => factories.includes(part))).toEqual([]);

    // The search finds a known leak.
    const leak = `export { bearerKind } from "${runtimePackage}/kinds";`;
    expect(await bundle(leak)).toContain(longestPlainPart("The token."));
  });

  it("creates only the part of the grammar that a spec uses", async () => {
    vi.resetModules();
    const add = vi.spyOn(z.globalRegistry, "add");
    const { loadSpec: load } = await import("../generator/spec/load/load.js");
    const { parseSpec: parse } = await import("../generator/spec/parse.js");
    const text = readFileSync(join(root, "specs/analytics.json"), "utf8");
    expect(parse(await load("analytics.json", text), { literalSecrets: "error" }).diagnostics).toEqual([]);
    const used = add.mock.calls.length;
    const { specJsonSchema } = await import("../generator/spec/grammar/json-schema.js");
    specJsonSchema();
    expect(used).toBeGreaterThan(0);
    expect(used / add.mock.calls.length).toBeLessThanOrEqual(0.45);
    add.mockRestore();
  });

  it.each([
    { name: "a resource", extras: {} },
    { name: "a child", extras: child },
    { name: "a resource with hooks", extras: { processing_steps: [{ filter: true, map: true }] } },
  ])("costs the compiler at most 40 type instantiations for $name", async ({ extras }) => {
    const few = await countInstantiations(10, extras);
    const many = await countInstantiations(40, extras);
    expect((many - few) / 30).toBeLessThanOrEqual(40);
  });
});

function exportOf(names: readonly string[]): string {
  return `export { ${[...new Set(names)].join(", ")} } from "${runtimePackage}";`;
}

/** The longest part of a text that is the same in every kind of quotes. */
function longestPlainPart(text: string): string {
  return text
    .split(/[`"'\\$]/)
    .reduce((longest, part) => (part.length > longest.length ? part : longest), "");
}

/** The options that make a resource a child of the first one, with fields of its parent. */
const child = {
  include_from_parent: ["field_0", "field_1"],
  processing_steps: [{ rename: { field_2: "renamed" }, add: { source: "{resources.things_0.field_3}" } }],
};

/** Counts the type instantiations of a module with this number of resources with 30 fields, under the strict flags. */
async function countInstantiations(resources: number, extras: object): Promise<number> {
  const file = join(folder, `client-${resources}.ts`);
  writeFileSync(file, await printSyntheticClient(resources, extras));
  const program = createStrictProgram([file]);
  const problems = ts.getPreEmitDiagnostics(program, program.getSourceFile(file));
  expect(problems.map(({ messageText }) => messageText)).toEqual([]);
  // Missing from the public types. `--extendedDiagnostics` prints this number.
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

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { compileFunction } from "node:vm";
import { transformSync } from "esbuild";
import * as zod from "zod";
import { renderSchemas } from "../../generator/emit/render.js";
import { buildSource } from "../../generator/ir/build.js";
import * as helpers from "../../runtime/src/schemas.js";
import { parseValue, specWith } from "../spec/parse-text.js";

/** A schema of the JSON Schema Test Suite, with values that match it or not. */
export interface Group {
  readonly description: string;
  readonly schema: unknown;
  readonly tests: readonly {
    readonly description: string;
    readonly data: unknown;
    readonly valid: boolean;
  }[];
}

/** The folder `tests/draft2020-12` of a checkout of the suite, if the variable names one. */
const { JSON_SCHEMA_TEST_SUITE: folder } = process.env;

/** The groups of all keywords, by file; empty without the suite. */
export const groups: readonly (readonly [file: string, groups: readonly Group[]])[] = (
  folder === undefined ? [] : readdirSync(folder)
)
  .filter((file) => file.endsWith(".json"))
  .map((file) => [file.slice(0, -5), JSON.parse(readFileSync(join(folder ?? "", file), "utf8")) as Group[]]);

/** A validator of the records of a resource, and the problems that the generator reports for their schema. */
export interface Judged {
  readonly problems: readonly string[];
  readonly isValid?: (value: unknown) => Promise<boolean>;
}

/** Generates the zod schemas for a record schema, and loads them. */
export async function judge(schema: unknown): Promise<Judged> {
  const { spec, diagnostics } = await parseValue(specWith({ resource: { schema } }));
  const problems = diagnostics.map(({ code, message }) => `${code}: ${message}`);
  if (!spec) return { problems };
  const code = transformSync(renderSchemas(buildSource(spec)), { loader: "ts", format: "cjs" }).code;
  const module = { exports: {} as Readonly<Record<string, Readonly<Record<string, unknown>>>> };
  const load = createRequire(import.meta.url);
  const require = (name: string): unknown =>
    name === "zod" ? zod : name.endsWith("/schemas") ? helpers : load(name);
  const run = compileFunction(code, ["module", "exports", "require"]) as (...parts: unknown[]) => void;
  run(module, module.exports, require);
  const [, table] = Object.entries(module.exports).find(([name]) => name.endsWith("Schemas")) ?? [];
  const validator = table?.["items"] as ReturnType<typeof helpers.explain>;
  return {
    problems,
    isValid: async (value) => !(await validator["~standard"].validate(value)).issues,
  };
}

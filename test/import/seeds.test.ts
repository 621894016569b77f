import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { importDlt } from "../../generator/import/dlt.js";
import { isError } from "../../generator/diagnostics.js";
import { loadSpec } from "../../generator/spec/load/load.js";
import { parseSpec } from "../../generator/spec/parse.js";
import { isObject } from "../../generator/spec/values.js";
import { root } from "../support/paths.js";
import { importOne, readFixture } from "./fixtures.js";

const seeds = ["analytics", "learning-platform", "lms", "rest-api", "scheduling"];

/** Keys that people add to an imported spec: documentation, types, and the retry policy that the seeds describe in prose. */
const additions = new Set([
  "$schema",
  "description",
  "schema",
  "schemas",
  "record_type",
  "type_name",
  "retry",
]);

/** Lists the paths at which two values differ. */
function differences(more: unknown, less: unknown, path = ""): readonly string[] {
  if (Array.isArray(more) && Array.isArray(less) && more.length === less.length)
    return more.flatMap((value, index) => differences(value, less[index], `${path}[${index}]`));
  if (!isObject(more) || !isObject(less)) return JSON.stringify(more) === JSON.stringify(less) ? [] : [path];
  const keys = new Set([...Object.keys(more), ...Object.keys(less)]);
  return [...keys].flatMap((key) => {
    if (!(key in less)) return additions.has(key) ? [] : [`${path}.${key}`];
    return key in more ? differences(more[key], less[key], `${path}.${key}`) : [`${path}.${key}`];
  });
}

describe.each(seeds)("the seed of %s", (name) => {
  const text = readFixture(`seeds/${name}.txt`);
  const spec: unknown = JSON.parse(readFileSync(join(root, "specs", `${name}.json`), "utf8"));

  it("imports without diagnostics and notes", () => {
    const { imports, diagnostics } = importDlt(`${name}.txt`, text);
    expect(diagnostics).toEqual([]);
    expect(imports).toMatchObject([{ name, what: "rest_api_source", diagnostics: [], notes: [] }]);
  });

  it("imports as the spec without its schemas and descriptions", () => {
    expect(differences(spec, importOne(text, `${name}.txt`).spec)).toEqual([]);
  });

  it("is a valid spec", async () => {
    const document = await loadSpec(`${name}.json`, JSON.stringify(importOne(text, `${name}.txt`).spec));
    const { spec: parsed, diagnostics } = parseSpec(document, { literalSecrets: "error" });
    expect(diagnostics.filter(isError)).toEqual([]);
    expect(parsed?.name).toBe(name);
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { loadSources } from "../../generator/load-sources.js";
import { startMock } from "../../generator/mock/start-mock.js";
import { runCommand } from "../support/command.js";
import { root } from "../support/paths.js";
import { rowsOf, type Schema, type Scope } from "./schema-rows.js";

const specFile = join(root, "specs/analytics.json");

interface AnalyticsSpec extends Scope {
  readonly client: object;
  readonly resources: readonly { readonly name: string; readonly schema: Schema }[];
}

const spec = JSON.parse(readFileSync(specFile, "utf8")) as AnalyticsSpec;

it("infer reads 500 mock records of each analytics resource and finds the spec's own types", async () => {
  const { sources } = await loadSources([specFile]);
  const mock = await startMock(
    sources.map(({ source }) => source),
    { records: 500 },
  );
  onTestFinished(() => mock.close());
  const folder = mkdtempSync(join(tmpdir(), "connector-gen-infer-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "analytics.json");
  const { schemas: _schemas, $schema: _schema, ...rest } = spec as AnalyticsSpec & { $schema?: string };
  const resources = spec.resources.map(({ schema: _own, ...resource }) => resource);
  const client = { ...spec.client, base_url: mock.url };
  writeFileSync(file, JSON.stringify({ ...rest, client, resources }, null, 2));
  const run = await runCommand(["infer", file], { env: { ANALYTICS_API_KEY: "key" } });
  expect(run.code).toBe(0);
  const inferred = JSON.parse(readFileSync(file, "utf8")) as AnalyticsSpec;
  const lines = spec.resources.flatMap(({ name, schema }, index) => {
    const own = rowsOf(schema, spec);
    const found = rowsOf(inferred.resources[index]?.schema ?? {}, inferred);
    return differences(name, own, found);
  });
  // The mock adds this field to some records, as APIs do.
  expect(lines.filter((line) => !line.includes(".extra"))).toEqual([
    "users.external_id: null or string, optional → null or string, uuid, optional",
    "users.time_zone: null or string → string",
  ]);
});

function differences(
  name: string,
  own: ReadonlyMap<string, string>,
  found: ReadonlyMap<string, string>,
): readonly string[] {
  const paths = [...new Set([...own.keys(), ...found.keys()])];
  return paths
    .filter((path) => own.get(path) !== found.get(path))
    .map((path) => `${name}.${path}: ${own.get(path) ?? "none"} → ${found.get(path) ?? "none"}`);
}

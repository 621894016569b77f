import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sync } from "@connector-gen/sync";
import { afterAll, describe, expect, it } from "vitest";
import { toDestination } from "../../sync/src/destinations/open.js";
import { root } from "../support/paths.js";
import { createClient } from "./support/client.js";
import { temporaryFolder, useDuckDb } from "./support/database.js";
import { importDataset } from "./support/dlt-fixture.js";
import { readTables, type TestDatabase } from "./support/tables.js";
import type { ExpectedTables } from "./support/vector.js";
import { toTrees } from "./support/vector.js";

/** Made by the real dlt: `bench/sync/dlt-dataset.py`. */
const fixture = join(root, "test/sync/dlt-dataset");
const schema = "shop_data";

const folder = temporaryFolder();
afterAll(folder.remove);

/** Creates a file of DuckDB with the dataset after a run of dlt. */
async function importRun(run: number): Promise<string> {
  const file = join(folder.path, `run${run}.duckdb`);
  await importDataset(join(fixture, `run${run}`), file);
  return file;
}

/** The tables of a dataset, with its runs by number. */
async function readDataset(file: string): Promise<{ readonly trees: object; readonly ids: object }> {
  const { typeNamed } = toDestination(`duckdb:${file}`).dialect;
  return useDuckDb(file, async (query) => {
    const loads = await query(
      `select load_id from ${schema}._dlt_loads where status = 0 order by inserted_at`,
    );
    const times = await query(
      `select distinct cast(_dlt_valid_from at time zone 'UTC' as varchar) as t from ${schema}.versions order by t`,
    );
    const runs = new Map([
      ...loads.map(({ load_id }, index) => [load_id ?? "", `run${index + 1}`] as const),
      ...times.map(({ t }, index) => [`${(t ?? "").replace(" ", "T")}Z`, `run${index + 1}`] as const),
    ]);
    const tables: ExpectedTables = await readTables({ query, typeNamed, schema }, "_dlt_", runs);
    return { trees: toTrees(tables), ids: await readIds(query) };
  });
}

/** The identities that dlt computes from keys and records. */
async function readIds(query: TestDatabase["query"]): Promise<object> {
  const names = ["upserted", "upserted__lines", "versions", "versions__lines"];
  const read = async (name: string): Promise<readonly [string, readonly (string | null)[]]> => {
    const rows = await query(`select _dlt_id from ${schema}.${name} order by 1`);
    return [name, rows.map(({ _dlt_id }) => _dlt_id ?? null)];
  };
  const entries = [];
  for (const name of names) entries.push(await read(name));
  return Object.fromEntries(entries);
}

const merge = (strategy: string): object => ({ write_disposition: { disposition: "merge", strategy } });
const endpoint = { path: "records", data_selector: "items" };
const resources = [
  { name: "merged", primary_key: "id", ...merge("delete-insert"), endpoint },
  { name: "upserted", primary_key: "id", ...merge("upsert"), endpoint },
  { name: "versions", ...merge("scd2"), endpoint },
  { name: "appended", write_disposition: "append", endpoint },
  { name: "replaced", write_disposition: "replace", endpoint },
];

describe("a dataset that dlt made", () => {
  it("continues under dlt's naming like dlt: tables, runs, identities", async () => {
    const [, second] = JSON.parse(
      readFileSync(join(fixture, "records.json"), "utf8"),
    ) as readonly (readonly object[])[];
    const file = await importRun(1);
    const client = await createClient(resources, { "/records": { items: second } });
    const report = await sync(client, { to: `duckdb:${file}`, schema, naming: "dlt" });
    expect(report.status).toBe("complete");
    const found = await readDataset(file);
    const expected = await readDataset(await importRun(2));
    expect(found.trees).toEqual(expected.trees);
    expect(found.ids).toEqual(expected.ids);
  });
});

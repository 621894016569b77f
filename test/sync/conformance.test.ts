import { join } from "node:path";
import { isSyncError, sync, type SyncReport } from "@connector-gen/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readDuckDb, reuseDuckDb, temporaryFolder } from "./support/database.js";
import { noPostgres } from "./support/postgres-server.js";
import { readPostgres } from "./support/postgres.js";
import { createDatabase } from "./support/targets.js";
import type { RunNames } from "./support/tables.js";
import { clientOfRun, readVectors, toTrees, type ExpectedTables, type SyncVector } from "./support/vector.js";

reuseDuckDb();

const folder = temporaryFolder();
afterAll(folder.remove);

const vectors = readVectors();

/** Intended differences: the code of the error. Nothing is written. */
const refused: Readonly<Record<string, string>> = {
  "merge-without-key": "NO_KEY",
  "name-collision": "NAME_COLLISION",
};

interface Outcome {
  readonly code: string | undefined;
  readonly runId: string;
  readonly startedAt: string;
}

async function run(vector: SyncVector, number: number, { url, schema, naming }: Target): Promise<Outcome> {
  try {
    const report: SyncReport = await sync(await clientOfRun(vector, number), { to: url, schema, naming });
    const code = Object.values(report.resources).find(({ error }) => error)?.error?.code;
    return { code, runId: report.runId, startedAt: report.startedAt };
  } catch (error) {
    if (!isSyncError(error)) throw error;
    return { code: error.code, runId: "", startedAt: "" };
  }
}

/** The tables after a run, with our named deviations. */
function expectedAfter(vector: SyncVector, number: number): ExpectedTables {
  const isLast = number === vector.runs.length - 1;
  const better = vector.deviation?.better.expected_tables;
  if (isLast && better) return better;
  // Only the last run of these vectors shows the deviation.
  if (vector.deviation?.id === "N02" || refused[vector.name]) return {};
  const tables = isLast ? vector.expected_tables : (vector.runs[number]?.expected_tables ?? {});
  return JSON.parse(
    JSON.stringify(tables).replaceAll('"True"', '"true"').replaceAll('"False"', '"false"'),
  ) as ExpectedTables;
}

/** Leaves out the identities of runs. */
function withoutRuns(tables: ExpectedTables): ExpectedTables {
  return JSON.parse(JSON.stringify(tables), (key: string, value: unknown) =>
    /^_dlt_load_id$/.test(key) ? undefined : value,
  ) as ExpectedTables;
}

function columnsOf(tables: ExpectedTables): object {
  return Object.fromEntries(Object.entries(tables).map(([name, { columns }]) => [name, columns]));
}

/** A database under test. */
interface Target {
  readonly url: string;
  readonly schema?: string;
  readonly naming: "default" | "dlt";
  readonly read: (runs: RunNames) => Promise<ExpectedTables>;
}

async function check(vector: SyncVector, target: Target): Promise<void> {
  const { naming, read } = target;
  const runs = new Map<string, string>();
  for (const [number, { error }] of vector.runs.entries()) {
    const { code, runId, startedAt } = await run(vector, number, target);
    runs.set(runId, `run${number + 1}`);
    runs.set(startedAt.replace(/0*Z$/, "Z").replace(/\.Z$/, "Z"), `run${number + 1}`);
    const isError = vector.deviation ? vector.deviation.better.errors[number] !== null : error !== null;
    if (refused[vector.name]) expect(code).toBe(refused[vector.name]);
    else expect(code === undefined, `run ${number + 1}: ${code ?? "no error"}`).toBe(!isError);
    const found = await read(runs);
    const expected = expectedAfter(vector, number);
    // Unchanged rows keep the run that wrote them, except under dlt's naming.
    const shape = naming === "dlt" ? (tables: ExpectedTables) => tables : withoutRuns;
    expect(toTrees(shape(found)), `after run ${number + 1}`).toEqual(toTrees(shape(expected)));
    expect(columnsOf(shape(found))).toEqual(columnsOf(shape(expected)));
  }
}

/** The naming that a test uses. `SYNC_NAMINGS=all` tests both in each database. */
function namingsOf(naming: Target["naming"]): readonly Target["naming"][] {
  return process.env["SYNC_NAMINGS"] === "all" ? ["default", "dlt"] : [naming];
}

const prefixes = { default: "_cg_", dlt: "_dlt_" } as const;

// Names do not depend on the database, so each database gets one of the namings.
describe.each(namingsOf("default"))("tables of DuckDB with %s naming are those of dlt", (naming) => {
  it.each(vectors)("$name: $about", async (vector) => {
    const file = join(folder.path, `${vector.name}-${naming}.duckdb`);
    const read: Target["read"] = (runs) => readDuckDb(file, prefixes[naming], runs);
    await check(vector, { url: `duckdb:${file}`, naming, read });
  });
});

describe.skipIf(noPostgres).each(namingsOf("dlt"))(
  "tables of PostgreSQL with %s naming are those of dlt",
  (naming) => {
    let url = "";
    beforeAll(async () => {
      url = await createDatabase();
    });

    it.each(vectors)("$name: $about", async (vector) => {
      const schema = `${vector.name}-${naming}`;
      const read: Target["read"] = (runs) => readPostgres({ url, schema }, prefixes[naming], runs);
      await check(vector, { url, schema, naming, read });
    });
  },
);

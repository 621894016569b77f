/**
 * From an API to tables: serves `specs/analytics.json` as a mock API with faults, loads its eleven resources into DuckDB
 * with `connector-gen sync`, changes the API's data, loads it again, and compares every table with the records of the
 * API.
 */
import { spawn } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { loadSources, startMock, type Mock, type SourceIr } from "connector-gen";
import { changeRecords, recordsOf, type Changes } from "./changes.js";
import { compareTables, printQuery } from "./compare.js";
import { parseFlags, usage, type DemoFlags } from "./flags.js";

// This file runs as build/demo/demo.js.
const root = fileURLToPath(new URL("../..", import.meta.url));
const spec = join(root, "specs", "analytics.json");
const folder = join(root, ".scratch", "demo");
const database = join(folder, "analytics.duckdb");

// Ctrl-C reaches the command, too; the demo ends with its exit code.
process.on("SIGINT", () => undefined);
process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  const flags = parseFlags(argv);
  if ("problem" in flags) {
    console.error(`${flags.problem}\nUsage: ${usage}`);
    return 2;
  }
  const { sources, diagnostics } = await loadSources([spec]);
  const source = sources[0]?.source;
  if (!source) {
    console.error(diagnostics.map(({ message }) => message).join("\n"));
    return 1;
  }
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const changes = changesOf(flags.records);
  const first = await startMock([source], flags);
  try {
    console.log(
      `The mock API at ${first.url} has ${source.resources.length} resources of ${flags.records} records.`,
    );
    const code = await sync(first.url);
    if (code !== 0) return code;
    if (!(await isEqual(source, (name) => recordsOf(first, source, name)))) return 1;
  } finally {
    await first.close();
  }
  return await playChanges(source, first, { flags, changes });
}

/** Updates one record in 20, adds one per 50, and removes one in 100. */
function changesOf(records: number): Changes {
  return { updateEvery: 20, removeEvery: 100, added: Math.ceil(records / 50) };
}

/** Loads the changed data and compares again. Resolves to the exit code. */
async function playChanges(
  source: SourceIr,
  before: Mock,
  { flags, changes }: { readonly flags: DemoFlags; readonly changes: Changes },
): Promise<number> {
  const edit = changeRecords(changes);
  const mock = await startMock([source], { ...flags, edit });
  try {
    console.log("\nThe data of the API changes: records are updated, added and removed.");
    const code = await sync(mock.url);
    if (code !== 0) return code;
    // `merge` does not detect deletions, so the removed records stay.
    const isMerged = await isEqual(source, (name) => {
      const now = recordsOf(mock, source, name);
      const ids = new Set(now.map(({ id }) => id));
      return [...now, ...recordsOf(before, source, name).filter(({ id }) => !ids.has(id))];
    });
    if (!isMerged) return 1;
    console.log(
      "Records that the API removed are still in the tables, because merge does not detect deletions.\n",
    );
    await printQuery(
      database,
      "select status, count(*)::int as courses, round(avg(average_rating), 2) as rating from courses group by status order by status",
    );
    return 0;
  } finally {
    await mock.close();
  }
}

async function isEqual(
  source: SourceIr,
  expected: (resource: string) => readonly Readonly<Record<string, unknown>>[],
): Promise<boolean> {
  const { differences, tables, rows } = await compareTables(database, source, expected);
  console.log(
    differences.length > 0
      ? `The tables differ from the API:\n${differences.join("\n")}`
      : `Compared: ${tables} tables with ${rows.toLocaleString("en")} rows equal the records of the API.`,
  );
  return differences.length === 0;
}

/** Runs the command as a user would. Resolves to its exit code. */
function sync(baseUrl: string): Promise<number> {
  const to = `duckdb:${relative(process.cwd(), database)}`;
  const args = [
    "sync",
    relative(process.cwd(), spec),
    "--to",
    to,
    "--base-url",
    baseUrl,
    "--concurrency",
    "11",
  ];
  console.log(`\n$ connector-gen ${args.join(" ")}`);
  const env = { ...process.env, ANALYTICS_API_KEY: "demo-key" };
  const child = spawn(process.execPath, [join(root, "dist", "cli.js"), ...args], { stdio: "inherit", env });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

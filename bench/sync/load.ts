import { execFile } from "node:child_process";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import postgres from "postgres";
import { measureNode } from "../child.js";
import { createProgress } from "../progress.js";
import { describeMachine, printSection, type Column, type Row, type Target } from "../report.js";
import { createScratch, programOf, root } from "../scratch.js";
import { median, pairedRatio } from "../stats.js";
import { megabytes, microseconds, plain, times } from "../units.js";
import { itemOf } from "./items.js";
import type { LoadTask } from "./load-once.js";

// Compares loading records with the bare bulk load of the same rows, and with the real dlt:
//
//     node build/bench/sync/load.js --postgres postgres://… --dlt venv/bin/python --records 100000 --records 1000000
//
// Leaves out PostgreSQL without a URL, and dlt without a Python interpreter that has it.

const { values: given } = parseArgs({
  options: {
    postgres: { type: "string" },
    duckdb: { type: "boolean", default: true },
    dlt: { type: "string" },
    records: { type: "string", multiple: true, default: ["100000", "1000000"] },
    rounds: { type: "string", default: "3" },
  },
  allowNegative: true,
});

/** Number of records for dlt. Its rate hardly depends on it, and more records would take minutes. */
const dltRecords = 100_000;
const memoryLimit = 300e6;
const ways = ["bare", "append", "merge", "merge again"] as const satisfies readonly LoadTask["way"][];
const labels: Readonly<Record<LoadTask["way"], string>> = {
  bare: "bare bulk load",
  append: "sync, append",
  merge: "sync, merge",
  "merge again": "sync, merge again, 1 row in 10 changed",
};

/** One load. */
interface Load {
  readonly recordsPerSecond: number;
  readonly peakRss?: number;
  /** Processor time of this process per record, in seconds. */
  readonly cpu?: number;
}

const scratch = createScratch();
const progress = createProgress();

let files = 0;

/** Returns the URL of an empty database. */
async function emptyDatabase(name: string): Promise<string> {
  if (name === "DuckDB" || given.postgres === undefined)
    return `duckdb:${join(scratch, `${++files}.duckdb`)}`;
  const sql = postgres(given.postgres, { max: 1, onnotice: () => undefined });
  for (const schema of ["bench", "bench_dlt", "bench_dlt_staging"])
    await sql.unsafe(`drop schema if exists ${schema} cascade`);
  await sql.unsafe("checkpoint");
  await sql.end();
  return given.postgres;
}

async function measureOurs(name: string, way: LoadTask["way"], total: number): Promise<Load> {
  const task: LoadTask = { way, to: await emptyDatabase(name), total };
  const { stdout, peakRss, cpu } = await measureNode([programOf("sync/load-once"), JSON.stringify(task)]);
  return { recordsPerSecond: total / Number(stdout), peakRss, cpu: cpu / total };
}

async function measureDlt(name: string, way: "append" | "merge", python: string): Promise<Load> {
  const script = join(root, "bench/sync/dlt-load.py");
  const to = await emptyDatabase(name);
  const { stdout } = await promisify(execFile)(python, [script, way, to, String(dltRecords)], {
    cwd: scratch,
  });
  return { recordsPerSecond: dltRecords / Number(stdout) };
}

const columns: readonly Column[] = [
  { key: "label", head: "" },
  { key: "rate", head: "records/s", print: plain },
  { key: "toBare", head: "× bare", print: times },
  { key: "toDlt", head: "× dlt", print: times },
  { key: "cpu", head: "CPU/record", print: microseconds },
  { key: "rss", head: "peak memory", print: megabytes },
];

/** Rates of dlt by disposition. */
type DltRates = Readonly<Partial<Record<string, number>>>;

async function measureAll(name: string, total: number, dlt: DltRates): Promise<string> {
  const loads = new Map<LoadTask["way"], Load[]>(ways.map((way) => [way, []]));
  const rounds = Number(given.rounds);
  for (let round = 1; round <= rounds; round++) {
    for (const way of ways) {
      progress.show(`${name}, ${plain(total)} records: ${labels[way]}, round ${round} of ${rounds}`);
      loads.get(way)?.push(await measureOurs(name, way, total));
    }
  }
  progress.clear();
  const ratesOf = (way: LoadTask["way"]): readonly number[] =>
    (loads.get(way) ?? []).map(({ recordsPerSecond }) => recordsPerSecond);
  const rows = ways.map((way): Row & { readonly toBare: number; readonly rss: number } => {
    const rate = median(ratesOf(way));
    const base = dlt[way === "append" ? "append" : "merge"];
    return {
      label: labels[way],
      rate,
      toBare: pairedRatio(ratesOf(way), ratesOf("bare")),
      toDlt: base && way !== "bare" ? rate / base : undefined,
      cpu: median((loads.get(way) ?? []).map(({ cpu = 0 }) => cpu)),
      rss: median((loads.get(way) ?? []).map(({ peakRss = 0 }) => peakRss)),
    };
  });
  const dltRows = Object.entries(dlt).map(([way, rate]): Row => ({ label: `dlt, ${way}`, rate }));
  const notes = [
    `medians of ${rounds} rounds, records of ${JSON.stringify(itemOf(0)).length} bytes; dlt: ${plain(dltRecords)} records`,
  ];
  const title = `${name}, ${plain(total)} records`;
  return printSection({
    title,
    notes,
    columns,
    rows: [...rows, ...dltRows],
    targets: rows.flatMap(targetsOf),
  });
}

function targetsOf(row: Row & { readonly toBare: number; readonly rss: number }): readonly Target[] {
  const { label, toBare, toDlt, rss } = row;
  if (label === labels.bare) return [];
  const what = String(label);
  return [
    { what: `${what}, × bare`, value: toBare, limit: 0.5, must: "at least", print: times },
    ...(typeof toDlt === "number"
      ? [{ what: `${what}, × dlt`, value: toDlt, limit: 10, must: "at least", print: times } as const]
      : []),
    { what: `${what}, memory`, value: rss, limit: memoryLimit, must: "at most", print: megabytes },
  ];
}

console.log(describeMachine());
for (const name of [...(given.duckdb ? ["DuckDB"] : []), ...(given.postgres ? ["PostgreSQL"] : [])]) {
  const dlt: Record<string, number> = {};
  if (given.dlt !== undefined) {
    for (const way of ["append", "merge"] as const) {
      progress.show(`${name}: dlt, ${way}`);
      dlt[way] = (await measureDlt(name, way, given.dlt)).recordsPerSecond;
    }
  }
  for (const total of given.records) console.log(`\n${await measureAll(name, Number(total), dlt)}`);
}

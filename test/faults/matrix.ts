import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { allRuns } from "./levels.js";
import { performAll, printFailures, printSummary, printTable, totalsOf, type Result } from "./report.js";
import type { Run } from "./run.js";

/** Runs of one process at a time. Most of them wait most of the time. */
const concurrency = 48;

const { values } = parseArgs({
  options: {
    workers: { type: "string", default: "2" },
    only: { type: "string", default: "" },
    sample: { type: "string", default: "1" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    json: { type: "boolean", default: false },
    /** Set in worker processes: the worker's part of the runs. */
    shard: { type: "string" },
  },
});

/** The runs that the options select. */
function selectRuns(): readonly Run[] {
  const [every, text] = [Number(values.sample), values.only];
  return allRuns(Number(values.seed)).filter(
    ({ level, name }, index) => index % every === 0 && `${level}: ${name}`.includes(text),
  );
}

if (values.shard === undefined) await coordinate();
else await work(Number(values.shard));

/** Performs every n-th run and sends the results to the parent. */
async function work(shard: number): Promise<void> {
  const runs = selectRuns().filter((_, index) => index % Number(values.workers) === shard);
  // An unhandled rejection is a defect of the runtime.
  process.on("unhandledRejection", (reason) => {
    console.error("unhandled rejection:", reason);
    process.exit(1);
  });
  await performAll(runs, concurrency, (result) => void process.send?.(result));
  process.disconnect();
}

/** Starts the workers and prints what they find. */
async function coordinate(): Promise<void> {
  const started = performance.now();
  console.log(`seed ${values.seed}`);
  const results: Result[] = [];
  const total = selectRuns().length;
  const workers = Array.from({ length: Number(values.workers) }, (_, shard) => {
    const child = fork(fileURLToPath(import.meta.url), [
      ...process.argv.slice(2),
      `--seed=${values.seed}`,
      `--shard=${shard}`,
    ]);
    child.on("message", (result) => results.push(result as Result));
    return new Promise<number | null>((resolve) => child.on("exit", resolve));
  });
  const codes = await Promise.all(workers);
  if (values.json) {
    console.log(JSON.stringify({ runs: results.length, totals: totalsOf(results) }));
    return;
  }
  results.sort((a, b) => (a.level < b.level ? -1 : a.level > b.level ? 1 : 0));
  console.log(printTable(results));
  const failures = printFailures(results);
  if (failures) console.log(`\n${failures}`);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(`\n${printSummary(results)} (${seconds} s, seed ${values.seed})`);
  if (results.length !== total) console.log(`${total - results.length} runs have no result`);
  const isClean = Object.values(totalsOf(results)).every((count) => count === 0);
  process.exitCode = isClean && results.length === total && codes.every((code) => code === 0) ? 0 : 1;
}

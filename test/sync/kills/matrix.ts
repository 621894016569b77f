import { spawn } from "node:child_process";
import { join } from "node:path";
import { readState } from "@connector-gen/sync";
import { temporaryFolder } from "../support/database.js";
import { noPostgres, startPostgres } from "../support/postgres.js";
import { contentOf, type Content, type KillTarget } from "./compare.js";

// Kills syncs at random moments and at every failpoint, starts them again, and compares the tables with those of
// undisturbed runs: `npm run test:kills -- 150 duckdb`. The first number is the number of random kills per database.
const [, , child = "", count = "150", only = ""] = process.argv;

interface Ended {
  readonly isKilled: boolean;
  readonly points: number;
  readonly durationMs: number;
}

interface Job extends KillTarget {
  readonly version: number;
  readonly killAt?: number;
  readonly killAfterMs?: number;
}

function run({ killAfterMs, killAt = 0, ...job }: Job): Promise<Ended> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const syncing = spawn(process.execPath, [child, JSON.stringify({ ...job, killAt })], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const timer =
      killAfterMs === undefined ? undefined : setTimeout(() => syncing.kill("SIGKILL"), killAfterMs);
    let output = "";
    syncing.stdout.on("data", (chunk) => (output += String(chunk)));
    syncing.on("close", (code, signal) => {
      clearTimeout(timer);
      const durationMs = performance.now() - started;
      if (signal === "SIGKILL") resolve({ isKilled: true, points: 0, durationMs });
      else if (code !== 0) reject(new Error(`a sync ended with ${code ?? "no code"}`));
      else
        resolve({ isKilled: false, points: (JSON.parse(output) as { points: number }).points, durationMs });
    });
  });
}

interface Base {
  readonly afterFirst: Content;
  readonly afterSecond: Content;
  readonly points: number;
  readonly durationMs: number;
}

async function prepare(target: KillTarget): Promise<Base> {
  await run({ ...target, version: 1 });
  const afterFirst = await contentOf(target);
  const { points, durationMs } = await run({ ...target, version: 2 });
  return { afterFirst, afterSecond: await contentOf(target), points, durationMs };
}

/** Runs both versions, one of them killed up to three times. Returns the tables that differ; `undefined` if it was not killed. */
async function tryOnce(
  target: KillTarget,
  kill: Pick<Job, "killAt" | "killAfterMs">,
  base: Base,
): Promise<readonly string[] | undefined> {
  const version = kill.killAt ? 2 : 1 + Math.round(Math.random());
  if (version === 2) await run({ ...target, version: 1 });
  let kills = 0;
  let isComplete = false;
  while (!isComplete && kills < (kill.killAt ? 1 : 3)) {
    const { isKilled } = await run({ ...target, version, ...kill });
    if (isKilled) kills++;
    // The process may die after its run is complete. Another start would be another run.
    isComplete = !isKilled || (await isRunComplete(target, version));
  }
  if (kills === 0) return undefined;
  if (!isComplete) await run({ ...target, version });
  const found = await contentOf(target);
  const expected = version === 1 ? base.afterFirst : base.afterSecond;
  const names = Object.keys({ ...found, ...expected });
  return names.filter((name) => JSON.stringify(found[name]) !== JSON.stringify(expected[name]));
}

async function isRunComplete({ to, schema }: KillTarget, version: number): Promise<boolean> {
  // A process that dies at once leaves no database.
  const runs = await readState(to, { schema }).then(
    (state) => state.runs,
    () => [],
  );
  const ids = [...new Set(runs.map(({ runId }) => runId))];
  return ids.length >= version && runs.every(({ status }) => status === "complete");
}

async function runDatabase(name: string, targetOf: (key: string) => KillTarget): Promise<number> {
  const base = await prepare(targetOf("calm"));
  let mismatches = 0;
  let kills = 0;
  const check = async (key: string, kill: Pick<Job, "killAt" | "killAfterMs">): Promise<void> => {
    const differing = await tryOnce(targetOf(key), kill, base);
    if (!differing) return;
    kills++;
    if (differing.length === 0) return;
    mismatches++;
    console.log(`${name} ${key} ${JSON.stringify(kill)}: other rows in ${differing.join(", ")}`);
  };
  for (let killAt = 1; killAt <= base.points; killAt++) await check(`point-${killAt}`, { killAt });
  const atPoints = kills;
  for (let tries = 0; kills - atPoints < Number(count) && tries < Number(count) * 3; tries++) {
    await check(`random-${tries}`, { killAfterMs: 100 + Math.random() * base.durationMs });
  }
  console.log(
    `${name}: ${atPoints} kills at failpoints, ${kills - atPoints} at random moments, ${mismatches} mismatches`,
  );
  return mismatches;
}

let mismatches = 0;
if (only !== "postgres") {
  const folder = temporaryFolder();
  mismatches += await runDatabase("DuckDB", (key) => ({
    to: `duckdb:${join(folder.path, `${key}.duckdb`)}`,
  }));
  folder.remove();
}
if (only !== "duckdb" && !noPostgres) {
  const server = await startPostgres();
  mismatches += await runDatabase("PostgreSQL", (key) => ({ to: server.url, schema: key }));
  server.stop();
}
process.exit(mismatches === 0 ? 0 : 1);

import { spawn } from "node:child_process";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { readState } from "@connector-gen/sync";
import { temporaryFolder } from "../support/database.js";
import { noPostgres, startPostgres } from "../support/postgres-server.js";
import { usePostgres } from "../support/postgres.js";
import { contentOf, type Content, type KillTarget } from "./compare.js";

// Kills syncs at random moments and at every failpoint, starts them again, and compares the tables with those of
// undisturbed runs: `npm run test:kills -- 150 duckdb`. The first number is the number of random kills per database; a run is
// killed up to three times. The last one, as in `-- 150 duckdb 5`, tries only every fifth failpoint.
const [, , child = "", count = "150", only = "", step = "1"] = process.argv;

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

/** Targets of one database. */
interface Targets {
  /** Returns a new target. With `isUsed`, it contains the tables of the first version. */
  readonly create: (key: string, isUsed: boolean) => Promise<KillTarget>;
  /** Keeps a target with the tables of the first version, for `create`. */
  readonly keep: (target: KillTarget) => Promise<void>;
}

interface Base {
  readonly afterFirst: Content;
  readonly afterSecond: Content;
  readonly points: number;
  readonly durationMs: number;
}

async function prepare({ create, keep }: Targets): Promise<Base> {
  const target = await create("calm", false);
  await run({ ...target, version: 1 });
  const afterFirst = await contentOf(target);
  await keep(target);
  const { points, durationMs } = await run({ ...target, version: 2 });
  return { afterFirst, afterSecond: await contentOf(target), points, durationMs };
}

/** The outcome of a run that was killed. */
interface Outcome {
  readonly kills: number;
  /** The tables that differ from those of the undisturbed run. */
  readonly differing: readonly string[];
}

/** Runs both versions, one of them killed up to three times. */
async function tryOnce(
  targetOf: (isUsed: boolean) => Promise<KillTarget>,
  kill: Pick<Job, "killAt" | "killAfterMs">,
  base: Base,
): Promise<Outcome> {
  const version = kill.killAt ? 2 : 1 + Math.round(Math.random());
  const target = await targetOf(version === 2);
  let kills = 0;
  let isComplete = false;
  while (!isComplete && kills < (kill.killAt ? 1 : 3)) {
    const { isKilled } = await run({ ...target, version, ...kill });
    if (isKilled) kills++;
    // The process may die after its run is complete. Another start would be another run.
    isComplete = !isKilled || (await isRunComplete(target, version));
  }
  if (kills === 0) return { kills, differing: [] };
  if (!isComplete) await run({ ...target, version });
  const found = await contentOf(target);
  const expected = version === 1 ? base.afterFirst : base.afterSecond;
  const names = Object.keys({ ...found, ...expected });
  const differing = names.filter((name) => JSON.stringify(found[name]) !== JSON.stringify(expected[name]));
  return { kills, differing };
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

async function runDatabase(name: string, targets: Targets): Promise<number> {
  const base = await prepare(targets);
  let mismatches = 0;
  let kills = 0;
  const check = async (key: string, kill: Pick<Job, "killAt" | "killAfterMs">): Promise<void> => {
    const { kills: done, differing } = await tryOnce((isUsed) => targets.create(key, isUsed), kill, base);
    kills += done;
    if (differing.length === 0) return;
    mismatches++;
    console.log(`${name} ${key} ${JSON.stringify(kill)}: other rows in ${differing.join(", ")}`);
  };
  for (let killAt = 1; killAt <= base.points; killAt += Number(step))
    await check(`point-${killAt}`, { killAt });
  const atPoints = kills;
  console.log(`${name}: ${atPoints} kills at failpoints, ${mismatches} mismatches so far`);
  for (let tries = 0; kills - atPoints < Number(count) && tries < Number(count) * 3; tries++) {
    await check(`random-${tries}`, { killAfterMs: 100 + Math.random() * base.durationMs });
    if (tries % 20 === 19) console.log(`${name}: ${kills - atPoints} kills at random moments so far`);
  }
  console.log(
    `${name}: ${atPoints} kills at failpoints, ${kills - atPoints} at random moments, ${mismatches} mismatches`,
  );
  return mismatches;
}

let mismatches = 0;
if (only !== "postgres") {
  const folder = temporaryFolder();
  const fileOf = (key: string): string => join(folder.path, `${key}.duckdb`);
  mismatches += await runDatabase("DuckDB", {
    keep: ({ to }) => copyFile(to.slice("duckdb:".length), fileOf("used")),
    create: async (key, isUsed) => {
      if (isUsed) await copyFile(fileOf("used"), fileOf(key));
      return { to: `duckdb:${fileOf(key)}` };
    },
  });
  await folder.remove();
}
if (only !== "duckdb" && !noPostgres) {
  const server = await startPostgres();
  const copy = async (key: string, template: string): Promise<KillTarget> => {
    await usePostgres(server.url, (query) => query(`create database "${key}" template "${template}"`));
    return { to: server.url.replace(/postgres$/, key) };
  };
  mismatches += await runDatabase("PostgreSQL", {
    keep: async ({ to }) => {
      await copy("used", to.split("/").at(-1) ?? "");
    },
    create: (key, isUsed) => copy(key, isUsed ? "used" : "template1"),
  });
  server.stop();
}
process.exit(mismatches === 0 ? 0 : 1);

import { join } from "node:path";
import { sync, type SyncReport } from "@connector-gen/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contentOf, type Content, type KillTarget } from "./kills/compare.js";
import { createShop } from "./kills/scenario.js";
import { reuseDuckDb, temporaryFolder } from "./support/database.js";
import { noPostgres } from "./support/postgres-server.js";
import { createDatabase } from "./support/targets.js";

reuseDuckDb();

const folder = temporaryFolder();
afterAll(folder.remove);

/** Only every n-th failpoint is tested here; `npm run test:kills` tests all. */
const step = Number(process.env["SYNC_FAILPOINT_STEP"] ?? 31);

interface RunOptions {
  readonly version: number;
  /** The failpoint that ends the run. */
  readonly failAt?: number;
}

/** Runs a sync in small batches. Returns the number of failpoints that it passed. */
async function run(
  target: KillTarget,
  { version, failAt = Infinity }: RunOptions,
): Promise<{ readonly points: number; readonly report: SyncReport | undefined }> {
  let points = 0;
  const failpoint = (): void => {
    if (++points >= failAt) throw new Error("crash");
  };
  const report = await sync(createShop(version), {
    ...target,
    batchRows: 40,
    concurrency: 2,
    failpoint,
  }).catch((error: unknown) => {
    if (failAt === Infinity) throw error;
    return undefined;
  });
  return { points, report };
}

/** The names of the tables whose content differs. */
function differing(found: Content, expected: Content): readonly string[] {
  const names = [...new Set([...Object.keys(found), ...Object.keys(expected)])];
  return names.filter((name) => JSON.stringify(found[name]) !== JSON.stringify(expected[name]));
}

/** Runs twice without a crash, and then with a crash at every `step`-th point from the first one, of one of the two runs. */
async function checkCrashes(targetOf: (name: string) => KillTarget, firstPoint: number): Promise<number> {
  const calm = targetOf("calm");
  const { points } = await run(calm, { version: 1 });
  const afterFirst = await contentOf(calm);
  await run(calm, { version: 2 });
  const afterSecond = await contentOf(calm);
  expect(differing(afterFirst, afterSecond)).toContain("orders");
  let tried = 0;
  // After the last point, the run is complete, and the next one is another run.
  for (let failAt = firstPoint; failAt < points; failAt += step, tried++) {
    const target = targetOf(`crash-${failAt}`);
    const isSecond = tried % 2 === 1;
    if (isSecond) await run(target, { version: 1 });
    const version = isSecond ? 2 : 1;
    const { points: passed } = await run(target, { version, failAt });
    expect(passed).toBeGreaterThanOrEqual(failAt);
    await run(target, { version });
    const expected = isSecond ? afterSecond : afterFirst;
    expect(differing(await contentOf(target), expected), `run ${version}, point ${failAt}`).toEqual([]);
  }
  return tried;
}

describe("a run that ends at any failpoint and starts again ends with the same tables", () => {
  it("in DuckDB", async () => {
    const targetOf = (name: string): KillTarget => ({ to: `duckdb:${join(folder.path, `${name}.duckdb`)}` });
    expect(await checkCrashes(targetOf, 4)).toBeGreaterThan(3);
  });

  describe.skipIf(noPostgres)("in PostgreSQL", () => {
    let url = "";
    beforeAll(async () => {
      url = await createDatabase();
    });

    it("with a schema for each run", async () => {
      // Between the points of DuckDB.
      const firstPoint = 4 + Math.floor(step / 2);
      expect(await checkCrashes((name) => ({ to: url, schema: name }), firstPoint)).toBeGreaterThan(3);
    });
  });
});

describe("a second run over unchanged data", () => {
  it("changes no row", async () => {
    const target = { to: `duckdb:${join(folder.path, "same.duckdb")}` };
    await run(target, { version: 1 });
    const { report } = await run(target, { version: 1 });
    const changed = Object.entries(report?.resources ?? {})
      // Append adds what it reads.
      .filter(([name]) => name !== "events")
      .map(([name, { rows }]) => [name, rows.inserted + rows.updated + rows.deleted, rows.unchanged > 0]);
    expect(changed).toEqual([
      ["prices", 0, true],
      ["orders", 0, true],
      ["visits", 0, true],
      ["stock", 0, true],
      ["people", 0, true],
      ["codes", 0, false],
    ]);
  });
});

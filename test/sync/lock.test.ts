import { join } from "node:path";
import { sync, type SyncReport } from "@connector-gen/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient } from "./support/client.js";
import { temporaryFolder } from "./support/database.js";
import { noPostgres } from "./support/postgres-server.js";
import { createDatabase } from "./support/targets.js";

const folder = temporaryFolder();
afterAll(folder.remove);

const resources = [{ name: "items", endpoint: { path: "items", data_selector: "items" } }];

/** Begins a run, and a second one while the first one is in the middle. */
async function runTwoAtOnce(
  to: string,
  lockTimeoutMs: number,
): Promise<readonly PromiseSettledResult<SyncReport>[]> {
  const client = await createClient(resources, { "/items": { items: [{ id: 1 }] } });
  let second: Promise<SyncReport> | undefined;
  const first = sync(client, {
    to,
    failpoint: async (name) => {
      if (name !== "batch.before_commit") return;
      second = sync(client, { to, lockTimeoutMs });
      second.catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 300));
    },
  });
  await first;
  return Promise.allSettled([first, second as Promise<SyncReport>]);
}

describe("two runs at once", () => {
  it("are rejected by DuckDB, and the error of the second one names the process that holds the file", async () => {
    const to = `duckdb:${join(folder.path, "locked.duckdb")}`;
    const [first, second] = await runTwoAtOnce(to, 0);
    expect(first?.status).toBe("fulfilled");
    expect(second).toMatchObject({
      reason: {
        code: "LOCKED",
        message: `${to} is in use by another sync of this process: wait until it ends`,
      },
    });
  });

  it("do not wait for each other after an abort", async () => {
    const to = `duckdb:${join(folder.path, "aborted.duckdb")}`;
    const client = await createClient(resources, { "/items": { items: [{ id: 1 }] } });
    const controller = new AbortController();
    await sync(client, {
      to,
      failpoint: async (name) => {
        if (name !== "batch.before_commit") return;
        const second = sync(client, { to, lockTimeoutMs: 60_000, signal: controller.signal });
        second.catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, 100));
        controller.abort();
        // The first run holds the lock until this function returns.
        await expect(second).rejects.toMatchObject({ code: "LOCKED" });
      },
    });
  });

  it("follow each other if the second one may wait", async () => {
    const [, second] = await runTwoAtOnce(`duckdb:${join(folder.path, "waits.duckdb")}`, 60_000);
    expect(second).toMatchObject({
      value: { status: "complete", resources: { items: { rows: { inserted: 1 } } } },
    });
  });

  describe.skipIf(noPostgres)("in PostgreSQL", () => {
    let url = "";
    beforeAll(async () => {
      url = await createDatabase();
    });

    it("are rejected, and the error of the second one names the process that holds the lock", async () => {
      const [, second] = await runTwoAtOnce(url, 0);
      const message = expect.stringContaining(`schema public, is in use by process ${process.pid}`) as string;
      expect(second).toMatchObject({ reason: { code: "LOCKED", message } });
    });
  });
});

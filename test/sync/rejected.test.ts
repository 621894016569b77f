import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { readState, sync } from "@connector-gen/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toDestination } from "../../sync/src/destinations/open.js";
import { createClient } from "./support/client.js";
import { queryDuckDb, temporaryFolder, useDuckDb } from "./support/database.js";
import { noPostgres } from "./support/postgres-server.js";
import { usePostgres } from "./support/postgres.js";
import { createDatabase } from "./support/targets.js";

const folder = temporaryFolder();
afterAll(folder.remove);

const resources = [{ name: "items", endpoint: { path: "items", data_selector: "items" } }];

describe("rows that the database refuses", () => {
  it("go to _cg_rejected with reason, page and request, and the others are loaded", async () => {
    const file = join(folder.path, "rejected.duckdb");
    await useDuckDb(file, (query) =>
      query(
        "create table items (_cg_id varchar not null, _cg_load_id varchar, id bigint, price double check (price > 0))",
      ),
    );
    const items = Array.from({ length: 50 }, (_, id) => ({
      id,
      price: id % 20 === 7 ? -1.5 : 1.5,
      tags: ["a"],
    }));
    const client = await createClient(resources, { "/items": { items } });
    const report = await sync(client, { to: `duckdb:${file}` });
    expect(report).toMatchObject({ status: "complete", rejected: 6 });
    const rows = await queryDuckDb(file, "select count(*) as n, min(price) as least from items");
    expect(rows).toEqual([{ n: "47", least: 1.5 }]);
    expect(await queryDuckDb(file, "select count(*) as n from items__tags")).toEqual([{ n: "47" }]);
    const { rejected } = await readState(`duckdb:${file}`);
    const own = rejected.filter(({ table }) => table === "items");
    expect(own.map(({ row }) => (JSON.parse(row) as { id: string }).id).sort()).toEqual(["27", "47", "7"]);
    expect(own[0]).toMatchObject({ resource: "items", page: 1, request: "GET http://api.test/items" });
    expect(own[0]?.reason).toContain("CHECK constraint");
    expect(rejected.find(({ table }) => table === "items__tags")?.reason).toBe(
      "the row above it was rejected",
    );
  });

  it("are not written again when the garbage collector finds them", async () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage = runInNewContext("gc") as () => void;
    const connection = await toDestination(`duckdb:${join(folder.path, "gc.duckdb")}`).connect({
      holder: "a test",
    });
    try {
      await connection.run("create table items (id bigint check (id > 0))");
      const columns = [{ name: "id", type: "bigint" }] as const;
      const load = (id: bigint): Promise<void> =>
        connection.load({ name: "items" }, { columns, values: [[id]], count: 1 });
      let refused = 0;
      // A collection of all garbage takes long.
      const tried = 5;
      for (let tries = 0; tries < tried; tries++) {
        await connection.run("begin");
        // Not `rejects`, which would keep the appender alive.
        refused += await load(-1n).then(
          () => 0,
          () => 1,
        );
        await connection.run("rollback");
        await connection.run("begin");
        collectGarbage();
        // Finalizers run after this turn of the event loop.
        await new Promise((resolve) => setTimeout(resolve, 20));
        await load(1n);
        await connection.run("commit");
      }
      const { rows } = await connection.run("select count(*) as n from items");
      expect({ refused, rows }).toEqual({ refused: tried, rows: [{ n: BigInt(tried) }] });
    } finally {
      await connection.close();
    }
  });

  it("fail the sync if the error does not reject rows", async () => {
    const file = join(folder.path, "generated.duckdb");
    await useDuckDb(file, (query) => query("create table items (id bigint, n bigint as (id * 2))"));
    const client = await createClient(resources, { "/items": { items: [{ id: 1, n: 2 }] } });
    const report = await sync(client, { to: `duckdb:${file}` });
    expect(report.resources["items"]).toMatchObject({
      status: "failed",
      rejected: 0,
      error: { code: "DATABASE" },
    });
  });

  describe.skipIf(noPostgres)("in PostgreSQL", () => {
    let url = "";
    beforeAll(async () => {
      url = await createDatabase();
    });

    it("may contain text that PostgreSQL does not store", async () => {
      const client = await createClient(
        [{ ...resources[0], write_disposition: "merge", primary_key: "id" }],
        {
          "/items": {
            items: [
              { id: 1, name: "a" },
              { id: 2, name: "b\u0000" },
            ],
          },
        },
      );
      const report = await sync(client, { to: url });
      expect(report).toMatchObject({
        status: "complete",
        rejected: 1,
        resources: { items: { rows: { inserted: 1 } } },
      });
      expect(await usePostgres(url, (query) => query("select id, name from items"))).toEqual([
        { id: "1", name: "a" },
      ]);
      expect((await readState(url)).rejected[0]?.row).toContain("b");
    });
  });
});

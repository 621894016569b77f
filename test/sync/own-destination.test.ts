import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readState, sync } from "@connector-gen/sync";
import initSqlJs from "sql.js";
import { afterAll, describe, expect, it } from "vitest";
import { sqlite } from "../../examples/destinations/sqlite.js";
import { createShop } from "./kills/scenario.js";
import { createClient } from "./support/client.js";
import { temporaryFolder } from "./support/database.js";

const folder = temporaryFolder();
afterAll(folder.remove);

async function query(file: string, sql: string): Promise<readonly unknown[]> {
  const { Database } = await initSqlJs();
  const database = new Database(readFileSync(file));
  try {
    return database.exec(sql)[0]?.values ?? [];
  } finally {
    database.close();
  }
}

describe("a destination of one's own, SQLite", () => {
  it("merges records and replaces their child rows", async () => {
    const file = join(folder.path, "merge.sqlite");
    const resources = [
      {
        name: "items",
        write_disposition: "merge",
        primary_key: "id",
        endpoint: { path: "items", data_selector: "items" },
      },
    ];
    const runs = [
      [
        { id: 1, name: "a", tags: ["x"] },
        { id: 2, name: "b", at: "2024-01-02T03:04:05Z" },
      ],
      [{ id: 1, name: "c", tags: ["y", "z"] }],
    ];
    for (const items of runs) {
      const report = await sync(await createClient(resources, { "/items": { items } }), { to: sqlite(file) });
      expect(report.status).toBe("complete");
    }
    expect(await query(file, "select id, name, at from items order by id")).toEqual([
      [1, "c", null],
      [2, "b", "2024-01-02T03:04:05.000000Z"],
    ]);
    expect(await query(file, "select value from items__tags order by 1")).toEqual([["y"], ["z"]]);
    expect((await readState(sqlite(file))).resources).toMatchObject([
      { resource: "items", phase: "complete" },
    ]);
  });

  it("accepts all write dispositions, and continues after a crash", async () => {
    const file = join(folder.path, "shop.sqlite");
    let points = 0;
    const failpoint = (): void => {
      if (++points > 20) throw new Error("crash");
    };
    const options = { to: sqlite(file), batchRows: 40 };
    const broken = await sync(createShop(1), { ...options, failpoint });
    expect(broken.status).toBe("failed");
    expect((await sync(createShop(1), options)).status).toBe("complete");
    const changed = await sync(createShop(2), options);
    expect(changed.status).toBe("complete");
    expect(await query(file, "select count(*) from orders")).toEqual(
      await query(file, "select count(distinct id) from orders"),
    );
    expect(await query(file, "select count(*) from events")).toEqual([[30 + 25]]);
  });
});

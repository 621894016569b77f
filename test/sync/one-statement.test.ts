import { join } from "node:path";
import { sync, type Connection, type Destination } from "@connector-gen/sync";
import { afterAll, expect, it } from "vitest";
import { sqlite } from "../../examples/destinations/sqlite.js";
import { createShop } from "./kills/scenario.js";
import { temporaryFolder } from "./support/database.js";

const folder = temporaryFolder();
afterAll(folder.remove);

/** Counts the calls of a connection that begin while another one runs. */
function watch(inner: Destination, overlaps: string[]): Destination {
  let running = 0;
  const alone = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    if (++running > 1) overlaps.push(what);
    try {
      await new Promise((resolve) => setImmediate(resolve));
      return await work();
    } finally {
      running--;
    }
  };
  const connect: Destination["connect"] = async (options) => {
    const connection: Connection = await inner.connect(options);
    return {
      ...connection,
      run: (sql, values) => alone(sql, () => connection.run(sql, values)),
      load: (table, batch) => alone(`load ${table.name}`, () => connection.load(table, batch)),
    };
  };
  return { ...inner, connect };
}

it("runs one statement at a time, however many resources are read at once", async () => {
  const overlaps: string[] = [];
  const to = watch(sqlite(join(folder.path, "shop.sqlite")), overlaps);
  const report = await sync(createShop(1), { to, batchRows: 40, concurrency: 4 });
  expect(report.status).toBe("complete");
  expect(overlaps).toEqual([]);
});

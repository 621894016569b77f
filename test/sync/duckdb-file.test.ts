import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { sync } from "@connector-gen/sync";
import { DuckDBAppender, DuckDBInstance } from "@duckdb/node-api";
import { afterAll, describe, expect, it } from "vitest";
import { toDestination } from "../../sync/src/destinations/open.js";
import { createClient } from "./support/client.js";
import { temporaryFolder, useDuckDb } from "./support/database.js";

const folder = temporaryFolder();
afterAll(folder.remove);

const paginator = { type: "page_number", base_page: 1, total_path: "pages" };
const resources = [{ name: "items", endpoint: { path: "items", data_selector: "items", paginator } }];

/** Serves pages of 1,000 records. */
const serve =
  (pages: number) =>
  (query: URLSearchParams): object => {
    const first = Number(query.get("page")) * 1000;
    return { pages, items: Array.from({ length: 1000 }, (_, index) => ({ id: first + index })) };
  };

async function load(file: string): Promise<unknown> {
  const client = await createClient(resources, { "/items": serve(1) });
  return sync(client, { to: `duckdb:${file}` });
}

/** Returns the loaded module with the functions of DuckDB's C interface, which the driver and the loader share. */
function bindingsOfDriver(): { exports: unknown } {
  const load = createRequire(createRequire(import.meta.url).resolve("@duckdb/node-api"));
  load("@duckdb/node-bindings");
  return load.cache[load.resolve("@duckdb/node-bindings")] ?? expect.unreachable();
}

describe("a file of DuckDB", () => {
  it.each([
    "shop.duckdb",
    "it's a shop.db",
    'a "quoted" name',
    // The first database of each instance has this name.
    "memory.duckdb",
    "Memory",
    "temp.duckdb",
    "main.duckdb",
    "pg_catalog.duckdb",
    "Information_Schema",
  ])("is loaded whatever its name: %s", async (name) => {
    const file = join(folder.path, name);
    for (const run of [1, 2]) {
      expect(await load(file), `run ${run}`).toMatchObject({ status: "complete" });
      const rows = await useDuckDb(file, (query) => query("select count(*)::varchar as n from items"));
      expect(rows).toEqual([{ n: String(run * 1000) }]);
    }
    expect(readdirSync(folder.path).filter((each) => each.startsWith(`${name}.`))).toEqual([]);
  });

  it("is created in the folder of the path only", async () => {
    const missing = join(folder.path, "missing", "shop.duckdb");
    await expect(load(missing)).rejects.toMatchObject({
      code: "UNREACHABLE",
      message: expect.stringContaining(`cannot open duckdb:${missing}`) as string,
    });
    expect(existsSync(join(folder.path, "missing"))).toBe(false);
  });

  it("keeps views that name its database", async () => {
    const file = join(folder.path, "views.duckdb");
    await load(file);
    const instance = await DuckDBInstance.create(file);
    const connection = await instance.connect();
    await connection.run("create view views.main.counted as select count(*) as n from views.main.items");
    connection.closeSync();
    instance.closeSync();
    expect(await load(file)).toMatchObject({ status: "complete" });
  });

  it("that another process holds is an error that names the process", async () => {
    const file = join(folder.path, "held.duckdb");
    const driver = createRequire(import.meta.url).resolve("@duckdb/node-api");
    const code = `const { DuckDBInstance } = require(${JSON.stringify(driver)});
      DuckDBInstance.create(${JSON.stringify(file)}).then((instance) => { globalThis.held = instance; console.log("ready"); });
      setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      await once(holder.stdout, "data");
      await expect(load(file)).rejects.toMatchObject({
        code: "LOCKED",
        message: expect.stringContaining(`is in use by the process ${holder.pid} (`) as string,
      });
    } finally {
      holder.kill("SIGKILL");
    }
  });

  it("changes again after a change that lacked memory", async () => {
    const file = join(folder.path, "memory-of-deletes.duckdb");
    const connection = await toDestination(`duckdb:${file}`).connect({ holder: "a test" });
    const { growMemory, run } = connection;
    await run("create table items as select range as id from range(4000000)");
    let attempts = 0;
    for (let isDone = false; !isDone;) {
      attempts++;
      await run("begin");
      try {
        // A row of each vector: DuckDB remembers in memory which rows of these vectors are deleted.
        await run("delete from items where id % 100 = 0");
        await run("commit");
        isDone = true;
      } catch (error) {
        await run("rollback");
        if (!(await growMemory?.(error))) throw error;
      }
    }
    const { rows } = await run("select count(*) as n from items");
    await connection.close();
    expect(rows).toEqual([{ n: 3_960_000n }]);
    expect(attempts).toBeGreaterThan(1);
  });

  it("is not opened by a driver that is too old", async () => {
    const clear = Object.getOwnPropertyDescriptor(DuckDBAppender.prototype, "clear") ?? expect.unreachable();
    try {
      Reflect.deleteProperty(DuckDBAppender.prototype, "clear");
      await expect(load(join(folder.path, "old.duckdb"))).rejects.toMatchObject({
        code: "DRIVER_MISSING",
        message:
          "this destination needs @duckdb/node-api 1.5.5-r.5 or newer: run `npm install @duckdb/node-api@latest`",
      });
    } finally {
      Object.defineProperty(DuckDBAppender.prototype, "clear", clear);
    }
    expect(existsSync(join(folder.path, "old.duckdb"))).toBe(false);
  });

  it.each([
    "data_chunk_get_vector",
    "vector_get_data",
    "vector_assign_string_element_len",
    "vector_ensure_validity_writable",
    "copy_data_to_vector",
    "copy_data_to_vector_validity",
  ])("is loaded with values if a version of the driver lacks %s", async (name) => {
    const bindings = bindingsOfDriver();
    const complete = bindings.exports as Readonly<Record<string, unknown>>;
    expect(complete).toHaveProperty(name);
    const file = join(folder.path, `without-${name}.duckdb`);
    try {
      bindings.exports = { ...complete, [name]: undefined };
      const connection = await toDestination(`duckdb:${file}`).connect({ holder: "a test" });
      expect(connection.texts).toBeUndefined();
      await connection.close();
      expect(await load(file)).toMatchObject({ status: "complete" });
    } finally {
      bindings.exports = complete;
    }
    const rows = await useDuckDb(file, (query) => query("select count(*)::varchar as n from items"));
    expect(rows).toEqual([{ n: "1000" }]);
    const connection = await toDestination(`duckdb:${file}`).connect({ holder: "a test" });
    expect(connection.texts).toBeDefined();
    await connection.close();
  });

  it("receives whole row groups, which its checkpoints do not write again", async () => {
    const file = join(folder.path, "groups.duckdb");
    const client = await createClient(resources, { "/items": serve(70) });
    await sync(client, { to: `duckdb:${file}`, batchRows: 35_000 });
    const sizes = await useDuckDb(file, (query) =>
      query(`select sum("count")::varchar as n from pragma_storage_info('items')
        where column_name = 'id' and segment_type <> 'VALIDITY' group by row_group_id order by row_group_id`),
    );
    expect(sizes.map(({ n }) => n)).toEqual(["20480", "14520", "20480", "14520"]);
  });
});

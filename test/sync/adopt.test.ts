import { join } from "node:path";
import { sync, type Destination, type SyncOptions, type SyncReport } from "@connector-gen/sync";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { duckdb } from "../../sync/src/destinations/duckdb.js";
import { postgres } from "../../sync/src/destinations/postgres.js";
import { createClient } from "./support/client.js";
import { queryDuckDb, reuseDuckDb, temporaryFolder } from "./support/database.js";
import { noPostgres } from "./support/postgres-server.js";
import { usePostgres } from "./support/postgres.js";
import { createDatabase } from "./support/targets.js";

reuseDuckDb();

const folder = temporaryFolder();
afterAll(folder.remove);

type Records = readonly Readonly<Record<string, unknown>>[];

interface Database {
  readonly destination: () => Destination;
  readonly query: (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** Remembers the statements that run on a destination. */
function record(inner: Destination, statements: string[]): Destination {
  return {
    ...inner,
    connect: async (options) => {
      const connection = await inner.connect(options);
      const run: typeof connection.run = (sql, values) => {
        statements.push(sql);
        return connection.run(sql, values);
      };
      return { ...connection, run };
    },
  };
}

async function load(
  to: Destination,
  items: Records,
  { failpoint, ...options }: Pick<SyncOptions, "failpoint"> & object,
): Promise<SyncReport> {
  const resource = {
    name: "items",
    write_disposition: "merge",
    primary_key: "id",
    endpoint: { path: "items", data_selector: "items" },
    ...options,
  };
  return sync(await createClient([resource], { "/items": { items } }), { to, failpoint });
}

/** The tests of one database. Each test finds it empty. */
function testDatabase(database: () => Database): void {
  const run = async (
    items: Records,
    options: object = {},
  ): Promise<{ readonly report: SyncReport; readonly copies: readonly string[] }> => {
    const statements: string[] = [];
    const report = await load(record(database().destination(), statements), items, options);
    expect(report.resources["items"]?.error).toBeUndefined();
    expect(report.status).toBe("complete");
    return { report, copies: statements.filter((sql) => /^insert into \S*"items/.test(sql)) };
  };
  const nested = [
    { id: 1, name: "a", tags: ["x", "y"] },
    { id: 2, name: "b", tags: [] },
    { id: 3, name: "c", tags: ["z"] },
  ];
  const readItems = (): Promise<unknown> => database().query("select id, name from items order by id");
  const columnsOf = async (table: string): Promise<readonly string[]> => {
    const rows = await database().query(
      `select column_name as c, is_nullable as n from information_schema.columns where table_name = '${table}' order by ordinal_position`,
    );
    return rows.map(({ c, n }) => `${String(c)}${n === "NO" ? "!" : ""}`);
  };

  it.each([
    { name: "merge", options: {} },
    { name: "upsert", options: { write_disposition: { disposition: "merge", strategy: "upsert" } } },
    {
      name: "insert-only",
      options: { write_disposition: { disposition: "merge", strategy: "insert-only" } },
    },
    { name: "replace", options: { write_disposition: "replace" } },
  ])("$name copies no row into tables that are new", async ({ options }) => {
    const { report, copies } = await run(nested, options);
    expect(copies).toEqual([]);
    expect(report.resources["items"]?.rows).toEqual({ inserted: 3, updated: 0, deleted: 0, unchanged: 0 });
    expect(await columnsOf("items")).toEqual(["_cg_id!", "_cg_load_id!", "_cg_hash", "id!", "name"]);
    expect(await columnsOf("items__tags")).toEqual([
      ...["_cg_id!", "_cg_parent_id!", "_cg_list_idx!", "_cg_root_id!", "value"],
    ]);
    expect(await database().query("select count(*) as n from items__tags")).toEqual([{ n: "3" }]);
    const second = await run([{ id: 2, name: "changed", tags: ["w"] }, nested[2] ?? {}], {
      write_disposition: "merge",
    });
    expect(second.report.resources["items"]?.rows).toMatchObject({ inserted: 0, updated: 1, unchanged: 1 });
    expect(await readItems()).toEqual([
      { id: "1", name: "a" },
      { id: "2", name: "changed" },
      { id: "3", name: "c" },
    ]);
  });

  it.each([
    { name: "the number of rows that wait", change: undefined },
    {
      name: "no number, as that of an earlier version",
      change: `update _cg_state set state = replace(state, '"staged":3', '"other":3')`,
    },
  ])("counts the rows of a run that was killed, whose state has $name", async ({ change }) => {
    const failpoint = (name: string): void => {
      if (name === "merge.before_swap") throw new Error("killed");
    };
    const first = await load(database().destination(), nested, { failpoint });
    expect(first.status).toBe("failed");
    const [state] = await database().query("select state from _cg_state");
    expect(JSON.parse(String(state?.["state"]))).toMatchObject({ staged: 3 });
    if (change !== undefined) await database().query(change);
    const { report } = await run(nested);
    expect(report.resources["items"]).toMatchObject({ resumed: true, rows: { inserted: 3 } });
    expect(await readItems()).toHaveLength(3);
  });

  it("chooses between rows that share a key", async () => {
    const { report, copies } = await run([...nested, { id: 1, name: "later", tags: ["q"] }]);
    expect(copies).not.toEqual([]);
    expect(report.resources["items"]?.rows.inserted).toBe(3);
    expect(await readItems()).toContainEqual({ id: "1", name: "a" });
    expect(await database().query("select count(*) as n from items__tags where value = 'q'")).toEqual([
      { n: "0" },
    ]);
  });

  it("leaves out rows that are marked as deleted", async () => {
    const items = [
      { id: 1, name: "a", gone: false },
      { id: 2, name: "b", gone: true },
    ];
    await run(items, { columns: { gone: { data_type: "bool", hard_delete: true } } });
    expect(await readItems()).toEqual([{ id: "1", name: "a" }]);
  });

  it("adds to a table that only has the name of a child table", async () => {
    await run(nested);
    await database().query("drop table items");
    const { report } = await run(nested);
    expect(report.resources["items"]?.rows.inserted).toBe(3);
    expect(await readItems()).toHaveLength(3);
  });
}

describe("the first merge into DuckDB", () => {
  let number = 0;
  afterEach(() => {
    number++;
  });
  const file = (): string => join(folder.path, `adopt-${number}.duckdb`);
  testDatabase(() => ({
    destination: () => duckdb(file()),
    query: (sql) => queryDuckDb(file(), sql),
  }));
});

describe.skipIf(noPostgres)("the first merge into PostgreSQL", () => {
  let url = "";
  beforeAll(async () => {
    url = await createDatabase();
  });
  afterEach(() => usePostgres(url, (query) => query("drop schema public cascade; create schema public")));
  testDatabase(() => ({
    destination: () => postgres(url),
    query: (sql) => usePostgres(url, async (query) => [...(await query(sql))]),
  }));
});

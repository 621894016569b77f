import { join } from "node:path";
import { sync, type SyncReport } from "@connector-gen/sync";
import { afterAll, describe, expect, it } from "vitest";
import { createClient } from "./support/client.js";
import { queryDuckDb, reuseDuckDb, temporaryFolder } from "./support/database.js";

reuseDuckDb();

const folder = temporaryFolder();
afterAll(folder.remove);

/** Syncs one resource once per list of records, and returns the reports of the runs. */
async function syncAll(
  file: string,
  resource: object,
  runs: readonly (readonly object[])[],
): Promise<readonly SyncReport["resources"][string][]> {
  const resources = [{ name: "items", endpoint: { path: "items", data_selector: "items" }, ...resource }];
  const reports: SyncReport["resources"][string][] = [];
  for (const items of runs) {
    const report = await sync(await createClient(resources, { "/items": { items } }), {
      to: `duckdb:${file}`,
    });
    const own = report.resources["items"];
    if (own) reports.push(own);
  }
  return reports;
}

const merge = (strategy: string): object => ({ disposition: "merge", strategy });

describe("a record with another order of keys is unchanged", () => {
  const first = [
    { id: 1, name: "a", of: { x: 1, y: [{ p: 1, q: 2 }], __proto__x: 1 } },
    { id: 2, name: null, of: { x: 2, y: [], __proto__x: 2 } },
  ];
  const again = [
    { of: { __proto__x: 1, y: [{ q: 2, p: 1 }], x: 1 }, name: "a", id: 1 },
    { of: { y: [], __proto__x: 2, x: 2 }, id: 2, name: null },
  ];
  it.each([
    { name: "delete-insert", write_disposition: "merge" },
    { name: "upsert", write_disposition: merge("upsert") },
    { name: "scd2", write_disposition: merge("scd2") },
    { name: "replace", write_disposition: "replace" },
  ])("$name", async ({ name, write_disposition }) => {
    const file = join(folder.path, `order-${name}.duckdb`);
    const reports = await syncAll(file, { write_disposition, primary_key: "id" }, [first, again, first]);
    for (const { rows } of reports.slice(1))
      expect(rows).toMatchObject({ inserted: 0, updated: 0, deleted: 0, unchanged: 2 });
    expect(await queryDuckDb(file, "select count(*)::int as n from items")).toEqual([{ n: 2 }]);
  });
});

it("a replaced table has all rows that the API returns, whatever the cursor of the last run", async () => {
  const file = join(folder.path, "replace-cursor.duckdb");
  const endpoint = {
    path: "items",
    data_selector: "items",
    incremental: { cursor_path: "at", initial_value: 2 },
  };
  const items = [1, 2, 3, 4].map((at) => ({ id: at, at }));
  await syncAll(file, { write_disposition: "replace", endpoint }, [items, [...items, { id: 5, at: 5 }]]);
  expect(await queryDuckDb(file, "select id::int as id from items order by id")).toEqual(
    [2, 3, 4, 5].map((id) => ({ id })),
  );
});

it("records that share a key are loaded although none has a value in the sort column", async () => {
  const file = join(folder.path, "no-sort.duckdb");
  const resource = {
    write_disposition: "merge",
    primary_key: "id",
    columns: { at: { dedup_sort: "desc" } },
  };
  const first = [
    { id: 1, n: 1 },
    { id: 1, n: 2 },
  ];
  await syncAll(file, resource, [first, [...first, { id: 2, n: 1, at: 1 }, { id: 2, n: 2, at: 5 }], first]);
  expect(await queryDuckDb(file, "select id::int as id, n::int as n from items order by id")).toEqual([
    { id: 1, n: 1 },
    { id: 2, n: 2 },
  ]);
});

it("a record that the contract discards adds no column", async () => {
  const file = join(folder.path, "discarded-column.duckdb");
  const resource = { schema_contract: { columns: "discard_row" } };
  const runs = [[{ id: 1 }], [{ id: "text", other: 1 }, { id: 2 }], [{ id: "more" }]];
  await syncAll(file, resource, runs.slice(0, 2));
  const columns =
    "select column_name as c from information_schema.columns where table_name = 'items' and column_name not like '%cg%' order by 1";
  expect(await queryDuckDb(file, columns)).toEqual([{ c: "id" }]);
  await syncAll(file, resource, runs.slice(2));
  expect(await queryDuckDb(file, columns)).toEqual([{ c: "id" }, { c: "id__v_text" }]);
});

describe("a value that does not fit its column", () => {
  const types = `select column_name as c, data_type as t from information_schema.columns
    where table_name = 'items' and column_name like '%\\_\\_v%' escape '\\' order by 1`;

  it("is stored in a column with dlt's name: a time is text in JSON", async () => {
    const file = join(folder.path, "variant.duckdb");
    await syncAll(file, {}, [
      [
        { id: 1, n: 1 },
        { id: 2, n: "2024-01-02T03:04:05Z" },
        { id: 3, n: true },
        { id: 4, n: 1.5 },
      ],
    ]);
    expect(await queryDuckDb(file, types)).toEqual([
      { c: "n__v_bool", t: "BOOLEAN" },
      { c: "n__v_double", t: "DOUBLE" },
      { c: "n__v_text", t: "TIMESTAMP WITH TIME ZONE" },
    ]);
  });

  it("is kept if it does not fit that column either", async () => {
    const file = join(folder.path, "variant-twice.duckdb");
    const runs = [[{ id: 1, n: 1 }], [{ id: 2, n: "2024-01-02T03:04:05Z" }], [{ id: 3, n: "soon" }]];
    await syncAll(file, {}, runs);
    expect(await queryDuckDb(file, "select id, n__v_text__v_text as t from items order by id")).toEqual([
      { id: "1", t: null },
      { id: "2", t: null },
      { id: "3", t: "soon" },
    ]);
  });

  it("is stored in a text column first, and stays there", async () => {
    const file = join(folder.path, "variant-text.duckdb");
    await syncAll(file, {}, [[{ n: 1 }], [{ n: "soon" }, { n: "2024-01-02T03:04:05Z" }]]);
    expect(await queryDuckDb(file, types)).toEqual([{ c: "n__v_text", t: "VARCHAR" }]);
  });
});

describe("upsert", () => {
  it.each([
    { type: "bool", mark: true },
    { type: "timestamp", mark: "2024-05-05T00:00:00Z" },
  ])("inserts no new record that is marked as deleted by a $type", async ({ type, mark }) => {
    const file = join(folder.path, `upsert-${type}.duckdb`);
    const resource = {
      write_disposition: merge("upsert"),
      primary_key: "id",
      columns: { gone: { data_type: type, hard_delete: true } },
    };
    await syncAll(file, resource, [
      [{ id: 1 }, { id: 2, gone: mark }],
      [{ id: 1, gone: mark }, { id: 3 }],
    ]);
    expect(await queryDuckDb(file, "select id from items")).toEqual([{ id: "3" }]);
  });
});

describe("scd2", () => {
  it("names the columns of the validity as it names all others", async () => {
    const file = join(folder.path, "scd2-names.duckdb");
    const scd2 = { ...merge("scd2"), validity_column_names: ["validFrom", "to_"] };
    await syncAll(file, { write_disposition: scd2 }, [[{ id: 1 }], [{ id: 2 }]]);
    expect(
      await queryDuckDb(file, "select id, valid_from is null as f, tox is null as t from items order by id"),
    ).toEqual([
      { id: "1", f: false, t: false },
      { id: "2", f: false, t: true },
    ]);
  });

  it("loads no rows under a contract that discards new tables, as with dlt", async () => {
    const file = join(folder.path, "scd2-contract.duckdb");
    const resource = { write_disposition: merge("scd2"), schema_contract: { tables: "discard_row" } };
    await syncAll(file, resource, [[{ id: 1, list: [1] }], [{ id: 2, other: [1] }]]);
    const tables =
      "select table_name as t from information_schema.tables where table_name like 'items%' order by 1";
    expect(await queryDuckDb(file, tables)).toEqual([]);
  });

  it("retires no row after a run without any record", async () => {
    const file = join(folder.path, "scd2-empty.duckdb");
    await syncAll(file, { write_disposition: merge("scd2") }, [[{ id: 1 }, { id: 2 }], [], [{ id: 2 }]]);
    const active = "select id, _cg_valid_to is null as active from items order by id";
    expect(await queryDuckDb(file, active)).toEqual([
      { id: "1", active: false },
      { id: "2", active: true },
    ]);
  });
});

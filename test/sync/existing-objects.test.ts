import { isSyncError, readState, sync, type SyncReport } from "@connector-gen/sync";
import { expect, it } from "vitest";
import { createClient } from "./support/client.js";
import { reuseDuckDb } from "./support/database.js";
import { describeTargets, type TestTarget } from "./support/targets.js";

reuseDuckDb();

const writes = [
  { name: "append", write: {} },
  { name: "replace", write: { write_disposition: "replace" } },
  { name: "merge", write: { write_disposition: "merge", primary_key: "id" } },
] as const;
const items = [
  { id: 1, n: 1, lines: [{ sku: "a" }] },
  { id: 2, n: 2 },
];

/** Loads the items, and counts the requests. */
async function load(
  { options }: TestTarget,
  write: object,
): Promise<{ readonly report: SyncReport | undefined; readonly message: string; readonly requests: number }> {
  let requests = 0;
  const resources = [{ name: "items", ...write, endpoint: { path: "items", data_selector: "items" } }];
  const client = await createClient(resources, {
    "/items": () => {
      requests++;
      return { items };
    },
  });
  try {
    const report = await sync(client, options);
    return { report, message: report.resources["items"]?.error?.message ?? "", requests };
  } catch (error) {
    if (!isSyncError(error)) throw error;
    expect(error.code).toBe("NAME_COLLISION");
    return { report: undefined, message: error.message, requests };
  }
}

describeTargets("objects that the database already has", (targetOf, database) => {
  it("a table without the columns of the state is an error with the database's message", async () => {
    const { options, query } = targetOf("state_columns");
    await query("create table _cg_state (id int)");
    const error: unknown = await readState(options.to, options).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "DATABASE" });
    expect(String(error)).toMatch(
      /^SyncError: cannot read the state of \S+: (?!Error: |PostgresError: ).*source/,
    );
  });

  it.each(writes)(
    "a view with the name of a table is an error before any request: $name",
    async ({ name, write }) => {
      for (const view of ["items", "_cg_state"]) {
        const target = targetOf(`view_${view}_${name}`);
        await target.query(`create view ${view} as select 1 as id`);
        const { message, requests } = await load(target, write);
        expect(message).toBe(
          `the database has a view \`${view}\`, but sync needs a table of this name: rename the view, or set "table_name" in the spec`,
        );
        expect(requests).toBe(0);
        expect(await target.query(`select id from ${view}`)).toHaveLength(1);
      }
    },
  );

  it.each(writes)(
    "a view with the name of the table of a list fails the resource: $name",
    async ({ name, write }) => {
      const target = targetOf(`view_list_${name}`);
      await target.query("create view items__lines as select 1 as id");
      const { report, message } = await load(target, write);
      expect(report?.resources["items"]).toMatchObject({
        status: "failed",
        error: { code: "NAME_COLLISION" },
      });
      expect(message).toContain("view `items__lines`");
      await target.query("drop view items__lines");
      expect((await load(target, write)).report).toMatchObject({ status: "complete" });
      expect(await target.query("select sku from items__lines")).toEqual([{ sku: "a" }]);
    },
  );

  it.each(writes)("a column of the user keeps its default value: $name", async ({ name, write }) => {
    const target = targetOf(`default_${name}`);
    expect((await load(target, write)).report).toMatchObject({ status: "complete" });
    await target.query(
      "drop table items",
      "create table items (id bigint, owner varchar not null default 'mine')",
    );
    for (let run = 1; run <= 2; run++)
      expect((await load(target, write)).report).toMatchObject({ status: "complete", rejected: 0 });
    expect(await target.query("select distinct owner from items")).toEqual([{ owner: "mine" }]);
  });

  it.each(writes)("a column keeps its default value beside refused rows: $name", async ({ name, write }) => {
    const target = targetOf(`default_refused_${name}`);
    await target.query("create table items (id bigint check (id < 2), owner varchar default 'mine')");
    expect((await load(target, write)).report).toMatchObject({ status: "complete", rejected: 1 });
    expect(await target.query("select id, owner from items")).toEqual([{ id: "1", owner: "mine" }]);
  });

  it("the reason of a rejected row quotes no statement", async () => {
    const target = targetOf("reason");
    await target.query("create type level as enum ('1')", "create table items (id bigint, n level)");
    expect((await load(target, {})).report).toMatchObject({ status: "complete", rejected: 1 });
    const [row] = await target.query("select reason from _cg_rejected");
    expect(row?.["reason"]).toContain("2");
    expect(row?.["reason"]).not.toMatch(/\n|insert into/i);
  });

  it("a technical column of another type is an error before any request", async () => {
    const target = targetOf("technical");
    await target.query("create table items (_cg_id bigint, id bigint)");
    const { message, requests } = await load(target, {});
    expect(message).toBe(
      "the column `_cg_id` of `items` is a bigint, but sync needs a text of this name: rename it",
    );
    expect(requests).toBe(0);
  });

  it.skipIf(database === "PostgreSQL").each(writes)(
    "names differ from those of DuckDB in their case only: $name",
    async ({ name, write }) => {
      const target = targetOf(`case_${name}`);
      await target.query(
        `create table Items (ID bigint not null, N integer check (N < 5), Note varchar default 'mine')`,
        `create table Items__Lines (SKU varchar)`,
      );
      const first = await load(target, write);
      expect(first.report, first.message).toMatchObject({ status: "complete", rejected: 0 });
      const again = await load(target, write);
      expect(again.report, again.message).toMatchObject({ status: "complete", rejected: 0 });
      const rows = await target.query("select ID, N, Note from Items order by 1");
      expect(rows).toHaveLength(name === "append" ? 4 : 2);
      expect(rows[0]).toEqual({ ID: "1", N: 1, Note: "mine" });
      expect(await target.query("select count(*)::int as n from items__lines where sku = 'a'")).toEqual([
        { n: name === "append" ? 2 : 1 },
      ]);
    },
  );
});

import { randomBytes } from "node:crypto";
import { readState, sync, type SyncReport } from "@connector-gen/sync";
import { expect, it } from "vitest";
import { createClient } from "./support/client.js";
import { describePostgres, describeTargets, type TestTarget } from "./support/targets.js";
import { reuseDuckDb } from "./support/database.js";

reuseDuckDb();

type Item = Readonly<Record<string, unknown>>;

const writes = [
  { name: "append", write: { write_disposition: "append" } },
  { name: "replace", write: { write_disposition: "replace" } },
  { name: "delete_insert", write: { primary_key: "id", write_disposition: "merge" } },
  { name: "scd2", write: { write_disposition: { disposition: "merge", strategy: "scd2" } } },
] as const;

async function load({ options }: TestTarget, write: object, items: readonly Item[]): Promise<SyncReport> {
  const endpoint = { path: "items", data_selector: "items", method: "POST", json: {} };
  const client = await createClient([{ name: "items", ...write, endpoint }], { "/items": { items } });
  return sync(client, options);
}

/** The fields `id` of rejected rows of the root table. */
async function rejectedIds({ options }: TestTarget): Promise<readonly number[]> {
  const { rejected } = await readState(options.to, { schema: options.schema });
  return rejected
    .filter(({ table }) => table === "items")
    .map(({ row }) => Number((JSON.parse(row) as Item)["id"]))
    .sort((a, b) => a - b);
}

const uuid = "00000000-0000-4000-8000-00000000000";

describeTargets("types of tables that the user made", (targetOf) => {
  it.each(writes)("reject values that they cannot store: $name", async ({ name, write }) => {
    const target = targetOf(`types_${name}`);
    await target.query(
      `create table items (_cg_id varchar not null, _cg_load_id varchar, id integer, small smallint, code uuid,
         amount decimal(5,2), ratio real, day date, note varchar)`,
    );
    const report = await load(target, write, [
      { id: 1, small: 1, code: `${uuid}1`, amount: "1.25", ratio: 0.5, day: "2024-01-31", note: "a" },
      { id: 2, small: 70_000 },
      { id: 3, code: "no uuid" },
      { id: 3_000_000_000 },
      { id: 5, small: -5, amount: 999.99 },
    ]);
    expect(report).toMatchObject({ status: "complete", rejected: 3 });
    expect(await rejectedIds(target)).toEqual([2, 3, 3_000_000_000]);
    const rows = await target.query(
      "select id, small, cast(code as varchar) as code, cast(amount as varchar) as amount, ratio, cast(day as varchar) as day from items order by id",
    );
    expect(
      rows.map((row) =>
        Object.values(row).map((value) => (value === null ? "" : String(value as string | number))),
      ),
    ).toEqual([
      ["1", "1", `${uuid}1`, "1.25", "0.5", "2024-01-31"],
      ["5", "-5", "", "999.99", "", ""],
    ]);
    const { rejected } = await readState(target.options.to, { schema: target.options.schema });
    expect(rejected[0]).toMatchObject({ page: 1, request: "POST http://api.test/items" });
  });

  it("round decimals to their digits: a value that is too large has a separate column", async () => {
    const target = targetOf("decimals");
    await target.query(
      `create table items (_cg_id varchar not null, _cg_load_id varchar, id bigint, amount decimal(5,2))`,
    );
    const amounts = ["1.25", "1.255", "1000.00"];
    const report = await load(
      target,
      {},
      amounts.map((amount, id) => ({ id, amount })),
    );
    expect(report).toMatchObject({ status: "complete", rejected: 0 });
    const rows = await target.query(
      "select cast(amount as varchar) as a, amount__v_text as b from items order by id",
    );
    expect(rows).toEqual([
      { a: "1.25", b: null },
      { a: "1.26", b: null },
      { a: null, b: "1000.00" },
    ]);
  });

  it("take rows of a primary key whose values change places", async () => {
    const target = targetOf("swap");
    await target.query(
      `create table items (_cg_id varchar not null, _cg_load_id varchar, id bigint primary key, place varchar unique)`,
    );
    const write = { primary_key: "id", write_disposition: "merge" };
    const items = [1, 2, 3].map((id) => ({ id, place: `p${id}` }));
    await load(target, write, items);
    const moved = items.map(({ id }) => ({ id, place: `p${(id % 3) + 1}` }));
    const report = await load(target, write, [...moved, { id: 4, place: "p1" }]);
    expect(report).toMatchObject({ rejected: 1, resources: { items: { rows: { updated: 3 } } } });
    expect(await rejectedIds(target)).toEqual([4]);
  });

  it("refuse all rows, one by one, if a column of the user has no value", async () => {
    const target = targetOf("missing");
    await target.query(
      `create table items (_cg_id varchar not null, _cg_load_id varchar, id bigint, owner varchar not null)`,
    );
    const report = await load(target, { write_disposition: "replace" }, [{ id: 1 }, { id: 2 }]);
    expect(report).toMatchObject({ status: "complete", rejected: 2 });
    expect(await rejectedIds(target)).toEqual([1, 2]);
  });

  it("count in the report of the run that continues after a crash, and in no later one", async () => {
    const target = targetOf("crash");
    await target.query(
      `create table items (_cg_id varchar not null, _cg_load_id varchar, id bigint, price double precision check (price > 0))`,
    );
    const resource = {
      name: "items",
      primary_key: "id",
      write_disposition: "merge",
      endpoint: { path: "items", data_selector: "items" },
    };
    const client = await createClient([resource], {
      "/items": { items: [-1, 1].map((price, id) => ({ id, price })) },
    });
    const failpoint = (point: string): void => {
      if (point === "reject.after_commit") throw new Error("crash");
    };
    const broken = await sync(client, { ...target.options, failpoint });
    expect(broken).toMatchObject({ status: "failed" });
    expect(await sync(client, target.options)).toMatchObject({ status: "complete", rejected: 1 });
    expect(await rejectedIds(target)).toEqual([0]);
    const third = await sync(await createClient([resource], { "/items": { items: [] } }), target.options);
    expect(third).toMatchObject({ status: "complete", rejected: 0 });
  });
});

describePostgres("rules that show late", (targetOf) => {
  it.each(writes)(
    "are checked row by row: deferred constraints and triggers: $name",
    async ({ name, write }) => {
      const target = targetOf(`late_${name}`);
      await target.query(
        `create table items (_cg_id varchar not null, _cg_load_id varchar, id bigint, code varchar,
           unique (code) deferrable initially deferred)`,
        `create function refuse() returns trigger language plpgsql as
           'begin if new.code = ''no'' then raise exception ''this code is not allowed''; end if; return new; end'`,
        "create trigger refuse before insert on items for each row execute function refuse()",
      );
      const codes = ["a", "b", "a", "no", "c"];
      const report = await load(
        target,
        write,
        codes.map((code, id) => ({ id, code })),
      );
      expect(report).toMatchObject({ status: "complete", rejected: 2 });
      expect(await rejectedIds(target)).toEqual([2, 3]);
    },
  );

  it("keep rows to which other tables refer, and reject the records that would replace them", async () => {
    const target = targetOf("referred");
    await target.query(
      "create table items (_cg_id varchar not null, _cg_load_id varchar, id bigint primary key, name varchar)",
    );
    const write = { primary_key: "id", write_disposition: "merge" };
    const items = [1, 2, 3].map((id) => ({ id, name: "old" }));
    await load(target, write, items);
    await target.query(
      "create table notes (item bigint references items (id))",
      "insert into notes values (2)",
    );
    const changed = items.map((item) => ({ ...item, name: "new" }));
    expect(await load(target, write, changed)).toMatchObject({ status: "complete", rejected: 1 });
    expect(await rejectedIds(target)).toEqual([2]);
    expect(await target.query("select name from items order by id")).toEqual([
      { name: "new" },
      { name: "old" },
      { name: "new" },
    ]);
    const refused = await load(target, { write_disposition: "replace" }, [{ id: 9 }]);
    expect(refused.resources["items"]).toMatchObject({
      status: "failed",
      error: { message: expect.stringContaining("foreign key") as string },
    });
  });
});

describePostgres("limits of PostgreSQL", (targetOf) => {
  it.each(writes.filter(({ name }) => name !== "scd2"))(
    "reject a row with a value that is too long for an index: $name",
    async ({ name, write }) => {
      const target = targetOf(`index_${name}`);
      await target.query(
        "create table items (_cg_id varchar not null, _cg_load_id varchar, _cg_hash varchar, id bigint, code varchar)",
        "create unique index on items (code)",
      );
      const codeOf = (id: number): string => (id === 7 ? randomBytes(10_000).toString("hex") : `code ${id}`);
      const items = Array.from({ length: 20 }, (_, id) => ({ id, code: codeOf(id) }));
      const report = await load(target, write, items);
      expect(report).toMatchObject({ status: "complete", rejected: 1 });
      expect(await rejectedIds(target)).toEqual([7]);
      expect(await target.query("select cast(count(*) as varchar) as n from items")).toEqual([{ n: "19" }]);
    },
  );

  it("end a load of rows that are too wide, with a way to load them", async () => {
    const item = Object.fromEntries(Array.from({ length: 1100 }, (_, index) => [`field_${index}`, index]));
    const { resources } = await load(targetOf("too_wide"), {}, [item]);
    expect(resources["items"]).toMatchObject({ status: "failed", rejected: 0 });
    expect(resources["items"]?.error?.message).toContain(
      'keep lists and objects as JSON with `nested: "json"`',
    );
  });
});

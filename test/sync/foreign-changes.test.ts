import { sync, type RowCounts } from "@connector-gen/sync";
import { describe, expect, it } from "vitest";
import { createClient } from "./support/client.js";
import { reuseDuckDb } from "./support/database.js";
import { describeTargets, type TestTarget } from "./support/targets.js";

reuseDuckDb();

const merges = ["delete-insert", "upsert"].map((strategy) => ({
  name: strategy,
  write: { write_disposition: { disposition: "merge", strategy }, primary_key: "id" },
}));
const writes = [...merges, { name: "replace", write: { write_disposition: "replace" } }];
const items = [
  { id: 1, name: "one", lines: [{ sku: "a" }], place: { city: "Ulm" } },
  { id: 2, name: "two", lines: [{ sku: "b" }], place: { city: "Bonn" } },
];

/** Loads the items without rejected rows, and returns the counts of rows. */
async function load(
  { options }: TestTarget,
  write: object,
  more: { readonly fullRefresh?: boolean; readonly nested?: "json" | "tables" } = {},
): Promise<RowCounts | undefined> {
  const resources = [{ name: "items", ...write, endpoint: { path: "items", data_selector: "items" } }];
  const report = await sync(await createClient(resources, { "/items": { items } }), { ...options, ...more });
  expect(report).toMatchObject({ status: "complete", rejected: 0 });
  return report.resources["items"]?.rows;
}

const all =
  "select i.id, i.name, l.sku from items i left join items__lines l on l._cg_parent_id = i._cg_id order by 1";
const expected = [
  { id: "1", name: "one", sku: "a" },
  { id: "2", name: "two", sku: "b" },
];

describeTargets("tables that another program has changed", (targetOf) => {
  describe.each(writes)("$name", ({ name, write }) => {
    const isReplace = name === "replace";

    it("rows that another program inserted before the first run are replaced", async () => {
      const target = targetOf(`first_${name}`);
      await target.query(
        "create table items (id bigint, name varchar, note varchar)",
        "insert into items values (1, 'mine', 'x'), (9, 'nine', 'y')",
      );
      const rows = await load(target, write);
      expect(rows).toEqual(
        isReplace
          ? { inserted: 2, updated: 0, deleted: 2, unchanged: 0 }
          : { inserted: 1, updated: 1, deleted: 0, unchanged: 0 },
      );
      const others = isReplace ? [] : [{ id: "9", name: "nine", sku: null }];
      expect(await target.query(all)).toEqual([...expected, ...others]);
      expect(await load(target, write)).toEqual({ inserted: 0, updated: 0, deleted: 0, unchanged: 2 });
    });

    it("rows that another program inserted between two runs are replaced", async () => {
      const target = targetOf(`between_${name}`);
      await target.query("create table items (id bigint, name varchar)");
      await load(target, write);
      await target.query("delete from items where id = 2", "insert into items (id, name) values (2, 'mine')");
      const rows = await load(target, write);
      expect(rows).toEqual(
        isReplace
          ? { inserted: 1, updated: 0, deleted: 1, unchanged: 1 }
          : { inserted: 0, updated: 1, deleted: 0, unchanged: 1 },
      );
      expect((await target.query(all)).map(({ id, name: text }) => [id, text])).toEqual([
        ["1", "one"],
        ["2", "two"],
      ]);
    });

    it.each([
      { what: "a dropped column", change: "alter table items drop column name" },
      { what: "a dropped table of a list", change: "drop table items__lines" },
      { what: "dropped identities", change: "alter table items drop column _cg_id" },
    ])("$what gets the values of all records again", async ({ what, change }) => {
      const target = targetOf(`${what}_${name}`.replaceAll(" ", "_"));
      await load(target, write);
      await target.query(change);
      await load(target, write);
      expect(await target.query(all)).toEqual(expected);
      expect(await load(target, write)).toMatchObject({ unchanged: 2 });
    });

    it("a dropped root table leaves no rows of lists behind", async () => {
      const target = targetOf(`root_${name}`);
      await load(target, write);
      await target.query("drop table items");
      await load(target, write);
      expect(await target.query(all)).toEqual(expected);
      expect(await target.query("select sku from items__lines order by 1")).toEqual([
        { sku: "a" },
        { sku: "b" },
      ]);
    });

    it("another layout of the same records fills its columns and tables", async () => {
      const target = targetOf(`layout_${name}`);
      await load(target, write, { nested: "json" });
      await load(target, write);
      expect(await target.query(all)).toEqual(expected);
      expect(await target.query("select place__city from items order by id")).toEqual([
        { place__city: "Ulm" },
        { place__city: "Bonn" },
      ]);
    });

    it("a dropped column gets all values again although the table refuses a row", async () => {
      const target = targetOf(`refused_${name}`);
      await target.query("create table items (id bigint check (id < 3), name varchar)");
      await load(target, write);
      await target.query("alter table items drop column name");
      const resources = [{ name: "items", ...write, endpoint: { path: "items", data_selector: "items" } }];
      const served = { "/items": { items: [...items, { id: 3, name: "three" }] } };
      const report = await sync(await createClient(resources, served), target.options);
      expect(report).toMatchObject({ status: "complete", rejected: 1 });
      expect(await target.query(all)).toEqual(expected);
    });

    it("a full refresh writes all rows, whatever was changed", async () => {
      const target = targetOf(`refresh_${name}`);
      await load(target, write);
      await target.query("update items set name = 'mine' where id = 1", "delete from items__lines");
      await load(target, write, { fullRefresh: true });
      expect(await target.query(all)).toEqual(expected);
    });
  });

  it("`replace` deletes the rows of lists whose root rows were deleted", async () => {
    const target = targetOf("orphans");
    const write = { write_disposition: "replace" };
    await load(target, write);
    await target.query("delete from items where id = 1");
    await load(target, write);
    expect(await target.query("select sku from items__lines order by 1")).toEqual([
      { sku: "a" },
      { sku: "b" },
    ]);
  });
});

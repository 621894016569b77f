import { sync } from "@connector-gen/sync";
import { expect, it } from "vitest";
import { createClient } from "./support/client.js";
import { reuseDuckDb } from "./support/database.js";
import { describeTargets } from "./support/targets.js";

reuseDuckDb();

const a = { id: 1, name: "a" };
const b = { id: 2, name: "b" };

describeTargets("rows of a table that are equal", (targetOf) => {
  it.each([
    { name: "one of three stays", before: [a, a, a, b], records: [a, b], rows: { unchanged: 2, deleted: 2 } },
    {
      name: "are all replaced by another record",
      before: [a, a, b],
      records: [{ ...a, name: "c" }, b],
      rows: { updated: 1, deleted: 1, unchanged: 1 },
    },
    {
      name: "equal records pair with one of them",
      before: [a, a],
      records: [a, a, b],
      rows: { unchanged: 1 },
    },
    {
      name: "different rows with the same key are replaced",
      before: [a, { ...a, name: "c" }, b],
      records: [a, b],
      rows: { inserted: 0, updated: 0, deleted: 1, unchanged: 2 },
    },
    {
      name: "the first record of a key counts",
      before: [a, b],
      records: [a, { ...a, name: "c" }, b],
      rows: { inserted: 0, updated: 0, deleted: 0, unchanged: 2 },
    },
    {
      name: "each key once",
      before: [a, b, { id: 3, name: "c" }],
      records: [{ id: 4, name: "d" }, { ...b, name: "e" }, a],
      rows: { inserted: 1, updated: 1, deleted: 0, unchanged: 1 },
      stay: [{ id: 3, name: "c" }],
    },
    {
      name: "each key once, nothing before",
      before: [],
      records: [a, b],
      rows: { inserted: 2, updated: 0, deleted: 0, unchanged: 0 },
    },
  ])("before a merge: $name", async ({ name, before, records, rows, stay = [] }) => {
    const target = targetOf(name.replaceAll(" ", "_"));
    const load = async (disposition: string, items: readonly object[]) => {
      const endpoint = { path: "items", data_selector: "items", paginator: "single_page" };
      const resource = { name: "items", write_disposition: disposition, primary_key: "id", endpoint };
      return sync(await createClient([resource], { "/items": { items } }), target.options);
    };
    await load("replace", before);
    const report = await load("merge", records);
    expect(report.resources["items"]?.rows).toMatchObject(rows);
    const firsts = new Map([...records].reverse().map(({ id, name: text }) => [id, text]));
    const distinct = [...firsts, ...stay.map((row) => [row.id, row.name] as const)]
      .sort(([one], [other]) => one - other)
      .map(([id, text]) => ({ id: String(id), name: text }));
    const found = await target.query("select cast(id as varchar) as id, name from items order by id");
    expect(found).toEqual(distinct);
  });
});

import { sync } from "@connector-gen/sync";
import { expect, it } from "vitest";
import { createClient } from "./support/client.js";
import { describeTargets } from "./support/targets.js";

const a = { id: 1, name: "a" };
const b = { id: 2, name: "b" };

describeTargets("rows of a table that are equal", (targetOf) => {
  it.each([
    { name: "one of three stays", before: [a, a, a, b], records: [a, b], rows: { unchanged: 2, deleted: 2 } },
    {
      name: "all give way to another record",
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
  ])("before a merge: $name", async ({ name, before, records, rows }) => {
    const target = targetOf(name.replaceAll(" ", "_"));
    const load = async (disposition: string, items: readonly object[]) => {
      const endpoint = { path: "items", data_selector: "items", paginator: "single_page" };
      const resource = { name: "items", write_disposition: disposition, primary_key: "id", endpoint };
      return sync(await createClient([resource], { "/items": { items } }), target.options);
    };
    await load("replace", before);
    const report = await load("merge", records);
    expect(report.resources["items"]?.rows).toMatchObject(rows);
    const distinct = [...new Set(records)].map(({ id, name: text }) => ({ id: String(id), name: text }));
    const found = await target.query("select cast(id as varchar) as id, name from items order by id");
    expect(found).toEqual(distinct);
  });
});

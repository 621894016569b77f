import { sync } from "@connector-gen/sync";
import { expect, it } from "vitest";
import { createClient } from "./support/client.js";
import { describePostgres } from "./support/targets.js";

describePostgres("merges of tables without statistics", (targetOf) => {
  const endpoint = { path: "items", data_selector: "items" };
  /** The options of a target whose statements take 10 seconds at most. To compare every row with every other takes much longer. */
  const limited = ({ to, ...options }: { readonly to: string; readonly schema?: string }) => ({
    ...options,
    to: `${to}?options=-c%20statement_timeout%3D10000`,
  });
  const resourceOf = (strategy: string) => ({
    name: "items",
    primary_key: "id",
    write_disposition: { disposition: "merge", strategy },
    endpoint,
  });

  it.each(["delete-insert", "scd2"])(
    "do not compare every row with every other with %s, although PostgreSQL expects a single row in a wide table",
    async (strategy) => {
      const { options, query } = targetOf(`wide_${strategy}`);
      const wide = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`field_${index}`, "x"]));
      const itemsOf = (run: number) =>
        Array.from({ length: 20_000 }, (_, id) => ({
          id,
          run: id % 10 === 0 ? run : 0,
          ...(id === 0 && wide),
        }));
      for (const run of [0, 1]) {
        const client = await createClient([resourceOf(strategy)], { "/items": { items: itemsOf(run) } });
        const report = await sync(client, limited(options));
        expect(report.resources["items"]).toMatchObject({ status: "complete" });
      }
      const [row] = await query(
        "select cast(count(*) as varchar) as n, cast(sum(run) as varchar) as changed from items",
      );
      expect(row).toEqual({ n: strategy === "scd2" ? "22000" : "20000", changed: "2000" });
    },
    60_000,
  );

  it.each(["default", "dlt"] as const)(
    "do not read the rows again that they insert, with scd2 and the naming %s",
    async (naming) => {
      const { options, query } = targetOf(`lists_${naming}`);
      const items = Array.from({ length: 1000 }, (_, id) => ({
        id,
        list: Array.from({ length: 60 }, (_, n) => ({ n: id * 60 + n })),
      }));
      // The second run has the same records, and the third one an additional one.
      for (const served of [items, items, [...items, { id: 1000, list: [{ n: 60_000 }] }]]) {
        const client = await createClient([resourceOf("scd2")], { "/items": { items: served } });
        const report = await sync(client, { ...limited(options), naming });
        expect(report.resources["items"]).toMatchObject({ status: "complete" });
      }
      const sql =
        "select cast(count(*) as varchar) as n, cast(count(distinct n) as varchar) as d from items__list";
      expect(await query(sql)).toEqual([{ n: "60001", d: "60001" }]);
    },
    60_000,
  );
});

import { resetState, sync } from "@connector-gen/sync";
import { expect, it } from "vitest";
import { createClient } from "./support/client.js";
import { reuseDuckDb } from "./support/database.js";
import { describeTargets } from "./support/targets.js";

reuseDuckDb();

const writes = [
  { name: "replace", write: { write_disposition: "replace" } },
  ...["delete-insert", "upsert", "insert-only", "scd2"].map((strategy) => ({
    name: strategy,
    write: { write_disposition: { disposition: "merge", strategy }, primary_key: "id" },
  })),
] as const;

describeTargets("the state of an unfinished run is removed", (targetOf) => {
  const removals = [
    {
      how: "by resetState",
      remove: ({ options }: ReturnType<typeof targetOf>) => resetState(options.to, "items", options),
    },
    {
      how: "by another program",
      remove: ({ query }: ReturnType<typeof targetOf>) => query("delete from _cg_state"),
    },
  ];
  it.each(writes.flatMap((write) => removals.map((removal) => ({ ...write, ...removal }))))(
    "the next run stores each row once: $name, $how",
    async ({ name, write, how, remove }) => {
      const target = targetOf(`${name}_${how}`.replaceAll(/\W/g, "_"));
      let isBroken = true;
      const client = await createClient(
        [
          {
            name: "items",
            ...write,
            endpoint: {
              path: "items",
              data_selector: "items",
              paginator: { type: "page_number", base_page: 1, total_path: "pages" },
            },
          },
        ],
        {
          "/items": (query: URLSearchParams) => {
            const page = Number(query.get("page"));
            const value = isBroken ? "old" : "new";
            if (page === 2 && isBroken) return undefined;
            return { pages: 2, items: [{ id: page, value, lines: [{ sku: value }] }] };
          },
        },
      );
      expect(await sync(client, target.options)).toMatchObject({ status: "failed" });
      await remove(target);
      isBroken = false;
      expect(await sync(client, target.options)).toMatchObject({ status: "complete" });
      expect(await target.query("select id, value from items order by 1")).toEqual([
        { id: "1", value: "new" },
        { id: "2", value: "new" },
      ]);
      expect(await target.query("select sku from items__lines")).toEqual([{ sku: "new" }, { sku: "new" }]);
    },
  );
});

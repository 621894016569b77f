import { sync, type Destination, type SyncReport } from "@connector-gen/sync";
import { expect, it } from "vitest";
import { postgres } from "../../sync/src/destinations/postgres.js";
import { createClient } from "./support/client.js";
import { describePostgres } from "./support/targets.js";

/** Runs `work` before the first statement that a pattern matches. */
function before(inner: Destination, pattern: RegExp, work: () => Promise<unknown>): Destination {
  let isDone = false;
  return {
    ...inner,
    connect: async (options) => {
      const connection = await inner.connect(options);
      const run: typeof connection.run = async (sql, values) => {
        if (!isDone && pattern.test(sql)) {
          isDone = true;
          await work();
        }
        return connection.run(sql, values);
      };
      return { ...connection, run };
    },
  };
}

describePostgres("a merge while others change the table", (targetOf) => {
  it.each([
    { name: "a row to replace has moved", change: "update items set name = 'other' where id = 2" },
    {
      name: "another row has come to its place",
      change: `update items set name = 'other' where id = 2`,
      // Makes the place free, so that the next row comes there.
      then: [
        "vacuum items",
        "insert into items (_cg_id, _cg_load_id, id, name) values ('x', 'y', 9, 'nine')",
      ],
    },
  ])("finds the rows to replace: $name", async ({ name, change, then = [] }) => {
    const target = targetOf(name.replaceAll(" ", "_"));
    const { to, schema } = target.options;
    const load = async (destination: string | Destination, items: readonly object[]): Promise<SyncReport> => {
      const endpoint = { path: "items", data_selector: "items", paginator: "single_page" };
      const resource = { name: "items", write_disposition: "merge", primary_key: "id", endpoint };
      return sync(await createClient([resource], { "/items": { items } }), { to: destination, schema });
    };
    const first = [1, 2, 3].map((id) => ({ id, name: `${id}` }));
    await load(to, first);
    const changed = before(postgres(to), /^delete from \S*"items"/, async () => {
      await target.query(change);
      for (const statement of then) await target.query(statement);
    });
    const report = await load(changed, [{ id: 2, name: "two" }]);
    expect(report.resources["items"]?.rows).toMatchObject({ updated: 1, inserted: 0, deleted: 0 });
    expect(await target.query("select id, name from items order by id")).toEqual([
      { id: "1", name: "1" },
      { id: "2", name: "two" },
      { id: "3", name: "3" },
      ...(then.length > 0 ? [{ id: "9", name: "nine" }] : []),
    ]);
  });
});

import { sync, type Connection, type Destination } from "@connector-gen/sync";
import { expect, it } from "vitest";
import { toDestination } from "../../sync/src/destinations/open.js";
import { createClient } from "./support/client.js";
import { describePostgres } from "./support/targets.js";
import { reuseDuckDb } from "./support/database.js";

reuseDuckDb();

const total = 2000;

/** Records, every n-th of which has a price that the table rejects. */
function itemsOf(refused: number): readonly object[] {
  const every = total / refused;
  return Array.from({ length: total }, (_, id) => ({ id, price: id % every === 7 ? -1 : 1 }));
}

/** Keeps the statements of a destination. */
function watch(inner: Destination, statements: string[]): Destination {
  const connect: Destination["connect"] = async (options) => {
    const connection: Connection = await inner.connect(options);
    const run: Connection["run"] = (sql, values) => {
      statements.push(sql);
      return connection.run(sql, values);
    };
    return { ...connection, run };
  };
  return { ...inner, connect };
}

describePostgres("the search for rows that a table refuses when they are merged", (targetOf) => {
  it.each([5, 20])("deletes and inserts rows again only where it looks: %i refused", async (refused) => {
    const target = targetOf(`search_${refused}`);
    await target.query(
      "create table items (_cg_id varchar, _cg_load_id varchar, _cg_hash varchar, id bigint, price bigint check (price > 0))",
    );
    const endpoint = { path: "items", data_selector: "items", paginator: "single_page" };
    const resource = { name: "items", write_disposition: "merge", primary_key: "id", endpoint };
    const client = await createClient([resource], { "/items": { items: itemsOf(refused) } });
    const statements: string[] = [];
    const to = watch(toDestination(target.options.to), statements);
    const report = await sync(client, { ...target.options, to });
    expect(report.rejected).toBe(refused);
    const [found] = await target.query("select cast(count(*) as varchar) as n from items");
    expect(found).toEqual({ n: String(total - refused) });
    const count = (pattern: RegExp): number => statements.filter((sql) => pattern.test(sql)).length;
    // The failed merge, the trial of it, the search, and the merge.
    expect(count(/^delete from "search_\d+"\."items" /)).toBe(4);
    // Halving the rows until one is left takes a logarithmic number of steps, and each half is tried.
    const halves = 2 * refused * (1 + Math.ceil(Math.log2(total / refused)));
    expect(count(/^insert into "search_\d+"\."items" /)).toBeLessThan(halves + refused + 10);
    // A step of the search takes four statements.
    expect(statements.length).toBeLessThan(4 * (halves + refused) + 10 * refused + 100);
  });
});

import { sync } from "@connector-gen/sync";
import { expect, it } from "vitest";
import { createClient } from "./support/client.js";
import { reuseDuckDb } from "./support/database.js";
import { describeTargets } from "./support/targets.js";

reuseDuckDb();

const pageSize = 2500;

/** The second page adds a column, and the third one a list. */
function itemsOf(page: number): readonly object[] {
  return Array.from({ length: pageSize }, (_, index) => {
    const id = (page - 1) * pageSize + index;
    const late = page === 2 && index % 2 === 0 ? { late: `tab\there ${id}` } : {};
    return { id, name: `name ${id}`, ...late, ...(page === 3 && { tags: ["x", "y"] }) };
  });
}

describeTargets("a batch whose parts have different columns", (targetOf) => {
  it.each(["append", "merge"])("is loaded whole with %s", async (disposition) => {
    const target = targetOf(`parts_${disposition}`);
    const resource = {
      name: "items",
      write_disposition: disposition,
      primary_key: "id",
      endpoint: {
        path: "items",
        data_selector: "items",
        paginator: { type: "page_number", base_page: 1, total_path: "pages" },
      },
    };
    const client = await createClient([resource], {
      "/items": (query: URLSearchParams) => ({ items: itemsOf(Number(query.get("page") ?? 1)), pages: 3 }),
    });
    const report = await sync(client, target.options);
    expect(report.resources["items"]).toMatchObject({ status: "complete", records: 3 * pageSize });
    const [counts] = await target.query(
      `select cast(count(*) as varchar) as "all", cast(count(distinct id) as varchar) as ids, cast(count(late) as varchar) as late,
       min(late) as first, cast(min(case when late is not null then id end) as varchar) as "from" from items`,
    );
    expect(counts).toEqual({
      ...{ all: "7500", ids: "7500", late: "1250" },
      ...{ first: "tab\there 2500", from: "2500" },
    });
    const tags = await target.query(
      "select cast(count(*) as varchar) as n, value from items__tags group by value order by value",
    );
    expect(tags).toEqual([
      { n: "2500", value: "x" },
      { n: "2500", value: "y" },
    ]);
  });
});

import { join } from "node:path";
import { sync } from "@connector-gen/sync";
import { afterAll, describe, expect, it } from "vitest";
import { createClient } from "./support/client.js";
import { queryDuckDb, temporaryFolder } from "./support/database.js";

const folder = temporaryFolder();
afterAll(folder.remove);

describe("append into DuckDB", () => {
  it("loads flat records, and adds those of a second run", async () => {
    const file = join(folder.path, "flat.duckdb");
    const client = await createClient(
      [{ name: "items", endpoint: { path: "items", data_selector: "items" } }],
      {
        "/items": {
          items: [{ id: 1, name: "a", price: 1.5, isNew: true, seenAt: "2024-01-02T03:04:05Z" }, { id: 2 }],
        },
      },
    );
    const report = await sync(client, { to: `duckdb:${file}` });
    expect(report).toMatchObject({
      source: "shop",
      destination: `duckdb:${file}`,
      status: "complete",
      resources: {
        items: { status: "complete", records: 2, pages: 1, rows: { inserted: 2 }, tables: ["items"] },
      },
    });
    await sync(client, { to: `duckdb:${file}` });
    expect(
      await queryDuckDb(
        file,
        "select id, name, price, is_new, cast(seen_at as varchar) as at_text from items order by all",
      ),
    ).toEqual([
      { id: "1", name: "a", price: 1.5, is_new: true, at_text: "2024-01-02 03:04:05+00" },
      { id: "1", name: "a", price: 1.5, is_new: true, at_text: "2024-01-02 03:04:05+00" },
      { id: "2", name: null, price: null, is_new: null, at_text: null },
      { id: "2", name: null, price: null, is_new: null, at_text: null },
    ]);
  });

  it.each(["boundary_timestamp", "active_record_timestamp"])(
    "refuses a %s that is no time, before any request",
    async (key) => {
      const file = join(folder.path, `${key}.duckdb`);
      const disposition = { disposition: "merge", strategy: "scd2", [key]: "yesterday" };
      const resources = [
        {
          name: "items",
          write_disposition: disposition,
          endpoint: { path: "items", data_selector: "items" },
        },
      ];
      const client = await createClient(resources, {});
      const refused = sync(client, { to: `duckdb:${file}` });
      await expect(refused).rejects.toMatchObject({
        code: "INVALID_OPTIONS",
        message: expect.stringContaining("yesterday") as string,
      });
    },
  );
});

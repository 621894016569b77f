import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sync } from "@connector-gen/sync";
import { afterAll, expect, it } from "vitest";
import { createClient } from "./support/client.js";
import { temporaryFolder } from "./support/database.js";
import { describeTargets } from "./support/targets.js";

const megabyte = 1024 * 1024;
/** Beyond the smallest limit on the memory of DuckDB. */
const large = 34 * megabyte;
/** Beyond a batch, the only limit that matters for PostgreSQL. */
const beyondBatch = 12 * megabyte;

describeTargets("records with values of many megabytes", (targetOf, database) => {
  const sizes = [megabyte, database === "DuckDB" ? large : beyondBatch];

  it.each(["append", "merge"])(
    "are loaded whole with %s",
    async (disposition) => {
      const target = targetOf(`large_${disposition}`);
      const resource = {
        name: "items",
        write_disposition: disposition,
        primary_key: "id",
        endpoint: { path: "items", data_selector: "items", paginator: "single_page" },
      };
      const client = await createClient([resource], {
        "/items": () => ({ items: sizes.map((size, id) => ({ id, text: "é".repeat(size / 2) })) }),
      });
      // The second run of a merge compares its values with the existing ones.
      const runs = disposition === "merge" ? 2 : 1;
      for (let run = 1; run <= runs; run++) {
        const report = await sync(client, target.options);
        expect(report.resources["items"]).toMatchObject({ status: "complete", records: sizes.length });
      }
      const rows = await target.query(
        `select cast(max(id) as varchar) as id, cast(max(length(text)) as varchar) as length, cast(count(*) as varchar) as count from items group by id order by 1`,
      );
      expect(rows).toEqual(
        sizes.map((size, id) => ({ id: String(id), length: String(size / 2), count: "1" })),
      );
    },
    60_000,
  );

  it.each([
    { disposition: "append", pages: 5, perPage: 1000, size: 20_000 },
    { disposition: "append", pages: 40, perPage: 20, size: 60_000 },
    { disposition: "merge", pages: 40, perPage: 20, size: 60_000 },
  ])(
    "of which thousands take much memory are loaded whole with $disposition, $perPage on a page",
    async ({ disposition, pages, perPage, size }) => {
      const target = targetOf(`many_large_${disposition}_${perPage}`);
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
      const served = (last: number) => (query: URLSearchParams) => {
        const first = (Number(query.get("page")) - 1) * perPage;
        const items = Array.from({ length: perPage }, (_, row) => ({
          id: first + row,
          text: String(first + row).padStart(size, "x"),
        }));
        return { pages: last, items };
      };
      // The second run writes to tables that need much memory, beginning with the smallest limit.
      for (const last of [pages, 1]) {
        const client = await createClient([resource], { "/items": served(last) });
        const report = await sync(client, target.options);
        expect(report.resources["items"]).toMatchObject({ status: "complete", records: last * perPage });
      }
      const count = disposition === "append" ? (pages + 1) * perPage : pages * perPage;
      expect(
        await target.query(
          "select cast(count(*) as varchar) as n, cast(count(distinct id) as varchar) as ids, cast(sum(length(text)) as varchar) as sum from items",
        ),
      ).toEqual([{ n: String(count), ids: String(pages * perPage), sum: String(count * size) }]);
    },
    60_000,
  );

  it.runIf(database === "DuckDB")(
    "may have hundreds of fields, each of which needs its own memory",
    async () => {
      const target = targetOf("wide");
      const fields = Array.from({ length: 300 }, (_, index) => `field_${index}`);
      const items = Array.from({ length: 1500 }, (_, id) =>
        Object.fromEntries(fields.map((field) => [field, `${field} ${id}`])),
      );
      const endpoint = { path: "items", data_selector: "items", paginator: "single_page" };
      const client = await createClient([{ name: "items", endpoint }], { "/items": { items } });
      const report = await sync(client, target.options);
      expect(report.resources["items"]).toMatchObject({ status: "complete", records: items.length });
      const [row] = await target.query(
        "select cast(count(distinct field_299) as varchar) as n, max(field_7) as last from items",
      );
      expect(row).toEqual({ n: "1500", last: "field_7 999" });
    },
    60_000,
  );
});

const folder = temporaryFolder();
afterAll(folder.remove);

it.each(["jsonl", "parquet"])(
  "files of %s are written whole in later runs with few records",
  async (format) => {
    const to = join(folder.path, format);
    const resource = {
      name: "items",
      write_disposition: "append",
      endpoint: { path: "items", data_selector: "items" },
    };
    for (const length of [large, 1]) {
      const client = await createClient([resource], { "/items": { items: [{ text: "x".repeat(length) }] } });
      expect(await sync(client, { to: `${format}:${to}` })).toMatchObject({ status: "complete" });
    }
    const [file = ""] = readdirSync(to).filter((name) => name.startsWith("items."));
    const { length } = readFileSync(join(to, file));
    // Parquet compresses repetitions.
    expect(length).toBeGreaterThan(format === "jsonl" ? large : 0);
  },
);

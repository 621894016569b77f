import { join } from "node:path";
import { sync } from "@connector-gen/sync";
import { afterAll, expect, it } from "vitest";
import { createClient } from "./support/client.js";
import { temporaryFolder } from "./support/database.js";

const folder = temporaryFolder();
afterAll(folder.remove);

const pages = 6;

/** Pages of a megabyte. Their texts differ, because a column with equal values takes no space. */
function servePage(query: URLSearchParams): object {
  const page = Number(query.get("page"));
  const items = Array.from({ length: 1000 }, (_, index) => ({
    id: page * 1000 + index,
    text: String(index).padEnd(1000, "x"),
  }));
  return { pages, items };
}

it.each([
  { concurrency: 1, commits: 1 },
  { concurrency: 4, commits: 2 },
])("resources that are read at the same time have smaller batches: $concurrency", async (given) => {
  const names = ["a", "b", "c", "d"];
  const paginator = { type: "page_number", base_page: 1, total_path: "pages" };
  const client = await createClient(
    names.map((name) => ({ name, endpoint: { path: name, data_selector: "items", paginator } })),
    Object.fromEntries(names.map((name) => [`/${name}`, servePage])),
  );
  const to = `duckdb:${join(folder.path, `${given.concurrency}.duckdb`)}`;
  const { resources } = await sync(client, { to, concurrency: given.concurrency });
  const expected = { status: "complete", records: pages * 1000, commits: given.commits };
  expect(resources).toMatchObject(Object.fromEntries(names.map((name) => [name, expected])));
});

it("a batch for DuckDB ends with a whole row group, and one of `batchRows` with its page", async () => {
  const paginator = { type: "page_number", base_page: 0, total_path: "pages" };
  const client = await createClient(
    [{ name: "items", endpoint: { path: "items", data_selector: "items", paginator } }],
    {
      "/items": (query: URLSearchParams) => ({
        pages: 26,
        items: Array.from({ length: 1000 }, (_, index) => ({
          id: Number(query.get("page")) * 1000 + index,
          text: String(index).padEnd(450, "x"),
        })),
      }),
    },
  );
  const rowsOf = async (name: string, options: object): Promise<readonly number[]> => {
    const rows: number[] = [];
    await sync(client, {
      to: `duckdb:${join(folder.path, `${name}.duckdb`)}`,
      onEvent: (event) => {
        if (event.type === "commit") rows.push(event.rowsWritten);
      },
      ...options,
    });
    return rows;
  };
  expect(await rowsOf("groups", {})).toEqual([21_000, 26_000]);
  expect(await rowsOf("exact", { batchRows: 10_000 })).toEqual([10_000, 20_000, 26_000]);
});

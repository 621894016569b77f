import { join } from "node:path";
import { sync } from "@connector-gen/sync";
import { afterAll, describe, expect, it } from "vitest";
import { duckdb } from "../../sync/src/destinations/duckdb.js";
import { watchKeys, type KeyOrder } from "../../sync/src/tables/key-order.js";
import { createClient } from "./support/client.js";
import { queryDuckDb, temporaryFolder } from "./support/database.js";

describe("the order of the keys of a run", () => {
  it.each<{
    readonly name: string;
    readonly keys: readonly unknown[];
    readonly start?: KeyOrder | null;
    readonly want: KeyOrder | null | undefined;
  }>([
    { name: "no key", keys: [], want: undefined },
    { name: "one key", keys: [7], want: { last: 7, direction: 0 } },
    { name: "rising keys", keys: [-1, 0, 5], want: { last: 5, direction: 1 } },
    { name: "falling keys", keys: [5, 4, -3], want: { last: -3, direction: -1 } },
    { name: "a key twice", keys: [1, 1], want: null },
    { name: "keys that turn", keys: [1, 2, 1], want: null },
    { name: "keys that turn to new ones", keys: [1, 3, 2], want: null },
    { name: "texts", keys: ["1", "2"], want: null },
    { name: "a text between integers", keys: [1, "2", 3], want: null },
    { name: "fractions", keys: [1.25, 1.5], want: null },
    { name: "integers that are rounded", keys: [2 ** 53, 2 ** 53 + 2], want: null },
    { name: "a key that is missing", keys: [1, undefined, 2], want: null },
    {
      name: "a run that continues",
      keys: [3],
      start: { last: 2, direction: 1 },
      want: { last: 3, direction: 1 },
    },
    { name: "a run that begins again", keys: [2, 3], start: { last: 2, direction: 1 }, want: null },
    { name: "a run that had no order", keys: [4, 5], start: null, want: null },
  ])("$name", ({ keys, start, want }) => {
    const watch = watchKeys("id", start);
    for (const id of keys) watch.add({ id });
    expect(watch.order()).toEqual(want);
  });

  it("is unknown without a single key", () => {
    const watch = watchKeys(undefined, undefined);
    watch.add({ id: 1 });
    expect(watch.order()).toBeNull();
  });

  it("is unknown for records that are not objects", () => {
    const watch = watchKeys("id", undefined);
    for (const record of [null, 1]) watch.add(record);
    expect(watch.order()).toBeNull();
  });
});

describe("a merge", () => {
  const folder = temporaryFolder();
  afterAll(folder.remove);

  /** Loads pages, and returns the statements that looked for keys which occur twice. */
  async function load(
    file: string,
    pages: readonly (readonly object[])[],
    failpoint?: (name: string) => void,
  ): Promise<readonly string[]> {
    const statements: string[] = [];
    const inner = duckdb(file);
    const to: typeof inner = {
      ...inner,
      connect: async (options) => {
        const connection = await inner.connect(options);
        return {
          ...connection,
          run: (sql, values) => {
            if (/count\(\*\) as n .* group by/.test(sql)) statements.push(sql);
            return connection.run(sql, values);
          },
        };
      },
    };
    const paginator = { type: "page_number", base_page: 0, total_path: "pages" };
    const endpoint = { path: "items", data_selector: "items", paginator };
    const resource = { name: "items", write_disposition: "merge", primary_key: "id", endpoint };
    const client = await createClient([resource], {
      "/items": (query: URLSearchParams) => ({
        items: pages[Number(query.get("page") ?? 0)],
        pages: pages.length,
      }),
    });
    const report = await sync(client, { to, batchRows: 1, ...(failpoint && { failpoint }) });
    expect(report.status, JSON.stringify(report.resources)).toBe(failpoint ? "failed" : "complete");
    return statements;
  }
  const rows = (file: string): Promise<unknown> =>
    queryDuckDb(file, "select id::int as id, n from items order by id");

  it("does not look for keys that occur twice if they rise", async () => {
    const file = join(folder.path, "rising.duckdb");
    expect(await load(file, [[{ id: 1, n: "a" }], [{ id: 2, n: "b" }]])).toEqual([]);
    expect(await load(file, [[{ id: 2, n: "c" }], [{ id: 3, n: "d" }]])).toEqual([]);
    expect(await rows(file)).toEqual([
      { id: 1, n: "a" },
      { id: 2, n: "c" },
      { id: 3, n: "d" },
    ]);
  });

  it("keeps the first record of a key that another page repeats", async () => {
    const file = join(folder.path, "twice.duckdb");
    const pages = [
      [
        { id: 1, n: "a" },
        { id: 2, n: "b" },
      ],
      [
        { id: 2, n: "c" },
        { id: 3, n: "d" },
      ],
    ];
    expect(await load(file, pages)).not.toEqual([]);
    expect(await rows(file)).toEqual([
      { id: 1, n: "a" },
      { id: 2, n: "b" },
      { id: 3, n: "d" },
    ]);
  });

  it("keeps the first record of a key if the run was killed between two of them", async () => {
    const file = join(folder.path, "killed.duckdb");
    const pages = [
      [
        { id: 1, n: "a" },
        { id: 2, n: "b" },
      ],
      [
        { id: 2, n: "c" },
        { id: 3, n: "d" },
      ],
    ];
    let commits = 0;
    await load(file, pages, (name) => {
      if (name === "batch.after_commit" && ++commits === 1) throw new Error("killed");
    });
    await load(file, pages);
    expect(await rows(file)).toEqual([
      { id: 1, n: "a" },
      { id: 2, n: "b" },
      { id: 3, n: "d" },
    ]);
  });
});

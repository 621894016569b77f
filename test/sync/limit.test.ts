import { sync, type SyncEvent, type SyncOptions, type SyncReport } from "@connector-gen/sync";
import { expect, it } from "vitest";
import { createClient } from "./support/client.js";
import { reuseDuckDb } from "./support/database.js";
import { describeTargets, type TestTarget } from "./support/targets.js";

reuseDuckDb();

type Item = Readonly<Record<string, unknown>>;

const pageSize = 2;
const writes = {
  append: {},
  replace: { write_disposition: "replace" },
  merge: { write_disposition: "merge", primary_key: "id" },
  upsert: { write_disposition: { disposition: "merge", strategy: "upsert" }, primary_key: "id" },
  scd2: { write_disposition: { disposition: "merge", strategy: "scd2" } },
} as const;

interface Ended {
  readonly report: SyncReport;
  /** The value of `since` in each request. */
  readonly since: readonly string[];
  readonly notices: readonly string[];
}

async function load(
  { options }: TestTarget,
  { write, items }: { readonly write: object; readonly items: readonly Item[] },
  more: Partial<SyncOptions> = {},
): Promise<Ended> {
  const since: string[] = [];
  const notices: string[] = [];
  const answer = (query: URLSearchParams): unknown => {
    since.push(query.get("since") ?? "");
    const start = (Number(query.get("page")) - 1) * pageSize;
    return { pages: Math.ceil(items.length / pageSize), items: items.slice(start, start + pageSize) };
  };
  const endpoint = {
    path: "items",
    data_selector: "items",
    params: { since: "{incremental.start_value}" },
    paginator: { type: "page_number", base_page: 1, total_path: "pages" },
    incremental: { cursor_path: "at", initial_value: 0 },
  };
  const client = await createClient([{ name: "items", ...write, endpoint }], { "/items": answer });
  const onEvent = ({ type, message = "" }: SyncEvent): void => {
    if (type === "notice") notices.push(message);
  };
  const report = await sync(client, { ...options, ...more, onEvent });
  expect(report, JSON.stringify(report)).toMatchObject({ status: "complete", rejected: 0 });
  return { report, since, notices };
}

async function rowsOf({ query }: TestTarget, condition = "true"): Promise<readonly string[]> {
  const rows = await query(`select id, name from items where ${condition} order by id, name`);
  return rows.map(({ id, name }) => `${String(id)} ${String(name)}`);
}

const itemsNamed = (name: string, at = 0): readonly Item[] =>
  [1, 2, 3, 4, 5].map((id) => ({ id, name, at: at + id, tags: [name] }));
const old = ["1 old", "2 old", "3 old", "4 old", "5 old"];

describeTargets("a run with a limit", (targetOf) => {
  it.each(["append", "replace", "merge", "upsert", "scd2"] as const)(
    "loads whole pages, and the next run the rest, from the same cursor on: %s",
    async (kind) => {
      const target = targetOf(`limit_first_${kind}`);
      const items = itemsNamed("old");
      const write = writes[kind];
      const limited = await load(target, { write, items }, { limit: 3 });
      expect(limited.report.resources["items"]).toMatchObject({ pages: 2, records: 4 });
      expect(await rowsOf(target)).toEqual(old.slice(0, 4));
      const { since, report } = await load(target, { write, items });
      expect(await rowsOf(target)).toEqual(old);
      expect(new Set(since)).toEqual(new Set(["0"]));
      // Rows of `append` are written, so the run continues after their pages.
      expect(report.resources["items"]?.pages).toBe(kind === "append" ? 1 : 3);
      // `replace` begins at the start, or its table would lose the rows before the cursor.
      expect((await load(target, { write, items })).since[0]).toBe(kind === "replace" ? "0" : "5");
      expect(await rowsOf(target)).toEqual(old);
    },
  );

  it.each(["merge", "upsert"] as const)("changes the rows that it reads, and no others: %s", async (kind) => {
    const target = targetOf(`limit_then_${kind}`);
    const write = writes[kind];
    await load(target, { write, items: itemsNamed("old") });
    const { since } = await load(target, { write, items: itemsNamed("new", 10) }, { limit: 1 });
    expect(since[0]).toBe("5");
    expect(await rowsOf(target)).toEqual(["1 new", "2 new", ...old.slice(2)]);
    expect((await load(target, { write, items: itemsNamed("new", 10) })).since[0]).toBe("5");
    expect(await rowsOf(target)).toEqual(old.map((row) => row.replace("old", "new")));
  });

  it("retires no version: scd2", async () => {
    const target = targetOf("limit_scd2");
    const write = writes.scd2;
    await load(target, { write, items: itemsNamed("old") }, { restart: true });
    await load(target, { write, items: itemsNamed("new") }, { restart: true, limit: 1 });
    const active = "_cg_valid_to is null";
    expect(await rowsOf(target, active)).toEqual(["1 new", "1 old", "2 new", "2 old", ...old.slice(2)]);
    await load(target, { write, items: itemsNamed("new") }, { restart: true });
    expect(await rowsOf(target, active)).toEqual(old.map((row) => row.replace("old", "new")));
  });

  it.each([
    { name: "replace", kind: "replace", more: { restart: true } },
    { name: "append_refresh", kind: "append", more: { fullRefresh: true } },
  ] as const)("replaces no table, and says so: $name", async ({ name, kind, more }) => {
    const target = targetOf(`limit_${name}`);
    const write = writes[kind];
    await load(target, { write, items: itemsNamed("old") });
    const { notices, report } = await load(
      target,
      { write, items: itemsNamed("new") },
      { ...more, limit: 3 },
    );
    expect(await rowsOf(target)).toEqual(old);
    expect(notices).toEqual([
      "the limit ended the read early, so its rows replace nothing: the tables are unchanged",
    ]);
    expect(report.resources["items"]?.rows).toEqual({ inserted: 0, updated: 0, deleted: 0, unchanged: 0 });
    const tags = await target.query("select distinct value from items__tags");
    expect(tags).toEqual([{ value: "old" }]);
    await load(target, { write, items: itemsNamed("new") }, more);
    expect(await rowsOf(target)).toEqual(old.map((row) => row.replace("old", "new")));
  });

  it.each(["merge", "scd2"] as const)(
    "keeps the rows that it does not read in a full refresh: %s",
    async (kind) => {
      const target = targetOf(`limit_refresh_${kind}`);
      const write = writes[kind];
      await load(target, { write, items: itemsNamed("old") });
      await load(target, { write, items: itemsNamed("new") }, { fullRefresh: true, limit: 1 });
      expect(await rowsOf(target)).toEqual(
        kind === "merge"
          ? ["1 new", "2 new", ...old.slice(2)]
          : ["1 new", "1 old", "2 new", "2 old", ...old.slice(2)],
      );
    },
  );
});

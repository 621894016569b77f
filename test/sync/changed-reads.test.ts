import { sync, type SyncOptions } from "@connector-gen/sync";
import { describe, expect, it } from "vitest";
import { createClient } from "./support/client.js";
import { reuseDuckDb } from "./support/database.js";
import { describeTargets, type TestTarget } from "./support/targets.js";

reuseDuckDb();

const writes = [
  { name: "append", write: {} },
  { name: "replace", write: { write_disposition: "replace" } },
  ...["delete-insert", "upsert", "insert-only", "scd2"].map((strategy) => ({
    name: strategy,
    write: { write_disposition: { disposition: "merge", strategy }, primary_key: "id" },
  })),
];
const items = [1, 2, 3, 4, 5, 6].map((id) => ({ id, at: `2024-01-0${id}T00:00:00Z` }));

interface Run {
  readonly write: object;
  readonly since?: string;
  /** The page that the API refuses. */
  readonly broken?: number;
  readonly params?: object;
}

let inserted: number | undefined;

/** Loads two items per page, beginning at a cursor. Returns the status and the first value of the cursor in a request. */
async function load(
  { options }: TestTarget,
  { write, since, broken, params }: Run,
  more: Partial<SyncOptions> = {},
): Promise<readonly [status: string | undefined, start: string | null | undefined]> {
  const starts: (string | null)[] = [];
  const endpoint = {
    path: "items",
    data_selector: "items",
    paginator: { type: "page_number", base_page: 1, total_path: "pages" },
    params: { since: "{incremental.start_value}", ...params },
    incremental: { cursor_path: "at", initial_value: since ?? "2024-01-01T00:00:00Z" },
  };
  const client = await createClient([{ name: "items", ...write, endpoint }], {
    "/items": (query: URLSearchParams) => {
      starts.push(query.get("since"));
      const page = Number(query.get("page"));
      if (page === broken) return undefined;
      const found = items.filter(({ at }) => at >= (query.get("since") ?? ""));
      return { pages: Math.ceil(found.length / 2), items: found.slice(2 * page - 2, 2 * page) };
    },
  });
  const restart = since === undefined ? {} : { restart: true };
  const report = await sync(client, { ...options, ...restart, ...more });
  inserted = report.resources["items"]?.rows.inserted;
  return [report.resources["items"]?.status, starts[0]?.slice(0, 10)];
}

describeTargets("a read that differs from the one before", (targetOf) => {
  const count = async ({ query }: TestTarget): Promise<unknown> =>
    (
      await query(
        "select cast(count(*) as integer) as n, cast(count(distinct id) as integer) as ids from items",
      )
    )[0];

  describe.each(writes)("$name", ({ name, write }) => {
    const isAppend = name === "append";
    const start = name === "replace" ? "2024-01-01" : "2024-01-06";

    it("a limited run from an earlier value moves no cursor", async () => {
      const target = targetOf(`limited_${name}`);
      expect(await load(target, { write })).toEqual(["complete", "2024-01-01"]);
      const since = "2024-01-02T00:00:00Z";
      expect(await load(target, { write, since }, { limit: 2 })).toEqual(["complete", "2024-01-02"]);
      expect(await load(target, { write })).toEqual(["complete", start]);
      expect(await count(target)).toEqual({ n: isAppend ? 8 : 6, ids: 6 });
    });

    it("a run after a failed one from an earlier value continues at the cursor", async () => {
      const target = targetOf(`since_${name}`);
      expect(await load(target, { write })).toEqual(["complete", "2024-01-01"]);
      const since = "2024-01-02T00:00:00Z";
      expect(await load(target, { write, since, broken: 2 })).toEqual(["failed", "2024-01-02"]);
      await load(target, { write });
      expect(await count(target)).toEqual({ n: isAppend ? 8 : 6, ids: 6 });
      expect(await load(target, { write })).toEqual(["complete", start]);
    });

    it.skipIf(isAppend)("a run with other requests than the failed one stores each row once", async () => {
      const target = targetOf(`edited_${name}`);
      expect(await load(target, { write, broken: 2 })).toEqual(["failed", "2024-01-01"]);
      expect(await load(target, { write, params: { fixed: "yes" } })).toEqual(["complete", "2024-01-01"]);
      expect(inserted).toBe(6);
      expect(await count(target)).toEqual({ n: 6, ids: 6 });
    });
  });

  it("a limited full refresh moves no cursor", async () => {
    const target = targetOf("refresh");
    const write = { write_disposition: "merge", primary_key: "id" };
    await load(target, { write });
    await load(target, { write }, { fullRefresh: true, limit: 2 });
    expect(await load(target, { write })).toEqual(["complete", "2024-01-06"]);
  });
});

import { readState, sync, type SyncReport } from "@connector-gen/sync";
import { expect, it } from "vitest";
import { createClient } from "./support/client.js";
import { reuseDuckDb } from "./support/database.js";
import { describeTargets, type TestTarget } from "./support/targets.js";

reuseDuckDb();

type Item = Readonly<Record<string, unknown>>;

/** Tables of the user, which reject rows only at the merge. */
const tables = [
  `create table items (_cg_id varchar not null, _cg_load_id varchar, _cg_hash varchar, id bigint,
     name varchar not null, price double precision check (price > 0), code varchar, unique (code, price))`,
  `create table items__tags (_cg_id varchar not null, _cg_parent_id varchar, _cg_root_id varchar, _cg_list_idx bigint,
     label varchar check (label <> 'bad'))`,
  `create table items__tags__notes (_cg_id varchar not null, _cg_parent_id varchar, _cg_root_id varchar,
     _cg_list_idx bigint, value varchar)`,
];

function item(id: number, own: Item = {}): Item {
  const tags = [{ label: `a${id}`, notes: ["n"] }, { label: `b${id}` }];
  return { id, name: `name ${id}`, price: 1.5, code: `code ${id}`, tags, ...own };
}

const first = [1, 2, 3, 4, 5, 6, 7, 8].map((id) => item(id));
const second: readonly Item[] = [
  item(1),
  item(2, { price: 2 }),
  item(3, { price: -1 }),
  item(4, { name: undefined }),
  item(5, { code: "code 8" }),
  item(6, { price: 4, tags: [{ label: "bad", notes: ["lost"] }, { label: "good" }] }),
  item(7, { price: 3 }),
  item(8),
  item(9, { code: "twin" }),
  item(10, { code: "twin" }),
  item(11, { price: -2, tags: [] }),
  item(12),
];

async function load(
  { options }: TestTarget,
  { write, items }: { readonly write: object; readonly items: readonly Item[] },
): Promise<SyncReport> {
  const paginator = { type: "page_number", base_page: 1, total_path: "pages" };
  const resource = {
    name: "items",
    ...write,
    endpoint: { path: "items", data_selector: "items", paginator },
  };
  const size = 4;
  const client = await createClient([resource], {
    "/items": (query: URLSearchParams) => {
      const start = (Number(query.get("page")) - 1) * size;
      return { pages: Math.ceil(items.length / size), items: items.slice(start, start + size) };
    },
  });
  return sync(client, { ...options, batchRows: 10 });
}

/** `1:1.5` for each row, and its labels with their notes. */
async function content({ query }: TestTarget, condition = "true"): Promise<readonly string[]> {
  const rows = await query(`select i.id as id, i.price as price,
    (select string_agg(t.label || coalesce((select '+' || n.value from items__tags__notes n where n._cg_parent_id = t._cg_id), ''), ','
      order by t.label) from items__tags t where t._cg_parent_id = i._cg_id) as tags
    from items i where ${condition} order by i.id, i.price`);
  return rows.map(({ id, price, tags }) => `${String(id)}:${String(price)} ${String(tags)}`);
}

async function orphans({ query }: TestTarget): Promise<unknown> {
  const count = (child: string, parent: string): string =>
    `(select count(*) from ${child} c where not exists (select 1 from ${parent} p where p._cg_id = c._cg_parent_id))`;
  const [row] = await query(
    `select cast(${count("items__tags", "items")} + ${count("items__tags__notes", "items__tags")} as varchar) as n`,
  );
  return row?.["n"];
}

const kept = (id: number, price = 1.5): string => `${id}:${price} a${id}+n,b${id}`;
const loaded = [kept(1), kept(2, 2), "6:4 good", kept(7, 3), kept(8), kept(9), kept(12)];

describeTargets("rows that a table refuses when they are merged", (targetOf) => {
  const merge = (strategy: string): object => ({
    primary_key: "id",
    write_disposition: { disposition: "merge", strategy },
  });
  it.each([
    { name: "append", write: { write_disposition: "append" } },
    { name: "replace", write: { write_disposition: "replace" } },
    { name: "delete_insert", write: merge("delete-insert") },
    { name: "merge_key", write: { merge_key: "id", write_disposition: "merge" } },
    { name: "upsert", write: merge("upsert") },
    { name: "insert_only", write: merge("insert-only") },
    { name: "scd2", write: { write_disposition: { disposition: "merge", strategy: "scd2" } } },
  ])("are rejected one by one, and the others are loaded: $name", async ({ name, write }) => {
    const target = targetOf(name);
    await target.query(...tables);
    if (name !== "append") expect(await load(target, { write, items: first })).toMatchObject({ rejected: 0 });
    const report = await load(target, { write, items: second });
    const { rejected } = await readState(target.options.to, { schema: target.options.schema });
    const roots = rejected.filter(({ table }) => table === "items");
    const ids = roots.map(({ row }) => Number((JSON.parse(row) as { readonly id: unknown }).id));
    expect(report).toMatchObject({ status: "complete", rejected: rejected.length });
    expect(await orphans(target)).toBe("0");
    if (name === "insert_only") {
      // Existing rows are not written, so they are not rejected.
      expect(ids.sort((a, b) => a - b)).toEqual([10, 11]);
      expect(await content(target)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 12].map((id) => kept(id)));
      return;
    }
    // If two rows conflict, either one may stay.
    const others = name === "append" ? [3, 4, 8, 10, 11] : [3, 4, 5, 10, 11];
    expect(ids.sort((a, b) => a - b)).toEqual(others);
    expect(roots.find(({ row }) => /"id":"?11"?[,}]/.test(row))).toMatchObject({
      resource: "items",
      page: 3,
      request: "GET http://api.test/items?page=3",
      reason: expect.stringMatching(/constraint/i) as string,
    });
    const children = rejected.filter(({ table }) => table !== "items");
    const own = children.filter(({ reason }) => reason !== "the row above it was rejected");
    expect(own).toMatchObject([{ table: "items__tags", page: 2 }]);
    // The note of the refused tag, and the lists of five rows of which one has none.
    expect(children).toHaveLength(2 + 4 * 3);
    const old = [kept(3), kept(4), kept(5)];
    if (name === "append")
      expect(await content(target)).toEqual([
        ...loaded.slice(0, 2),
        "5:1.5 a5+n,b5",
        ...loaded.slice(2, 4),
        ...loaded.slice(5),
      ]);
    else if (name === "replace") expect(await content(target)).toEqual(loaded);
    else if (name === "scd2") expect(await content(target, "i._cg_valid_to is null")).toEqual(loaded);
    else expect(await content(target)).toEqual([...loaded.slice(0, 2), ...old, ...loaded.slice(2)]);
  });
});

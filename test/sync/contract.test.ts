import { readState, sync, type SchemaContract, type SyncReport } from "@connector-gen/sync";
import { expect, it } from "vitest";
import { createClient } from "./support/client.js";
import { reuseDuckDb } from "./support/database.js";
import { describeTargets, type TestTarget } from "./support/targets.js";

reuseDuckDb();

type Item = Readonly<Record<string, unknown>>;

/** The resources of a test: one for each way to write, all with the same records. */
const writes = {
  append: {},
  replace: { write_disposition: "replace" },
  merge: { write_disposition: "merge", primary_key: "id" },
} as const;
type Kind = keyof typeof writes;
const kinds = Object.keys(writes) as readonly Kind[];

interface Job {
  readonly items: readonly Item[];
  readonly contract?: SchemaContract;
}

function load({ options }: TestTarget, { items, contract }: Job): Promise<SyncReport> {
  return loadPages({ options }, { pages: [items], ...(contract && { contract }) });
}

async function loadPages(
  { options }: Pick<TestTarget, "options">,
  { pages, contract }: Omit<Job, "items"> & { readonly pages: readonly (readonly Item[])[] },
): Promise<SyncReport> {
  const paginator = { type: "page_number", base_page: 1, total_path: "pages" };
  const endpoint = { path: "items", data_selector: "items", paginator };
  const resources = kinds.map((kind) => ({ name: `by_${kind}`, ...writes[kind], endpoint }));
  const client = await createClient(resources, {
    "/items": (query: URLSearchParams) => ({
      pages: pages.flat().length === 0 ? 0 : pages.length,
      items: pages[Number(query.get("page")) - 1],
    }),
  });
  return sync(client, { ...options, batchRows: 1, contract });
}

const first = [{ id: 1, n: 1, lines: [{ sku: "a" }] }];
/** One record of each kind, and one that matches. */
const changed = {
  tables: { id: 2, n: 2, parts: [{ x: 1 }] },
  columns: { id: 3, n: 3, extra: "x", lines: [{ sku: "lost" }] },
  data_type: { id: 4, n: "text", lines: [{ sku: "lost" }] },
} as const;
const fine = { id: 5, n: 5, lines: [{ sku: "b" }] };
type Entity = keyof typeof changed;

/** `1:1` for each row. */
async function rowsOf({ query }: TestTarget, kind: Kind): Promise<readonly string[]> {
  const rows = await query(`select id, n from by_${kind} order by id`);
  return rows.map(({ id, n }) => `${String(id)}:${String(n)}`);
}

async function skusOf({ query }: TestTarget, kind: Kind): Promise<readonly unknown[]> {
  const rows = await query(`select sku from by_${kind}__lines order by sku`);
  return rows.map(({ sku }) => sku);
}

/** The tables and columns of every resource, without those of the sync itself. */
async function namesOf({ query }: TestTarget): Promise<readonly string[]> {
  const rows = await query(
    `select distinct table_name as t, column_name as c from information_schema.columns
     where table_name like 'by_%' and table_schema not in ('information_schema') and column_name not like '\\_cg%' escape '\\'
     and table_schema = current_schema() order by 1, 2`,
  );
  return rows.map(({ t, c }) => `${String(t)}.${String(c)}`);
}

const before = kinds.flatMap((kind) => [`by_${kind}.id`, `by_${kind}.n`, `by_${kind}__lines.sku`]).sort();

/** The same for every resource. */
const every = (report: object): object => Object.fromEntries(kinds.map((kind) => [`by_${kind}`, report]));

describeTargets("a schema contract", (targetOf, database) => {
  const entities = Object.keys(changed) as readonly Entity[];
  /** What is discarded or frozen does not reach the database, so PostgreSQL gets one example of each. */
  const examples = <T>(all: readonly T[], first: number): readonly T[] =>
    database === "DuckDB" ? all : all.slice(first, first + 1);

  async function start(name: string): Promise<TestTarget> {
    const target = targetOf(name);
    expect(await load(target, { items: first })).toMatchObject({ status: "complete" });
    expect(await namesOf(target)).toEqual(before);
    return target;
  }
  /** The row of the first run, which `replace` drops. */
  const kept = (kind: Kind): readonly string[] => (kind === "replace" ? [] : ["1:1"]);

  it.each(entities)("evolves the tables by default: %s", async (entity) => {
    const target = await start(`evolve_${entity}`);
    const report = await load(target, { items: [changed[entity], fine] });
    expect(report.resources).toMatchObject(every({ status: "complete", discarded: 0 }));
    const added = { tables: "__parts.x", columns: ".extra", data_type: ".n__v_text" }[entity];
    expect(await namesOf(target)).toEqual(expect.arrayContaining(kinds.map((kind) => `by_${kind}${added}`)));
  });

  it.each(examples(entities, 2))("discards values: %s", async (entity) => {
    const target = await start(`values_${entity}`);
    const contract = { [entity]: "discard_value" };
    const report = await load(target, { items: [changed[entity], fine], contract });
    expect(report.resources).toMatchObject(every({ status: "complete", discarded: 1, rejected: 0 }));
    const { id } = changed[entity];
    const row = `${id}:${entity === "data_type" ? "null" : id}`;
    for (const kind of kinds) expect(await rowsOf(target, kind)).toEqual([...kept(kind), row, "5:5"]);
    expect(await namesOf(target)).toEqual(before);
  });

  it.each(examples(entities, 1))("discards rows with the rows below them: %s", async (entity) => {
    const target = await start(`rows_${entity}`);
    const contract = { [entity]: "discard_row" };
    const report = await load(target, { items: [changed[entity], fine], contract });
    expect(report.resources).toMatchObject(every({ status: "complete", discarded: 1, rejected: 0 }));
    // The rows of a table that is new are discarded, and those above them stay.
    const above = entity === "tables" ? ["2:2"] : [];
    for (const kind of kinds) {
      expect(await rowsOf(target, kind)).toEqual([...kept(kind), ...above, "5:5"]);
      expect(await skusOf(target, kind)).toEqual(kind === "replace" ? ["b"] : ["a", "b"]);
    }
    expect(await namesOf(target)).toEqual(before);
  });

  it.each(examples(entities, 0))("freezes the tables: %s", async (entity) => {
    const target = await start(`freeze_${entity}`);
    const contract = { [entity]: "freeze" } as SchemaContract;
    const pages = [[fine], [changed[entity]], [{ id: 6, n: 6 }]];
    const report = await loadPages(target, { pages, contract });
    const message = containing("and the schema contract freezes");
    expect(report.resources).toMatchObject(every({ status: "failed", error: { code: "CONTRACT", message } }));
    // Rows of `append` are written; those of the others wait.
    for (const kind of kinds)
      expect(await rowsOf(target, kind)).toEqual(kind === "append" ? ["1:1", "5:5"] : ["1:1"]);
    expect(await namesOf(target)).toEqual(before);
    const { resources } = await readState(target.options.to, { schema: target.options.schema });
    expect(resources).toHaveLength(kinds.length);
    for (const state of resources) expect(state).toMatchObject({ phase: "loading", pages: 1 });
    // The next run continues with the failed page, under a contract that allows it.
    const again = await loadPages(target, { pages });
    expect(again.resources).toMatchObject(every({ status: "complete", resumed: true, pages: 2 }));
    const { id } = changed[entity];
    const value = entity === "data_type" ? "null" : id;
    for (const kind of kinds)
      expect(await rowsOf(target, kind)).toEqual([...kept(kind), `${id}:${value}`, "5:5", "6:6"]);
  });

  it("lets a table that is new have its first columns", async () => {
    const target = targetOf("first_columns");
    const contract = { columns: "freeze", data_type: "freeze" } as const;
    expect(await load(target, { items: first, contract })).toMatchObject({ status: "complete" });
    expect(await namesOf(target)).toEqual(before);
  });

  it.each(["discard_row", "discard_value"] as const)(
    "discards all records of a table that is new: %s",
    async (mode) => {
      const target = targetOf(`new_${mode}`);
      const report = await load(target, { items: [...first, fine], contract: { tables: mode } });
      expect(report.resources).toMatchObject(
        every({ status: "complete", discarded: 2, rows: { inserted: 0 } }),
      );
      expect(await namesOf(target)).toEqual([]);
    },
  );

  it("freezes a table that is new", async () => {
    const target = targetOf("new_freeze");
    const report = await load(target, { items: first, contract: { tables: "freeze" } });
    const message = containing("is new, and the schema contract freezes tables");
    expect(report.resources).toMatchObject(every({ status: "failed", error: { code: "CONTRACT", message } }));
    expect(await namesOf(target)).toEqual([]);
  });

  it("freezes nothing in a run without records", async () => {
    const target = targetOf("empty_freeze");
    const report = await load(target, { items: [], contract: { tables: "freeze" } });
    expect(report.resources).toMatchObject(every({ status: "complete", rows: { inserted: 0 } }));
    expect(await namesOf(target)).toEqual([]);
  });

  it("lets a field that is always null share the column of another one", async () => {
    const target = targetOf("shared_column");
    const shared = { id: 1, aB: 1, a_b: null };
    const report = await load(target, { items: [shared] });
    expect(report.resources).toMatchObject(every({ status: "complete" }));
    const failed = await load(target, { items: [{ ...shared, a_b: 2 }] });
    const message = containing("both become the column `a_b`");
    expect(failed.resources).toMatchObject(every({ status: "failed", error: { message } }));
  });

  it.each([
    { mode: "discard_value", rows: ["1:1", "4:null"], discarded: 1 },
    { mode: "discard_row", rows: ["1:1"], discarded: 1 },
    { mode: "freeze", rows: [], discarded: 0 },
  ] as const)(
    "of values of another type also applies to a table that is new: $mode",
    async ({ mode, rows, discarded }) => {
      const target = targetOf(`new_type_${mode}`);
      const items = [
        { id: 1, n: 1 },
        { id: 4, n: "text" },
      ];
      const report = await load(target, { items, contract: { data_type: mode } });
      const status = mode === "freeze" ? "failed" : "complete";
      expect(report.resources).toMatchObject(every({ status, discarded }));
      for (const kind of kinds) if (rows.length > 0) expect(await rowsOf(target, kind)).toEqual(rows);
    },
  );

  it.each([
    { mode: "discard_value", skus: ["a", "b", "c"] },
    { mode: "discard_row", skus: ["a", "c"] },
  ] as const)("lets the first row of a new list define its columns: $mode", async ({ mode, skus }) => {
    const target = targetOf(`new_list_${mode}`);
    const lines = [{ sku: "a" }, { sku: "b", extra: 1 }];
    const items = [
      { id: 1, n: 1, lines },
      { id: 2, n: 2, other: 3, lines: [{ sku: "c" }] },
    ];
    await load(target, { items, contract: { columns: mode } });
    for (const kind of kinds) {
      expect(await rowsOf(target, kind)).toEqual(["1:1", "2:2"]);
      expect(await skusOf(target, kind)).toEqual(skus);
    }
  });

  const modes = ["discard_row", "discard_value", "freeze"] as const;
  it.each(examples(modes, 0))("of rows below a row: %s", async (mode) => {
    const target = await start(`below_${mode}`);
    const items = [{ id: 2, n: 2, lines: [{ sku: "x", extra: 1 }, { sku: "y" }] }];
    const report = await load(target, { items, contract: { columns: mode } });
    const added = { discard_row: ["y"], discard_value: ["x", "y"], freeze: [] }[mode];
    const isFrozen = mode === "freeze";
    for (const kind of kinds)
      expect(await skusOf(target, kind)).toEqual(kind === "replace" && !isFrozen ? added : ["a", ...added]);
    expect(report.resources).toMatchObject(every({ status: isFrozen ? "failed" : "complete" }));
    expect(await namesOf(target)).toEqual(before);
  });
});

/** Matches a text that contains another. */
function containing(text: string): unknown {
  return expect.stringContaining(text);
}

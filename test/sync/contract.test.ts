import { readState, sync, type SchemaContract, type SyncReport } from "@connector-gen/sync";
import { expect, it } from "vitest";
import { createClient } from "./support/client.js";
import { describeTargets, type TestTarget } from "./support/targets.js";

type Item = Readonly<Record<string, unknown>>;

const writes = {
  append: {},
  replace: { write_disposition: "replace" },
  merge: { write_disposition: "merge", primary_key: "id" },
} as const;

interface Job {
  readonly write: object;
  readonly items: readonly Item[];
  readonly contract?: SchemaContract;
}

function load({ options }: TestTarget, { write, items, contract }: Job): Promise<SyncReport> {
  return loadPages({ options }, { write, pages: [items], ...(contract && { contract }) });
}

async function loadPages(
  { options }: Pick<TestTarget, "options">,
  { write, pages, contract }: Omit<Job, "items"> & { readonly pages: readonly (readonly Item[])[] },
): Promise<SyncReport> {
  const paginator = { type: "page_number", base_page: 1, total_path: "pages" };
  const endpoint = { path: "items", data_selector: "items", paginator };
  const client = await createClient([{ name: "items", ...write, endpoint }], {
    "/items": (query: URLSearchParams) => ({
      pages: pages.length,
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
async function rowsOf({ query }: TestTarget): Promise<readonly string[]> {
  const rows = await query("select id, n from items order by id");
  return rows.map(({ id, n }) => `${String(id)}:${String(n)}`);
}

async function namesOf({ query }: TestTarget): Promise<string> {
  const rows = await query(
    `select distinct table_name as t, column_name as c from information_schema.columns
     where table_name like 'items%' and table_schema not in ('information_schema') and column_name not like '\\_cg%' escape '\\'
     and table_schema = current_schema() order by 1, 2`,
  );
  return rows.map(({ t, c }) => `${String(t)}.${String(c)}`).join(" ");
}

const before = "items.id items.n items__lines.sku";

describeTargets("a schema contract", (targetOf, database) => {
  const kinds = Object.keys(writes) as (keyof typeof writes)[];
  const entities = Object.keys(changed) as Entity[];
  const cases = kinds.flatMap((kind) => entities.map((entity) => ({ kind, entity })));
  /**
   * A contract has the same meaning for all databases. In PostgreSQL, each mode is tested with each kind and with each
   * entity, but not with all pairs.
   */
  const casesOf = (mode: number): typeof cases =>
    database === "DuckDB"
      ? cases
      : cases.filter(
          ({ kind, entity }) =>
            (kinds.indexOf(kind) + entities.indexOf(entity) + mode) % entities.length === 0,
        );

  async function start(name: string, kind: keyof typeof writes): Promise<TestTarget> {
    const target = targetOf(name);
    expect(await load(target, { write: writes[kind], items: first })).toMatchObject({ status: "complete" });
    expect(await namesOf(target)).toBe(before);
    return target;
  }
  /** The row of the first run, which `replace` drops. */
  const kept = (kind: keyof typeof writes): readonly string[] => (kind === "replace" ? [] : ["1:1"]);

  it.each(casesOf(0))("evolves the tables by default: $kind, $entity", async ({ kind, entity }) => {
    const target = await start(`evolve_${kind}_${entity}`, kind);
    const report = await load(target, { write: writes[kind], items: [changed[entity], fine] });
    expect(report.resources["items"]).toMatchObject({ status: "complete", discarded: 0 });
    const added = { tables: "items__parts.x", columns: "items.extra", data_type: "items.n__v_text" }[entity];
    expect((await namesOf(target)).split(" ")).toContain(added);
  });

  it.each(casesOf(1))("discards values: $kind, $entity", async ({ kind, entity }) => {
    const target = await start(`values_${kind}_${entity}`, kind);
    const job = {
      write: writes[kind],
      items: [changed[entity], fine],
      contract: { [entity]: "discard_value" },
    };
    const report = await load(target, job);
    expect(report.resources["items"]).toMatchObject({ status: "complete", discarded: 1, rejected: 0 });
    const { id } = changed[entity];
    expect(await rowsOf(target)).toEqual([
      ...kept(kind),
      `${id}:${entity === "data_type" ? "null" : id}`,
      "5:5",
    ]);
    expect(await namesOf(target)).toBe(before);
  });

  it.each(casesOf(2))("discards rows with the rows below them: $kind, $entity", async ({ kind, entity }) => {
    const target = await start(`rows_${kind}_${entity}`, kind);
    const job = {
      write: writes[kind],
      items: [changed[entity], fine],
      contract: { [entity]: "discard_row" },
    };
    const report = await load(target, job);
    expect(report.resources["items"]).toMatchObject({ status: "complete", discarded: 1, rejected: 0 });
    // The rows of a table that is new are discarded, and those above them stay.
    const above = entity === "tables" ? ["2:2"] : [];
    expect(await rowsOf(target)).toEqual([...kept(kind), ...above, "5:5"]);
    const skus = await target.query("select sku from items__lines order by sku");
    expect(skus.map(({ sku }) => sku)).toEqual(kind === "replace" ? ["b"] : ["a", "b"]);
    expect(await namesOf(target)).toBe(before);
  });

  it.each(casesOf(3))("freezes the tables: $kind, $entity", async ({ kind, entity }) => {
    const target = await start(`freeze_${kind}_${entity}`, kind);
    const write = writes[kind];
    const contract = { [entity]: "freeze" } as SchemaContract;
    const pages = [[fine], [changed[entity]], [{ id: 6, n: 6 }]];
    const report = await loadPages(target, { write, pages, contract });
    expect(report.resources["items"]).toMatchObject({ status: "failed", error: { code: "CONTRACT" } });
    expect(report.resources["items"]?.error?.message).toContain("and the schema contract freezes");
    // Rows of `append` are written; those of `merge` wait.
    expect(await rowsOf(target)).toEqual(kind === "append" ? ["1:1", "5:5"] : ["1:1"]);
    expect(await namesOf(target)).toBe(before);
    const { resources } = await readState(target.options.to, { schema: target.options.schema });
    expect(resources).toMatchObject([{ resource: "items", phase: "loading", pages: 1 }]);
    // The next run continues with the failed page, under a contract that allows it.
    const again = await loadPages(target, { write, pages });
    expect(again.resources["items"]).toMatchObject({ status: "complete", resumed: true, pages: 2 });
    const { id } = changed[entity];
    const value = entity === "data_type" ? "null" : id;
    expect(await rowsOf(target)).toEqual([...kept(kind), `${id}:${value}`, "5:5", "6:6"]);
  });

  it("lets a table that is new have its first columns", async () => {
    const target = targetOf("first_columns");
    const contract = { columns: "freeze", data_type: "freeze" } as const;
    const report = await load(target, { write: {}, items: first, contract });
    expect(report).toMatchObject({ status: "complete" });
    expect(await namesOf(target)).toBe(before);
  });

  it.each(["discard_row", "discard_value", "freeze"] as const)("of rows below a row: %s", async (mode) => {
    const target = await start(`below_${mode}`, "append");
    const items = [{ id: 2, n: 2, lines: [{ sku: "x", extra: 1 }, { sku: "y" }] }];
    const report = await load(target, { write: {}, items, contract: { columns: mode } });
    const skus = await target.query("select sku from items__lines where sku <> 'a' order by sku");
    const expected = { discard_row: ["y"], discard_value: ["x", "y"], freeze: [] }[mode];
    expect(skus.map(({ sku }) => sku)).toEqual(expected);
    expect(report.resources["items"]?.status).toBe(mode === "freeze" ? "failed" : "complete");
    expect(await namesOf(target)).toBe(before);
  });
});

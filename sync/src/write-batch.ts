import type { RowBatch } from "./destination.js";
import type { ResourceLoad, RunContext } from "./load-resource.js";
import { separateRefused, type RefusedRow } from "./refused-rows.js";
import type { StoredState } from "./store.js";
import { packRows, unpackAll, unpackRows, type PackedRows } from "./tables/packed-rows.js";
import { stagingName } from "./tables/staging.js";

/** The rows of whole pages, with the state after them. */
export interface Batch {
  /** Parents before their children. */
  readonly tables: readonly PackedTable[];
  readonly state: StoredState;
  /** The redacted request of each page. */
  readonly urls: ReadonlyMap<number, string>;
}

/** The packed rows of one table. */
interface PackedTable {
  readonly name: string;
  /** All columns of the table. */
  readonly columns: RowBatch["columns"];
  readonly parts: readonly PackedRows[];
}

/** The rows of one table. */
export interface TableBatch {
  readonly name: string;
  /** All columns of the table. */
  readonly columns: RowBatch["columns"];
  readonly rows: RowBatch;
  /** The page of each row. */
  readonly pages: readonly number[];
}

/** Writes a batch in one transaction. Rows that the database refuses go to the table of rejected rows. */
export async function writeOrReject(context: RunContext, load: ResourceLoad, batch: Batch): Promise<void> {
  try {
    await writeBatch(context, load, { batch, refused: [] });
  } catch (error) {
    if (!context.catalog.dialect.isRefusal?.(error)) throw error;
    const { tables, refused } = await separateRefused(batch.tables.map(unpackTable), {
      technical: context.technical,
      tryRows: (table) => tryRows(context, load, table),
    });
    if (refused.length === 0) throw error;
    await writeBatch(context, load, { batch: { ...batch, tables: tables.map(packTable) }, refused });
    load.progress.reject(refused.length);
  }
}

function unpackTable({ name, columns, parts }: PackedTable): TableBatch {
  return { name, columns, ...unpackAll(parts) };
}

function packTable({ name, columns, rows, pages }: TableBatch): PackedTable {
  return { name, columns, parts: [packRows({ rows, pages })] };
}

async function writeBatch(
  { writer, catalog, store, options }: RunContext,
  { plan, progress, isStaged, normalizer, state }: ResourceLoad,
  { batch, refused }: { readonly batch: Batch; readonly refused: readonly RefusedRow[] },
): Promise<void> {
  let written = 0;
  await writer.transaction("batch", async () => {
    for (const { name, columns, parts } of batch.tables) {
      const table = isStaged ? stagingName(name) : name;
      await catalog.ensure(table, columns, isStaged);
      await options.failpoint?.("batch.during_load");
      for (const part of parts) await writer.connection.load(catalog.ref(table), unpackRows(part).rows);
      written += countRows(parts);
    }
    for (const { page, ...row } of refused) {
      const request = `GET ${batch.urls.get(page) ?? ""}`.trim();
      await store.reject(plan.resource.name, { ...row, runId: state.runId, page: String(page), request });
    }
    await store.save(plan.resource.name, batch.state);
  });
  if (!isStaged) {
    const root = batch.tables.find(({ name }) => name === normalizer.tables[0]?.name);
    progress.merge({ inserted: countRows(root?.parts ?? []), updated: 0, deleted: 0, unchanged: 0 });
  }
  progress.commit(written);
}

function countRows(parts: readonly PackedRows[]): number {
  return parts.reduce((sum, { count }) => sum + count, 0);
}

/** Loads rows and takes them back. Returns why the database refuses them, or `undefined` if it does not. */
async function tryRows(
  { writer, catalog }: RunContext,
  { isStaged }: ResourceLoad,
  { name, columns, rows }: TableBatch,
): Promise<string | undefined> {
  const table = isStaged ? stagingName(name) : name;
  const isFine = Symbol("taken back");
  try {
    await writer.transaction("probe", async () => {
      await catalog.ensure(table, columns, isStaged);
      await writer.connection.load(catalog.ref(table), rows);
      throw isFine as unknown;
    });
    return undefined;
  } catch (error) {
    if (error === isFine) return undefined;
    if (!catalog.dialect.isRefusal?.(error)) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}

import { attempt } from "./attempt.js";
import type { Connection, RowBatch, TableName, TextLoader, TextPart } from "./destination.js";
import type { ResourceLoad, RunContext } from "./load-resource.js";
import { separateRefused, type RefusedRow } from "./refused-rows.js";
import type { StoredState } from "./store.js";
import {
  countRows,
  packRows,
  textPartOf,
  unpackAll,
  unpackRows,
  type PackedRows,
} from "./tables/packed-rows.js";
import { pageColumns, pagesName, stagingName } from "./tables/staging.js";

/** The rows of whole pages, with the state after them. */
export interface Batch {
  /** Parents before their children. */
  readonly tables: readonly PackedTable[];
  readonly state: StoredState;
  /** The pages, in ascending order. */
  readonly pages: readonly BatchPage[];
  /** The number of root rows that earlier batches have staged; `undefined` if it is unknown. */
  readonly stagedBefore: number | undefined;
}

/** A page of a batch. */
export interface BatchPage {
  readonly number: number;
  /** Redacted: `GET https://…`. */
  readonly request: string;
  /** The sequence number of its first record in the run. */
  readonly sequence: number;
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

/**
 * Writes a batch in one transaction. Rows that the database refuses go to the table of rejected rows. Resolves to the number of
 * root rows that were written.
 */
export async function writeOrReject(context: RunContext, load: ResourceLoad, batch: Batch): Promise<number> {
  try {
    return await writeBatch(context, load, { batch, refused: [] });
  } catch (error) {
    if (!context.catalog.dialect.isRefusal?.(error)) throw error;
    const { texts } = context.writer.connection;
    const unpacked = batch.tables.map((table) => unpackTable(table, texts));
    const { tables, refused } = await separateRefused(unpacked, {
      technical: context.technical,
      tryRows: (some) => attempt(context, () => loadTables(context, load, some.map(packTable))),
    });
    if (refused.length === 0) throw error;
    const kept = { ...batch, tables: tables.map(packTable) };
    const count = await writeBatch(context, load, { batch: kept, refused });
    load.progress.reject(refused.length);
    return count;
  }
}

function unpackTable({ name, columns, parts }: PackedTable, texts: TextLoader | undefined): TableBatch {
  return { name, columns, ...unpackAll(parts, texts) };
}

function packTable({ name, columns, rows, pages }: TableBatch): PackedTable {
  return { name, columns, parts: [packRows({ rows, pages })] };
}

async function writeBatch(
  context: RunContext,
  load: ResourceLoad,
  { batch, refused }: { readonly batch: Batch; readonly refused: readonly RefusedRow[] },
): Promise<number> {
  const { writer, store } = context;
  const { plan, progress, isStaged, normalizer, state } = load;
  const roots = countRows(batch.tables.find(({ name }) => name === normalizer.tables[0]?.name)?.parts ?? []);
  const staged = batch.stagedBefore === undefined ? undefined : batch.stagedBefore + roots;
  await writer.transaction(
    "batch",
    async () => {
      await loadTables(context, load, batch.tables);
      if (isStaged) await loadPages(context, load, batch.pages);
      for (const { page, ...row } of refused) {
        const request = batch.pages.find(({ number }) => number === page)?.request ?? "";
        await store.reject(plan.resource.name, { ...row, runId: state.runId, page: String(page), request });
      }
      const rejected = progress.counts().rejected + refused.length;
      await store.save(plan.resource.name, { ...batch.state, rejected, staged });
    },
    progress.reconnect,
  );
  const written = batch.tables.reduce((sum, { parts }) => sum + countRows(parts), 0);
  if (!isStaged) progress.merge({ inserted: roots, updated: 0, deleted: 0, unchanged: 0 });
  progress.commit(written);
  return roots;
}

/** Loads parts in order: consecutive texts together, other parts one by one. */
async function loadParts(
  { load, texts }: Connection,
  table: TableName,
  parts: readonly PackedRows[],
): Promise<void> {
  let waiting: TextPart[] = [];
  const loadTexts = async (): Promise<void> => {
    if (waiting.length > 0) await texts?.load(table, waiting);
    waiting = [];
  };
  for (const part of parts) {
    const textPart = textPartOf(part);
    if (textPart) waiting.push(textPart);
    else {
      await loadTexts();
      await load(table, unpackRows(part));
    }
  }
  await loadTexts();
}

/** Loads rows into the tables, or into the staging tables that hold them until the read is complete. */
async function loadTables(
  { writer, catalog, options }: RunContext,
  { isStaged }: ResourceLoad,
  tables: readonly PackedTable[],
): Promise<void> {
  for (const { name, columns, parts } of tables) {
    const table = isStaged ? stagingName(name) : name;
    await catalog.ensure(table, columns, isStaged ? name : undefined);
    await options.failpoint?.("batch.during_load");
    await loadParts(writer.connection, catalog.ref(table), parts);
  }
}

/** Records the pages of staged rows, for rows that the merge rejects. */
async function loadPages(
  { writer, catalog }: RunContext,
  { normalizer }: ResourceLoad,
  pages: readonly BatchPage[],
): Promise<void> {
  if (pages.length === 0) return;
  const name = pagesName(normalizer.rules.name);
  await catalog.ensure(name, pageColumns, name);
  const values = [
    pages.map(({ number }) => BigInt(number)),
    pages.map(({ request }) => request),
    pages.map(({ sequence }) => BigInt(sequence)),
  ];
  await writer.connection.load(catalog.ref(name), { columns: pageColumns, values, count: pages.length });
}

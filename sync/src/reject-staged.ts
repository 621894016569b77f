import { attempt, attemptSteps } from "./attempt.js";
import type { Column } from "./destination.js";
import type { ResourceLoad, RunContext } from "./load-resource.js";
import { findRefused } from "./merge/find-refused.js";
import { ensureTargets, prepareMerge, type Merge, type PreparedMerge } from "./merge/merge.js";
import { isOneOf, type RefusedRow } from "./merge/staged-rows.js";
import type { MergeTables, StagedTable } from "./merge/statements.js";
import { aboveRejected } from "./refused-rows.js";
import { quoteName, tableRef } from "./sql.js";
import { pagesName, pageColumns } from "./tables/staging.js";

/**
 * Moves the staged rows that make the database refuse a merge, with the rows below them, to the table of rejected rows.
 * Resolves to whether there were any.
 */
export async function rejectStaged(context: RunContext, load: ResourceLoad, merge: Merge): Promise<boolean> {
  const { writer, catalog } = context;
  const { connection } = writer;
  const { hasSavepoints } = catalog.dialect;
  // All attempts share the temporary tables.
  const prepared = await writer.transaction("prepare", async () => {
    const added = await ensureTargets(connection, merge);
    const resource = load.plan.resource.name;
    await context.store.save(resource, { ...(await context.store.load(resource)), added });
    const ready = await prepareMerge(connection, { ...merge, added });
    if (hasSavepoints) await indexStaged(context, ready);
    return ready;
  });
  const refused = await findRefused({
    merge: prepared,
    query: (sql) => writer.transaction("query", async () => (await connection.run(sql)).rows),
    queryInside: async (sql) => (await connection.run(sql)).rows,
    attempt: (work) => attempt(context, work),
    constraints: await writer.transaction("query", async () =>
      connection.constraints?.(prepared.tables.root.target.schema),
    ),
    ...(hasSavepoints && { attemptSteps: (work) => attemptSteps(context, work) }),
  });
  const count = await writer.transaction("reject", async () => {
    await prepared.dropTemporary();
    return moveRows(context, { load, tables: prepared.tables }, refused);
  });
  load.progress.reject(count);
  return count > 0;
}

/** Indexes the staged rows, so small parts of them are cheap to find. The indexes are dropped with their tables. */
async function indexStaged({ writer }: RunContext, { tables, index }: PreparedMerge): Promise<void> {
  await index();
  const keys = [
    { table: tables.root, column: tables.sequence },
    ...tables.children.map((table) => ({ table, column: tables.rootId })),
  ];
  for (const { table, column } of keys) {
    await writer.connection.run(`create index on ${tableRef(table.staging)} (${quoteName(column)})`);
    await writer.connection.run(`analyze ${tableRef(table.staging)}`);
  }
}

interface Place {
  readonly load: ResourceLoad;
  readonly tables: PreparedMerge["tables"];
}

/** Moves refused rows and the rows below them. Resolves to their number. */
async function moveRows(context: RunContext, place: Place, refused: readonly RefusedRow[]): Promise<number> {
  const { store } = context;
  const resource = place.load.plan.resource.name;
  let count = 0;
  for (const row of refused) {
    const origin = await originOf(context, place.tables, row.sequence);
    for (const { table, condition, reason } of await rowsToMove(context, place.tables, row)) {
      const texts = await readRows(context, table, condition);
      for (const text of texts) {
        await store.reject(resource, {
          runId: context.runId,
          table: table.target.name,
          ...origin,
          reason,
          row: text,
        });
      }
      await context.writer.connection.run(`delete from ${tableRef(table.staging)} as s where ${condition}`);
      count += texts.length;
    }
  }
  if (count > 0) {
    const saved = await store.load(resource);
    await store.save(resource, { ...saved, rejected: (saved.rejected ?? 0) + count, staged: undefined });
  }
  return count;
}

interface Moved {
  readonly table: StagedTable;
  /** An SQL condition on the rows, `s`. */
  readonly condition: string;
  readonly reason: string;
}

/** A refused row, and the rows below it. */
async function rowsToMove(
  context: RunContext,
  tables: MergeTables,
  row: RefusedRow,
): Promise<readonly Moved[]> {
  const { table, sequence, id, reason } = row;
  const lost = id === undefined ? [] : [id];
  const moved: Moved[] = [];
  for (const child of tables.children) {
    const isBelow =
      id === undefined
        ? `s.${quoteName(tables.rootId)} = (select r.${quoteName(tables.id)} from ${tableRef(tables.root.staging)} r
            where r.${quoteName(tables.sequence)} = ${sequence})`
        : isOneOf(tables.parentId, lost);
    const sql = `select s.${quoteName(tables.id)} as id from ${tableRef(child.staging)} s where ${isBelow}`;
    const ids = (await context.writer.connection.run(sql)).rows.map((each) => String(each["id"]));
    if (ids.length === 0) continue;
    lost.push(...ids);
    moved.push({ table: child, condition: isOneOf(tables.id, ids), reason: aboveRejected });
  }
  const own = id === undefined ? `s.${quoteName(tables.sequence)} = ${sequence}` : isOneOf(tables.id, [id]);
  return [{ table, condition: own, reason }, ...moved];
}

/** Finds the page of a root row, and its request. */
async function originOf(
  { writer, catalog }: RunContext,
  { root }: MergeTables,
  sequence: number,
): Promise<{ readonly page: string; readonly request: string }> {
  const [page, request, first] = pageColumns.map(({ name }) => quoteName(name));
  const table = tableRef(catalog.ref(pagesName(root.target.name)));
  const { rows } = await writer.connection.run(
    `select cast(${page} as varchar) as page, ${request} as request from ${table}
     where ${first} <= ${sequence} order by ${first} desc limit 1`,
  );
  const [found = {}] = rows as readonly Readonly<Record<string, string>>[];
  return { page: found["page"] ?? "0", request: found["request"] ?? "" };
}

/** Reads rows of a staging table as JSON. */
async function readRows(
  { writer, catalog }: RunContext,
  { staging }: StagedTable,
  condition: string,
): Promise<readonly string[]> {
  const columns = catalog.tables.get(staging.name) ?? [];
  const list = columns.map(({ name }) => `cast(s.${quoteName(name)} as varchar) as ${quoteName(name)}`);
  const { rows } = await writer.connection.run(
    `select ${list.join(", ")} from ${tableRef(staging)} s where ${condition}`,
  );
  return rows.map((row) =>
    JSON.stringify(Object.fromEntries(columns.map((column) => [column.name, toJsonValue(row, column)]))),
  );
}

/** Converts a value to JSON: numbers and booleans stay, other values become text. */
function toJsonValue(row: Readonly<Record<string, unknown>>, { name, type }: Column): unknown {
  const text = row[name] as string | null;
  if (text === null) return null;
  if (type === "double") return Number(text);
  return type === "bool" ? ["t", "true", "1"].includes(text) : text;
}

import type { Range } from "../halve.js";
import { quoteName, quoteText, tableRef } from "../sql.js";
import type { MergeTables, StagedTable } from "./statements.js";

/** A staged row that its table refuses. */
export interface RefusedRow {
  readonly table: StagedTable;
  /** The sequence number of the root row in the run; for a child row, that of its root row. */
  readonly sequence: number;
  /** Absent for a root row. */
  readonly id?: string;
  readonly reason: string;
}

/** Runs a query. */
export type Query = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** Resolves to the ids of the rows of a child table below root rows, except those below lost rows. */
export async function idsBelow(
  { query, merge: { tables } }: { readonly query: Query; readonly merge: { readonly tables: MergeTables } },
  table: StagedTable,
  { root, lost }: { readonly root: string; readonly lost: readonly string[] },
): Promise<readonly string[]> {
  const isLost = lost.length > 0 ? isOneOf(tables.parentId, lost) : "false";
  const sql = `select s.${quoteName(tables.id)} as id from ${tableRef(table.staging)} s
    where ${belowRoots(tables, root)} and not (${isLost}) order by 1`;
  return (await query(sql)).map(({ id }) => String(id));
}

/** Returns the condition that root rows, `s`, are in a range. */
export function inRange({ sequence }: MergeTables, { from, to }: Range): string {
  return `s.${quoteName(sequence)} between ${from} and ${to}`;
}

/** Returns the condition that the root rows of child rows, both named `s`, meet a condition. */
export function belowRoots({ root, id, rootId }: MergeTables, condition: string): string {
  return `s.${quoteName(rootId)} in (select s.${quoteName(id)} from ${tableRef(root.staging)} s where ${condition})`;
}

/** Writes `s."id" in ('a', 'b')`. */
export function isOneOf(column: string, ids: readonly string[]): string {
  if (ids.length === 0) return "false";
  return `s.${quoteName(column)} in (${ids.map(quoteText).join(", ")})`;
}

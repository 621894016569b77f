import type { Connection, TableName } from "../destination.js";
import type { RowCounts } from "../report.js";
import { columnList, quoteName, tableRef } from "../sql.js";

/** A staging table with the table that receives its rows. */
export interface StagedTable {
  readonly target: TableName;
  readonly staging: TableName;
  /** The columns that both have. */
  readonly columns: readonly string[];
}

/** The tables of one resource, for the statements of a merge. */
export interface MergeTables {
  readonly root: StagedTable;
  /** Child tables with staged rows. */
  readonly children: readonly StagedTable[];
  /** All child tables in the database, with or without staged rows. */
  readonly allChildren: readonly TableName[];
  readonly id: string;
  readonly parentId: string;
  readonly rootId: string;
  /** Absent in dlt's tables, and if all rows are written. */
  readonly hash: string | undefined;
  /** The condition under which a staged row, `s`, may equal a row with the same hash. Absent: always. */
  readonly isWhole: string | undefined;
  readonly sequence: string;
  /** The system column with the place of a row, if the database has one. */
  readonly rowPlace: string | undefined;
}

/** A temporary table with its number of rows. */
export interface Temporary {
  readonly name: string;
  readonly count: number;
}

/** Runs statements with temporary tables that live until the end of the transaction. */
export interface Session {
  readonly connection: Connection;
  /** Creates a temporary table from a query with the column `id`. Resolves to its name and number of rows. */
  readonly temporary: (name: string, query: string) => Promise<Temporary>;
  readonly dropTemporary: () => Promise<void>;
  /** Indexes the temporary tables by their identities. */
  readonly index: () => Promise<void>;
}

/** The statements of a merge. Nothing changes before they run, except for temporary tables. */
export interface MergeSteps {
  /**
   * Deletes or retires the replaced rows, and resolves to their number. With a condition on staged rows, `s`: only rows
   * that such staged rows replace.
   */
  readonly clear: (condition?: string) => Promise<number>;
  /** Whether single staged rows replace rows, and not the run as a whole. */
  readonly clearsByRow: boolean;
  /** The conditions on the staged rows, `s`, that are inserted. */
  readonly inserted: { readonly root: string; readonly child: (child: StagedTable) => string };
  /** Inserts the new root rows that `condition` selects. Resolves to their number. */
  readonly insertRoot: (condition: string) => Promise<number>;
  /** Inserts the child rows of new root rows that `condition` selects. */
  readonly insertChild: (child: StagedTable, condition: string) => Promise<number>;
  readonly count: (changed: { readonly inserted: number; readonly deleted: number }) => RowCounts;
}

/** Creates a session. `key` keeps its temporary tables apart from those of others. */
export function createSession(connection: Connection, key: string): Session {
  const created: string[] = [];
  return {
    connection,
    temporary: async (name, query) => {
      const quoted = quoteName(`_cg_tmp_${name}_${key}`);
      await connection.run(`create temporary table ${quoted} as ${query}`);
      created.push(quoted);
      const { rows } = await connection.run(`select count(*) as "count" from ${quoted}`);
      return { name: quoted, count: Number(rows[0]?.["count"]) };
    },
    index: async () => {
      for (const name of created) {
        await connection.run(`create index on ${name} (id)`);
        await connection.run(`analyze ${name}`);
      }
    },
    dropTemporary: async () => {
      for (const name of created.splice(0)) await connection.run(`drop table ${name}`);
    },
  };
}

/**
 * Returns the number of rows of a table, or `undefined` if some of them share a key. Without a key, none do, and rows whose number is
 * known are not counted again.
 */
export async function countUnique(
  connection: Connection,
  table: TableName,
  { keys, count: known }: { readonly keys: readonly string[]; readonly count: number | undefined },
): Promise<number | undefined> {
  if (keys.length === 0 && known !== undefined) return known;
  const groups =
    keys.length > 0
      ? `(select count(*) as n from ${tableRef(table)} group by ${columnList(keys)}) as counted`
      : `(select 1 as n from ${tableRef(table)}) as counted`;
  const { rows } = await connection.run(`select count(*) as "count", max(n) as "greatest" from ${groups}`);
  const { count, greatest } = rows[0] ?? {};
  return Number(greatest) > 1 ? undefined : Number(count);
}

/** Writes `s."a" = t."a" and s."b" = t."b"`. The columns of `t` may have other names. */
export function keysMatch(keys: readonly string[], ofTarget: readonly string[] = keys): string {
  return keys
    .map((key, index) => `s.${quoteName(key)} = t.${quoteName(ofTarget[index] ?? "")}`)
    .join(" and ");
}

/** Moves staged rows to their table: all rows that `condition` selects, with `s` as the staged row. */
export async function insertRows(
  { connection }: Session,
  { target, staging, columns }: StagedTable,
  condition: string,
): Promise<number> {
  const list = columnList(columns);
  const from = `select ${columnList(columns, "s")} from ${tableRef(staging)} s where ${condition}`;
  return (await connection.run(`insert into ${tableRef(target)} (${list}) ${from}`)).changed;
}

/** Deletes the rows of a table that `condition` selects. */
export async function deleteRows(
  { connection }: Session,
  table: TableName,
  condition: string,
): Promise<number> {
  return (await connection.run(`delete from ${tableRef(table)} where ${condition}`)).changed;
}

import type * as DuckDb from "@duckdb/node-api";
import type { Column, ColumnType, Dialect, RowBatch, TableName } from "../destination.js";
import { columnList, createTableSql, tableRef } from "../sql.js";

/** Adds rows to a table in parts. `columns` are the columns of all parts; a part may lack some of them. */
export type AppendRows = (
  table: TableName,
  columns: readonly Column[],
  parts: Iterable<RowBatch>,
) => Promise<void>;

/** The database types that need no conversion, by type of column. */
const ownTypes: Readonly<Record<ColumnType, RegExp>> = {
  text: /^VARCHAR$/,
  bigint: /^BIGINT$/,
  double: /^DOUBLE$/,
  bool: /^BOOLEAN$/,
  timestamp: /^TIMESTAMP( WITH TIME ZONE)?$/,
  date: /^DATE$/,
  time: /^TIME$/,
  decimal: /^DECIMAL/,
  wei: /^DECIMAL\(38,\s*0\)$/,
  binary: /^BLOB$/,
  json: /^(JSON|VARCHAR)$/,
};

/** Whether the types of a table differ from those of the values in its rows. */
export function needsConversion(columns: RowBatch["columns"], types: ReadonlyMap<string, string>): boolean {
  return columns.some(({ name, type }) => !ownTypes[type].test(types.get(name) ?? ""));
}

/**
 * Loads rows into a table with other types. `append` fills a temporary table of our own, and DuckDB converts its values
 * or refuses them.
 */
export async function convertRows(
  connection: DuckDb.DuckDBConnection,
  { dialect, append }: { readonly dialect: Dialect; readonly append: AppendRows },
  {
    table,
    columns,
    parts,
    types,
  }: {
    readonly table: TableName;
    readonly columns: RowBatch["columns"];
    readonly parts: Iterable<RowBatch>;
    /** The types of the table, by column. */
    readonly types: ReadonlyMap<string, string>;
  },
): Promise<void> {
  // Its rows are never committed, because the transaction that creates it also drops it.
  const own = { schema: table.schema, name: "_cg_converted" };
  const nullable = columns.map((column) => {
    // DuckDB converts a time with a zone to one without it by the zone of the machine.
    const isLocal = /^TIMESTAMP(_|$)/.test(types.get(column.name) ?? "");
    const timestamp = column.type === "timestamp" && { precision: undefined, timezone: !isLocal };
    return { ...column, nullable: true, ...timestamp };
  });
  await connection.run(createTableSql(own, nullable, dialect));
  await append(own, columns, parts);
  const list = columnList(columns.map(({ name }) => name));
  await connection
    .run(`insert into ${tableRef(table)} (${list}) select ${list} from ${tableRef(own)}`)
    .catch(throwWithoutStatement);
  await connection.run(`drop table ${tableRef(own)}`);
}

/** Throws an error of DuckDB without the statement that it quotes, which the user does not know. */
export function throwWithoutStatement(error: unknown): never {
  if (error instanceof Error) error.message = error.message.replace(/\n\s*LINE \d+:.*$/s, "").trimEnd();
  throw error;
}

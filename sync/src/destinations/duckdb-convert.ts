import type * as DuckDb from "@duckdb/node-api";
import type { ColumnType, Connection, Dialect, RowBatch, TableName } from "../destination.js";
import { columnList, createTableSql, tableRef } from "../sql.js";

/** The types that values of a column arrive in without a conversion. */
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

/** Whether a table has other types than the values of its rows, by the names of its columns. */
export function needsConversion({ columns }: RowBatch, types: ReadonlyMap<string, string>): boolean {
  return columns.some(({ name, type }) => !ownTypes[type].test(types.get(name) ?? ""));
}

/** Loads rows into a table with other types: `append` fills a table of our own, and DuckDB converts its values or refuses them. */
export async function convertRows(
  connection: DuckDb.DuckDBConnection,
  { dialect, append }: { readonly dialect: Dialect; readonly append: Connection["load"] },
  { table, batch }: { readonly table: TableName; readonly batch: RowBatch },
): Promise<void> {
  // Its rows are never committed: the transaction that makes it drops it.
  const own = { schema: table.schema, name: "_cg_converted" };
  const columns = batch.columns.map((column) => ({ ...column, nullable: true }));
  await connection.run(createTableSql(own, columns, dialect));
  await append(own, batch);
  const list = columnList(batch.columns.map(({ name }) => name));
  await connection.run(`insert into ${tableRef(table)} (${list}) select ${list} from ${tableRef(own)}`);
  await connection.run(`drop table ${tableRef(own)}`);
}

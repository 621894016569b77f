import type * as DuckDb from "@duckdb/node-api";
import type { ColumnType, Connection, Dialect } from "../destination.js";
import { columnList, createTableSql, tableRef } from "../sql.js";

type Load = Connection["load"];

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
  json: /^JSON$/,
};

/**
 * Returns a function that loads rows into tables with types of any kind: `append` fills a table of our own where the types are
 * others, and DuckDB converts the values or refuses them.
 */
export function convertRows(connection: DuckDb.DuckDBConnection, dialect: Dialect, append: Load): Load {
  return async (table, batch) => {
    const sql = `select column_name, data_type from duckdb_columns()
      where database_name = current_database() and schema_name = $1 and table_name = $2`;
    const found = (await connection.runAndReadAll(sql, [table.schema ?? "main", table.name])).getRows();
    const types = new Map(found.map(([column, type]) => [String(column), String(type)]));
    if (batch.columns.every(({ name, type }) => ownTypes[type].test(types.get(name) ?? "")))
      return append(table, batch);
    // Its rows are never committed: the transaction that makes it drops it.
    const own = { schema: table.schema, name: "_cg_converted" };
    await connection.run(createTableSql(own, batch.columns, { dialect, isStaging: true }));
    await append(own, batch);
    const list = columnList(batch.columns.map(({ name }) => name));
    await connection.run(`insert into ${tableRef(table)} (${list}) select ${list} from ${tableRef(own)}`);
    await connection.run(`drop table ${tableRef(own)}`);
  };
}

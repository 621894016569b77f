import type * as DuckDb from "@duckdb/node-api";
import type { TableConstraint } from "../destination.js";

const kinds: Readonly<Record<string, TableConstraint["kind"]>> = {
  "NOT NULL": "not null",
  CHECK: "check",
  UNIQUE: "unique",
  "PRIMARY KEY": "unique",
  "FOREIGN KEY": "foreign key",
};

/** Reads the constraints and unique indexes of the tables of a schema. */
export async function readConstraints(
  connection: DuckDb.DuckDBConnection,
  schema = "main",
): Promise<readonly TableConstraint[]> {
  const isHere = `database_name = current_database() and schema_name = $1`;
  // An index may be over expressions, so only the search finds the rows that it refuses.
  const lower = (names: string): string => `list_transform(${names}, name -> lower(name))`;
  const sql = `select lower(table_name), constraint_type, constraint_text, ${lower("constraint_column_names")}, expression,
      lower(referenced_table), ${lower("referenced_column_names")} from duckdb_constraints() where ${isHere}
    union all select lower(table_name), 'INDEX', sql, [], null, null, [] from duckdb_indexes() where ${isHere} and is_unique`;
  const reader = await connection.runAndReadAll(sql, [schema]);
  return (reader.getRowsJson() as unknown as readonly DuckDbRow[]).map(
    ([table, type, text, columns, expression, target, targetColumns]): TableConstraint => ({
      ...{ table, text, columns },
      kind: kinds[type] ?? "other",
      ...(expression !== null && { expression }),
      ...(target !== null && { target: { table: target, columns: targetColumns } }),
    }),
  );
}

type DuckDbRow = readonly [
  table: string,
  type: string,
  text: string,
  columns: readonly string[],
  expression: string | null,
  target: string | null,
  targetColumns: readonly string[],
];

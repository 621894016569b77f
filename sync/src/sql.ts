import type { Column, Dialect, TableName } from "./destination.js";

/** Quotes a name of a table or column. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Writes a text as an SQL literal. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Writes the name of a table with its schema. */
export function tableRef({ schema, name }: TableName): string {
  return schema === undefined ? quoteName(name) : `${quoteName(schema)}.${quoteName(name)}`;
}

/** Writes a list of columns: `"id", "name"`, or with an alias `s."id", s."name"`. */
export function columnList(names: readonly string[], alias = ""): string {
  return names.map((name) => (alias && `${alias}.`) + quoteName(name)).join(", ");
}

/** The part of a dialect that names the types of columns. */
type Types = Pick<Dialect, "typeOf">;

/** Writes the statement that creates a table. */
export function createTableSql(table: TableName, columns: readonly Column[], dialect: Types): string {
  const parts = columns.map((column) => columnSql(column, dialect, false));
  return `create table ${tableRef(table)} (${parts.join(", ")})`;
}

/** Writes the statement that adds a column. Existing rows have no value in it. */
export function addColumnSql(table: TableName, column: Column, dialect: Types): string {
  return `alter table ${tableRef(table)} add column ${columnSql(column, dialect, true)}`;
}

/** Writes the statement that sets the comment of a table or, with `column`, of a column. */
export function commentSql(table: TableName, column: string | null, comment: string): string {
  const target =
    column === null ? `table ${tableRef(table)}` : `column ${tableRef(table)}.${quoteName(column)}`;
  // PostgreSQL cannot store a text with this character.
  return `comment on ${target} is ${quoteText(comment.replaceAll("\u0000", ""))}`;
}

function columnSql(column: Column, dialect: Types, isNullable: boolean): string {
  const suffix = column.nullable === false && !isNullable ? " not null" : "";
  return `${quoteName(column.name)} ${dialect.typeOf(column)}${suffix}`;
}

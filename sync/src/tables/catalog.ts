import type { Column, Connection, Dialect, TableName } from "../destination.js";
import { addColumnSql, createTableSql, quoteName, tableRef } from "../sql.js";

/** The tables and columns that the database has. Changes with every statement that this run commits. */
export interface Catalog {
  readonly dialect: Dialect;
  readonly tables: ReadonlyMap<string, readonly Column[]>;
  /** Creates a table, or adds the columns that it lacks. Runs inside a transaction. */
  readonly ensure: (name: string, columns: readonly Column[]) => Promise<void>;
  readonly drop: (name: string) => Promise<void>;
  /** Renames a table, and drops some of its columns. */
  readonly rename: (from: string, to: string, without: ReadonlySet<string>) => Promise<void>;
  /** Remembers the tables, and returns a function that restores them. */
  readonly snapshot: () => () => void;
  readonly ref: (name: string) => TableName;
}

/** Reads the catalog of a schema. */
export async function readCatalog(
  connection: Connection,
  schema: string | undefined,
  dialect: Dialect,
): Promise<Catalog> {
  const tables = new Map<string, Column[]>();
  for (const { table, column, type } of await connection.columns(schema)) {
    const columns = tables.get(table) ?? [];
    columns.push({ name: column, type: dialect.typeNamed(type) });
    tables.set(table, columns);
  }
  const ref = (name: string): TableName => ({ schema, name });
  return {
    dialect,
    tables,
    ref,
    snapshot: () => {
      const saved = new Map([...tables].map(([name, columns]): [string, Column[]] => [name, [...columns]]));
      return () => {
        tables.clear();
        for (const [name, columns] of saved) tables.set(name, columns);
      };
    },
    ensure: async (name, columns) => {
      const known = tables.get(name);
      if (!known) {
        await connection.run(createTableSql(ref(name), columns, { dialect }));
        tables.set(name, [...columns]);
        return;
      }
      for (const column of columns) {
        if (known.some((each) => each.name === column.name)) continue;
        await connection.run(addColumnSql(ref(name), column, dialect));
        known.push(column);
      }
    },
    rename: async (from, to, without) => {
      const columns = tables.get(from) ?? [];
      for (const { name } of columns.filter((column) => without.has(column.name)))
        await connection.run(`alter table ${tableRef(ref(from))} drop column ${quoteName(name)}`);
      await connection.run(`alter table ${tableRef(ref(from))} rename to ${quoteName(to)}`);
      tables.delete(from);
      tables.set(
        to,
        columns.filter(({ name }) => !without.has(name)),
      );
    },
    drop: async (name) => {
      if (!tables.delete(name)) return;
      await connection.run(`drop table ${tableRef(ref(name))}`);
    },
  };
}

import type { Column, Connection, Dialect, TableName } from "../destination.js";
import { SyncError } from "../errors.js";
import { addColumnSql, createTableSql, quoteName, tableRef } from "../sql.js";

/** The tables and columns of the database. Changes with every statement that this run commits. */
export interface Catalog {
  readonly dialect: Dialect;
  readonly tables: ReadonlyMap<string, readonly Column[]>;
  /**
   * Creates a table, or adds the columns that it lacks. Runs inside a transaction. `stagedFor` names the table whose
   * staged rows it holds. Its columns then have the types of that table, so the database refuses rows early.
   */
  readonly ensure: (name: string, columns: readonly Column[], stagedFor?: string) => Promise<void>;
  /** Throws if the name belongs to a view of the database. */
  readonly refuseView: (name: string) => void;
  readonly drop: (name: string) => Promise<void>;
  /** Renames a table, and drops some of its columns. */
  readonly rename: (from: string, to: string, without: ReadonlySet<string>) => Promise<void>;
  /** Saves the tables, and returns a function that restores them. */
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
  const types = new Map<string, string>();
  const views = new Set<string>();
  for (const { table, column, type, isView } of await connection.columns(schema)) {
    if (isView) {
      views.add(table);
      continue;
    }
    const columns = tables.get(table) ?? [];
    columns.push(describeColumn(column, type, dialect));
    tables.set(table, columns);
    types.set(JSON.stringify([table, column]), type);
  }
  const ref = (name: string): TableName => ({ schema, name });
  const refuseView = (name: string): void => {
    if (!views.has(name)) return;
    const message = `the database has a view \`${name}\`, but sync needs a table of this name: rename the view, or set "table_name" in the spec`;
    throw new SyncError("NAME_COLLISION", message);
  };
  return {
    dialect,
    tables,
    ref,
    refuseView,
    snapshot: () => {
      const saved = new Map([...tables].map(([name, columns]): [string, Column[]] => [name, [...columns]]));
      return () => {
        tables.clear();
        for (const [name, columns] of saved) tables.set(name, columns);
      };
    },
    ensure: async (name, columns, stagedFor) => {
      refuseView(stagedFor ?? name);
      const known = tables.get(name);
      const typeOf = (column: Column): string =>
        types.get(JSON.stringify([stagedFor, column.name])) ?? dialect.typeOf(column);
      if (!known) {
        await connection.run(createTableSql(ref(name), columns, { typeOf }));
        tables.set(name, [...columns]);
        return;
      }
      for (const column of columns) {
        if (known.some((each) => each.name === column.name)) continue;
        await connection.run(addColumnSql(ref(name), column, { typeOf }));
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

/** Describes an existing column: `DECIMAL(10,2)` is a decimal with two digits after the point. */
function describeColumn(name: string, type: string, { typeNamed }: Dialect): Column {
  const known = typeNamed(type);
  const [, precision, scale] = /\((\d+),\s*(\d+)\)/.exec(type) ?? [];
  if (known !== "decimal" || scale === undefined) return { name, type: known };
  return { name, type: known, precision: Number(precision), scale: Number(scale) };
}

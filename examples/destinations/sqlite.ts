import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { toIso, type Cell, type Column, type Connection, type Destination } from "@connector-gen/sync";
import initSqlJs, { type Database, type SqlValue } from "sql.js";

/** A custom destination: an SQLite file, through sql.js. Usage: `sync(client, { to: sqlite("shop.sqlite") })`. */
export function sqlite(file: string): Destination {
  return {
    label: `sqlite:${file}`,
    dialect: {
      // SQLite keeps the names of types, except for their case, so they can be read back.
      typeOf: ({ type }) => type,
      typeNamed: (name) => name.toLowerCase() as Column["type"],
      maxNameLength: 1000,
      isRefusal: (error) => error instanceof Error && error.message.includes("constraint failed"),
    },
    connect: async () => {
      const sql = await initSqlJs();
      return createConnection(new sql.Database(existsSync(file) ? readFileSync(file) : undefined), file);
    },
  };
}

function createConnection(database: Database, file: string): Connection {
  return {
    run: (sql, values = []) => {
      const rows = select(database, sql, values);
      const changed = database.getRowsModified();
      // sql.js works in memory. A commit replaces the file in one step.
      if (sql === "commit") save(database, file);
      return Promise.resolve({ rows, changed });
    },
    load: ({ name }, { columns, values, count }) => {
      const places = columns.map(() => "?").join(", ");
      const names = columns.map((column) => `"${column.name}"`).join(", ");
      const insert = database.prepare(`insert into "${name}" (${names}) values (${places})`);
      try {
        for (let row = 0; row < count; row++) {
          insert.run(columns.map(({ type }, index) => toSqlValue(values[index]?.[row] ?? null, type)));
        }
      } finally {
        insert.free();
      }
      return Promise.resolve();
    },
    columns: () => {
      const sql = `select m.name as "table", p.name as "column", p.type as "type"
        from sqlite_master m join pragma_table_info(m.name) p where m.type = 'table'`;
      return Promise.resolve(select(database, sql, []) as never);
    },
    close: () => {
      database.close();
      return Promise.resolve();
    },
  };
}

function select(
  database: Database,
  sql: string,
  values: readonly (string | number | null)[],
): readonly Record<string, SqlValue>[] {
  const statement = database.prepare(sql);
  try {
    statement.bind(Object.fromEntries(values.map((value, index) => [`$${index + 1}`, value])));
    const rows: Record<string, SqlValue>[] = [];
    while (statement.step()) rows.push(statement.getAsObject());
    return rows;
  } finally {
    statement.free();
  }
}

function save(database: Database, file: string): void {
  writeFileSync(`${file}.tmp`, database.export());
  renameSync(`${file}.tmp`, file);
}

/** Converts a cell. SQLite has no booleans and no times; integers beyond 2^53 become text. */
function toSqlValue(cell: Cell, type: Column["type"]): SqlValue {
  if (typeof cell === "boolean") return Number(cell);
  if (typeof cell !== "bigint") return cell;
  if (type === "timestamp") return toIso(cell);
  return Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell);
}

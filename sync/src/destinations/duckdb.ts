import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type * as DuckDb from "@duckdb/node-api";
import type {
  Cell,
  Column,
  ColumnType,
  Connection,
  ConnectOptions,
  Destination,
  Dialect,
  RowBatch,
  TableName,
} from "../destination.js";
import { SyncError } from "../errors.js";
import { quoteName } from "../sql.js";
import { loadDriver } from "./driver.js";
import { convertRows } from "./duckdb-convert.js";

type Driver = typeof DuckDb;

/** Returns the destination `duckdb:FILE`. */
export function duckdb(file: string): Destination {
  return {
    label: `duckdb:${file}`,
    dialect: duckdbDialect,
    defaultSchema: "main",
    connect: (options) => connectFile(file, options),
  };
}

const typeNames: Readonly<Record<ColumnType, string>> = {
  text: "VARCHAR",
  bigint: "BIGINT",
  double: "DOUBLE",
  bool: "BOOLEAN",
  timestamp: "TIMESTAMP WITH TIME ZONE",
  date: "DATE",
  time: "TIME",
  decimal: "DECIMAL",
  wei: "DECIMAL(38,0)",
  binary: "BLOB",
  json: "JSON",
};

/** The SQL of DuckDB. */
const duckdbDialect: Dialect = {
  typeOf: ({ type, precision = 38, scale = 9, timezone }) => {
    if (type === "decimal") return `DECIMAL(${precision},${scale})`;
    return type === "timestamp" && timezone === false ? "TIMESTAMP" : typeNames[type];
  },
  typeNamed: (name) => {
    if (name === "DECIMAL(38,0)" || name === "HUGEINT") return "wei";
    if (name.startsWith("DECIMAL")) return "decimal";
    if (name.startsWith("TIMESTAMP")) return "timestamp";
    if (/^U?(TINY|SMALL|BIG)?INT(EGER)?$/.test(name)) return "bigint";
    if (name === "FLOAT") return "double";
    const found = Object.entries(typeNames).find(([, each]) => each === name);
    return (found?.[0] ?? "text") as ColumnType;
  },
  isRefusal: (error) =>
    /(Constraint|Conversion|Invalid Input|Out of Range) Error|constraint|duplicate key/i.test(
      error instanceof Error ? error.message : "",
    ),
  // DuckDB has no limit; dlt uses this one.
  maxNameLength: 65_536,
};

/** The files that this process has open. DuckDB's own lock only keeps other processes out. */
const openFiles = new Set<string>();

async function connectFile(file: string, options: ConnectOptions): Promise<Connection> {
  const driver = await loadDriver<Driver>("@duckdb/node-api", () => import("@duckdb/node-api"));
  const path = file === ":memory:" ? file : realPath(file);
  if (openFiles.has(path)) {
    throw new SyncError("LOCKED", `duckdb:${file} is in use by another sync of this process`);
  }
  if (path !== ":memory:") openFiles.add(path);
  try {
    const instance = await openFile(driver, path, options);
    const connection = await instance.connect();
    const { schema = "main", readOnly } = options;
    if (!readOnly && schema !== "main")
      await connection.run(`create schema if not exists ${quoteName(schema)}`);
    return createConnection(driver, connection, () => {
      connection.closeSync();
      instance.closeSync();
      openFiles.delete(path);
    });
  } catch (error) {
    openFiles.delete(path);
    throw toLockError(error, file);
  }
}

async function openFile(
  driver: Driver,
  path: string,
  { readOnly }: ConnectOptions,
): Promise<DuckDb.DuckDBInstance> {
  return driver.DuckDBInstance.create(path, readOnly ? { access_mode: "READ_ONLY" } : {});
}

/** The file's path without links, so that each file has one name. */
function realPath(file: string): string {
  const path = resolve(file);
  if (existsSync(path)) return realpathSync(path);
  const folder = dirname(path);
  return existsSync(folder) ? join(realpathSync(folder), basename(path)) : path;
}

function toLockError(error: unknown, file: string): unknown {
  const message = error instanceof Error ? error.message : String(error);
  const [, program, pid] = /Conflicting lock is held in (\S+).*?\(PID (\d+)\)/.exec(message) ?? [];
  if (pid) {
    const holder = `the process ${pid} (${basename(program ?? "")})`;
    return new SyncError("LOCKED", `duckdb:${file} is in use by ${holder}: wait until it ends, or end it`, {
      cause: error,
    });
  }
  if (error instanceof SyncError) return error;
  return new SyncError("UNREACHABLE", `cannot open duckdb:${file}: ${message}`, { cause: error });
}

function createConnection(
  driver: Driver,
  connection: DuckDb.DuckDBConnection,
  close: () => void,
): Connection {
  return {
    run: async (sql, values) => {
      const reader = await connection.runAndReadAll(sql, values ? [...values] : undefined);
      return { rows: reader.getRowObjectsJS(), changed: reader.rowsChanged };
    },
    load: convertRows(connection, duckdbDialect, (table, batch) =>
      appendRows({ driver, connection }, table, batch),
    ),
    columns: async (schema) => {
      const sql = `select table_name as "table", column_name as "column", data_type as "type" from duckdb_columns()
        where database_name = current_database() and schema_name = $1 order by table_name, column_index`;
      const reader = await connection.runAndReadAll(sql, [schema ?? "main"]);
      return reader.getRowObjectsJS() as unknown as Awaited<ReturnType<Connection["columns"]>>;
    },
    close: () => {
      close();
      return Promise.resolve();
    },
  };
}

/** The rows of a data chunk of DuckDB. */
const chunkSize = 2048;

async function appendRows(
  { driver, connection }: { readonly driver: Driver; readonly connection: DuckDb.DuckDBConnection },
  { schema, name }: TableName,
  batch: RowBatch,
): Promise<void> {
  const appender = await connection.createAppender(name, schema);
  try {
    const sql = `select column_name from duckdb_columns()
      where database_name = current_database() and schema_name = $1 and table_name = $2 order by column_index`;
    const order = (await connection.runAndReadAll(sql, [schema ?? "main", name])).getRows();
    const types = order.map((_, index) => appender.columnType(index));
    const sources = order.map(([column]) => batch.columns.findIndex((each) => each.name === column));
    for (let start = 0; start < batch.count; start += chunkSize) {
      const count = Math.min(chunkSize, batch.count - start);
      const chunk = driver.DuckDBDataChunk.create(types, count);
      sources.forEach((source, index) => {
        const column = batch.columns[source];
        const values = batch.values[source];
        const convert = column && converterOf(driver, column, types[index]);
        const cells: DuckDb.DuckDBValue[] = new Array<DuckDb.DuckDBValue>(count);
        for (let row = 0; row < count; row++) {
          const cell = values?.[start + row] ?? null;
          cells[row] = cell === null || !convert ? (cell as DuckDb.DuckDBValue) : convert(cell);
        }
        chunk.setColumnValues(index, cells);
      });
      appender.appendDataChunk(chunk);
    }
    appender.flushSync();
  } catch (error) {
    closeQuietly(appender);
    throw error;
  }
  appender.closeSync();
}

/** Closes an appender that failed. Closing repeats an error that is known already. */
function closeQuietly(appender: DuckDb.DuckDBAppender): void {
  try {
    // Else the garbage collector would write the refused rows again, in the middle of another transaction.
    appender.clear();
    appender.closeSync();
  } catch {
    // The first error says why.
  }
}

type Convert = (cell: Cell) => DuckDb.DuckDBValue;

/** Returns the conversion of cells to DuckDB's values, or `undefined` where they are the same. */
function converterOf(
  driver: Driver,
  { type }: Column,
  target: DuckDb.DuckDBType | undefined,
): Convert | undefined {
  switch (type) {
    case "timestamp":
      return String(target) === "TIMESTAMP"
        ? (cell) => new driver.DuckDBTimestampValue(cell as bigint)
        : (cell) => new driver.DuckDBTimestampTZValue(cell as bigint);
    case "decimal":
    case "wei": {
      const [, width = "38", scale = "0"] = /(\d+),\s*(\d+)/.exec(String(target)) ?? [];
      return (cell) =>
        new driver.DuckDBDecimalValue(toScaled(String(cell), Number(scale)), Number(width), Number(scale));
    }
    case "date":
      return (cell) => new driver.DuckDBDateValue(Date.parse(`${String(cell)}T00:00:00Z`) / 86_400_000);
    case "time":
      return (cell) => new driver.DuckDBTimeValue(toMicros(String(cell)));
    case "binary":
      return (cell) => new driver.DuckDBBlobValue(cell as Uint8Array);
    default:
      return undefined;
  }
}

/** `1.5` with the scale 3 is 1500. */
function toScaled(decimal: string, scale: number): bigint {
  const [whole = "", fraction = ""] = decimal.split(".");
  return BigInt(whole + fraction.padEnd(scale, "0").slice(0, scale));
}

/** `10:00:00.5` in microseconds. */
function toMicros(time: string): bigint {
  const [hour = "0", minute = "0", second = "0"] = time.split(":");
  const [whole = "0", fraction = ""] = second.split(".");
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(whole);
  return BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(6, "0").slice(0, 6));
}

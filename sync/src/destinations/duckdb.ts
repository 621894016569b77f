import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type * as DuckDb from "@duckdb/node-api";
import type {
  ColumnType,
  Connection,
  ConnectOptions,
  Destination,
  Dialect,
  ExistingComment,
} from "../destination.js";
import { messageOf, SyncError } from "../errors.js";
import { quoteName, quoteText } from "../sql.js";
import { loadDriver } from "./driver.js";
import { createRowAppender } from "./duckdb-append.js";
import { throwWithoutStatement } from "./duckdb-convert.js";
import { limitMemory, type DuckDbMemory } from "./duckdb-memory.js";
import { readConstraints } from "./duckdb-constraints.js";
import { createTextLoader } from "./duckdb-scan.js";
import { pathError } from "./paths.js";

type Driver = typeof DuckDb;

/** Returns the destination `duckdb:FILE`. Errors name it by its label. */
export function duckdb(file: string, label = `duckdb:${file}`): Destination {
  return {
    label,
    dialect: duckdbDialect,
    defaultSchema: "main",
    connect: (options) => connectFile({ file, label }, options),
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

/** Returns the type of timestamps without a zone, by the digits of their fractional seconds. Those with a zone have six. */
function localTimestamp(digits = 6): string {
  if (digits === 0) return "TIMESTAMP_S";
  if (digits <= 3) return "TIMESTAMP_MS";
  return digits <= 6 ? "TIMESTAMP" : "TIMESTAMP_NS";
}

/** The SQL of DuckDB. */
const duckdbDialect: Dialect = {
  typeOf: ({ type, precision, scale = 9, timezone }) => {
    if (type === "decimal") return `DECIMAL(${precision ?? 38},${scale})`;
    return type === "timestamp" && timezone === false ? localTimestamp(precision) : typeNames[type];
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
  // DuckDB has no limit; this is dlt's.
  maxNameLength: 65_536,
};

/** The files that this process has open. DuckDB's own lock only excludes other processes. */
const openFiles = new Set<string>();

interface NamedFile {
  readonly file: string;
  /** The destination, as the user names it. */
  readonly label: string;
}

async function connectFile({ file, label }: NamedFile, options: ConnectOptions): Promise<Connection> {
  const driver = await loadDriver<Driver>("@duckdb/node-api", () => import("@duckdb/node-api"));
  checkVersion(driver);
  const path = file === ":memory:" ? file : realPath(file);
  if (openFiles.has(path)) {
    throw new SyncError("LOCKED", `${label} is in use by another sync of this process: wait until it ends`);
  }
  if (path !== ":memory:") openFiles.add(path);
  try {
    const { instance, connection, reopen } = await openFile(driver, path, options);
    const { schema = "main", readOnly } = options;
    const memory = reopen && (await limitMemory(connection, reopen));
    const close = (): void => {
      connection.closeSync();
      instance.closeSync();
      openFiles.delete(path);
    };
    const created = createConnection(driver, connection, { memory, close });
    if (!readOnly && schema !== "main") await created.run(`create schema if not exists ${quoteName(schema)}`);
    return created;
  } catch (error) {
    openFiles.delete(path);
    throw toOpenError(error, { path, label });
  }
}

/** The oldest version of the driver with which all tests pass. Older versions lose texts that are appended. */
const oldestDriver = "1.5.5-r.5";

/**
 * Throws if the driver is too old. A peer range cannot say it: all versions of the driver look like pre-releases, and a
 * range only contains those of the versions that it names.
 */
function checkVersion({ DuckDBAppender }: Driver): void {
  // The version has no other sign: the driver only tells that of DuckDB.
  if ("clear" in DuckDBAppender.prototype) return;
  throw new SyncError(
    "DRIVER_MISSING",
    `this destination needs @duckdb/node-api ${oldestDriver} or newer: run \`npm install @duckdb/node-api@latest\``,
  );
}

/**
 * Number of rows in a row group of new tables. DuckDB writes the row groups of a transaction to the file as they are loaded, if the
 * transaction adds at least this many rows. Otherwise rows go to the log, and again to the file at the next checkpoint. Smaller row groups would take more memory: DuckDB needs 256 KB for each one in
 * which rows are deleted.
 */
const rowGroupSize = 20_480;

/**
 * How often a checkpoint merges small row groups of a table into larger ones, which writes their rows again. Without a limit, a
 * checkpoint could write whole tables.
 */
const maxMergesPerCheckpoint = 2;

interface OpenFile {
  readonly instance: DuckDb.DuckDBInstance;
  readonly connection: DuckDb.DuckDBConnection;
  /** Closes the file and opens it again. Absent: the database is in memory. */
  readonly reopen?: () => Promise<void>;
}

async function openFile(driver: Driver, path: string, { readOnly }: ConnectOptions): Promise<OpenFile> {
  const instance = await driver.DuckDBInstance.create(":memory:");
  try {
    const connection = await instance.connect();
    // The texts of times must be the same on all machines.
    await connection.run("set timezone = 'UTC'");
    if (path === ":memory:") return { instance, connection };
    // Only `attach` accepts the size of row groups. Without a type, DuckDB downloads an extension for a file of SQLite.
    const options = `type duckdb, ${readOnly ? "read_only" : `row_group_size ${rowGroupSize}`}`;
    return { instance, connection, reopen: await attachFile({ instance, connection }, path, options) };
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

/** Makes a file the database of a connection. Resolves to the function that closes the file and opens it again. */
async function attachFile(
  { instance, connection }: OpenFile,
  path: string,
  options: string,
): Promise<() => Promise<void>> {
  // DuckDB names a database after its file. The instance has a database `memory`, and the others are names of schemas.
  const alias = /^(memory|pg_catalog|information_schema)(\.|$)/i.test(basename(path)) ? " as file_db" : "";
  const attach = `attach ${quoteText(path)}${alias} (${options})`;
  await connection.run(attach);
  const sql = "select database_name from duckdb_databases() where not internal and database_name <> 'memory'";
  const [[found] = []] = (await connection.runAndReadAll(sql)).getRows();
  const name = quoteName(String(found));
  await connection.run(`use ${name}`);
  await connection.run(`set temp_directory = ${quoteText(`${path}.tmp`)}`);
  await connection.run(`set max_vacuum_tasks = ${maxMergesPerCheckpoint}`);
  return async () => {
    // After a failed checkpoint, no statement runs on a connection that uses the file.
    const other = await instance.connect();
    try {
      await other.run(`detach ${name}`);
      await other.run(attach);
    } finally {
      other.closeSync();
    }
  };
}

/** Resolves the links in the file's path, so each file has one name. */
function realPath(file: string): string {
  const path = resolve(file);
  if (existsSync(path)) return realpathSync(path);
  const folder = dirname(path);
  return existsSync(folder) ? join(realpathSync(folder), basename(path)) : path;
}

function toOpenError(
  error: unknown,
  { path, label }: { readonly path: string; readonly label: string },
): unknown {
  const [, program, pid] = /Conflicting lock is held in (\S+).*?\(PID (\d+)\)/.exec(messageOf(error)) ?? [];
  if (pid) {
    const holder = `the process ${pid} (${basename(program ?? "")})`;
    return new SyncError("LOCKED", `${label} is in use by ${holder}: wait until it ends, or end it`, {
      cause: error,
    });
  }
  return error instanceof SyncError ? error : pathError(`open ${label}`, { path, error });
}

function createConnection(
  driver: Driver,
  connection: DuckDb.DuckDBConnection,
  { memory, close }: { readonly memory: DuckDbMemory | undefined; readonly close: () => void },
): Connection {
  const append = createRowAppender(driver, connection, duckdbDialect);
  const run: Connection["run"] = async (sql, values) => {
    // A commit may write a checkpoint, which takes as much memory as the rows.
    if (sql === "commit") await memory?.release();
    const result = await connection
      .run(sql, values ? [...values] : undefined)
      .catch(async (error: unknown) => {
        if (await memory?.repeatCheckpoint(error)) return undefined;
        return throwWithoutStatement(error);
      });
    if (!result) return { rows: [], changed: 0 };
    // Reading rows switches to another thread, so read them only if there are any.
    const hasRows = result.returnType === driver.ResultReturnType.QUERY_RESULT;
    return { rows: hasRows ? await result.getRowObjectsJS() : [], changed: result.rowsChanged };
  };
  return {
    run,
    load: (table, batch) => append(table, batch.columns, [batch]),
    texts: createTextLoader(driver, connection, append),
    rowGroupSize,
    columns: async (schema) => {
      // DuckDB ignores the case of names.
      const sql = `select lower(table_name) as "table", lower(column_name) as "column", data_type as "type",
        table_oid in (select view_oid from duckdb_views() where database_name = current_database()) as "isView" from duckdb_columns()
        where database_name = current_database() and schema_name = $1 order by table_name, column_index`;
      const reader = await connection.runAndReadAll(sql, [schema ?? "main"]);
      return reader.getRowObjectsJS() as unknown as Awaited<ReturnType<Connection["columns"]>>;
    },
    comments: async (schema = "main") => {
      const sql = `select lower(table_name) as "table", null as "column", comment from duckdb_tables()
          where database_name = current_database() and schema_name = $1 and comment is not null
        union all select lower(table_name), lower(column_name), comment from duckdb_columns()
          where database_name = current_database() and schema_name = $1 and comment is not null`;
      const reader = await connection.runAndReadAll(sql, [schema]);
      return reader.getRowObjectsJS() as unknown as readonly ExistingComment[];
    },
    constraints: (schema) => readConstraints(connection, schema),
    growMemory: memory?.grow,
    close: () => {
      close();
      return Promise.resolve();
    },
  };
}

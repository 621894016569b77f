import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Connection, Destination, ExistingColumn, TableName } from "../destination.js";
import { quoteName, quoteText, tableRef } from "../sql.js";
import { duckdb } from "./duckdb.js";
import { makeFolder, pathError } from "./paths.js";

/** A format of files that DuckDB writes. */
interface Format {
  readonly scheme: string;
  readonly extension: string;
  /** The options of `copy … to`. */
  readonly options: string;
  /** The format of the times of a column, by its type. Default: DuckDB's. */
  readonly times?: Readonly<Record<string, string>>;
}

/** DuckDB writes a space in place of `T`, which is not ISO 8601. */
const isoTimes: Readonly<Record<string, string>> = {
  "TIMESTAMP WITH TIME ZONE": "%Y-%m-%dT%H:%M:%S.%fZ",
  TIMESTAMP: "%Y-%m-%dT%H:%M:%S.%f",
  TIMESTAMP_S: "%Y-%m-%dT%H:%M:%S",
  TIMESTAMP_MS: "%Y-%m-%dT%H:%M:%S.%g",
  TIMESTAMP_NS: "%Y-%m-%dT%H:%M:%S.%n",
};

/** Returns the destination `jsonl:FOLDER`: one file of JSON lines per table. */
export function jsonl(folder: string): Destination {
  return createFiles(folder, {
    scheme: "jsonl",
    extension: ".jsonl",
    options: "format json",
    times: isoTimes,
  });
}

/** Returns the destination `parquet:FOLDER`: one Parquet file per table. */
export function parquet(folder: string): Destination {
  return createFiles(folder, { scheme: "parquet", extension: ".parquet", options: "format parquet" });
}

/** The database in the folder that holds tables and state; the files are copies of its tables. */
const databaseName = "_cg_state.duckdb";

function createFiles(folder: string, format: Format): Destination {
  const label = `${format.scheme}:${folder}`;
  const inner = duckdb(join(folder, databaseName), label);
  return {
    ...inner,
    label,
    connect: async (options) => {
      if (!options.readOnly) makeFolder(folder, label);
      const { comments: _, ...connection } = await inner.connect(options);
      // Files cannot hold comments.
      return connection;
    },
    publish: (connection, tables) => writeFiles(connection, tables, { folder, format }),
  };
}

/** Writes each table to a file beside the old one, and then renames it. So readers never see an incomplete file. */
async function writeFiles(
  connection: Connection,
  tables: readonly TableName[],
  { folder, format }: { readonly folder: string; readonly format: Format },
): Promise<void> {
  const temporary = ".tmp";
  for (const { name } of tables) {
    const path = join(folder, name + format.extension + temporary);
    if (existsSync(path)) await change(path, () => rmSync(path));
  }
  const columns = await connection.columns(tables[0]?.schema);
  for (const table of tables) {
    const file = join(folder, table.name + format.extension);
    const target = quoteText(file + temporary);
    const selected = selectedColumns(columns, table, format);
    const sql = `copy (select ${selected} from ${tableRef(table)} order by rowid) to ${target} (${format.options})`;
    await change(file, async () => {
      await runWithMemory(connection, sql);
      renameSync(file + temporary, file);
    });
  }
}

/** Writes the columns of a table, with the times in the format of the file. */
function selectedColumns(
  columns: readonly ExistingColumn[],
  table: TableName,
  { times = {} }: Format,
): string {
  const replaced = columns
    .filter((column) => column.table === table.name.toLowerCase() && times[column.type] !== undefined)
    .map(({ column, type }) => {
      const name = quoteName(column);
      return `strftime(${name}, ${quoteText(times[type] ?? "")}) as ${name}`;
    });
  return replaced.length > 0 ? `* replace (${replaced.join(", ")})` : "*";
}

/** Changes a file. An error names the file. */
async function change(path: string, work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw pathError(`write ${path}`, { path, error });
  }
}

/** Runs a statement, again as long as the database lacks memory and gets more. */
async function runWithMemory(connection: Connection, sql: string): Promise<void> {
  for (;;) {
    try {
      await connection.run(sql);
      return;
    } catch (error) {
      if (!(await connection.growMemory?.(error))) throw error;
    }
  }
}

import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Connection, Destination, TableName } from "../destination.js";
import { quoteText, tableRef } from "../sql.js";
import { duckdb } from "./duckdb.js";
import { makeFolder, pathError } from "./paths.js";

/** A format of files that DuckDB writes. */
interface Format {
  readonly scheme: string;
  readonly extension: string;
  /** The options of `copy … to`. */
  readonly options: string;
}

/** Returns the destination `jsonl:FOLDER`: one file of JSON lines per table. */
export function jsonl(folder: string): Destination {
  return createFiles(folder, { scheme: "jsonl", extension: ".jsonl", options: "format json" });
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
  for (const table of tables) {
    const file = join(folder, table.name + format.extension);
    const target = quoteText(file + temporary);
    const sql = `copy (select * from ${tableRef(table)} order by rowid) to ${target} (${format.options})`;
    await change(file, async () => {
      await runWithMemory(connection, sql);
      renameSync(file + temporary, file);
    });
  }
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

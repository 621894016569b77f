import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { toDestination } from "../../../sync/src/destinations/open.js";
import { readTables, type RunNames, type TestDatabase } from "./tables.js";
import type { ExpectedTables } from "./vector.js";

/** Creates a folder for the files of one test file. Remove it at the end. */
export function temporaryFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "connector-gen-sync-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

type Query = TestDatabase["query"];

/** An instance takes longer to create than most queries take, so all files are attached to this one. */
let shared: Promise<DuckDBInstance> | undefined;
let attached = 0;

/** Runs queries on a file of DuckDB. */
export async function useDuckDb<T>(file: string, work: (query: Query) => Promise<T>): Promise<T> {
  const connection = await (await (shared ??= DuckDBInstance.create(":memory:"))).connect();
  const name = `file_${++attached}`;
  try {
    await connection.run(`attach '${file.replaceAll("'", "''")}' as ${name}`);
    await connection.run(`use ${name}`);
    return await work(
      async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson() as Awaited<ReturnType<Query>>,
    );
  } finally {
    await connection.run("use memory");
    await connection.run(`detach database if exists ${name}`);
    connection.closeSync();
  }
}

/** Runs one query on a file of DuckDB and returns its rows. */
export async function queryDuckDb(file: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  return useDuckDb(file, (query) => query(sql));
}

/** The same columns in a sixth of the time, because DuckDB plans its `information_schema` again for every query. */
const catalog =
  "(select *, schema_name as table_schema, column_index as ordinal_position from duckdb_columns() where not internal and database_name = current_database())";

/** Reads the tables of a file of DuckDB. */
export async function readDuckDb(
  file: string,
  prefix: "_cg_" | "_dlt_",
  runs?: RunNames,
): Promise<ExpectedTables> {
  const { typeNamed } = toDestination(`duckdb:${file}`).dialect;
  return useDuckDb(file, (query) => readTables({ query, typeNamed, schema: "main", catalog }, prefix, runs));
}

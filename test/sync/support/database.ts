import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance, DuckDBTableFunction, type DuckDBConnection } from "@duckdb/node-api";
import { afterAll, beforeAll } from "vitest";
import { toDestination } from "../../../sync/src/destinations/open.js";
import { readTables, type RunNames, type TestDatabase } from "./tables.js";
import type { ExpectedTables } from "./vector.js";

const create = DuckDBInstance.create.bind(DuckDBInstance);
const createFunction = DuckDBTableFunction.create.bind(DuckDBTableFunction);
type FunctionOptions = Parameters<typeof createFunction>[0];

/** Ends when the files of closed syncs are detached from the instances that `reuseDuckDb` keeps. */
let detached: Promise<void> = Promise.resolve();

/** Creates a folder for the files of one test file. Remove it at the end. */
export function temporaryFolder(): { readonly path: string; readonly remove: () => Promise<void> } {
  const path = mkdtempSync(join(tmpdir(), "connector-gen-sync-"));
  const remove = async (): Promise<void> => {
    await detached;
    rmSync(path, { recursive: true, force: true });
  };
  return { path, remove };
}

type Query = TestDatabase["query"];

/** An instance takes longer to create than most queries take, so all files are attached to this one. */
let shared: Promise<DuckDBInstance> | undefined;
let attached = 0;

/**
 * Lets the syncs of a test file reuse instances of DuckDB. A sync opens its file as before, in an instance that has no other
 * file. To create and close an instance takes as long as twenty statements.
 */
export function reuseDuckDb(): void {
  const free: Reused[] = [];
  const optionsOf = new WeakMap<DuckDBTableFunction, FunctionOptions>();
  const giveBack = (reused: Reused): Promise<void> =>
    detachFiles(reused.instance).then(
      () => void free.push(reused),
      // The test has removed the file, or the sync has written to the folder of its temporary files.
      () => reused.instance.closeSync(),
    );
  beforeAll(() => {
    DuckDBTableFunction.create = (options) => {
      const created = createFunction(options);
      optionsOf.set(created, options);
      return created;
    };
    DuckDBInstance.create = async (path, options) => {
      if (path !== ":memory:" || options) return create(path, options);
      await detached;
      const reused = free.pop() ?? { instance: await create(path), functions: new Map() };
      const connect = async (): Promise<DuckDBConnection> => {
        const connection = await reused.instance.connect();
        const register = connection.registerTableFunction.bind(connection);
        connection.registerTableFunction = (given) => {
          const options = optionsOf.get(given);
          if (options) registerAgain(reused, options, register);
        };
        return connection;
      };
      const closeSync = (): void => void (detached = detached.then(() => giveBack(reused)));
      return { connect, closeSync } as unknown as DuckDBInstance;
    };
  });
  afterAll(async () => {
    DuckDBInstance.create = create;
    DuckDBTableFunction.create = createFunction;
    await detached;
    for (const { instance } of free) instance.closeSync();
  });
}

/** An instance with the latest table functions of its syncs, by name. */
interface Reused {
  readonly instance: DuckDBInstance;
  readonly functions: Map<string, FunctionOptions>;
}

/** Registers a table function. An instance keeps the first function of a name, so that function calls the latest one. */
function registerAgain(
  { functions }: Reused,
  options: FunctionOptions,
  register: (created: DuckDBTableFunction) => void,
): void {
  const { name } = options;
  const isKnown = functions.has(name);
  functions.set(name, options);
  if (isKnown) return;
  const latest = (): FunctionOptions => functions.get(name) ?? options;
  register(
    createFunction({
      ...options,
      bindFunction: (info) => latest().bindFunction(info),
      initFunction: (info) => latest().initFunction(info),
      mainFunction: (info, output) => latest().mainFunction(info, output),
    }),
  );
}

async function detachFiles(instance: DuckDBInstance): Promise<void> {
  const connection = await instance.connect();
  const sql = "select database_name from duckdb_databases() where not internal and database_name <> 'memory'";
  for (const [name] of (await connection.runAndReadAll(sql)).getRows())
    await connection.run(`detach "${String(name).replaceAll('"', '""')}"`);
  // Fails if the folder has been used. Then it could not be changed.
  await connection.run("set temp_directory = ''");
  connection.closeSync();
}

/** Runs queries on a file of DuckDB. */
export async function useDuckDb<T>(file: string, work: (query: Query) => Promise<T>): Promise<T> {
  await detached;
  const connection = await (await (shared ??= create(":memory:"))).connect();
  const name = `file_${++attached}`;
  try {
    await connection.run(`attach '${file.replaceAll("'", "''")}' as ${name}`);
    await connection.run(`use ${name}`);
    await connection.run("set timezone = 'UTC'");
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

import type * as DuckDb from "@duckdb/node-api";

/** The memory that DuckDB may use. */
export interface DuckDbMemory {
  /** Gives memory that DuckDB has freed back to the system. */
  readonly release: () => Promise<void>;
  /** Raises the limit if it is the reason of an error. Returns whether it did. */
  readonly grow: (error: unknown) => Promise<boolean>;
}

/**
 * The limits, one after the other; the last one is followed by DuckDB's own. With the first one, memory stays small whatever the
 * size of the tables: DuckDB writes what exceeds it to a file beside the database. Values of many megabytes and tables with
 * hundreds of columns need more.
 */
const limits: readonly string[] = ["32MB", "128MB", "512MB"];

/** Limits the memory of a connection's instance. */
export async function limitMemory(connection: DuckDb.DuckDBConnection): Promise<DuckDbMemory> {
  const rest = [...limits];
  let limit = rest.shift() ?? "";
  const apply = async (): Promise<void> => {
    await connection.run(`set memory_limit = '${limit}'`);
  };
  await apply();
  // Each thread needs memory of its own, and loads are no faster with more of them.
  await connection.run("set threads = 1");
  let isLimited = true;
  return {
    // Whenever the limit is set, even to the value that it has, DuckDB empties the caches of its allocators. It has no other
    // statement for this. Its calls come from several threads of Node.js, and each of them has such a cache.
    release: apply,
    grow: async (error) => {
      const lacksMemory = error instanceof Error && /Out of Memory Error|memory_limit/.test(error.message);
      if (!isLimited || !lacksMemory) return false;
      isLimited = rest.length > 0;
      limit = rest.shift() ?? (await ownLimit(connection));
      await apply();
      return true;
    },
  };
}

/** DuckDB's own limit. `reset` changes the setting, but not the limit. */
async function ownLimit(connection: DuckDb.DuckDBConnection): Promise<string> {
  await connection.run("reset memory_limit");
  const reader = await connection.runAndReadAll("select current_setting('memory_limit')");
  return String(reader.getRows()[0]?.[0]);
}

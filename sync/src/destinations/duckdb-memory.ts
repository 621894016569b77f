import type * as DuckDb from "@duckdb/node-api";

/** The memory that DuckDB may use. */
export interface DuckDbMemory {
  /** Gives memory that DuckDB has freed back to the system. */
  readonly release: () => Promise<void>;
  /** Raises the limit if it is the reason of an error. Returns whether the failed work may run again. */
  readonly grow: (error: unknown) => Promise<boolean>;
}

/**
 * The limits, in ascending order. DuckDB's own limit follows the last one. The first one suffices for loads of any size, because
 * DuckDB writes data beyond the limit to a file beside the database. These need more: values of many megabytes, tables with hundreds
 * of columns, and merges that change rows everywhere in a table of millions of rows.
 */
const limits: readonly string[] = ["44MB", "64MB", "128MB", "256MB", "512MB"];

/** Limits the memory of a connection's instance. `reopen` closes the file and opens it again. */
export async function limitMemory(
  connection: DuckDb.DuckDBConnection,
  reopen: () => Promise<void>,
): Promise<DuckDbMemory> {
  const rest = [...limits];
  let limit = rest.shift() ?? "";
  const apply = async (): Promise<void> => {
    await connection.run(`set memory_limit = '${limit}'`);
  };
  await apply();
  // Each thread needs its own memory, and more threads do not make loads faster.
  await connection.run("set threads = 1");
  let isLimited = true;
  let hasGrown = false;
  return {
    // When the limit is set, even to the same value, DuckDB empties the caches of its allocators. It has no other statement for
    // this. Several threads of Node.js run its statements, and each thread has such a cache.
    release: apply,
    grow: async (error) => {
      const message = error instanceof Error ? error.message : "";
      // After a change that lacked memory, DuckDB takes some rows for deleted although it was rolled back, until the file is opened
      // again.
      if (hasGrown && message.includes("Conflict on tuple deletion")) {
        hasGrown = false;
        await reopen();
        return true;
      }
      if (!isLimited || !/Out of Memory Error|memory_limit/.test(message)) return false;
      isLimited = rest.length > 0;
      limit = rest.shift() ?? (await ownLimit(connection));
      await apply();
      hasGrown = true;
      return true;
    },
  };
}

/** DuckDB's own limit. `reset` changes the setting, but does not apply the limit. */
async function ownLimit(connection: DuckDb.DuckDBConnection): Promise<string> {
  await connection.run("reset memory_limit");
  const reader = await connection.runAndReadAll("select current_setting('memory_limit')");
  return String(reader.getRows()[0]?.[0]);
}

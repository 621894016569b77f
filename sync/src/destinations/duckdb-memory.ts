import type * as DuckDb from "@duckdb/node-api";
import { messageOf } from "../errors.js";

/** The memory that DuckDB may use. */
export interface DuckDbMemory {
  /** Gives memory that DuckDB has freed back to the system. */
  readonly release: () => Promise<void>;
  /** Raises the limit if it is the reason of an error. Resolves to whether the failed work may run again. */
  readonly grow: (error: unknown) => Promise<boolean>;
  /**
   * Repeats a checkpoint that lacked memory. Resolves to `false` if an error has another reason. Otherwise the transaction of the failed
   * statement is committed: DuckDB writes a checkpoint after the commit.
   */
  readonly repeatCheckpoint: (error: unknown) => Promise<boolean>;
}

/**
 * The limits, in ascending order. DuckDB's own limit follows the last one. The first one suffices for loads of any size, because
 * DuckDB writes data beyond the limit to a file beside the database. These need more: rows of many kilobytes, because DuckDB handles
 * 2,048 rows at a time; tables with hundreds of columns; and merges that change rows everywhere in a table of millions of rows.
 */
const limits: readonly string[] = ["44MB", "64MB", "128MB", "256MB", "512MB"];

/** Limits the memory of a connection's instance. `reopen` closes the file and opens it again. */
export async function limitMemory(
  connection: DuckDb.DuckDBConnection,
  reopen: () => Promise<void>,
): Promise<DuckDbMemory> {
  const rest = [...limits, await ownLimit(connection)];
  let limit = rest.shift() ?? "";
  const apply = async (): Promise<void> => {
    await connection.run(`set memory_limit = '${limit}'`);
  };
  await apply();
  // Each thread needs its own memory, and more threads do not make loads faster.
  await connection.run("set threads = 1");
  let hasGrown = false;
  const raise = async (): Promise<boolean> => {
    const next = rest.shift();
    if (next === undefined) return false;
    limit = next;
    await apply();
    return true;
  };
  return {
    // When the limit is set, even to the same value, DuckDB empties the caches of its allocators. It has no other statement for
    // this. Several threads of Node.js run its statements, and each thread has such a cache.
    release: apply,
    grow: async (error) => {
      const message = messageOf(error);
      if (message.includes(committed)) return false;
      // After a change that lacked memory, DuckDB takes some rows for deleted although it was rolled back, until the file is opened
      // again.
      if (hasGrown && message.includes("Conflict on tuple deletion")) {
        hasGrown = false;
        await reopen();
        return true;
      }
      if (!lacksMemory(message) || !(await raise())) return false;
      hasGrown = true;
      // The commit wrote the checkpoint in place of the log, so nothing of the transaction is in the file.
      if (message.includes("has been invalidated")) await reopen();
      return true;
    },
    repeatCheckpoint: async (error) => {
      if (!messageOf(error).includes(committed)) return false;
      let failure = error;
      while (lacksMemory(messageOf(failure)) && (await raise())) {
        // DuckDB does not use the file after a failed checkpoint.
        await reopen();
        try {
          await connection.run("checkpoint");
          return true;
        } catch (next) {
          failure = next;
        }
      }
      throw failure;
    },
  };
}

/** A part of the error of a commit that succeeded before its checkpoint failed. Its transaction must not run again. */
const committed = "COMMIT succeeded";

function lacksMemory(message: string): boolean {
  return /Out of Memory Error|memory_limit|failed to (pin|allocate)/.test(message);
}

/** DuckDB's own limit, before it is changed. */
async function ownLimit(connection: DuckDb.DuckDBConnection): Promise<string> {
  const reader = await connection.runAndReadAll("select current_setting('memory_limit')");
  return String(reader.getRows()[0]?.[0]);
}

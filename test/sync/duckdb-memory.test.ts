import type { DuckDBConnection } from "@duckdb/node-api";
import { expect, it } from "vitest";
import { limitMemory } from "../../sync/src/destinations/duckdb-memory.js";

/** Returns the memory of a connection, and what happens to the connection. */
async function createMemory() {
  const done: string[] = [];
  const connection = {
    run: (sql: string) => Promise.resolve(void done.push(sql)),
    runAndReadAll: () => Promise.resolve({ getRows: () => [["8.0 GiB"]] }),
  } as unknown as DuckDBConnection;
  const memory = await limitMemory(connection, () => Promise.resolve(void done.push("reopen")));
  return { memory, take: () => done.splice(0) };
}

const cause = "failed to pin block of size 256.0 KiB (41.8 MiB/41.9 MiB used)";

it.each([
  {
    name: "opens the file again after a commit whose checkpoint lacked memory, because DuckDB does not use it any more",
    error: `TransactionContext Error: Failed to commit: Checkpoint failed for database "x". The database has been invalidated. Original error: ${cause}`,
    want: ["set memory_limit = '64MB'", "reopen"],
  },
  {
    name: "only raises the limit after a statement that lacked memory",
    error: `Out of Memory Error: ${cause}`,
    want: ["set memory_limit = '64MB'"],
  },
])("a DuckDB file $name", async ({ error, want }) => {
  const { memory, take } = await createMemory();
  take();
  expect(await memory.grow(new Error(error))).toBe(true);
  expect(take()).toEqual(want);
});

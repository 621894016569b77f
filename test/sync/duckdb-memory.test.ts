import type { DuckDBConnection } from "@duckdb/node-api";
import { describe, expect, it } from "vitest";
import { limitMemory } from "../../sync/src/destinations/duckdb-memory.js";

/** Returns the memory of a connection, and what happens to the connection. */
async function createMemory(fail: (sql: string) => Error | undefined = () => undefined) {
  const done: string[] = [];
  const connection = {
    run: (sql: string) => {
      done.push(sql);
      const error = fail(sql);
      return error ? Promise.reject(error) : Promise.resolve();
    },
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

describe("a commit whose checkpoint failed", () => {
  const error = new Error(
    `IO Error: Transaction COMMIT succeeded and is durable, but the autocheckpoint failed. ${cause}`,
  );

  it("never runs again", async () => {
    const { memory } = await createMemory();
    expect(await memory.grow(error)).toBe(false);
  });

  it("ends the run with the reason why the checkpoint fails again", async () => {
    const full = new Error("IO Error: Could not write file: No space left on device");
    const { memory } = await createMemory((sql) => (sql === "checkpoint" ? full : undefined));
    await expect(memory.repeatCheckpoint(error)).rejects.toBe(full);
  });

  it("gets more memory until the checkpoint succeeds", async () => {
    let failures = 2;
    const { memory, take } = await createMemory((sql) =>
      sql === "checkpoint" && failures-- > 0 ? new Error(cause) : undefined,
    );
    take();
    expect(await memory.repeatCheckpoint(error)).toBe(true);
    expect(take().filter((each) => each !== "checkpoint" && each !== "reopen")).toEqual([
      "set memory_limit = '64MB'",
      "set memory_limit = '128MB'",
      "set memory_limit = '256MB'",
    ]);
  });
});

import type { RunContext } from "./load-resource.js";
import type { Step } from "./merge/find-in-order.js";

/**
 * Runs `work` in a transaction and rolls it back. Resolves to the reason why the database refuses rows, or to
 * `undefined`.
 */
export async function attempt(
  { writer, catalog: { dialect } }: Pick<RunContext, "writer" | "catalog">,
  work: () => Promise<unknown>,
): Promise<string | undefined> {
  const isFine = Symbol("taken back");
  try {
    await writer.transaction("probe", async () => {
      await work();
      if (dialect.checkConstraints !== undefined) await writer.connection.run(dialect.checkConstraints);
      throw isFine as unknown;
    });
    return undefined;
  } catch (error) {
    if (error === isFine) return undefined;
    if (!dialect.isRefusal?.(error)) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}

/** Runs steps in a transaction and rolls all of them back. A step that the database refuses is rolled back alone. */
export async function attemptSteps<T>(
  { writer, catalog: { dialect } }: Pick<RunContext, "writer" | "catalog">,
  work: (step: Step) => Promise<T>,
): Promise<T> {
  const { connection } = writer;
  const attemptStep: Step["attempt"] = async (step) => {
    let reason: string | undefined;
    await connection.run(`savepoint ${savepoint}`);
    try {
      await step();
      if (dialect.checkConstraints !== undefined) await connection.run(dialect.checkConstraints);
    } catch (error) {
      if (!dialect.isRefusal?.(error)) throw error;
      reason = error instanceof Error ? error.message : String(error);
      await connection.run(`rollback to savepoint ${savepoint}`);
    }
    await connection.run(`release savepoint ${savepoint}`);
    return reason;
  };
  const ended: { result?: T } = {};
  const isFine = Symbol("taken back");
  try {
    await writer.transaction("probe", async () => {
      const query: Step["query"] = async (sql) => (await connection.run(sql)).rows;
      ended.result = await work({ attempt: attemptStep, query });
      throw isFine as unknown;
    });
  } catch (error) {
    if (error !== isFine) throw error;
  }
  return ended.result as T;
}

const savepoint = "_cg_step";

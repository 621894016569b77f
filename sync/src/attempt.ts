import type { Dialect } from "./destination.js";
import { messageOf } from "./errors.js";
import type { RunContext } from "./load-resource.js";
import type { Step } from "./merge/find-in-order.js";

type AttemptContext = Pick<RunContext, "writer" | "catalog">;

/**
 * Runs `work` in a transaction and rolls it back. Resolves to the reason why the database refuses rows, or to
 * `undefined`.
 */
export async function attempt(
  context: AttemptContext,
  work: () => Promise<unknown>,
): Promise<string | undefined> {
  try {
    await rollBack(context, async () => {
      await work();
      await checkConstraints(context);
    });
    return undefined;
  } catch (error) {
    return refusalOf(error, context.catalog.dialect);
  }
}

/** Runs steps in a transaction and rolls all of them back. A step that the database refuses is rolled back alone. */
export async function attemptSteps<T>(context: AttemptContext, work: (step: Step) => Promise<T>): Promise<T> {
  const { connection } = context.writer;
  const attemptStep: Step["attempt"] = async (step) => {
    let reason: string | undefined;
    await connection.run(`savepoint ${savepoint}`);
    try {
      await step();
      await checkConstraints(context);
    } catch (error) {
      reason = refusalOf(error, context.catalog.dialect);
      await connection.run(`rollback to savepoint ${savepoint}`);
    }
    await connection.run(`release savepoint ${savepoint}`);
    return reason;
  };
  const query: Step["query"] = async (sql) => (await connection.run(sql)).rows;
  return rollBack(context, () => work({ attempt: attemptStep, query }));
}

const savepoint = "_cg_step";

/** Runs `work` in a transaction, rolls it back, and resolves to the result. */
async function rollBack<T>({ writer }: AttemptContext, work: () => Promise<T>): Promise<T> {
  const ended: { result?: T } = {};
  // The writer rolls a transaction back only after an error.
  const rolledBack = Symbol("rolled back");
  try {
    await writer.transaction("probe", async () => {
      ended.result = await work();
      throw rolledBack as unknown;
    });
  } catch (error) {
    if (error !== rolledBack) throw error;
  }
  return ended.result as T;
}

/** Checks the constraints that the database would otherwise check at the commit. */
async function checkConstraints({ writer, catalog: { dialect } }: AttemptContext): Promise<void> {
  if (dialect.checkConstraints !== undefined) await writer.connection.run(dialect.checkConstraints);
}

/** Returns why the database refuses a row. Throws any other error. */
function refusalOf(error: unknown, dialect: Dialect): string {
  if (!dialect.isRefusal?.(error)) throw error;
  return messageOf(error);
}

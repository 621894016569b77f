import type { Connection } from "./destination.js";
import type { Catalog } from "./tables/catalog.js";

/** Runs transactions on one connection, one after the other. */
export interface Writer {
  readonly connection: Connection;
  /** Runs `work` in a transaction: all of it is in the database afterwards, or nothing. */
  readonly transaction: <T>(name: string, work: () => Promise<T>) => Promise<T>;
  /** Waits for the transactions that were requested so far. */
  readonly idle: () => Promise<void>;
}

/** Creates a writer. A transaction that fails takes its changes of the catalog back. `failpoint` is called before and after each commit. */
export function createWriter(
  connection: Connection,
  catalog: Pick<Catalog, "snapshot">,
  failpoint: (name: string) => void | Promise<void>,
): Writer {
  let last: Promise<unknown> = Promise.resolve();
  const runOne = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    await connection.run("begin");
    const restore = catalog.snapshot();
    let result: T;
    try {
      result = await work();
      await failpoint(`${name}.before_commit`);
      await connection.run("commit");
    } catch (error) {
      // The first error says why; the connection may be gone.
      await connection.run("rollback").catch(() => undefined);
      restore();
      throw error;
    }
    await failpoint(`${name}.after_commit`);
    return result;
  };
  return {
    connection,
    transaction: (name, work) => {
      const mine = last.then(() => runOne(name, work));
      last = mine.catch(() => undefined);
      return mine;
    },
    idle: async () => {
      await last;
    },
  };
}

import type { Connection, Recovery } from "./destination.js";
import { messageOf, SyncError } from "./errors.js";

/** Runs transactions on one connection, one after the other. */
export interface Writer {
  readonly connection: Connection;
  /**
   * Runs `work` in a transaction: afterwards, all or nothing of it is in the database. `work` runs again if the database
   * lacked memory, or if the connection was lost before the commit. `onRetry` receives the reason for the latter.
   */
  readonly transaction: <T>(
    name: string,
    work: () => Promise<T>,
    onRetry?: (message: string) => void,
  ) => Promise<T>;
  /** Waits for the transactions that were requested so far. */
  readonly idle: () => Promise<void>;
  /** The number of connections so far. Temporary tables end with their connection. */
  readonly connections: () => number;
}

/** Options of a writer. */
export interface WriterOptions {
  /** The destination, for messages. */
  readonly label: string;
  /** Called before and after each commit. */
  readonly failpoint: (name: string) => void | Promise<void>;
  /** Saves the known state of the database, and returns a function that restores it if a transaction fails. */
  readonly snapshot: () => () => void;
  /** Called after a reconnection. Throws if the run must not continue. */
  readonly verify: () => Promise<void>;
}

/** Maximum number of attempts at a transaction, and at recovering from one loss of the connection. */
const maxAttempts = 5;

/** A transaction whose `commit` was sent. */
interface Sent<T> {
  readonly id: string;
  readonly result: T;
}

/** A transaction that ended with an error. */
interface Failure<T> {
  readonly error: unknown;
  readonly sent: Sent<T> | undefined;
  readonly restore: () => void;
}

/** Creates a writer. */
export function createWriter(connection: Connection, options: WriterOptions): Writer {
  const { recovery } = connection;
  let last: Promise<unknown> = Promise.resolve();
  let connections = 1;
  /** Why no transaction can follow. */
  let end: { readonly error: unknown } | undefined;
  /** Connects again. Resolves to whether the lost transaction was committed. */
  const recover = async <T>(how: Recovery, sent: Sent<T> | undefined): Promise<boolean> => {
    for (let attempt = 1; ; attempt++) {
      try {
        await how.reconnect();
        connections++;
        await options.verify();
        return sent !== undefined && (await how.isCommitted(sent.id));
      } catch (error) {
        if (how.isLost(error) && attempt < maxAttempts) continue;
        end = { error };
        throw error;
      }
    }
  };
  const runAll = async <T>(
    name: string,
    work: () => Promise<T>,
    onRetry?: (message: string) => void,
  ): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      if (end) throw end.error;
      const ended = await runOnce(connection, options, { name, work });
      if ("result" in ended) return ended.result;
      const { error, sent, restore } = ended;
      if (!recovery?.isLost(error)) {
        restore();
        if (await connection.growMemory?.(error)) continue;
        throw error;
      }
      const reason = `the connection to ${options.label} was lost: ${messageOf(error)}`;
      onRetry?.(reason);
      const isCommitted = await recover(recovery, sent);
      if (isCommitted && sent) return sent.result;
      restore();
      if (attempt === maxAttempts)
        throw new SyncError("UNREACHABLE", `${reason}, ${attempt} times`, { cause: error });
    }
  };
  return {
    connection,
    transaction: (name, work, onRetry) => {
      const mine = last.then(async () => {
        const result = await runAll(name, work, onRetry);
        await options.failpoint(`${name}.after_commit`);
        return result;
      });
      last = mine.catch(() => undefined);
      return mine;
    },
    idle: async () => {
      await last;
    },
    connections: () => connections,
  };
}

/** Runs a transaction once. Rolls it back if it fails and the connection still exists. */
async function runOnce<T>(
  connection: Connection,
  { failpoint, snapshot }: WriterOptions,
  { name, work }: { readonly name: string; readonly work: () => Promise<T> },
): Promise<{ readonly result: T } | Failure<T>> {
  const restore = snapshot();
  let sent: Sent<T> | undefined;
  try {
    await connection.run("begin");
    const id = await connection.recovery?.transactionId();
    const result = await work();
    await failpoint(`${name}.before_commit`);
    if (id !== undefined) sent = { id, result };
    await connection.run("commit");
    return { result };
  } catch (error) {
    // Keep the first error. The rollback may fail because the connection is lost.
    if (!connection.recovery?.isLost(error)) await connection.run("rollback").catch(() => undefined);
    return { error, sent, restore };
  }
}

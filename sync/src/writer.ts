import type { Connection, Recovery } from "./destination.js";
import { SyncError } from "./errors.js";

/** Runs transactions on one connection, one after the other. */
export interface Writer {
  readonly connection: Connection;
  /**
   * Runs `work` in a transaction: all of it is in the database afterwards, or nothing. `work` runs again if the database lacked
   * memory, and if the connection is lost, unless the transaction was committed. `onRetry` gets the reason of the latter.
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

/** What a writer needs to know of its run. */
export interface WriterOptions {
  /** The destination, for messages. */
  readonly label: string;
  /** Called before and after each commit. */
  readonly failpoint: (name: string) => void | Promise<void>;
  /** Remembers what is known of the database, and returns a function that restores it if a transaction fails. */
  readonly snapshot: () => () => void;
  /** Called after the connection was lost. Throws if the run must not go on. */
  readonly verify: () => Promise<void>;
}

/** How often a transaction begins, and how often one loss is recovered from. */
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
  /** Connects again. Returns whether the transaction that was lost is committed. */
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
      const reason = `the connection to ${options.label} was lost: ${error instanceof Error ? error.message : String(error)}`;
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

/** Runs a transaction once. Takes it back if it fails, as long as there is a connection. */
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
    // The first error says why; the connection may be gone.
    if (!connection.recovery?.isLost(error)) await connection.run("rollback").catch(() => undefined);
    return { error, sent, restore };
  }
}

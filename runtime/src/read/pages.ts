import type { Checkpoint } from "./checkpoint.js";
import { ConnectorError } from "../errors.js";
import { platform } from "../platform.js";
import type { Reading } from "./reading.js";
import { checkRun, startRun } from "./session.js";
import { toError } from "./to-error.js";

/** One page of records, with the place where it ends. */
export interface Page<R> {
  readonly records: readonly R[];
  /** 1-based, counted over all resumptions. */
  readonly number: number;
  /** As requested, secrets redacted. */
  readonly url: string;
  /** Where the read stands after this page. */
  readonly checkpoint: Checkpoint;
}

/**
 * Reads pages in order, the next one while the consumer works on the last.
 *
 * Ends when the paginator names a reason or `maxPages` is reached, or throws; nothing else ends it.
 */
export async function* readPages(reading: Reading): AsyncGenerator<Page<unknown>, void, undefined> {
  const { client, options } = reading;
  const { signal } = options;
  const controller = new platform.AbortController();
  const run = startRun(reading, controller.signal);
  client.transport.expectListeners?.([controller.signal, signal]);
  const abort = (): void => controller.abort(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort);
  try {
    checkRun(run);
    yield* run.pages(run, options.from);
  } catch (thrown) {
    const error = toError(run, thrown, {});
    if (error instanceof ConnectorError) {
      run.emit({ type: "error", page: error.page ?? 0, error });
      client.options.logger?.error(error.message);
    }
    throw error;
  } finally {
    signal?.removeEventListener("abort", abort);
    // Ends what is still being read ahead when the consumer leaves early.
    controller.abort();
  }
}

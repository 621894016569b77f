import { throwIfAborted } from "./attempts.js";
import type { Checkpoint } from "./checkpoint.js";
import { ConnectorError } from "./errors.js";
import { fetchPage, type At, type Fetched } from "./fetch-page.js";
import { platform } from "./platform.js";
import type { Reading } from "./reading.js";
import { checkRun, startRun, toError, type Run } from "./run.js";

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
  const abort = (): void => controller.abort(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort);
  try {
    checkRun(run);
    yield* run.resource.plan?.pages(run) ?? readSequence(run, options.from);
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

/** Reads one sequence of pages from where a checkpoint stands. */
export async function* readSequence(
  run: Run,
  from: Checkpoint | undefined,
): AsyncGenerator<Page<unknown>, void, undefined> {
  const { maxPages = Infinity, concurrency = run.client.options.concurrency ?? 2 } = run.options;
  let { page, position } = from?.position ? from : { page: 0, position: run.resource.paginator.start };
  const last = page + maxPages;
  let records = 0;
  let pending: Promise<Fetched> | undefined;
  while (position) {
    const { page: current, step } = await (pending ?? fetchPage(run, { page: ++page, position }));
    records += current.records.length;
    position = page < last ? (step.next ?? null) : null;
    pending = position && concurrency > 1 ? ahead(run, { page: ++page, position }) : undefined;
    yield current;
    throwIfAborted(run.signal);
    if (!position) run.emit({ type: "complete", page, reason: step.stop ?? "max_pages", records });
  }
}

/** Starts a page that nobody waits for yet: its failure is thrown when the consumer gets there. */
function ahead(run: Run, at: At): Promise<Fetched> {
  const fetching = fetchPage(run, at);
  fetching.catch(() => undefined);
  return fetching;
}

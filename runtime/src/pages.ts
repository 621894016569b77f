import { throwIfAborted } from "./attempts.js";
import type { Checkpoint } from "./checkpoint.js";
import { ConnectorError } from "./errors.js";
import { fetchPage, type Fetched } from "./fetch-page.js";
import type { Position } from "./paginator.js";
import { platform } from "./platform.js";
import type { Reading } from "./reading.js";
import { startRun, type Run } from "./run.js";

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
  const { signal } = reading.options;
  const controller = new platform.AbortController();
  const run = startRun(reading, controller.signal);
  const abort = (): void => controller.abort(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort);
  try {
    yield* pagesOf(run);
  } catch (error) {
    if (error instanceof ConnectorError) {
      run.emit({ type: "error", page: error.page ?? 0, error });
      reading.client.options.logger?.error(error.message);
    }
    throw error;
  } finally {
    signal?.removeEventListener("abort", abort);
    // Ends what is still being read ahead when the consumer leaves early.
    controller.abort();
  }
}

async function* pagesOf(run: Run): AsyncGenerator<Page<unknown>, void, undefined> {
  const { client, options, resource } = run;
  const { from, maxPages = Infinity } = options;
  const readsAhead = (options.concurrency ?? client.options.concurrency ?? 2) > 1;
  const resumed = from?.position ? from : undefined;
  const start = resumed?.page ?? 0;
  let records = 0;
  let pending = fetchPage(run, { position: resumed?.position ?? resource.paginator.start, page: start + 1 });
  for (let number = start + 1; ; number++) {
    const { page, step } = await pending;
    records += page.records.length;
    const next = step.next && number - start < maxPages ? step.next : undefined;
    if (next && readsAhead) pending = ahead(run, { position: next, page: number + 1 });
    yield page;
    throwIfAborted(run.signal);
    if (!next) return run.emit({ type: "complete", page: number, reason: step.stop ?? "max_pages", records });
    if (!readsAhead) pending = fetchPage(run, { position: next, page: number + 1 });
  }
}

/** Starts a page that nobody waits for yet: its failure is thrown when the consumer gets there. */
function ahead(run: Run, at: { position: Position; page: number }): Promise<Fetched> {
  const fetching = fetchPage(run, at);
  fetching.catch(() => undefined);
  return fetching;
}

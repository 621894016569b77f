import { throwIfAborted } from "../http/attempts.js";
import type { Checkpoint } from "./checkpoint.js";
import { fetchPage, type At, type Turned } from "./page.js";
import type { Page } from "./pages.js";
import type { Run } from "./session.js";

/** Reads one sequence of pages from where a checkpoint stands. */
export async function* readSequence(
  run: Run,
  from: Checkpoint | undefined,
): AsyncGenerator<Page<unknown>, void, undefined> {
  const { maxPages = Infinity, concurrency = run.client.options.concurrency ?? 2 } = run.options;
  let { page, position } = from?.position ? from : { page: 0, position: run.resource.paginator.start };
  const last = page + maxPages;
  let records = 0;
  let pending: Promise<Turned> | undefined;
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
function ahead(run: Run, at: At): Promise<Turned> {
  const fetching = fetchPage(run, at);
  fetching.catch(() => undefined);
  return fetching;
}

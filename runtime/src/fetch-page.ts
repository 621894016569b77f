import { withRetries } from "./attempts.js";
import { Fault, PageError, type RequestInfo } from "./errors.js";
import type { Page } from "./pages.js";
import type { Position, Step } from "./paginator.js";
import { buildRequest } from "./request.js";
import { checkpointAt, toError, type Run } from "./run.js";
import type { ResourceShape } from "./descriptor.js";
import type { HeadersLike } from "./retry-after.js";
import { selectRecords, type Selector } from "./select.js";
import { send, type Answer } from "./send.js";

/** A page and what its paginator said of the next one. */
export interface Fetched {
  readonly page: Page<unknown>;
  readonly step: Step;
}

/** Where a page stands. */
export interface At {
  readonly position: Position;
  /** Its number, 1-based. */
  readonly page: number;
}

/**
 * Reads one page. One attempt is everything from the request to the paginator's answer: only a page that is whole,
 * decoded, selected and placed is handed on.
 */
export async function fetchPage(run: Run, { position, page }: At): Promise<Fetched> {
  const { client, resource, guards } = run;
  const { clean, nameOf } = client.redactor;
  const { paginator } = resource;
  let request: RequestInfo | undefined;
  try {
    const answered = await withRetries(
      {
        ...run,
        onRetry: ({ delay, code, reason }, attempt) => {
          run.emit({ type: "retry", page, attempt, delay, code, message: reason });
          run.warn(page, `${reason}; attempt ${attempt + 1} in ${(delay / 1000).toFixed(1)} s`);
        },
      },
      async (signal, attempt) => {
        const part = paginator.request(position);
        const draft = await buildRequest(run, part);
        if (!request) guards.request(draft, part);
        request = { method: draft.method, url: clean(draft.url) };
        run.emit({ type: "request", page, ...request, attempt });
        const onHeaders = (headers: HeadersLike): void => {
          for (const limiter of run.limiters) limiter.observe?.(client, headers);
        };
        const answer = await send({ ...run, signal, onHeaders }, draft);
        const records = recordsOf(
          paginator.select?.(position, answer.body) ?? resource.select,
          resource,
          answer,
        );
        const exchange = { ...answer, records, isSecret: (text: string) => clean(text) !== text, nameOf };
        const step: Step = answer.isIgnored ? { stop: "ignored" } : paginator.next(position, exchange);
        return { records, step };
      },
    );
    let { records, step } = answered;
    guards.records(records);
    for (const shaper of resource.shape ?? []) records = await shaper.shape(records, run);
    if (run.sift) {
      const sifted = run.sift(records);
      records = sifted.records;
      if (sifted.stop) step = { stop: sifted.stop };
    }
    for (const message of [step.warning, run.validate(records)]) {
      if (!message) continue;
      run.emit({ type: "warning", page, message });
      run.warn(page, message);
    }
    const url = request?.url ?? "";
    run.emit({ type: "page", page, url, records: records.length });
    return {
      page: { records, number: page, url, checkpoint: checkpointAt(run, page, step.next ?? null) },
      step,
    };
  } catch (error) {
    throw toError(run, error, {
      page,
      ...(request && { request }),
      checkpoint: checkpointAt(run, page - 1, position),
    });
  }
}

function recordsOf(
  selector: Selector,
  { selectRequired }: ResourceShape,
  { body }: Answer,
): readonly unknown[] {
  // No body says that there is nothing.
  const records = body === undefined ? [] : selectRecords(selector, body);
  if (records) return records;
  if (selectRequired === false) return [];
  const has = Array.isArray(body)
    ? "a list"
    : Object.keys(Object(body) as object)
        .slice(0, 8)
        .join(", ");
  const message = `nothing at ${selector.join(".") || "the top"} in the response (it has: ${has})`;
  throw new Fault(PageError, "SELECTOR_NO_MATCH", message, { retries: Infinity });
}

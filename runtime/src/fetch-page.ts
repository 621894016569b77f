import { withRetries } from "./attempts.js";
import { Fault, PageError, type RequestInfo } from "./errors.js";
import type { Page } from "./pages.js";
import type { Position, Step } from "./paginator.js";
import { buildRequest } from "./request.js";
import { checkpointAt, toError, type Run } from "./run.js";
import { selectRecords, type Path } from "./select.js";
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
  const { paginator } = resource;
  let request: RequestInfo | undefined;
  try {
    const { records, step } = await withRetries(
      {
        ...run,
        onRetry: ({ delay, code, reason }, attempt) => {
          run.emit({ type: "retry", page, attempt, delay, code, message: reason });
          run.warn(page, `${reason}; attempt ${attempt + 1} in ${(delay / 1000).toFixed(1)} s`);
        },
      },
      async (signal, attempt) => {
        const draft = await buildRequest(run, paginator.request(position));
        if (!request) guards.request(draft);
        request = { method: draft.method, url: client.redactor.clean(draft.url) };
        run.emit({ type: "request", page, ...request, attempt });
        const answer = await send({ ...run, signal }, draft);
        const found = recordsOf(resource.select, answer);
        return { records: found, step: paginator.next(position, { body: answer.body, records: found }) };
      },
    );
    guards.records(records);
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

function recordsOf(path: Path, { status, body }: Answer): readonly unknown[] {
  // 204 says that there is nothing.
  const records = status === 204 ? [] : selectRecords(path, body);
  if (records) return records;
  const has = Array.isArray(body)
    ? "a list"
    : Object.keys(Object(body) as object)
        .slice(0, 8)
        .join(", ");
  const message = `nothing at ${path.join(".") || "the top"} in the response (it has: ${has})`;
  throw new Fault(PageError, "SELECTOR_NO_MATCH", message, { retries: Infinity });
}

import { withRetries } from "../http/attempts.js";
import type { ResourceShape } from "../descriptor.js";
import { Fault, PageError, type RequestInfo } from "../errors.js";
import type { Page } from "./pages.js";
import type { Position, Step } from "../paginators/paginator.js";
import type { Run } from "./session.js";
import { selectRecords, type Selector } from "../select/path.js";
import { send } from "../http/send.js";
import { toError } from "./to-error.js";

/** The records of a page, and what its paginator said of the next one. */
export interface Fetched {
  readonly records: readonly unknown[];
  readonly step: Step;
}

/** A page that is to be handed on, and what its paginator said of the next one. */
export interface Turned {
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
export async function fetchPage(run: Run, { position, page }: At): Promise<Turned> {
  const { client, resource, guards, emit } = run;
  const { paginator } = resource;
  let request: RequestInfo | undefined;
  try {
    const fetched = await withRetries(run, page, async (signal, attempt) => {
      const part = paginator.request(position);
      const draft = await run.build(run, part);
      if (!request) guards.request(draft, part);
      request = { method: draft.method, url: client.redactor.clean(draft.url) };
      emit({ type: "request", page, ...request, attempt });
      const answer = await send({ ...run, signal }, draft);
      const selector = paginator.select?.(position, answer.body) ?? resource.select;
      const records = recordsOf(selector, resource, answer.body);
      const exchange = { ...client.redactor, ...answer, records };
      const step: Step = answer.isIgnored ? { stop: "ignored" } : paginator.next(position, exchange);
      return { records, step };
    });
    guards.records(fetched.records);
    const { records, step } = await run.finish(run, fetched);
    for (const message of [step.warning, run.validate(records)])
      if (message) emit({ type: "warning", page, message }, message);
    const url = request?.url ?? "";
    emit({ type: "page", page, url, records: records.length });
    const checkpoint = run.checkpointAt(run, page, step.next ?? null);
    return { page: { records, number: page, url, checkpoint }, step };
  } catch (error) {
    throw toError(run, error, {
      page,
      ...(request && { request }),
      checkpoint: run.checkpointAt(run, page - 1, position),
    });
  }
}

function recordsOf(selector: Selector, { selectRequired }: ResourceShape, body: unknown): readonly unknown[] {
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

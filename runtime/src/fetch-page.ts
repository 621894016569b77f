import { Exhausted, withRetries } from "./attempts.js";
import { Fault } from "./errors.js";
import { isJsonObject } from "./json.js";
import type { Page } from "./pages.js";
import type { Position, Step } from "./paginator.js";
import { buildRequest, type Draft } from "./request.js";
import { checkpointAt, toError, type Run } from "./run.js";
import { selectRecords } from "./select.js";
import { send, type Answer } from "./send.js";
import { validateRecords } from "./validate.js";

/** A page and what its paginator said of the next one. */
export interface Fetched {
  readonly page: Page<unknown>;
  readonly step: Step;
}

/** Where a page stands. */
interface At {
  readonly position: Position;
  /** Its number, 1-based. */
  readonly page: number;
}

/**
 * Reads one page. One attempt is everything from the request to the paginator's answer: only a page that is whole,
 * decoded, selected and placed is handed on.
 */
export async function fetchPage(run: Run, { position, page }: At): Promise<Fetched> {
  const { client, resource, params, options, guards } = run;
  const { paginator } = resource;
  let draft: Draft | undefined;
  try {
    const { records, step } = await withRetries(
      {
        ...run,
        onRetry: ({ delay, code, reason }, attempt) => {
          run.emit({ type: "retry", page, attempt, delay, code, message: reason });
          warn(run, `page ${page}: ${reason}; attempt ${attempt + 1} in ${(delay / 1000).toFixed(1)} s`);
        },
      },
      async (signal, attempt) => {
        const isFirst = draft === undefined;
        draft = await buildRequest(client, resource, {
          params,
          page: paginator.request(position),
          headers: options.headers,
        });
        if (isFirst) guards.request(draft);
        run.emit({
          type: "request",
          page,
          method: draft.method,
          url: client.redactor.clean(draft.url),
          attempt,
        });
        const answer = await send({ client, resource, policy: run.policy, signal }, draft);
        const found = recordsOf(resource.select, answer);
        return { records: found, step: paginator.next(position, { body: answer.body, records: found }) };
      },
    );
    guards.records(records);
    const warnings = [step.warning, validateRecords(run, records)];
    for (const message of warnings) if (message) warnAt(run, page, message);
    const url = client.redactor.clean(draft?.url ?? "");
    run.emit({ type: "page", page, url, records: records.length });
    return {
      page: { records, number: page, url, checkpoint: checkpointAt(run, page, step.next ?? null) },
      step,
    };
  } catch (error) {
    const isExhausted = error instanceof Exhausted;
    throw toError(run, isExhausted ? error.fault : error, {
      page,
      ...(draft && { request: { method: draft.method, url: client.redactor.clean(draft.url) } }),
      attempts: isExhausted ? error.attempts : [],
      checkpoint: checkpointAt(run, page - 1, position),
    });
  }
}

function recordsOf(selector: string, { status, body }: Answer): readonly unknown[] {
  if (status === 204) return [];
  const records = selectRecords(selector, body);
  if (records) return records;
  const has = isJsonObject(body)
    ? `its keys are ${Object.keys(body).slice(0, 8).join(", ") || "none"}`
    : `it is ${nameOf(body)}`;
  throw new Fault("PageError", "SELECTOR_NO_MATCH", `the response has nothing at ${selector}: ${has}`, {
    retries: Infinity,
  });
}

function nameOf(body: unknown): string {
  if (Array.isArray(body)) return "a list";
  return body === null ? "null" : `a ${typeof body}`;
}

function warnAt(run: Run, page: number, message: string): void {
  run.emit({ type: "warning", page, message });
  warn(run, `page ${page}: ${message}`);
}

function warn({ client, read }: Run, message: string): void {
  client.options.logger?.warn(`${read.source}.${read.resource} ${message}`);
}

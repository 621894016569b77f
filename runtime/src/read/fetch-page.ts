import type { Position } from "../checkpoint.js";
import { checkRecords } from "../client/schemas.js";
import type { ResourceShape } from "../descriptor.js";
import { PageError, ReadFailure, cleanHeaders, foreign, type RequestInfo } from "../errors.js";
import { withRetries } from "../http/attempts.js";
import { authorize } from "../http/authorize.js";
import { buildRequest } from "../http/request.js";
import { send, withResponse, type HttpResult } from "../http/send.js";
import type { UnsignedRequest, WireResponse } from "../http/transport.js";
import type { Step } from "../paginators/paginator.js";
import type { FetchSignal } from "../platform.js";
import { selectRecords, type Selector } from "../select/path.js";
import type { Page } from "./page.js";
import { toError, warn, type ReadSession } from "./session.js";

/** A complete page, and the paginator's decision about the next one. */
export interface PageResult {
  readonly page: Page<unknown>;
  readonly step: Step;
}

/** The place of a page in its sequence. */
export interface PagePosition {
  readonly position: Position;
  /** 1-based. */
  readonly number: number;
}

/**
 * Reads one page. An attempt includes everything from the request to the paginator's decision, so that a page whose
 * response is truncated or lacks its records is requested again.
 */
export async function fetchPage(
  session: ReadSession,
  { position, number }: PagePosition,
): Promise<PageResult> {
  const { resource, guards, emit, clean } = session;
  let request: RequestInfo | undefined;
  try {
    const raw = await withRetries(session, number, async (signal, attempt, requestId) => {
      const part = resource.paginator.request(position);
      const unsigned = await buildRequest(session, part);
      if (!request) guards.request(unsigned, part);
      request = { method: unsigned.method, url: clean(unsigned.url) };
      emit({ type: "request", page: number, requestId, attempt, ...request });
      const result = await sendPage(session, unsigned, { signal, page: number, requestId });
      return withResponse(result.response, () => decide(session, position, result));
    });
    guards.records(raw.records);
    const { records, step } = await transform(session, raw);
    if (step.warning) warn(session, number, step.warning);
    await validate(session, number, records);
    const url = request?.url ?? "";
    emit({ type: "page", page: number, url, records: records.length });
    const { next = null, total } = step;
    const checkpoint = session.checkpointAt(number, next);
    return {
      page: { records, number, isLast: !next, url, ...(total !== undefined && { total }), checkpoint },
      step,
    };
  } catch (error) {
    throw toError(session, error, {
      page: number,
      ...(request && { request }),
      checkpoint: session.checkpointAt(number - 1, position),
    });
  }
}

/** The attempt that a request belongs to. */
interface AttemptInfo {
  readonly signal: FetchSignal;
  readonly page: number;
  readonly requestId: number;
}

function sendPage(
  session: ReadSession,
  request: UnsignedRequest,
  { signal, page, requestId }: AttemptInfo,
): Promise<HttpResult> {
  const { client, resource, options, policy, timeoutMs, limiters, emit, clean } = session;
  const { auth = client.source.auth, decode, actions } = resource;
  const observe = (response: WireResponse, sentAt: number): (() => void) => {
    const { status, headers } = response;
    for (const limiter of limiters) limiter.observe?.(client, headers);
    return () => {
      const durationMs = Date.now() - sentAt;
      const { bytes } = response;
      emit({
        type: "response",
        page,
        requestId,
        status,
        durationMs,
        bytes,
        headers: cleanHeaders(headers, clean),
      });
    };
  };
  const context = {
    client,
    auth,
    policy,
    timeoutMs,
    signal,
    headers: [client.options.headers, options.headers],
    warn: (message: string) => warn(session, page, message),
  };
  return send(
    { client, policy, signal, decode, actions, observe, authorize: (hop) => authorize(context, hop) },
    request,
  );
}

/** The selected records of a page, before transformations, and the paginator's decision. */
interface RawPage {
  readonly records: readonly unknown[];
  readonly step: Step;
}

function decide({ client, resource }: ReadSession, position: Position, result: HttpResult): RawPage {
  const { paginator } = resource;
  const selector = paginator.select?.(position, result.body) ?? resource.select;
  const records = recordsOf(selector, resource, result.body);
  const exchange = { ...client.redactor, ...result, records };
  return { records, step: result.isIgnored ? { stop: "ignored" } : paginator.next(position, exchange) };
}

function recordsOf(selector: Selector, { selectRequired }: ResourceShape, body: unknown): readonly unknown[] {
  // A response without a body has no records.
  const records = body === undefined ? [] : selectRecords(selector, body);
  if (records) return records;
  if (selectRequired === false) return [];
  const has = Array.isArray(body)
    ? "it is a list"
    : `it has ${foreign(
        Object.keys(Object(body) as object)
          .slice(0, 8)
          .join(", ") || "no fields",
      )}`;
  const message = `the response has nothing at \`${selector.join(".") || "$"}\`; ${has}`;
  throw new ReadFailure(PageError, "SELECTOR_NO_MATCH", message, { retries: Infinity });
}

/** Applies the resource's transformations in order, then leaves out unwanted records. */
async function transform(session: ReadSession, { records, step }: RawPage): Promise<RawPage> {
  const { client, resource, params, lookup, accept } = session;
  const { name, shape = [] } = resource;
  const context = { name, params, lookup, option: client.option };
  let shaped = records;
  for (const shaper of shape) shaped = await shaper.shape(shaped, context);
  if (!accept) return { records: shaped, step };
  const { stop, records: accepted } = accept(shaped);
  return { records: accepted, step: stop ? { stop } : step };
}

async function validate(session: ReadSession, page: number, records: readonly unknown[]): Promise<void> {
  const { schema, options } = session;
  if (!schema || !options.validate || options.validate === "off") return;
  const problem = await checkRecords(records, schema, options.validate);
  if (problem) warn(session, page, problem);
}

import type { Position } from "../checkpoint.js";
import type { ResponseEvent } from "../client/options.js";
import { checkRecords } from "../client/schemas.js";
import type { ResourceShape } from "../descriptor.js";
import { HttpError, PageError, ReadFailure, cleanHeaders, foreign, type RequestInfo } from "../errors.js";
import { withRetries } from "../http/attempts.js";
import { authorize } from "../http/authorize.js";
import { hasBigIntegers } from "../exact-json.js";
import { buildRequest, type PlacedRequest } from "../http/request.js";
import { send, withResponse, type HttpResult } from "../http/send.js";
import { describeStatus } from "../http/status-failure.js";
import type { WireResponse } from "../http/transport.js";
import type { Step } from "../paginators/paginator.js";
import { printSelector, selectRecords, type Selector } from "../select/path.js";
import { convertIntegers } from "./big-integers.js";
import type { Page } from "./page.js";
import { toError, warn, type ReadSession } from "./session.js";

/** A complete page, and the paginator's decision about the next one. */
export interface PageResult {
  readonly page: Page<unknown>;
  readonly step: Step;
}

/** The position and number of a page in its sequence. */
export interface PagePosition {
  readonly position: Position;
  /** 1-based. */
  readonly number: number;
  /**
   * For a page that is requested before its turn: waits until the previous page is complete, and returns the position of
   * this page.
   */
  readonly turn?: () => Promise<Position>;
}

/**
 * Reads one page. An attempt includes everything from the request to the paginator's decision, so a page whose response is
 * truncated or lacks its records is requested again.
 */
export async function fetchPage(
  session: ReadSession,
  { position: requested, number, turn }: PagePosition,
): Promise<PageResult> {
  const { client, resource, options, guards, emit, clean, checkpointAt } = session;
  let position = requested;
  let request: RequestInfo | undefined;
  try {
    const raw = await withRetries(session, number, async ({ signal, n: attempt, requestId, enter }) => {
      const part = resource.paginator.request(position);
      const unsigned = await buildRequest(session, part);
      enter(unsigned.url);
      const earlier = request;
      request = { method: unsigned.method, url: clean(unsigned.url) };
      if (!earlier) guards.request(unsigned, part);
      emit({ type: "request", page: number, requestId, attempt, ...request });
      const result = await sendPage(session, unsigned, { page: number, requestId, signal });
      return async () => {
        if (turn) position = await turn();
        return withResponse(result.response, () => decide(session, { position, number }, result));
      };
    });
    const { drift } = raw.step;
    const repetition = guards.records(raw.received, raw.step);
    if (repetition) warn(session, number, repetition);
    if (drift) {
      if ((options.onDrift ?? client.options.onDrift) === "error")
        throw new ReadFailure(PageError, "PAGE_DRIFT", drift.message);
      emit({ type: "page.drift", page: number, ...drift }, drift.message);
    }
    const { records, step } = await transform(session, raw);
    if (step.warning) warn(session, number, step.warning);
    const problem = session.schema && (await checkRecords(records, session.schema, session.options.validate));
    if (problem) warn(session, number, problem);
    const { next = null, total } = step;
    const url = request?.url ?? "";
    emit({ type: "page", page: number, url, records: records.length });
    const checkpoint = checkpointAt(number, next);
    return { page: { records, number, isLast: !next, url, total, checkpoint }, step };
  } catch (error) {
    if (turn) position = await turn();
    const checkpoint = checkpointAt(number - 1, position);
    throw toError(session, error, { page: number, ...(request && { request }), checkpoint });
  }
}

/** Sends the request of an attempt. */
function sendPage(
  session: ReadSession,
  request: PlacedRequest,
  { page, requestId, signal }: Pick<ResponseEvent, "page" | "requestId"> & Pick<ReadSession, "signal">,
): Promise<HttpResult> {
  const { client, resource, policy, limiters, emit, clean } = session;
  const warnOfPage = (text: string): void => warn(session, page, text);
  const observe = (response: WireResponse, sentAt: number): (() => void) => {
    const { status, headers } = response;
    for (const limiter of limiters) limiter.observe?.(client, headers);
    return () => {
      const { bytes, isOpenEnded } = response;
      if (isOpenEnded && resource.decode && status < 300)
        warnOfPage(
          "the response states no length: if the connection broke off after a line, lines are missing",
        );
      const durationMs = Date.now() - sentAt;
      const shown = cleanHeaders(headers, clean);
      emit({ type: "response", page, requestId, status, durationMs, bytes, headers: shown });
    };
  };
  return send(
    {
      client,
      resource,
      policy,
      signal,
      observe,
      isFirst: page < 2,
      authorize: authorize(session, { page, signal, warn: warnOfPage }),
    },
    request,
  );
}

/** The selected records of a page, before transformations, and the paginator's decision. */
interface RawPage {
  readonly records: readonly unknown[];
  readonly step: Step;
}

/** Guards and paginators get the received records, whose integers are exact. */
function decide(
  session: ReadSession,
  { position, number }: PagePosition,
  result: HttpResult,
): RawPage & { readonly received: readonly unknown[] } {
  const { client, resource, guards, integers } = session;
  const { paginator, primaryKey } = resource;
  const { body, verdict, url, headers, foreignOrigin, response } = result;
  const { isSecret, nameOf } = client.redactor;
  const selector = (body === undefined ? undefined : paginator.select?.(position, body)) ?? resource.select;
  const previous = guards.previous();
  const retries = number > 1 ? Infinity : 1;
  // A response without a body has no records.
  const found = body === undefined ? [] : selectRecords(selector, body, typeof previous?.[0] === "object");
  const problem = verdict ? undefined : checkErrors(result, found ?? [], { primaryKey, retries });
  const records = found ?? noRecords(resource, { selector, body, retries });
  // A literal, because copied properties would give every object its own shape, which keeps garbage in memory and slows V8
  // down.
  const exchange = {
    body,
    records,
    selector,
    primaryKey,
    previous: paginator.needsPrevious === false ? undefined : previous,
    url,
    foreignOrigin,
    headers,
    isSecret,
    nameOf,
    response,
  };
  const own: Step = verdict ? { stop: "ignored" } : paginator.next(position, exchange);
  const step = problem === undefined ? own : { ...own, warning: own.warning ?? problem };
  const received = step.records ?? records;
  const isExact = !integers.fields && !hasBigIntegers(body);
  return { received, records: isExact ? received : convertIntegers(received, integers), step };
}

/**
 * Throws for errors instead of records: GraphQL sends status 200, `errors` and `null`. Returns a warning about GraphQL's
 * errors in addition to records.
 */
function checkErrors(
  { body, response }: HttpResult,
  records: readonly unknown[],
  {
    primaryKey = [],
    retries,
  }: { readonly primaryKey: readonly string[] | undefined; readonly retries: number },
): string | undefined {
  const fields = Object(body) as Readonly<Record<string, unknown>>;
  const { errors, error, success, ok } = fields;
  const isFailed = success === false || ok === false || isGiven(errors) || isGiven(error);
  const isWhole = records[0] === body;
  const isRecord = isWhole && (!primaryKey[0] || primaryKey.some((name) => name in fields));
  if (!isFailed || isRecord) return undefined;
  const { status } = response;
  const words = describeStatus(status, "", response.body);
  if (records.length > 0 && !isWhole && !records.includes(null))
    return Array.isArray(errors) ? `the response has errors besides the records: ${words}` : undefined;
  const message = `errors in place of records: ${words}`;
  throw new ReadFailure(HttpError, "RESPONSE_REJECTED", message, { status, retries });
}

/** Whether a value is neither empty nor false. */
function isGiven(value: unknown): boolean {
  return typeof value === "object" && value ? Object.keys(value).length > 0 : Boolean(value);
}

function noRecords(
  resource: ResourceShape,
  {
    selector,
    body,
    retries,
  }: { readonly selector: Selector; readonly body: unknown; readonly retries: number },
): readonly unknown[] {
  if (resource.selectRequired === false) return [];
  const fields = Object.keys(Object(body) as object)
    .slice(0, 8)
    .join(", ");
  const has = Array.isArray(body) ? "it is a list" : `its fields: ${foreign(fields || "none")}`;
  const message = `the response has no records at \`${printSelector(selector)}\` (${has})`;
  throw new ReadFailure(PageError, "SELECTOR_NO_MATCH", message, { retries });
}

/** Applies the resource's transformations in order, then leaves out unwanted records. */
export async function transform(session: ReadSession, { records, step }: RawPage): Promise<RawPage> {
  const { client, resource, params, lookup, accept } = session;
  const context = { name: resource.name, params, lookup, option: client.option };
  let shaped = records;
  for (const shaper of resource.shape ?? []) shaped = await shaper.shape(shaped, context);
  // A value of the parent may be a `bigint`, and a shaper may have added it.
  if (Object.values(params).some((value) => typeof value === "bigint"))
    shaped = convertIntegers(shaped, session.integers);
  const accepted = accept?.(shaped);
  return { records: accepted?.records ?? shaped, step: accepted?.stop ? { stop: accepted.stop } : step };
}

import { jsonBody } from "../bodies/json-body.js";
import type { ResourceShape } from "../descriptor.js";
import { HttpError, PageError, ReadFailure, TimeoutError, foreign, type ResponseInfo } from "../errors.js";
import { toPlain } from "../exact-json.js";
import { readRetryAfter } from "../http/retry-after.js";
import { parseUrl } from "../http/url.js";
import { toText, type JsonObject, type JsonValue } from "../json.js";
import type { Exchange } from "../paginators/paginator.js";
import { longestTimer, platform, throwIfAborted, type SignalLike } from "../platform.js";
import { fetchPage } from "../read/fetch-page.js";
import { createGuards } from "../read/guards.js";
import { lookupIn, type ReadSession } from "../read/session.js";
import { printSelector, select, type Selector } from "../select/path.js";
import type { SplitContext } from "./plan.js";

/** A request of an export job. Texts are templates. */
export interface JobRequest {
  readonly path: string;
  readonly method?: string | undefined;
  readonly query?: Readonly<Record<string, JsonValue>> | undefined;
  readonly json?: JsonObject | undefined;
}

/** The requests that create and poll a job, and the selectors of its state. */
export interface JobOptions {
  /** Creates the job. Default method `POST`. */
  readonly create: JobRequest;
  /** Requests the state of the job. Default path: the `Location` header of the response that created it. */
  readonly poll?:
    (Partial<JobRequest> & { readonly intervalMs?: number; readonly timeoutMs?: number }) | undefined;
  /** Selector of the status in a response. Without it, the job is done when a response is not 202. */
  readonly status?: Selector | undefined;
  /** The statuses of a job that is done; case-insensitive. */
  readonly done?: readonly string[] | undefined;
  /** The statuses of a job that has failed. */
  readonly failed?: readonly string[] | undefined;
  /** Selector of the reason of a failure. */
  readonly error?: Selector | undefined;
  /** Placeholders, and the selectors of their values in the responses. */
  readonly values?: Readonly<Record<string, Selector>> | undefined;
}

/** The usual statuses of jobs that are done. */
export const doneStatuses: readonly string[] =
  /* @__PURE__ */ "completed complete done finished success succeeded successful ready available true".split(
    " ",
  );

/** The usual statuses of jobs that have failed. */
export const failedStatuses: readonly string[] =
  /* @__PURE__ */ "failed failure error errored cancelled canceled aborted expired timeout".split(" ");

/** A job that was created. Plain JSON, because it is part of checkpoints. */
export interface Job {
  /** The values of placeholders that the first response contains. */
  readonly values: JsonObject;
  /** The URL to poll, if the first response named it. */
  readonly location: string | null;
}

/** A response about a job. */
export interface JobAnswer extends Exchange {
  readonly response?: ResponseInfo;
}

/** A job that is done, and the last response about it. */
interface FinishedJob {
  readonly started: Job;
  readonly answer: JobAnswer;
}

/** Opens a job: a new one, or one that a checkpoint names. */
export function openJob(
  options: JobOptions,
  { open, partition }: Pick<SplitContext, "open" | "partition">,
  known: Job | undefined,
): { readonly finish: () => Promise<FinishedJob> } {
  const session = open(partition) as ReadSession;
  return { finish: () => finish(options, session, known) };
}

async function finish(
  options: JobOptions,
  session: ReadSession,
  known: Job | undefined,
): Promise<FinishedJob> {
  const { poll = {}, create } = options;
  const { intervalMs = 5000, timeoutMs = 3_600_000 } = poll;
  const deadline = Date.now() + timeoutMs;
  const requests = createRequests(session);
  let answer = known ? undefined : await requests.send({ method: "POST", ...create }, {});
  const started = known ?? begin(options, answer);
  const path = poll.path ?? started.location;
  // Only a status shows whether the job is done after the first response.
  let isDone = answer !== undefined && options.status !== undefined && judge(options, answer);
  if (path === null && !isDone)
    throw invalid("the response has no `Location` header, and `poll` has no `path`");
  while (!isDone) {
    if (answer) await waitFor(answer, { intervalMs, deadline, timeoutMs, signal: session.signal, options });
    answer = await requests.send({ ...poll, path: path ?? "" }, started.values, (each) => {
      isDone = judge(options, each);
    });
  }
  if (!answer) throw invalid("the job has no response");
  return { started, answer };
}

function begin({ values = {}, poll }: JobOptions, answer: JobAnswer | undefined): Job {
  if (!answer) throw invalid("the job has no response");
  const { body, headers, url, isSecret } = answer;
  const found = Object.entries(values).flatMap(([name, selector]) => {
    const value = select(selector, body)?.[0];
    return value == null ? [] : [[name, toPlain(value as JsonValue)] as const];
  });
  const given =
    poll?.path === undefined ? (headers.get("location") ?? headers.get("operation-location")) : null;
  const target = given === null ? undefined : parseUrl(given, url);
  if (given !== null && !target) throw invalid("the `Location` header of the response is not a URL");
  // The URL becomes a template, so its braces are escaped.
  const location = target?.href.replaceAll("{", "%7B").replaceAll("}", "%7D") ?? null;
  const job = { values: Object.fromEntries(found), location };
  if (isSecret(JSON.stringify(job)))
    throw invalid(
      "the response holds a secret where the job is named, which must not become part of a checkpoint",
    );
  return job;
}

/** Whether the job is done. Throws if it has failed. */
function judge(options: JobOptions, { body, response }: JobAnswer): boolean {
  const { status, done = doneStatuses, failed = failedStatuses, error } = options;
  const reason = error && select(error, body)?.[0];
  if (!status) return response?.status !== 202;
  const [value] = select(status, body) ?? [];
  if (value === undefined) {
    const message = `expected the status of the export job at \`${printSelector(status)}\``;
    throw new ReadFailure(PageError, "PAGE_INFO_MISSING", message);
  }
  const word = toText(value as JsonValue);
  const isAmong = (words: readonly string[]): boolean =>
    words.some((each) => each.toLowerCase() === word.toLowerCase());
  const isDone = isAmong(done);
  if (!isAmong(failed) && !(isDone && reason != null && reason !== "")) return isDone;
  const why = reason == null ? "" : `: "${foreign(toText(reason as JsonValue))}"`;
  throw new ReadFailure(HttpError, "JOB_FAILED", `the export job ended as \`${foreign(word)}\`${why}`);
}

interface Waiting {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** `Date.now()` at which the job must be done. */
  readonly deadline: number;
  readonly signal: SignalLike;
  readonly options: JobOptions;
}

/** Waits before the next poll: the interval, or longer if the response asks for it. */
async function waitFor({ body, headers }: JobAnswer, waiting: Waiting): Promise<void> {
  const { intervalMs, timeoutMs, deadline, signal, options } = waiting;
  const until = Date.now() + Math.max(intervalMs, readRetryAfter(headers, Date.now()) ?? 0);
  if (until > deadline) {
    const [status] = (options.status && select(options.status, body)) ?? [];
    const what = status === undefined ? "not done" : `\`${foreign(toText(status as JsonValue))}\``;
    const message = `the export job is still ${what} after ${timeoutMs / 1000} s: raise \`timeout\` of \`poll\``;
    throw new ReadFailure(TimeoutError, "TIMEOUT", message);
  }
  for (let rest = until - Date.now(); rest > 0; rest = until - Date.now())
    await sleep(Math.min(rest, longestTimer), signal);
}

async function sleep(milliseconds: number, signal: SignalLike): Promise<void> {
  throwIfAborted(signal);
  let timer: unknown;
  let stop = (): void => undefined;
  await new Promise<void>((resolve) => {
    stop = resolve;
    signal.addEventListener("abort", stop);
    timer = platform.setTimeout(stop, milliseconds);
  });
  platform.clearTimeout(timer);
  signal.removeEventListener("abort", stop);
  throwIfAborted(signal);
}

/** Sends the requests of a job with the retries, limits and credentials of the resource. */
interface JobRequests {
  /** `check` runs within the attempt, so its error names the request. */
  readonly send: (
    request: JobRequest,
    values: JsonObject,
    check?: (answer: JobAnswer) => void,
  ) => Promise<JobAnswer | undefined>;
}

function createRequests(session: ReadSession): JobRequests {
  const { accept: _accept, ...rest } = session;
  return {
    send: async (request, values, check) => {
      let answer: JobAnswer | undefined;
      const params = { ...session.params, ...values };
      const resource = toResource(session.resource, request, (exchange) => {
        answer = exchange;
        check?.(exchange);
      });
      const own: ReadSession = {
        ...rest,
        resource,
        params,
        schema: undefined,
        // The response is not a record, so integers cause no error.
        integers: { mode: "bigint" },
        guards: createGuards(),
        lookup: lookupIn(session.client, params),
        emit: (event, warning) => {
          if (event.type !== "page") session.emit(event, warning);
        },
      };
      await fetchPage(own, { position: {}, number: 0 });
      return answer;
    },
  };
}

/** Converts a request of a job to a resource with one page, whose paginator receives the response. */
function toResource(
  { name, headers, auth, actions }: ResourceShape,
  { path, method = "GET", query = {}, json }: JobRequest,
  receive: (answer: JobAnswer) => void,
): ResourceShape {
  return {
    name,
    method,
    path,
    query,
    ...(headers && { headers }),
    ...(auth !== undefined && { auth }),
    ...(actions && { actions }),
    ...(json && { body: jsonBody(json) }),
    select: [],
    selectRequired: false,
    paginator: {
      type: "export_job",
      options: {},
      start: {},
      request: () => ({}),
      next: (_, exchange) => {
        receive(exchange);
        return { stop: "single_page" };
      },
    },
  };
}

function invalid(message: string): ReadFailure {
  return new ReadFailure(PageError, "PAGE_INFO_MISSING", message);
}

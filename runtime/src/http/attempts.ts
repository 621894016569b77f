import type { EventBody } from "../client/options.js";
import {
  HttpError,
  ReadFailure,
  TimeoutError,
  foreign,
  toFailure,
  toPlainText,
  type Attempt,
  type Clean,
} from "../errors.js";
import type { Limiter } from "../limit/limiter.js";
import { longestTimer, platform, throwIfAborted, type FetchSignal, type SignalLike } from "../platform.js";
import { originState, pauseOf, takeRetry, type OriginState } from "./origin-state.js";
import { backoff, type RetryPolicy } from "./retry.js";
import { originOf } from "./url.js";

/** The part of a read that its attempts need. */
export interface AttemptContext {
  /** The owner of the attempts, for limiters, with the state of origins. */
  readonly client: { readonly origins: Map<string, OriginState> };
  readonly limiters: readonly Limiter[];
  readonly policy: RetryPolicy;
  /** Milliseconds for one attempt. */
  readonly timeoutMs: number;
  /** Requests in flight. */
  readonly concurrency: number;
  readonly signal: FetchSignal;
  /** The watches of complete attempts, for later ones. */
  readonly watches?: Watch[] | undefined;
  readonly clean: Clean;
  readonly emit: (event: EventBody, warning?: string) => void;
}

/** One attempt at a page. */
export interface CurrentAttempt {
  readonly signal: FetchSignal;
  /** 1-based. */
  readonly n: number;
  /** Identifies the attempt among all reads. */
  readonly requestId: number;
  /** Call it with the URL before the request is sent. Throws while the origin of the URL requires the client to wait. */
  readonly enter: (url: string) => void;
}

/** The minimum retry budget of an origin: retries without a success in between. */
const leastBudget = 100;

let nextRequestId = 1;

/**
 * Repeats an attempt at a page until it succeeds, fails for good, or has been retried often enough. An attempt returns the
 * function that interprets its response. That function may wait: during this time, the attempt does not count as in flight,
 * and the timeout does not apply.
 */
export async function withRetries<T>(
  context: AttemptContext,
  page: number,
  attempt: (current: CurrentAttempt) => Promise<() => Promise<T>>,
): Promise<T> {
  const { client, policy, signal } = context;
  const attempts: Attempt[] = [];
  const kinds: string[] = [];
  let isFree = true;
  let taken = 0;
  let state: OriginState | undefined;
  for (;;) {
    const n = attempts.length + 1;
    const requestId = nextRequestId++;
    let pause = 0;
    const enter = (url: string): void => {
      state = originState(client.origins, originOf(url) ?? "");
      pause = pauseOf(state);
      // A read that does not permit such a wait sends its request.
      if (pause > policy.maxWaitMs) pause = 0;
      if (pause) throw new Error();
    };
    try {
      const decide = await limited(context, () =>
        withTimeout(context, (inner) => attempt({ signal: inner, n, requestId, enter })),
      );
      const result = await decide();
      if (state) state.spent = Math.max(0, state.spent - taken - 1);
      return result;
    } catch (thrown) {
      throwIfAborted(signal);
      if (pause) {
        await sleep(pause * (1 + Math.random() / 10), signal);
        continue;
      }
      const received = toFailure(thrown);
      const { isStale, hint = 0 } = received.details;
      // A server may close a reused connection at the moment of a request. That is not a failure of the server.
      if (isFree && isStale) {
        isFree = false;
        continue;
      }
      const failure = hint > policy.maxWaitMs ? tooLong(received, hint) : received;
      const { code, details } = failure;
      if (state && details.hint) askToWait(state, hint);
      const message = toPlainText(failure.message, context.clean);
      const failed = { code, reason: message, status: details.status };
      // Only earlier failures of the same kind count.
      const { retries = 0 } = details;
      const kind = `${code} ${retries}`;
      let isOver = n > policy.maxRetries || kinds.filter((earlier) => earlier === kind).length >= retries;
      kinds.push(kind);
      // A server that limits its clients is working, and the wait limits the requests.
      if (!isOver && state && !hint && details.status !== 429) {
        isOver = !takeRetry(state, Math.max(leastBudget, policy.maxRetries, context.concurrency));
        if (isOver) failure.message += `; the retry budget for ${foreign(state.origin)} is used up`;
        else taken++;
      }
      if (isOver) {
        failure.attempts = [...attempts, failed];
        throw failure;
      }
      const delayMs = Math.ceil(Math.max(details.delayMs ?? 0, backoff(policy, n, hint)));
      attempts.push({ ...failed, delayMs });
      context.emit(
        { type: "retry", page, requestId, attempt: n, delayMs, code, message },
        `${message}; attempt ${n + 1} in ${(delayMs / 1000).toFixed(1)} s`,
      );
      await sleep(delayMs, signal);
    }
  }
}

/** Keeps all reads of the client from sending requests to the origin until the server's wait is over. */
function askToWait(state: OriginState, hint: number): void {
  state.askedAt = Date.now();
  state.resumesAt = Math.max(state.resumesAt, state.askedAt + hint);
}

/** Makes an attempt once every limiter permits it. The wait does not count towards the timeout. */
function limited<T>({ client, limiters, signal }: AttemptContext, attempt: () => Promise<T>): Promise<T> {
  const wait = (inner: () => Promise<T>, limiter: Limiter) => async (): Promise<T> => {
    const release = await limiter.acquire(client, signal);
    try {
      return await inner();
    } finally {
      // A limiter that other processes share releases over the network. If it were not awaited, its rejection would end the
      // process.
      await release();
    }
  };
  return limiters.reduceRight(wait, attempt)();
}

/** Returns the failure for a server that asks for a longer wait than the policy permits. */
function tooLong({ message, details: { status, response } }: ReadFailure, hint: number): ReadFailure {
  // The wait may exceed the last date that `Date` can represent.
  const retryAt = new Date(Math.min(Date.now() + hint, 8.64e15));
  const until = `${message}; the server asks to wait until ${retryAt.toJSON()}, longer than \`retry.maxWaitMs\``;
  return new ReadFailure(HttpError, "RETRY_AFTER_TOO_LONG", until, { status, response, retryAt });
}

/** The limits on waiting. */
interface WaitLimits {
  /** Milliseconds. */
  readonly timeoutMs: number;
  readonly signal: SignalLike;
  readonly watches?: Watch[] | undefined;
}

/** Returns the result of `run`. Fails with `TIMEOUT` when the time is over or the signal aborts. */
export function withTimeout<T extends object>(
  limits: WaitLimits,
  run: (signal: FetchSignal) => Promise<T>,
): Promise<T> {
  return (limits.watches?.pop() ?? createWatch(limits))(run);
}

/** Waits until the time is over or the signal aborts. */
function sleep(timeoutMs: number, signal: SignalLike): Promise<unknown> {
  return withTimeout({ timeoutMs, signal }, () => new Promise<never>(() => undefined)).catch(() => undefined);
}

/**
 * Runs attempts one after the other, with the same controller, timer and listener: creating these for every attempt takes
 * longer than the rest of `withTimeout`.
 */
export type Watch = <T extends object>(run: (signal: FetchSignal) => Promise<T>) => Promise<T>;

/** The timer of Node. While no attempt needs it, it does not keep the process alive. */
interface Timer {
  readonly refresh?: () => { readonly ref: () => void };
  readonly unref?: () => void;
}

function createWatch({ timeoutMs, signal, watches }: WaitLimits): Watch {
  // `fetch` may leave a listener at the signal for each request, and Node warns about more than ten.
  let uses = 10;
  let fail: ((failure: ReadFailure) => void) | undefined;
  const stop = (): void => {
    fail?.(
      new ReadFailure(TimeoutError, "TIMEOUT", `no complete response within ${timeoutMs / 1000} s`, {
        retries: Infinity,
      }),
    );
    // A timer keeps the signal in memory, and the reason of a read's signal keeps the read.
    if (signal.aborted) platform.clearTimeout(timer);
  };
  const controller = new platform.AbortController();
  const timer = platform.setTimeout(stop, Math.min(timeoutMs, longestTimer)) as Timer;
  signal.addEventListener("abort", stop);
  const watch: Watch = async <T extends object>(run: (signal: FetchSignal) => Promise<T>): Promise<T> => {
    let result: T | undefined;
    try {
      throwIfAborted(signal);
      timer.refresh?.().ref();
      // Not every `fetch` listens to its signal, and a function that looks up a secret has no signal.
      return (result = await new Promise<T>((resolve, reject) => {
        fail = reject;
        run(controller.signal).then(resolve, reject);
      }));
    } finally {
      fail = undefined;
      if (result && watches && --uses && timer.unref) {
        timer.unref();
        watches.push(watch);
      } else {
        platform.clearTimeout(timer);
        signal.removeEventListener("abort", stop);
        // Closes the connection, unless the response is complete: then an abort would only cost time.
        if (!result) controller.abort();
      }
    }
  };
  return watch;
}

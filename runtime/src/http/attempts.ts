import type { EventBody } from "../client/options.js";
import {
  HttpError,
  ReadFailure,
  TimeoutError,
  toFailure,
  toPlainText,
  type Attempt,
  type Clean,
} from "../errors.js";
import type { Limiter } from "../limit/limiter.js";
import { longestTimer, platform, throwIfAborted, type FetchSignal, type SignalLike } from "../platform.js";
import { backoff, type RetryPolicy } from "./retry.js";

/** The part of a read that its attempts need. */
export interface AttemptContext {
  /** The owner of the attempts, for limiters. */
  readonly client: object;
  readonly limiters: readonly Limiter[];
  readonly policy: RetryPolicy;
  /** Milliseconds for one attempt. */
  readonly timeoutMs: number;
  readonly signal: FetchSignal;
  readonly clean: Clean;
  readonly emit: (event: EventBody, warning?: string) => void;
}

let nextRequestId = 1;

/**
 * Repeats an attempt at a page until it succeeds, fails for good, or has been retried often enough. `n` is 1-based;
 * `requestId` identifies the attempt among all reads.
 */
export async function withRetries<T extends object>(
  context: AttemptContext,
  page: number,
  attempt: (signal: FetchSignal, n: number, requestId: number) => Promise<T>,
): Promise<T> {
  const { policy, signal } = context;
  const attempts: Attempt[] = [];
  let isFree = true;
  for (;;) {
    const n = attempts.length + 1;
    const requestId = nextRequestId++;
    try {
      return await limited(context, () =>
        withTimeout(context.timeoutMs, signal, (inner) => attempt(inner, n, requestId)),
      );
    } catch (thrown) {
      throwIfAborted(signal);
      const received = toFailure(thrown);
      const { isStale, hint = 0 } = received.details;
      // A reused connection that the server closes at the same moment says nothing about the server.
      if (isFree && isStale) {
        isFree = false;
        continue;
      }
      const failure = hint > policy.maxWaitMs ? tooLong(received, hint) : received;
      const { code, details } = failure;
      const message = toPlainText(failure.message, context.clean);
      const failed = { code, reason: message, status: details.status };
      if (n > Math.min(policy.maxRetries, details.retries ?? 0)) {
        failure.attempts = [...attempts, failed];
        throw failure;
      }
      const delayMs = Math.ceil(backoff(policy, n, hint));
      attempts.push({ ...failed, delayMs });
      context.emit(
        { type: "retry", page, requestId, attempt: n, delayMs, code, message },
        `${message}; attempt ${n + 1} in ${(delayMs / 1000).toFixed(1)} s`,
      );
      await within(delayMs, signal, () => new Promise(() => undefined));
    }
  }
}

/** Makes an attempt once every limiter permits it. The wait does not count towards the timeout. */
async function limited<T>(context: AttemptContext, attempt: () => Promise<T>): Promise<T> {
  const [limiter, ...limiters] = context.limiters;
  if (!limiter) return attempt();
  const release = await limiter.acquire(context.client, context.signal);
  try {
    return await limited({ ...context, limiters }, attempt);
  } finally {
    // A limiter that other processes share releases over the network. Not awaited, its rejection would end the process.
    await release();
  }
}

/** The failure of a server that asks for a longer wait than the policy permits. */
function tooLong({ message, details: { status, response } }: ReadFailure, hint: number): ReadFailure {
  // Hints may be absurd: the last representable date is the limit.
  const retryAt = new Date(Math.min(Date.now() + hint, 8.64e15));
  const until = `${message}; the server asks to wait until ${retryAt.toJSON()}, longer than \`retry.maxWaitMs\``;
  return new ReadFailure(HttpError, "RETRY_AFTER_TOO_LONG", until, { status, response, retryAt });
}

/** Returns the result of `run`, or fails with `TIMEOUT`. */
export async function withTimeout<T extends object>(
  timeoutMs: number,
  signal: SignalLike,
  run: (signal: FetchSignal) => Promise<T>,
): Promise<T> {
  const result = await within(timeoutMs, signal, run);
  if (result) return result;
  const message = `no complete response within ${timeoutMs / 1000} s`;
  throw new ReadFailure(TimeoutError, "TIMEOUT", message, { retries: Infinity });
}

/** Returns the result of `run`, or `undefined` when the time is over or the signal aborts first. */
async function within<T>(
  milliseconds: number,
  signal: SignalLike,
  run: (signal: FetchSignal) => Promise<T>,
): Promise<T | undefined> {
  throwIfAborted(signal);
  const controller = new platform.AbortController();
  let timer: unknown;
  let stop = (): void => undefined;
  // Not every `fetch` listens to its signal, and a function that looks up a secret has no signal.
  const stopped = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
    signal.addEventListener("abort", stop);
    timer = platform.setTimeout(stop, Math.min(milliseconds, longestTimer));
  });
  let result: T | undefined;
  try {
    return (result = await Promise.race([run(controller.signal), stopped]));
  } finally {
    platform.clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    // Closes the connection, unless the response is complete: then an abort would only cost time.
    if (!result) controller.abort();
  }
}

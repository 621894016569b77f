import { retryBudget, type Client } from "./client.js";
import { Fault, type Attempt } from "./errors.js";
import { platform, type FetchSignal, type SignalLike } from "./platform.js";
import { backoff, type RetryPolicy } from "./retry.js";

/** What a retry loop needs to know. */
export interface Retrying {
  readonly client: Client;
  readonly policy: RetryPolicy;
  /** Milliseconds for one attempt. */
  readonly timeout: number;
  /** Aborts attempts and waits alike. */
  readonly signal: SignalLike;
  /** Told before each wait. */
  readonly onRetry: (attempt: Attempt & { readonly delay: number }, n: number) => void;
}

/** The last fault, with every attempt that led to it. */
export class Exhausted extends Error {
  readonly fault: Fault;
  readonly attempts: readonly Attempt[];

  constructor(fault: Fault, attempts: readonly Attempt[]) {
    super(fault.message);
    this.fault = fault;
    this.attempts = attempts;
  }
}

/** A retry takes this many tokens from the client's budget; an answer puts them back. */
const retryCost = 5;

/** Runs an attempt until it succeeds, is not worth retrying, or was retried often enough. */
export async function withRetries<T>(
  retrying: Retrying,
  attempt: (signal: FetchSignal, n: number) => Promise<T>,
): Promise<T> {
  const { client, policy, signal, onRetry } = retrying;
  const attempts: Attempt[] = [];
  let isFree = true;
  for (;;) {
    try {
      const result = await withTimeout(retrying, (inner) => attempt(inner, attempts.length + 1));
      const { budget } = client;
      budget.tokens = Math.min(retryBudget, budget.tokens + (attempts.length > 0 ? retryCost : 1));
      return result;
    } catch (error) {
      throwIfAborted(signal);
      if (!(error instanceof Fault)) throw error;
      // A keep-alive connection that the server closed just as it was used again says nothing about the server.
      if (isFree && error.details.isStale) {
        isFree = false;
        continue;
      }
      const failed = toAttempt(client, error);
      const isLast =
        attempts.length >= Math.min(policy.maxRetries, error.details.retries ?? 0) ||
        client.budget.tokens < retryCost;
      if (isLast) throw new Exhausted(error, [...attempts, failed]);
      client.budget.tokens -= retryCost;
      const delay = Math.round(backoff(policy, attempts.length + 1, error.details.hint));
      attempts.push({ ...failed, delay });
      onRetry({ ...failed, delay }, attempts.length);
      await sleep(delay, signal);
    }
  }
}

function toAttempt({ redactor }: Client, { code, message, details }: Fault): Attempt {
  return {
    code,
    reason: redactor.clean(message),
    ...(details.status !== undefined && { status: details.status }),
  };
}

/** Runs one attempt under its timeout, which covers headers and body. */
async function withTimeout<T>(
  { timeout, signal }: Retrying,
  run: (signal: FetchSignal) => Promise<T>,
): Promise<T> {
  throwIfAborted(signal);
  const controller = new platform.AbortController();
  let isTimedOut = false;
  const timer = platform.setTimeout(() => {
    isTimedOut = true;
    controller.abort();
  }, timeout);
  const abort = (): void => controller.abort(signal.reason);
  signal.addEventListener("abort", abort);
  try {
    return await run(controller.signal);
  } catch (error) {
    if (!isTimedOut) throw error;
    throw new Fault("TimeoutError", "TIMEOUT", `no whole answer within ${timeout / 1000} s`, {
      retries: Infinity,
    });
  } finally {
    platform.clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

/** Waits, or rejects with the signal's reason. */
async function sleep(milliseconds: number, signal: SignalLike): Promise<void> {
  let wake = (): void => undefined;
  await new Promise<void>((resolve) => {
    const timer = platform.setTimeout(resolve, milliseconds);
    wake = () => {
      platform.clearTimeout(timer);
      resolve();
    };
    signal.addEventListener("abort", wake);
  });
  signal.removeEventListener("abort", wake);
  throwIfAborted(signal);
}

/** Throws the reason of an aborted signal as it is, as `fetch` does. */
export function throwIfAborted(signal: SignalLike): void {
  if (signal.aborted) throw signal.reason;
}

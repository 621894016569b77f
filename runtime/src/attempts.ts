import type { Client } from "./client.js";
import { Fault, TimeoutError, type Attempt } from "./errors.js";
import type { Limiter } from "./limiter.js";
import { platform, type FetchSignal, type SignalLike } from "./platform.js";
import { backoff, type RetryPolicy } from "./retry.js";

/** What a retry loop needs to know. */
export interface Retrying {
  readonly client: Client;
  readonly policy: RetryPolicy;
  /** Milliseconds for one attempt. */
  readonly timeout: number;
  /** Aborts attempts and waits alike. */
  readonly signal: FetchSignal;
  /** Whose place each attempt waits for; the time does not count as the attempt's. */
  readonly limiters: readonly Limiter[];
  /** Told before each wait. */
  readonly onRetry: (attempt: Attempt & { readonly delay: number }, n: number) => void;
}

/** Milliseconds; a timer for longer than this goes off at once. */
const longestTimer = 2 ** 31 - 1;

/** Runs an attempt until it succeeds, is not worth retrying, or was retried often enough. */
export async function withRetries<T extends object>(
  retrying: Retrying,
  attempt: (signal: FetchSignal, n: number) => Promise<T>,
): Promise<T> {
  const { client, policy, timeout, signal, onRetry } = retrying;
  const attempts: Attempt[] = [];
  let isFree = true;
  for (;;) {
    try {
      const result = await admitted(retrying, () =>
        within(timeout, signal, (inner) => attempt(inner, attempts.length + 1)),
      );
      if (result) return result;
      const message = `no whole answer within ${timeout / 1000} s`;
      throw new Fault(TimeoutError, "TIMEOUT", message, { retries: Infinity });
    } catch (error) {
      throwIfAborted(signal);
      if (!(error instanceof Fault)) throw error;
      // A keep-alive connection that the server closed just as it was used again says nothing about the server.
      if (isFree && error.details.isStale) {
        isFree = false;
        continue;
      }
      const { code, message, details } = error;
      const { status, hint, retries = 0 } = details;
      const failed = { code, reason: client.redactor.clean(message), status };
      if (attempts.length >= Math.min(policy.maxRetries, retries)) {
        error.attempts = [...attempts, failed];
        throw error;
      }
      const delay = Math.ceil(backoff(policy, attempts.length + 1, hint));
      const retried = { ...failed, delay };
      onRetry(retried, attempts.push(retried));
      await within(delay, signal, () => new Promise(() => undefined));
    }
  }
}

/** Runs when every limiter has a place, and gives the places back. */
async function admitted<T>({ client, limiters, signal }: Retrying, run: () => Promise<T>): Promise<T> {
  const releases: (() => void)[] = [];
  try {
    for (const limiter of limiters) releases.push(await limiter.admit(client, signal));
    return await run();
  } finally {
    for (const release of releases) release();
  }
}

/** What `run` comes to, or `undefined` when the time is over or the signal aborted before. */
export async function within<T>(
  milliseconds: number,
  signal: SignalLike,
  run: (signal: FetchSignal) => Promise<T>,
): Promise<T | undefined> {
  throwIfAborted(signal);
  const controller = new platform.AbortController();
  let timer: unknown;
  let stop = (): void => undefined;
  // Not every `fetch` listens to its signal, and a function that looks up a secret is not told of it.
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
    // Hangs up, unless all is read: then an abort would only take its time.
    if (!result) controller.abort();
  }
}

/** Throws the reason of an aborted signal as it is, as `fetch` does. */
export function throwIfAborted(signal: SignalLike): void {
  if (signal.aborted) throw signal.reason;
}

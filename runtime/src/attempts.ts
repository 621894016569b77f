import type { Client } from "./client.js";
import { Fault, TimeoutError, type Attempt } from "./errors.js";
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
      return await withTimeout(retrying, (inner) => attempt(inner, attempts.length + 1));
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
      throwIfAborted(signal);
      await sleep(delay, signal);
    }
  }
}

/** Runs one attempt under its timeout, which covers headers and body. */
async function withTimeout<T>(
  { timeout, signal }: Retrying,
  run: (signal: FetchSignal) => Promise<T>,
): Promise<T> {
  throwIfAborted(signal);
  const controller = new platform.AbortController();
  const abort = (): void => controller.abort(signal.reason);
  const timer = platform.setTimeout(() => {
    const message = `no whole answer within ${timeout / 1000} s`;
    controller.abort(new Fault(TimeoutError, "TIMEOUT", message, { retries: Infinity }));
  }, timeout);
  signal.addEventListener("abort", abort);
  try {
    // Not every `fetch` listens to its signal, and a function that looks up a secret has none.
    const ended = new Promise<never>((_, reject) => {
      controller.signal.onabort = () => reject(controller.signal.reason);
    });
    return await Promise.race([run(controller.signal), ended]);
  } finally {
    platform.clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

/** Waits, or rejects with the signal's reason. */
async function sleep(milliseconds: number, signal: SignalLike): Promise<void> {
  await new Promise<void>((resolve) => {
    const wake = (): void => {
      platform.clearTimeout(timer);
      signal.removeEventListener("abort", wake);
      resolve();
    };
    const timer = platform.setTimeout(wake, milliseconds);
    signal.addEventListener("abort", wake);
  });
  throwIfAborted(signal);
}

/** Throws the reason of an aborted signal as it is, as `fetch` does. */
export function throwIfAborted(signal: SignalLike): void {
  if (signal.aborted) throw signal.reason;
}

import { Fault, HttpError, TimeoutError, type Attempt } from "../errors.js";
import { platform, type FetchSignal, type SignalLike } from "../platform.js";
import { backoff } from "./retry.js";
import type { Run } from "../read/session.js";

/** Milliseconds; a timer for longer than this goes off at once. */
const longestTimer = 2 ** 31 - 1;

/** Runs an attempt at a page until it succeeds, is not worth retrying, or was retried often enough. */
export async function withRetries<T extends object>(
  run: Run,
  page: number,
  attempt: (signal: FetchSignal, n: number) => Promise<T>,
): Promise<T> {
  const { client, policy, timeoutMs, signal } = run;
  const attempts: Attempt[] = [];
  let isFree = true;
  for (;;) {
    const n = attempts.length + 1;
    try {
      const result = await run.attempt(run, () => within(timeoutMs, signal, (inner) => attempt(inner, n)));
      if (result) return result;
      throw new Fault(TimeoutError, "TIMEOUT", `no whole answer within ${timeoutMs / 1000} s`, {
        retries: Infinity,
      });
    } catch (thrown) {
      throwIfAborted(signal);
      if (!(thrown instanceof Fault)) throw thrown;
      const { isStale, hint = 0 } = thrown.details;
      // A keep-alive connection that the server closed just as it was used again says nothing about the server.
      if (isFree && isStale) {
        isFree = false;
        continue;
      }
      const fault = hint > policy.maxWaitMs ? tooLong(thrown, hint) : thrown;
      const { code, details } = fault;
      const message = client.redactor.clean(fault.message);
      const failed = { code, reason: message, status: details.status };
      if (n > Math.min(policy.maxRetries, details.retries ?? 0)) {
        fault.attempts = [...attempts, failed];
        throw fault;
      }
      const delayMs = Math.ceil(backoff(policy, n, hint));
      attempts.push({ ...failed, delayMs });
      run.emit(
        { type: "retry", page, attempt: n, delayMs, code, message },
        `${message}; attempt ${n + 1} in ${(delayMs / 1000).toFixed(1)} s`,
      );
      await within(delayMs, signal, () => new Promise(() => undefined));
    }
  }
}

/** What a fault becomes whose server asks for a longer wait than allowed. */
function tooLong({ message, details: { status } }: Fault, hint: number): Fault {
  // The last date that there is: hints may be absurd.
  const retryAt = new Date(Math.min(Date.now() + hint, 8.64e15));
  const until = `${message}; asked to wait until ${retryAt.toJSON()}, longer than \`maxWaitMs\``;
  return new Fault(HttpError, "RETRY_AFTER_TOO_LONG", until, { status, retryAt });
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

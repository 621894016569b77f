/** When and how often a failed attempt is repeated. */
export interface RetryPolicy {
  /** Attempts after the first. Default 4. */
  readonly maxRetries: number;
  /** Milliseconds. The delay before retry n is random, up to `backoffMs · 2^(n-1)`. Default 1000. */
  readonly backoffMs: number;
  /** Milliseconds. No backoff is longer. Default 300,000. */
  readonly maxDelayMs: number;
  /** Statuses to retry: numbers, or classes such as `"5xx"`. Default `[408, 409, 425, 429, "5xx"]`. */
  readonly statuses: readonly (number | string)[];
  /**
   * Milliseconds. If the server asks for a longer wait, the read ends with an error that states the end of the wait. Default
   * 60,000.
   */
  readonly maxWaitMs: number;
}

/** The parts of a retry policy that options, a source or a resource override. */
export type RetryOptions = { readonly [K in keyof RetryPolicy]?: RetryPolicy[K] | undefined };

/** The defaults, which source, resource and options override. */
export const defaultRetry: RetryPolicy = {
  maxRetries: 4,
  backoffMs: 1000,
  maxDelayMs: 300_000,
  statuses: [408, 409, 425, 429, "5xx"],
  maxWaitMs: 60_000,
};

/** Whether a status is in a list of numbers and classes (`429`, `"429"`, `"5xx"`). */
export function isAmong(status: number, statuses: RetryPolicy["statuses"]): boolean {
  return [statuses].flat().some((entry) => new RegExp(`^${entry}$`.replace(/x/gi, ".")).test(`${status}`));
}

/** Returns the milliseconds before retry `n` (1-based): full jitter, never less than the server's hint. */
export function backoff(policy: RetryPolicy, n: number, hint = 0): number {
  const longest = Math.min(policy.maxDelayMs, policy.backoffMs * 2 ** (n - 1));
  return Math.max(hint * (1 + Math.random() / 10), longest * Math.random());
}

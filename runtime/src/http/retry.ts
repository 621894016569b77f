/** When and how often a failed attempt is made again. */
export interface RetryPolicy {
  /** Attempts after the first. Default 4. */
  readonly maxRetries: number;
  /** The delay before retry n is random, up to `backoffMs · 2^(n-1)` milliseconds. Default 1000. */
  readonly backoffMs: number;
  /** The longest backoff, in milliseconds. Default 300,000. */
  readonly maxDelayMs: number;
  /** Statuses worth another try: numbers, or classes such as `"5xx"`. Default `[429, "5xx"]`. */
  readonly statuses: readonly (number | string)[];
  /**
   * The longest wait that a server may ask for, in milliseconds. If it asks for more, the read ends with an error whose
   * `retryAt` says until when. Default 60,000.
   */
  readonly maxWaitMs: number;
}

/** The defaults that options, source and resource override. */
export const defaultRetry: RetryPolicy = {
  maxRetries: 4,
  backoffMs: 1_000,
  maxDelayMs: 300_000,
  statuses: [429, "5xx"],
  maxWaitMs: 60_000,
};

/** Whether a status is among these numbers and classes (`429`, `"429"`, `"5xx"`). */
export function isAmong(status: number, statuses: RetryPolicy["statuses"]): boolean {
  return statuses.some((entry) => new RegExp(`^${entry}$`.replace(/x/gi, "\\d")).test(`${status}`));
}

/** Milliseconds before retry `n` (1-based): full jitter, never less than the server's hint. */
export function backoff(policy: RetryPolicy, n: number, hint = 0): number {
  const longest = Math.min(policy.maxDelayMs, policy.backoffMs * 2 ** (n - 1));
  return Math.max(hint + hint * 0.1 * Math.random(), longest * Math.random());
}

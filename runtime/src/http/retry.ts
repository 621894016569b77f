/** When and how often a failed attempt is made again. */
export interface RetryPolicy {
  /** Attempts after the first. Default 4. */
  readonly maxRetries: number;
  /** Seconds: the delay before retry n is up to `backoffFactor · 2^(n-1)`, with full jitter. Default 1. */
  readonly backoffFactor: number;
  /** Seconds; no backoff is longer. Default 300. */
  readonly maxDelay: number;
  /** Statuses worth another try: numbers, or classes such as `"5xx"`. Default `[429, "5xx"]`. */
  readonly statuses: readonly (number | string)[];
  /** Seconds: when the server asks for a longer wait, the read ends with an error that says until when. Default 60. */
  readonly maxWait: number;
}

/** The defaults that options, source and resource override. */
export const defaultRetry: RetryPolicy = {
  maxRetries: 4,
  backoffFactor: 1,
  maxDelay: 300,
  statuses: [429, "5xx"],
  maxWait: 60,
};

/** Whether a status is among these numbers and classes (`429`, `"429"`, `"5xx"`). */
export function isAmong(status: number, statuses: RetryPolicy["statuses"]): boolean {
  return statuses.some((entry) => new RegExp(`^${entry}$`.replace(/x/gi, "\\d")).test(`${status}`));
}

/** Milliseconds before retry `n` (1-based): full jitter, never less than the server's hint. */
export function backoff(policy: RetryPolicy, n: number, hint = 0): number {
  const longest = Math.min(policy.maxDelay, policy.backoffFactor * 2 ** (n - 1)) * 1000;
  return Math.max(hint + hint * 0.1 * Math.random(), longest * Math.random());
}

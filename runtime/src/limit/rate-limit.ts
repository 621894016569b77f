import { ConnectorError, ReadFailure } from "../errors.js";
import { defineKind, type Kind } from "../kind.js";
import { defaultRetry } from "../http/retry.js";
import type { Limiter } from "./limiter.js";
import { readQuotaWait } from "./rate-limit-headers.js";
import { createTokenBucket, type TokenBucket } from "./token-bucket.js";

/** The limits on attempts. Without options, only the quotas of servers apply. */
export interface RateLimitOptions {
  /** Attempts that may start at once, and per `perMs` on average: a token bucket. */
  readonly requests?: number | undefined;
  /** Milliseconds. Default 1000. */
  readonly perMs?: number | undefined;
  /** Attempts in flight at a time. */
  readonly concurrency?: number | undefined;
}

/**
 * Limits the attempts of each client. If a server states that its quota is used up, or asks to wait, no attempt starts
 * before the time that it names, if that is within a minute.
 */
export function rateLimit(options: RateLimitOptions = {}): Limiter & { readonly options: RateLimitOptions } {
  const { requests = Infinity, perMs = 1000, concurrency = Infinity } = options;
  // The retry policy decides about longer waits: it ends the read if they exceed `maxWaitMs`.
  const longestPause = defaultRetry.maxWaitMs;
  const buckets = new WeakMap<object, TokenBucket>();
  const bucketOf = (owner: object): TokenBucket => {
    const bucket =
      buckets.get(owner) ?? createTokenBucket({ requests, milliseconds: perMs, concurrency, longestPause });
    buckets.set(owner, bucket);
    return bucket;
  };
  return {
    options,
    acquire: async (owner, signal) => {
      if (requests > 0 && perMs > 0 && concurrency >= 1) return bucketOf(owner).acquire(signal);
      const message =
        "the rate limit permits no request: `requests`, `perMs` and `concurrency` must be above 0";
      throw new ReadFailure(ConnectorError, "INVALID_OPTIONS", message);
    },
    observe: (owner, headers) => {
      const wait = readQuotaWait(headers, Date.now());
      if (wait !== undefined && wait <= longestPause) bucketOf(owner).pause(wait);
    },
  };
}

/** The spec's `rate_limit`. */
export const rateLimitKind: Kind = /* @__PURE__ */ defineKind<RateLimitOptions>(() => ({
  family: "limiter",
  type: "rate_limit",
  key: "rate_limit",
  factory: "rateLimit",
  summary: "Limits how many requests start per period, and how many run at once.",
  options: {
    requests: { type: "number", above: 0, description: "Requests that may start within the period." },
    perMs: {
      type: "duration",
      above: 0,
      words: { second: 1, minute: 60, hour: 3_600, day: 86_400 },
      default: "second",
      description: "The period: seconds, `second`, `minute`, `hour`, `day`, or an ISO 8601 duration.",
    },
    concurrency: { type: "whole", minimum: 1, description: "Requests that may run at once." },
  },
  check: ({ requests, perMs, concurrency }) => {
    if (requests !== undefined) return [];
    if (perMs !== undefined)
      return [{ option: "perMs", message: '"per" needs "requests": the number of requests per period' }];
    return concurrency === undefined
      ? [{ message: 'a rate limit needs "requests", "concurrency" or both' }]
      : [];
  },
  phrase: (options) => {
    const { requests, perMs = 1_000, concurrency } = options as RateLimitOptions;
    const periods: Readonly<Record<number, string>> = {
      1_000: "per second",
      60_000: "per minute",
      3_600_000: "per hour",
    };
    const count = (limit: number): string => `${limit} ${limit === 1 ? "request" : "requests"}`;
    const period = periods[perMs] ?? `per ${perMs / 1000} seconds`;
    const limits = [
      requests !== undefined && `${count(requests)} ${period}`,
      concurrency !== undefined && `${requests === undefined ? count(concurrency) : concurrency} at a time`,
    ];
    return limits.filter(Boolean).join(", ");
  },
  examples: [
    { requests: 10, per: "second" },
    { requests: 1000, per: "PT1H", concurrency: 4 },
  ],
}));

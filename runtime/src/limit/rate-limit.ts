import { ConnectorError, ReadFailure } from "../errors.js";
import { defaultRetry } from "../http/retry.js";
import type { Limiter } from "./limiter.js";
import { readQuotaWait } from "./rate-limit-headers.js";
import { createTokenBucket, type TokenBucket } from "./token-bucket.js";

/** How many attempts may start. Without options, only the quotas that servers state apply. */
export interface RateLimitOptions {
  /** Attempts that may start at once, and per `perMs` on average: a token bucket. */
  readonly requests?: number | undefined;
  /** Milliseconds. Default 1000. */
  readonly perMs?: number | undefined;
  /** Attempts in flight at a time. */
  readonly concurrency?: number | undefined;
}

/** Milliseconds. The retry policy decides about longer waits: it ends the read if they exceed `maxWaitMs`. */
const longestPause = defaultRetry.maxWaitMs;

/**
 * Limits the attempts of each client. When a server says that its quota is used up, or asks to wait, no attempt starts
 * before the time that it names, if that is within a minute.
 */
export function rateLimit(options: RateLimitOptions = {}): Limiter & { readonly options: RateLimitOptions } {
  const { requests = Infinity, perMs = 1000, concurrency = Infinity } = options;
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

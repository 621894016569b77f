import { createGate, type AttemptGate } from "./token-bucket.js";
import { ConnectorError, Fault } from "../errors.js";
import { defineKind, type Kind } from "../kind.js";
import type { Limiter } from "./limiter.js";
import { limitedSteps } from "./limits.js";
import { readQuotaWait } from "./rate-limit-headers.js";
import { defaultRetry } from "../http/retry.js";
import { steps } from "../read/steps.js";

/** How many attempts may be made. With none of it, only what servers say of their quotas is heeded. */
export interface RateLimitOptions {
  /** Attempts that may start at once, and per `perMs` on average: a token bucket. */
  readonly requests?: number;
  /** The period of `requests` in milliseconds. Default 1000. */
  readonly perMs?: number;
  /** Attempts in flight at a time. */
  readonly concurrency?: number;
}

/** Milliseconds; a longer pause is left to the retries, which end the read where it is longer than `maxWaitMs`. */
const longestPause = defaultRetry.maxWaitMs;

/**
 * Limits the attempts of each client. Where a server says that nothing is left of a quota, or asks to be left alone,
 * none starts before the time that it names, if that is within a minute.
 */
export function rateLimit(options: RateLimitOptions = {}): Limiter & { readonly options: RateLimitOptions } {
  const { requests = Infinity, perMs = 1_000, concurrency = Infinity } = options;
  const gates = new WeakMap<object, AttemptGate>();
  const gateOf = (owner: object): AttemptGate => {
    const gate = gates.get(owner) ?? createGate({ requests, milliseconds: perMs, concurrency, longestPause });
    gates.set(owner, gate);
    return gate;
  };
  return {
    options,
    [steps]: limitedSteps,
    admit: async (owner, signal) => {
      if (requests > 0 && perMs > 0 && concurrency >= 1) return gateOf(owner).enter(signal);
      const message =
        "a rate limit lets nothing through: `requests`, `perMs` and `concurrency` must be above 0";
      throw new Fault(ConnectorError, "INVALID_OPTIONS", message);
    },
    observe: (owner, headers) => {
      const wait = readQuotaWait(headers, Date.now());
      if (wait !== undefined && wait <= longestPause) gateOf(owner).close(wait);
    },
  };
}

/** The spec's `rate_limit`. */
export const rateLimitKind: Kind = /* @__PURE__ */ defineKind<RateLimitOptions>(() => ({
  family: "limiter",
  type: "rate_limit",
  key: "rate_limit",
  factory: "rateLimit",
  summary: "How many requests may be made, and how many at once.",
  options: {
    requests: { type: "number", above: 0, description: "Requests that may start within the period." },
    perMs: {
      type: "duration",
      above: 0,
      words: { second: 1, minute: 60, hour: 3_600, day: 86_400 },
      default: "second",
      description: "The period: seconds, `second`, `minute`, `hour`, `day`, or an ISO 8601 duration.",
    },
    concurrency: { type: "whole", minimum: 1, description: "Requests that may be under way at once." },
  },
  check: ({ requests, perMs, concurrency }) => {
    if (requests !== undefined) return [];
    if (perMs !== undefined)
      return [{ option: "perMs", message: '"per" needs "requests": how many may start within the period' }];
    return concurrency === undefined
      ? [{ message: 'a rate limit limits "requests", "concurrency" or both' }]
      : [];
  },
  phrase: (options) => {
    const { requests, perMs = 1_000, concurrency } = options as RateLimitOptions;
    const periods: Readonly<Record<number, string>> = {
      1_000: "a second",
      60_000: "a minute",
      3_600_000: "an hour",
    };
    const count = (limit: number): string => `${limit} ${limit === 1 ? "request" : "requests"}`;
    const period = periods[perMs] ?? `in ${perMs / 1000} seconds`;
    const limits = [
      requests !== undefined && `${count(requests)} ${period}`,
      concurrency !== undefined && `${requests === undefined ? count(concurrency) : concurrency} at once`,
    ];
    return limits.filter(Boolean).join(", ");
  },
  examples: [
    { requests: 10, per: "second" },
    { requests: 1000, per: "PT1H", concurrency: 4 },
  ],
}));

import { z } from "zod";

import { secondsOf } from "./durations.js";
import { checkedText, closed, duration, optional } from "./grammar.js";
import { didYouMean, list, quote } from "../wording.js";

/** Seconds in the periods that have a name. */
export const PERIODS: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3_600, day: 86_400 };

const status = z
  .union([
    z.int().min(100).max(599),
    checkedText((text) =>
      /^[1-5]xx$/i.test(text)
        ? []
        : [
            {
              code: "unknown-value",
              message: `${quote(text)} is no status: write a number such as 429, or "5xx"`,
            },
          ],
    ).meta({ pattern: "^[1-5][xX][xX]$" }),
  ])
  .meta({ description: 'A status (429), or a class of them ("5xx").' });

/** The keys of a retry policy. */
export const retryKeys: z.ZodRawShape = {
  max_retries: optional(z.int().min(0), { description: "Attempts after the first.", default: 4 }),
  backoff_factor: optional(duration(z.number().min(0)), {
    description: "The longest delay before the first retry. It doubles with each further retry.",
    default: 1,
  }),
  max_delay: optional(duration(z.number().min(0)), {
    description: "The longest delay before a retry.",
    default: 300,
  }),
  statuses: optional(z.array(status), {
    description: "The statuses that are tried again.",
    default: [429, "5xx"],
  }),
  max_wait: optional(duration(z.number().min(0)), {
    description:
      "The longest wait that a server may ask for. If it asks for more, the read ends with an error.",
    default: 60,
  }),
};

const retry = closed(retryKeys).meta({
  id: "retry",
  description: "When and how often a failed request is tried again.",
  examples: [{ max_retries: 3, statuses: [429, "5xx"] }],
});

const period = checkedText((text) => {
  if (Object.hasOwn(PERIODS, text) || secondsOf(text) !== undefined) return [];
  const words = Object.keys(PERIODS);
  const message = `${quote(text)} is no period: write seconds as a number, one of ${list(words)}, or a duration such as "PT15M"${didYouMean(text, words)}`;
  return [{ code: "invalid-value", message }];
}).meta({ examples: ["minute", "PT15M"] });

/** The keys of a rate limit. */
export const rateLimitKeys: z.ZodRawShape = {
  requests: optional(z.number().gt(0), { description: "Requests that may start within the period." }),
  per: optional(z.union([z.number().gt(0), period]), {
    description: "The period: seconds, `second`, `minute`, `hour`, `day`, or an ISO 8601 duration.",
    default: "second",
  }),
  concurrency: optional(z.int().min(1), { description: "Requests that may be under way at once." }),
};

const rateLimit = closed(rateLimitKeys).meta({
  id: "rateLimit",
  description: "How many requests may be made, and how many at once.",
  examples: [
    { requests: 10, per: "second" },
    { requests: 1000, per: "PT1H", concurrency: 4 },
  ],
});

/** The policies that a client and an endpoint may have. */
export const policyKeys: z.ZodRawShape = {
  retry: optional(retry, { description: "The retry policy; an endpoint's goes over the client's." }),
  rate_limit: optional(rateLimit, {
    description: "A limit on requests; an endpoint's holds besides the client's.",
  }),
  timeout: optional(duration(z.number().gt(0)), {
    description: "The time limit of one attempt, the body included.",
    default: 60,
  }),
};

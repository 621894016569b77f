import * as z from "zod";

import { kindOf } from "../kinds.js";
import { once } from "../values.js";
import { quote } from "../wording.js";
import { checkedText, closed, duration, optional } from "./grammar.js";
import { blockGrammar } from "./kinds.js";

const status = z
  .union([
    z.int().min(100).max(599),
    checkedText((text) =>
      /^[1-5]xx$/i.test(text)
        ? []
        : [
            {
              code: "unknown-value",
              message: `invalid status ${quote(text)}: write a number such as 429, or "5xx"`,
            },
          ],
    ).meta({ pattern: "^[1-5][xX][xX]$" }),
  ])
  .meta({ description: 'A status (429), or a class of statuses ("5xx").' });

/** The keys of a retry policy. */
export const retryKeys: () => z.ZodRawShape = once(() => ({
  max_retries: optional(z.int().min(0), { description: "The maximum number of retries.", default: 4 }),
  backoff_factor: optional(duration(z.number().min(0)), {
    description: "The longest delay before the first retry. It doubles with each further retry.",
    default: 1,
  }),
  max_delay: optional(duration(z.number().min(0)), {
    description: "The longest delay before a retry.",
    default: 300,
  }),
  statuses: optional(z.array(status), {
    description: "The statuses to retry.",
    default: [408, 409, 425, 429, "5xx"],
  }),
  max_wait: optional(duration(z.number().min(0)), {
    description:
      "The longest wait that a server may ask for. If it asks for more, the read ends with an error.",
    default: 60,
  }),
}));

const retry = closed(retryKeys).meta({
  id: "retry",
  description: "When and how often to retry a failed request.",
  examples: [{ max_retries: 3, statuses: [429, "5xx"] }],
});

/** How integers beyond 2^53 appear in records. */
export const bigIntegerModes = ["error", "string", "bigint"] as const;

/** The keys of the policies of a client or an endpoint. */
export const policyKeys: () => z.ZodRawShape = once(() => ({
  retry: optional(retry, {
    description: "The retry policy. An endpoint's keys override those of the client.",
  }),
  rate_limit: optional(blockGrammar(kindOf("limiter"), "rateLimit"), {
    description: "A limit on requests. An endpoint's limit applies in addition to that of the client.",
  }),
  timeout: optional(duration(z.number().gt(0)), {
    description: "The time limit of one attempt, including the body.",
    default: 60,
  }),
  big_integers: optional(z.enum(bigIntegerModes), {
    description:
      "How integers beyond 2^53, which a number would round, appear in records: as an error, as text, or as `bigint`. An endpoint's value replaces that of the client.",
    default: "error",
  }),
  foreign_origins: optional(z.enum(["follow", "error"]), {
    description:
      "What happens when a link, a redirect or a value of a parent leads to an origin that is neither that of `base_url` nor one of the client option `allowedOrigins`. `follow` requests it without credentials and reports it as an event; `error` ends the read.",
    default: "follow",
  }),
}));

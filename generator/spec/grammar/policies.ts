import { z } from "zod";

import { kindOf } from "../kinds.js";
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
              message: `${quote(text)} is an invalid status: write a number such as 429, or "5xx"`,
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

/** The policies that a client and an endpoint may have. */
export const policyKeys: z.ZodRawShape = {
  retry: optional(retry, { description: "The retry policy; an endpoint's goes over the client's." }),
  rate_limit: optional(blockGrammar(kindOf("limiter"), "rateLimit"), {
    description: "A limit on requests; an endpoint's holds besides the client's.",
  }),
  timeout: optional(duration(z.number().gt(0)), {
    description: "The time limit of one attempt, the body included.",
    default: 60,
  }),
};

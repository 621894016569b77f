import { z } from "zod";

import { checkedText, closed, optional } from "./grammar.js";
import { checkSelector } from "./options.js";
import { parseStatus } from "./statuses.js";
import { quote } from "../wording.js";

const status = z
  .union([
    z.int().min(100).max(599),
    checkedText((text) =>
      parseStatus(text) === undefined
        ? [
            {
              code: "unknown-value",
              message: `${quote(text)} is no status: write a number such as 404, "4xx", or a range such as "500-599"`,
            },
          ]
        : [],
    ).meta({ pattern: "^[1-5](?:\\d\\d(?:-[1-5]\\d\\d)?|[xX][xX])$" }),
  ])
  .meta({ description: 'A status (404), a class of them ("4xx"), or a range ("500-599").' });

/** The keys of a response action. */
export const actionKeys: z.ZodRawShape = {
  action: z.enum(["ignore", "retry", "fail"]).meta({
    description:
      "What happens: `ignore` ends this sequence of pages without an error, `retry` tries again, `fail` is an error.",
  }),
  status_code: optional(status, { description: "The status that is meant." }),
  content: optional(z.string().min(1), { description: "A part of the body's text; the case counts." }),
  json_path: optional(checkedText(checkSelector), {
    description: "A place in the JSON body; the action is meant when `equals` stands there.",
    examples: ["error.code"],
  }),
  equals: z.unknown().meta({ description: "The value at `json_path`." }).optional(),
  message: optional(z.string().min(1), { description: "What the error of `fail` or `retry` says." }),
};

/** The grammar of `response_actions`. */
export const actionsGrammar: z.ZodType = z.array(
  closed(actionKeys).meta({
    id: "responseAction",
    description: "What a response means; all conditions must hold.",
  }),
);

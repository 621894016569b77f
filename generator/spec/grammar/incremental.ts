import { z } from "zod";

import { isDuration } from "./durations.js";
import { checkedText, closed, optional, unsupported } from "./grammar.js";
import { checkTemplate } from "../template/placeholders.js";
import { checkSelector } from "./options.js";
import { checkTimeFormat } from "./time-format.js";
import { quote } from "../wording.js";

const NO_FUNCTION =
  'a function cannot stand in a spec: "format" says how values are written into requests, and a "map" step changes records';

const duration = checkedText((text) =>
  isDuration(text)
    ? []
    : [
        {
          code: "invalid-value",
          message: `${quote(text)} is no duration: write one such as "P1D", "PT6H" or "P1M" (ISO 8601)`,
        },
      ],
).meta({ examples: ["P1D", "PT6H", "P1M"] });

const value = z.union([checkedText((text) => checkTemplate(text, ["config"])), z.number()]);

const fields = {
  cursor_path: checkedText(checkSelector).meta({
    description: "The field of a record that tells what is new: a name or a selector.",
    examples: ["updated_at", "meta.version"],
  }),
  initial_value: optional(value, {
    description: "Where the first run starts. May hold `{config.name}`.",
    examples: ["2024-01-01T00:00:00Z", 0],
  }),
  last_value_func: optional(z.enum(["max", "min"]), {
    description: "Whether the greatest or the smallest value is where the next run goes on.",
    default: "max",
  }),
  lag: optional(z.union([z.number().min(0), duration]), {
    description:
      "How far a run goes back behind the last value: a duration, or a number (days for dates, seconds for times).",
    examples: ["PT1H", 3],
  }),
  on_cursor_value_missing: optional(z.enum(["raise", "include", "exclude"]), {
    description: "What becomes of records that lack the field, or have `null` there.",
    default: "raise",
  }),
  row_order: optional(z.enum(["asc", "desc"]), {
    description: "The order in which the API sends records: paging stops as soon as nothing new can follow.",
  }),
  range_start: optional(z.enum(["closed", "open"]), {
    description: "Whether records at the start belong to the range.",
    default: "closed",
  }),
  range_end: optional(z.enum(["open", "closed"]), {
    description: "Whether records at the end belong to the range.",
    default: "open",
  }),
  primary_key: optional(z.union([z.string().min(1), z.array(z.string().min(1))]), {
    description: "What tells records at the last value apart; none are left out when it is empty.",
  }),
  format: optional(checkedText(checkTimeFormat), {
    description:
      "How times are written into requests: `iso`, `date`, `epoch`, `epoch_ms`, or a pattern such as `%Y-%m-%d`.",
    examples: ["epoch", "%Y%m%d"],
  }),
  window: optional(duration, {
    description: "Asks for the range in slices of this length; the request must name its start and its end.",
    examples: ["P1M"],
  }),
  convert: optional(unsupported(NO_FUNCTION), { description: "dlt's function; see `format`." }),
  transform: optional(unsupported(NO_FUNCTION), { description: "dlt's function; see `format`." }),
  allow_external_schedulers: optional(z.boolean(), { description: "For dlt only: no effect here." }),
};

/** The keys of `endpoint.incremental`. */
export const incrementalKeys: z.ZodRawShape = {
  ...fields,
  end_value: optional(value, {
    description: "Where the read ends: a backfill, which keeps no state. May hold `{config.name}`.",
  }),
  start_param: optional(z.string().min(1), {
    description: "dlt's older way to send the start; better `{incremental.start_value}` in `params`.",
  }),
  end_param: optional(z.string().min(1), {
    description: "dlt's older way to send the end; better `{incremental.end_value}` in `params`.",
  }),
};

/** The grammar of `endpoint.incremental`. */
export const incrementalGrammar: z.ZodType = closed(incrementalKeys).meta({
  id: "incremental",
  description: "Reads only what is new since the last run.",
  examples: [{ cursor_path: "updated_at", initial_value: "2024-01-01T00:00:00Z" }],
});

/** dlt's oldest spelling: a parameter that is the start of the range. */
export const incrementalParam: z.ZodObject = closed({
  type: z
    .literal("incremental")
    .meta({ description: "The start of what is new; better `endpoint.incremental`." }),
  ...fields,
}).meta({ description: "dlt's oldest spelling of `endpoint.incremental`." });

import * as z from "zod";

import { kindOf } from "../kinds.js";
import { closed, optional, unsupported } from "./grammar.js";
import { keysOfKind } from "./kinds.js";
import { once } from "../values.js";

const noFunction =
  'a spec cannot contain a function: "format" sets how values are written into requests, and a "map" step changes records';

const kind = kindOf("plan", "incremental");

/** The keys of a kind, all of them optional: which ones are required depends on the others. */
function optionalKeys(type: string): z.ZodRawShape {
  const entries = Object.entries(keysOfKind(kindOf("plan", type))).map(
    ([key, grammar]) => [key, grammar.safeParse(undefined).success ? grammar : grammar.optional()] as const,
  );
  return Object.fromEntries(entries);
}

/** Keys of dlt without an effect here. */
const dltKeys: () => z.ZodRawShape = once(() => ({
  convert: optional(unsupported(noFunction), { description: "dlt's function; see `format`." }),
  transform: optional(unsupported(noFunction), { description: "dlt's function; see `format`." }),
  allow_external_schedulers: optional(z.boolean(), { description: "For dlt only; no effect here." }),
}));

/** The keys of `endpoint.incremental`. */
export const incrementalKeys: () => z.ZodRawShape = once(() => ({
  ...optionalKeys("incremental"),
  ...optionalKeys("sync_token"),
  state: optional(z.enum(["run_start"]), {
    description:
      "For APIs whose records hold no time of change: the next run requests what has changed since the start of this one, by the clock of the client. With `initial_value`, `lag` and `format`.",
    examples: ["run_start"],
  }),
  ...dltKeys(),
  start_param: optional(z.string().min(1), {
    description: "dlt's older way to send the start. Prefer `{incremental.start_value}` in `params`.",
  }),
  end_param: optional(z.string().min(1), {
    description: "dlt's older way to send the end. Prefer `{incremental.end_value}` in `params`.",
  }),
}));

/** The grammar of `endpoint.incremental`. */
export const incrementalGrammar: z.ZodType = closed(incrementalKeys).meta({
  id: "incremental",
  description: `${kind.summary} One of \`cursor_path\`, \`state_path\` and \`state\` says how.`,
  examples: ["incremental", "sync_token", "run_start"].flatMap((type) => kindOf("plan", type).examples),
  anyOf: ["cursor_path", "state_path", "state"].map((key) => ({ required: [key] })),
});

/** dlt's oldest form: a parameter that is the start of the range. */
export const incrementalParam: z.ZodObject = closed(() => {
  const { end_value: _end, ...olderKeys } = keysOfKind(kind);
  const type = z
    .literal("incremental")
    .meta({ description: "The start of the range. Prefer `endpoint.incremental`." });
  return { type, ...olderKeys, ...dltKeys() };
}).meta({ description: "dlt's oldest form of `endpoint.incremental`." });

import type { Kind } from "@connector-gen/runtime/kinds";
import * as z from "zod";

import { kindOf } from "../kinds.js";
import { checkedText, checkedValue, closed, optional, unsupported } from "./grammar.js";
import { familyKeys, keysOfKind } from "./kinds.js";
import { checkSelector } from "./options.js";
import { once } from "../values.js";

const field = z.string().min(1);

/** A function among the client's options: the spec contains `true` only. */
function hookGrammar({ type }: Kind): z.ZodType {
  return checkedValue((value) =>
    value === true
      ? undefined
      : {
          code: "unsupported",
          message: `a spec cannot contain a function: write "${type}": true, and pass the function to the generated factory as hooks.<method>.${type}`,
        },
  ).meta({ const: true });
}

/** `true` selects the default options. */
function flagGrammar(kind: Kind): z.ZodType {
  const examples = kind.examples.filter((example) => example !== true);
  return z.union([z.literal(true), closed(() => keysOfKind(kind)).meta({ examples })]);
}

function stepGrammar(kind: Kind, list: z.ZodType): z.ZodType {
  if (kind.hook) return hookGrammar(kind);
  if (!kind.positional) return flagGrammar(kind);
  return kind.type === whereStep ? z.union([z.record(field, z.unknown()), list]) : list;
}

/** The step with a short form: `{ "status": "active" }`. */
const whereStep = "where";

/** The keys of a processing step. */
export const stepKeys: () => z.ZodRawShape = once(() => ({
  ...familyKeys("shaper", stepGrammar),
  yield_map: optional(
    unsupported(
      'a record cannot become several records: write "map": true for a function that returns one record',
    ),
    { description: "dlt's function; see `map`." },
  ),
}));

/** The grammar of `processing_steps`. */
export const stepsGrammar: z.ZodType = z.array(
  closed(stepKeys).meta({ id: "processingStep", description: "A transformation of every record." }),
);

const included = closed(() => ({
  path: checkedText(checkSelector).meta({ description: "The selector of the value in the parent's record." }),
  as: optional(field, { description: "The name of the new field. Default: `_<parent>_<path>`." }),
}));

/** The keys of a resource that split its reads. */
export const splitKeys: () => z.ZodRawShape = once(() => ({
  include_from_parent: optional(z.array(z.union([field, included])), {
    description: "Fields of the parent's record to add to each record, as `_<parent>_<field>`.",
    examples: [["id"], [{ path: "owner.name", as: "owner_name" }]],
  }),
  ...keysOfKind(kindOf("plan", "parents")),
  partitions: familyKeys("plan")["partitions"] ?? z.never(),
}));

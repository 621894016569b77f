import { z } from "zod";

import { checkedText, checkedValue, closed, optional, unsupported } from "./grammar.js";
import { checkSelector } from "./options.js";
import { quote } from "../wording.js";

/** How `where` compares. */
export const OPERATORS = ["eq", "ne", "lt", "le", "gt", "ge", "in", "exists"] as const;

const field = z.string().min(1);

function hook(name: "filter" | "map"): z.ZodType {
  return checkedValue((value) =>
    value === true
      ? undefined
      : {
          code: "unsupported",
          message: `a function cannot stand in a spec: write "${name}": true, and give the function to the generated factory as hooks.<method>.${name}`,
        },
  ).meta({ const: true });
}

const condition = closed({
  field: checkedText(checkSelector).meta({ description: "The field: a name or a selector." }),
  op: optional(z.enum(OPERATORS), { description: "How it is compared.", default: "eq" }),
  value: z.unknown().meta({ description: "What it is compared with." }).optional(),
});

const flatten = closed({
  separator: optional(z.string().min(1), {
    description: "What joins the names of a field and of the object that it was in.",
    default: "_",
  }),
  depth: optional(z.int().min(1), { description: "How many levels are opened; all of them when left out." }),
});

/** The keys of a processing step. */
export const stepKeys: z.ZodRawShape = {
  filter: optional(hook("filter"), {
    description:
      "Keeps the records for which a function of the factory's options says so; `true` asks for it.",
  }),
  map: optional(hook("map"), {
    description:
      "Replaces each record by what a function of the factory's options makes of it; `true` asks for it.",
  }),
  yield_map: optional(
    unsupported('one record cannot become several: write "map": true for a function that makes one of one'),
    { description: "dlt's function; see `map`." },
  ),
  rename: optional(z.record(field, field), {
    description: "New names of fields.",
    examples: [{ createdAt: "created_at" }],
  }),
  remove: optional(z.array(field), { description: "Fields that are left out." }),
  add: optional(z.record(field, z.unknown()), {
    description:
      "Fields that are added: constants, and texts with `{resources.parent.field}`, `{partitions.name}` or `{config.name}`.",
    examples: [{ region: "{partitions.region}", source: "shop" }],
  }),
  flatten: optional(z.union([z.literal(true), flatten]), {
    description: "Makes the fields of objects fields of the record: `address.city` becomes `address_city`.",
  }),
  where: optional(z.union([z.record(field, z.unknown()), z.array(condition)]), {
    description: "Keeps the records for which all comparisons hold: `eq` unless an operator is named.",
    examples: [{ status: "active", age: { ge: 18 } }, [{ field: "kind", op: "in", value: ["a", "b"] }]],
  }),
};

/** The grammar of `processing_steps`. */
export const stepsGrammar: z.ZodType = z.array(
  closed(stepKeys).meta({ id: "processingStep", description: "What becomes of every record." }),
);

const included = closed({
  path: checkedText(checkSelector).meta({ description: "Where the value is in the parent's record." }),
  as: optional(field, { description: "The name it gets; `_<parent>_<path>` when left out." }),
});

const configList = checkedText((text) =>
  /^\{config\.[A-Za-z_]\w*\}$/.test(text)
    ? []
    : [
        {
          code: "invalid-value",
          message: `${quote(text)} is no list: write the values, or "{config.name}" for a list that the factory takes`,
        },
      ],
).meta({ pattern: "^\\{config\\.[A-Za-z_]\\w*\\}$" });

/** Keys of a resource that say for what and how often it is read. */
export const splitKeys: z.ZodRawShape = {
  include_from_parent: optional(z.array(z.union([field, included])), {
    description: "Fields of the parent's record that are added to each record, as `_<parent>_<field>`.",
    examples: [["id"], [{ path: "owner.name", as: "owner_name" }]],
  }),
  batch: optional(
    closed({
      size: z.int().min(1).meta({ description: "How many parents one request is for." }),
      join: optional(z.string(), { description: "What their values are joined with.", default: "," }),
    }),
    { description: "Asks for several parents at once.", examples: [{ size: 50, join: "," }] },
  ),
  partitions: optional(
    z.record(
      checkedText((text) =>
        /^[A-Za-z_]\w*$/.test(text)
          ? []
          : [
              {
                code: "invalid-value",
                message: `${quote(text)} is no name for a partition: use letters, digits and _`,
              },
            ],
      ),
      z.union([configList, z.array(z.union([z.string(), z.number(), z.boolean()])).min(1)]),
    ),
    {
      description: "Values that the resource is read for, one after the other, as `{partitions.name}`.",
      examples: [{ region: ["eu", "us"] }, { region: "{config.regions}" }],
    },
  ),
};

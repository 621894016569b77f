import { expandValue } from "../client/template.js";
import type { JsonObject, JsonValue } from "../json.js";
import { defineKind, type Kind } from "../kind.js";
import { asObject } from "./objects.js";
import type { Shaper } from "./shaper.js";

/** Adds fields: constants, and texts with `{resources.users.id}`, `{partitions.region}` or `{config.x}`. */
export function add(fields: JsonObject = {}): Shaper {
  return {
    type: "add",
    options: fields,
    shape: async (records, { lookup }) => {
      const values = Object.entries(fields).map(
        async ([name, value]): Promise<readonly [string, JsonValue]> => [
          name,
          await expandValue(value, lookup),
        ],
      );
      const added = Object.fromEntries(await Promise.all(values));
      return records.map((record) => ({ ...asObject(record, "add"), ...added }));
    },
  };
}

/** The spec's step `add`. */
export const addKind: Kind = /* @__PURE__ */ defineKind<{ fields: JsonObject }>(() => ({
  family: "shaper",
  type: "add",
  factory: "add",
  positional: true,
  summary:
    "Adds fields: constants, and texts with `{resources.parent.field}`, `{partitions.name}` or `{config.name}`.",
  options: {
    fields: {
      type: "map",
      // Secrets are not allowed, because they would become part of records.
      items: { type: "json", scopes: ["config", "resources", "partitions"] },
      description: "Values by the names of the fields.",
    },
  },
  phrase: () => "",
  reshape: ({ fields }) => ({ type: "add", fields: fields as JsonObject }),
  examples: [{ region: "{partitions.region}", source: "shop" }],
}));

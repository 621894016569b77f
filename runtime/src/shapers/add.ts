import type { JsonObject, JsonValue } from "../json.js";
import { shapingSteps } from "./shaping.js";
import { steps } from "../read/steps.js";
import type { Shaper } from "./shaper.js";
import { expandValue, type Lookup } from "../client/template.js";
import { asObject } from "./objects.js";

/** Adds fields: constants, and texts with `{resources.users.id}`, `{partitions.region}` or `{config.x}`. */
export function add(fields: JsonObject = {}): Shaper {
  return {
    type: "add",
    options: fields,
    [steps]: shapingSteps,
    shape: async (records, { client, params }) => {
      const lookup: Lookup = async (name) =>
        /^(secrets|config)\./.test(name) ? client.lookup(name) : (params[name] ?? null);
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

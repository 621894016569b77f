import { expandValue } from "../client/template.js";
import type { JsonObject, JsonValue } from "../json.js";
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

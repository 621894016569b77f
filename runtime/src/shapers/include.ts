import { asObject } from "./objects.js";
import type { Shaper } from "./shaper.js";

/**
 * Adds values of the parent's record. `{ _users_id: "resources.users.id" }` is a field and the placeholder that gives its
 * value. A value that is unknown, because the caller named the parent, is omitted.
 */
export function include(fields: Readonly<Record<string, string>> = {}): Shaper {
  return {
    type: "include",
    options: fields,
    shape: (records, { params }) => {
      const values = Object.entries(fields).flatMap(([field, placeholder]) => {
        const value = params[placeholder];
        return value === undefined ? [] : [[field, value] as const];
      });
      // Spreading keeps `__proto__` an ordinary name.
      const added = Object.fromEntries(values);
      return records.map((record) => ({ ...asObject(record, "include_from_parent"), ...added }));
    },
  };
}

import { defineKind, type Kind } from "../kind.js";
import { asObject } from "./objects.js";
import type { Shaper } from "./shaper.js";

/**
 * Adds values of the parent's record. `{ _users_id: "resources.users.id" }` maps a field to the placeholder of its value.
 * Omits values that are unknown because the caller named the parent.
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
      // Spreading makes `__proto__` an ordinary name.
      const added = Object.fromEntries(values);
      return records.map((record) => ({ ...asObject(record, "include_from_parent"), ...added }));
    },
  };
}

/** The spec's `include_from_parent`. */
export const includeKind: Kind = /* @__PURE__ */ defineKind<{ fields: Readonly<Record<string, string>> }>(
  () => ({
    family: "shaper",
    type: "include",
    factory: "include",
    positional: true,
    isDerived: true,
    summary: "Adds values of the parent's record.",
    options: {
      fields: {
        type: "map",
        items: { type: "text" },
        isDerived: true,
        description: "Placeholders by the names of the fields.",
      },
    },
    phrase: () => "",
    reshape: ({ fields }) => ({ type: "include", fields: fields as Readonly<Record<string, string>> }),
    examples: [],
  }),
);

import { ReadFailure, ValidationError } from "../errors.js";
import { defineKind, type Kind } from "../kind.js";
import type { Shaper } from "./shaper.js";
import { shapeObjects, type RecordObject } from "./objects.js";

/** Renames fields and keeps their order: `{ createdAt: "created_at" }`. An existing field of the new name is removed. */
export function rename(names: Readonly<Record<string, string>> = {}): Shaper {
  const renames = new Map(Object.entries(names));
  return shapeObjects("rename", names, (record) => renameFields(record, renames));
}

function renameFields(record: RecordObject, names: ReadonlyMap<string, string>): RecordObject {
  const taken = new Map<string, string>();
  for (const [from, to] of names) {
    if (!Object.hasOwn(record, from)) continue;
    const other = taken.get(to);
    if (other !== undefined) {
      const message = `a record has both \`${other}\` and \`${from}\`, and both are renamed to \`${to}\``;
      throw new ReadFailure(ValidationError, "INVALID_RECORD", message);
    }
    taken.set(to, from);
  }
  const entries = Object.entries(record).flatMap(([name, value]) => {
    const renamed = names.get(name);
    if (renamed === undefined && taken.has(name)) return [];
    return [[renamed ?? name, value] as const];
  });
  return Object.fromEntries(entries);
}

/** The spec's step `rename`. */
export const renameKind: Kind = /* @__PURE__ */ defineKind<{ fields: Readonly<Record<string, string>> }>(
  () => ({
    family: "shaper",
    type: "rename",
    factory: "rename",
    positional: true,
    summary: "Renames fields.",
    options: {
      fields: { type: "map", items: { type: "text" }, description: "New names by the old ones." },
    },
    phrase: () => "",
    reshape: ({ fields }) => ({ type: "rename", fields: fields as Readonly<Record<string, string>> }),
    examples: [{ createdAt: "created_at" }],
  }),
);

import type { Shaper } from "./shaper.js";
import { defineKind, type Kind } from "../kind.js";
import { isObject, shapeObjects, type RecordObject } from "./objects.js";

/** Removes fields: names, or dotted paths into objects (`owner.email`). */
export function remove(fields: readonly string[] = []): Shaper {
  return shapeObjects("remove", fields, (record) => fields.reduce(without, record));
}

/** Returns a copy without the field. A name may contain dots. */
function without(record: RecordObject, path: string): RecordObject {
  if (Object.hasOwn(record, path))
    return Object.fromEntries(Object.entries(record).filter(([name]) => name !== path));
  const dot = path.indexOf(".");
  const name = path.slice(0, Math.max(0, dot));
  const inner = Object.hasOwn(record, name) ? record[name] : undefined;
  return isObject(inner) ? { ...record, [name]: without(inner, path.slice(dot + 1)) } : record;
}

/** The spec's step `remove`. */
export const removeKind: Kind = /* @__PURE__ */ defineKind<{ fields: readonly string[] }>(() => ({
  family: "shaper",
  type: "remove",
  factory: "remove",
  positional: true,
  summary: "Removes fields; dots lead into objects.",
  options: { fields: { type: "list", items: { type: "text" }, description: "The fields." } },
  phrase: () => "",
  reshape: ({ fields }) => ({ type: "remove", fields: fields as readonly string[] }),
  examples: [["internal", "owner.email"]],
}));

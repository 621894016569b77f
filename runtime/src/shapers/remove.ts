import type { Shaper } from "./shaper.js";
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

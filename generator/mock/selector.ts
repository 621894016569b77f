import type { JsonIr, SegmentIr } from "../ir/source-ir.js";
import { isList, isObject } from "./json.js";

/** A step of a selector: a name, an index, or every element (`[*]`). */
export type Step = string | number | typeof every;

export const every: unique symbol = Symbol("[*]");

/**
 * Returns the steps of a body in which a selector finds a list. Supports paths (`["data", "a b", 0, "[*]"]`), sorted
 * lists, and descendants or several names before a `[*]` (`[{ descend: "items" }, "[*]"]`). Returns `undefined` for any
 * other query.
 */
export function stepsOf(segments: readonly SegmentIr[]): readonly Step[] | undefined {
  const last = segments.lastIndexOf("[*]");
  const steps = segments.map((segment, at) => stepsOfSegment(segment, at < last ? "before" : "after"));
  return steps.some((step) => step === undefined) ? undefined : steps.flatMap((step) => step ?? []);
}

/** The last `[*]` marks the list of records. Before it, any path that the segment matches is enough. */
function stepsOfSegment(segment: JsonIr, position: "before" | "after"): readonly Step[] | undefined {
  if (segment === "[*]") return [every];
  if (typeof segment === "number") return [segment];
  if (typeof segment === "string") return segment === ".*" ? undefined : [segment];
  if (!isObject(segment)) return undefined;
  const { name, sort, descend, union } = segment;
  if (typeof name === "string") return [name];
  if (sort !== undefined) return [];
  if (position === "after") return undefined;
  const step = descend ?? (union !== undefined && isList(union) ? union[0] : undefined);
  return typeof step === "string" ? stepsOfSegment(step, position) : undefined;
}

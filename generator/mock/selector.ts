import type { JsonIr, SegmentIr } from "../ir/source-ir.js";
import { isList, isObject } from "./json.js";

/** A step of a selector: a name, an index, or every element (`[*]`). */
export type Step = string | number | typeof every;

export const every: unique symbol = Symbol("[*]");

/**
 * The steps of a body in which a selector finds a list: those of a path (`["data", "a b", 0, "[*]"]`), or of a query for
 * which such a body will do: a sorted list, and descendants or the first of several names with `[*]` behind them
 * (`[{ descend: "items" }, "[*]"]`). Nothing for any other query.
 */
export function stepsOf(segments: readonly SegmentIr[]): readonly Step[] | undefined {
  const last = segments.lastIndexOf("[*]");
  const steps = segments.map((segment, at) => stepsOfSegment(segment, at < last ? "before" : "behind"));
  return steps.some((step) => step === undefined) ? undefined : steps.flatMap((step) => step ?? []);
}

/** Where the records stand is said by the last `[*]`; before it, one way to them will do. */
function stepsOfSegment(segment: JsonIr, place: "before" | "behind"): readonly Step[] | undefined {
  if (segment === "[*]") return [every];
  if (typeof segment === "number") return [segment];
  if (typeof segment === "string") return segment === ".*" ? undefined : [segment];
  if (!isObject(segment)) return undefined;
  const { name, sort, descend, union } = segment;
  if (typeof name === "string") return [name];
  if (sort !== undefined) return [];
  if (place === "behind") return undefined;
  const way = descend ?? (union !== undefined && isList(union) ? union[0] : undefined);
  return typeof way === "string" ? stepsOfSegment(way, place) : undefined;
}

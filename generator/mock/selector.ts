import type { JsonIr } from "../ir/source-ir.js";
import { isList, isObject } from "./json.js";

/** A step of a selector: a name, an index, or every element (`[*]`). */
export type Step = string | number | typeof every;

export const every: unique symbol = Symbol("[*]");

const grammar =
  /\.([\p{L}_][\p{L}\p{N}_]*)|\[(-?\d+)\]|(\[\*\])|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/suy;

/**
 * The steps of a body in which a selector finds a list: those of an RFC 9535 query of names, indexes and `[*]`
 * (`$.data['a b'][0][*]`), or of a query in JSON for which such a body will do: a sorted list, and descendants or the
 * first of several names with `[*]` behind them (`[{"descend":"items"},"[*]"]`). Nothing for any other query.
 */
export function parseSelector(selector: string): readonly Step[] | undefined {
  if (selector.startsWith("[")) return stepsOf(JSON.parse(selector) as JsonIr);
  if (!selector.startsWith("$")) return undefined;
  const pattern = new RegExp(grammar);
  const steps: Step[] = [];
  pattern.lastIndex = 1;
  while (pattern.lastIndex < selector.length) {
    const match = pattern.exec(selector);
    if (!match) return undefined;
    const [, name, index, star, single, double] = match;
    if (index !== undefined) steps.push(Number(index));
    else if (star) steps.push(every);
    else steps.push(name ?? unquote(single, double));
  }
  return steps;
}

function stepsOf(segments: JsonIr): readonly Step[] | undefined {
  if (!isList(segments)) return undefined;
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

/** A quoted name is JSON text, but for the quotes around it (RFC 9535 §2.3.1). */
function unquote(single = "", double?: string): string {
  return JSON.parse(`"${double ?? single.replace(/\\'/g, "'").replace(/"/g, '\\"')}"`) as string;
}

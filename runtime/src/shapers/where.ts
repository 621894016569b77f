import type { JsonValue } from "../json.js";
import { compare } from "../select/compare.js";
import { select, type Selector } from "../select/path.js";
import type { Shaper } from "./shaper.js";

/** A comparison of a field. */
export interface Condition {
  /** The field's path in the record. */
  readonly path: Selector;
  readonly operator: "eq" | "ne" | "lt" | "le" | "gt" | "ge" | "in" | "exists";
  /** With `in` a list; with `exists` whether the field must be present. `null` is present. */
  readonly value: JsonValue;
}

const comparisons = { eq: "==", lt: "<", le: "<=", gt: ">", ge: ">=" } as const;

/**
 * Keeps the records for which all conditions hold. Equality is deep. Only numbers are ordered with numbers, and texts
 * with texts, by code points. A missing field equals nothing. If a path has several matches, one must satisfy the
 * condition; with `ne`, none may be equal.
 */
export function where(conditions: readonly Condition[] = []): Shaper {
  return {
    type: "where",
    options: conditions,
    shape: (records) => records.filter((record) => conditions.every((condition) => holds(condition, record))),
  };
}

function holds({ path, operator, value }: Condition, record: unknown): boolean {
  const found = select(path, record) ?? [];
  switch (operator) {
    case "exists":
      return found.length > 0 === value;
    case "ne":
      return !found.some((each) => compare(each, "==", value));
    case "in":
      return found.some((each) => [value].flat().some((one: JsonValue) => compare(each, "==", one)));
    default:
      return found.some((each) => compare(each, comparisons[operator], value));
  }
}

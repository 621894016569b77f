import type { JsonValue } from "../json.js";
import { defineKind, type Kind } from "../kind.js";
import { compare } from "../select/compare.js";
import { select, type Selector } from "../select/path.js";
import type { Shaper } from "./shaper.js";

/** A comparison of a field. */
export interface Condition {
  /** The field's path in the record. */
  readonly path: Selector;
  readonly operator: "eq" | "ne" | "lt" | "le" | "gt" | "ge" | "in" | "exists";
  /** For `in`, a list. For `exists`, whether the field must be present; `null` counts as present. */
  readonly value: JsonValue;
}

const comparisons = { eq: "==", lt: "<", le: "<=", gt: ">", ge: ">=" } as const;

/**
 * Keeps the records for which all conditions hold. Equality is deep. Numbers have an order among numbers, and texts among
 * texts, by code points. A missing field equals no value. If a path has several matches, one must satisfy the condition;
 * with `ne`, none may be equal.
 */
export function where(conditions: readonly Condition[] = []): Shaper {
  return {
    type: "where",
    options: conditions,
    shape: (records) => records.filter((record) => conditions.every((condition) => holds(condition, record))),
  };
}

function holds({ path, operator, value }: Condition, record: unknown): boolean {
  const found = (select(path, record) ?? []).map((each) => toComparable(each, value));
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

/** Compares an integer beyond 2^53 with numbers, even if it has been converted to text. */
function toComparable(found: unknown, value: JsonValue): unknown {
  const isText = typeof found === "string" && typeof value === "number" && /^-?\d{16,}$/.test(found);
  return isText && !Number.isSafeInteger(Number(found)) ? BigInt(found) : found;
}

/** The spec's step `where`. */
export const whereKind: Kind = /* @__PURE__ */ defineKind<{ conditions: readonly Condition[] }>(() => ({
  family: "shaper",
  type: "where",
  factory: "where",
  positional: true,
  summary: "Keeps the records for which all comparisons hold: `eq` unless an operator is named.",
  options: {
    conditions: {
      type: "list",
      description: "The comparisons.",
      items: {
        type: "group",
        options: {
          path: {
            type: "selector",
            key: "field",
            required: true,
            description: "The field: a name or a selector.",
          },
          operator: {
            type: "choice",
            key: "op",
            choices: ["eq", "ne", "lt", "le", "gt", "ge", "in", "exists"],
            default: "eq",
            description: "The comparison.",
          },
          value: { type: "json", description: "The value to compare with." },
        },
        examples: [{ field: "author.age", op: "ge", value: 18 }],
      },
    },
  },
  phrase: () => "",
  note: ({ conditions }) =>
    `Keeps only records whose ${(conditions as readonly DescribedCondition[]).map(describe).join(" and ")}.`,
  examples: [{ status: "active", age: { ge: 18 } }, [{ field: "kind", op: "in", value: ["a", "b"] }]],
}));

/** In documentation, selectors are text. */
type DescribedCondition = Omit<Condition, "path"> & { readonly path: string };

function describe({ path, operator, value }: DescribedCondition): string {
  const field = `\`${path.replace(/^\$\.?/, "")}\``;
  if (operator === "exists") return `${field} is ${value === false ? "missing" : "present"}`;
  const words = {
    eq: "is",
    ne: "is not",
    lt: "is below",
    le: "is at most",
    gt: "is above",
    ge: "is at least",
    in: "is one of",
  };
  const values = operator === "in" ? [value].flat() : [value];
  return `${field} ${words[operator]} ${values.map((each) => `\`${JSON.stringify(each)}\``).join(" or ")}`;
}

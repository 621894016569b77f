/** A comparison operator. */
export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";

/** A JSON value other than a list or an object. */
export type Scalar = string | number | boolean | null;

/**
 * Compares two values as RFC 9535 §2.3.5.2.2 defines: equality is deep; only numbers and strings have an order.
 * `undefined` means no value, which equals itself.
 */
export function compare(left: unknown, is: Comparison, right: unknown): boolean {
  switch (is) {
    case "==":
      return isEqual(left, right);
    case "!=":
      return !isEqual(left, right);
    case "<":
      return isBefore(left, right);
    case ">":
      return isBefore(right, left);
    case "<=":
      return isBefore(left, right) || isEqual(left, right);
    case ">=":
      return isBefore(right, left) || isEqual(left, right);
    default:
      return is satisfies never;
  }
}

/** Whether both values are numbers or both strings, and the first is smaller; strings compare by code points. */
export function isBefore(left: unknown, right: unknown): boolean {
  if (isNumeric(left) && isNumeric(right)) return left < right;
  if (typeof left !== "string" || typeof right !== "string") return false;
  let index = 0;
  while (index < left.length && left[index] === right[index]) index += 1;
  return (left.codePointAt(index) ?? -1) < (right.codePointAt(index) ?? -1);
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

/** Deep equality of JSON values. Iterative, because bodies can be nested deeper than the call stack allows. */
function isEqual(left: unknown, right: unknown): boolean {
  const waiting: (readonly [unknown, unknown])[] = [[left, right]];
  for (let pair = waiting.pop(); pair; pair = waiting.pop()) {
    const [one, other] = pair;
    // The spec writes an integer beyond 2^53 as text.
    if (one === other || (typeof one === "bigint" && String(one) === other)) continue;
    if (!isContainer(one) || !isContainer(other) || Array.isArray(one) !== Array.isArray(other)) return false;
    const keys = Object.keys(one);
    if (keys.length !== Object.keys(other).length) return false;
    for (const key of keys) {
      if (!Object.hasOwn(other, key)) return false;
      waiting.push([one[key], other[key]]);
    }
  }
  return true;
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

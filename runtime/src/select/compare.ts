/** How two values are compared. */
export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";

/** A value of a test: JSON without lists and objects. */
export type Scalar = string | number | boolean | null;

/**
 * Compares as RFC 9535 §2.3.5.2.2: equality is deep, order is that of numbers and of texts; all else is neither
 * smaller nor greater. `undefined` is nothing, which equals itself.
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

/** Whether both are numbers, or both texts, and the first is the smaller one; texts by Unicode code points. */
export function isBefore(left: unknown, right: unknown): boolean {
  if (typeof left === "number" && typeof right === "number") return left < right;
  if (typeof left !== "string" || typeof right !== "string") return false;
  let at = 0;
  while (at < left.length && left[at] === right[at]) at += 1;
  return (left.codePointAt(at) ?? -1) < (right.codePointAt(at) ?? -1);
}

/** Deep equality of JSON values, with a stack of its own: bodies may be deeper than calls may nest. */
function isEqual(left: unknown, right: unknown): boolean {
  const waiting: (readonly [unknown, unknown])[] = [[left, right]];
  for (let pair = waiting.pop(); pair; pair = waiting.pop()) {
    const [one, other] = pair;
    if (one === other) continue;
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

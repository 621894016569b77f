import type { SyntaxNode } from "@lezer/common";
import { choose, conditionOf, isTruthy, opposite, unknownCondition } from "./choices.js";
import { isMember } from "./classes.js";
import { type Evaluator, slice } from "./evaluator.js";
import { calculateTime } from "./durations.js";
import type { Frame } from "./heap.js";
import { itemsOf } from "./iterate.js";
import { childrenOf, type Span } from "./nodes.js";
import { percentText } from "./strings.js";
import { entryName } from "./entries.js";
import {
  type Condition,
  constant,
  isNone,
  isSame,
  isTextConstant,
  isWhole,
  joinText,
  listValue,
  mergeDicts,
  type PyConstant,
  type PyValue,
  setValue,
  unknown,
} from "./values.js";

/** Evaluates operators: arithmetic, `|` and comparisons. */
export function evaluateOperation(evaluator: Evaluator, node: SyntaxNode, frame: Frame): PyValue {
  const children = childrenOf(node);
  const [first, second] = children;
  const last = children.at(-1);
  if (node.name === "UnaryExpression" && first && second)
    return negate(slice(evaluator, first), evaluator.evaluate(second, frame), node);
  if (!first || !second || !last || children.length < 3) return unknown("expression", node);
  const operator = children
    .slice(1, -1)
    .map((part) => slice(evaluator, part))
    .join(" ");
  const left = evaluator.evaluate(first, frame);
  const condition = conditionOf(left, first);
  const right = evaluator.evaluate(last, frame);
  // `a < b < c` is `a < b and b < c`.
  if (comparisons.has(operator) && isComparison(evaluator, first)) {
    const middle = first.lastChild ? evaluator.evaluate(first.lastChild, frame) : left;
    const second = operate(operator, middle, { right, origin: node, condition });
    const truth = isTruthy(left);
    if (truth !== undefined) return truth ? withParameter(second, left) : left;
    return isTruthy(second) === false ? second : unknownCondition("comparison", { ...condition, test: node });
  }
  if (left.kind === "handle" && operator === "|")
    evaluator.observer.onChange(left, {
      kind: "call",
      callee: "|",
      positional: [right],
      keywords: new Map(),
      origin: node,
    });
  return operate(operator, left, { right, origin: node, condition });
}

interface Operands {
  readonly right: PyValue;
  readonly origin: Span;
  /** The facts that follow if the left value is true. */
  readonly condition: Condition;
}

/** Applies an operator to two values. */
export function operate(operator: string, left: PyValue, operands: Operands): PyValue {
  const { right, origin, condition } = operands;
  const unresolved = unknown("computation", origin, { of: [left, right] });
  switch (operator) {
    case "+":
      return add(left, right, origin) ?? unresolved;
    case "%": {
      const pieces = isTextConstant(left) ? percentText(left.value, right) : undefined;
      return pieces ? joinText(pieces, origin) : (calculate(operator, left, operands) ?? unresolved);
    }
    case "|":
    case "&":
    case "-":
      if (left.kind === "handle") return left;
      if (left.kind === "list" || right.kind === "list")
        return combineSets(operator, left, operands) ?? unresolved;
      if (operator !== "|") return calculate(operator, left, operands) ?? unresolved;
      return left.kind === "dict" && right.kind === "dict"
        ? { ...mergeDicts(left, right), origin }
        : unresolved;
    case "and":
      return { ...choose(condition, right, constant(null, origin)), origin };
    case "or":
      return either(left, operands);
    default:
      return compare(operator, left, operands) ?? calculate(operator, left, operands) ?? unresolved;
  }
}

/** Evaluates `|`, `&` and `-` of sets whose items are constants. */
function combineSets(
  operator: string,
  left: PyValue,
  { right, origin }: Pick<Operands, "right" | "origin">,
): PyValue | undefined {
  const isKnown = [left, right].every(
    (side) =>
      side.kind === "list" && side.type === "set" && side.items.every(({ kind }) => kind === "constant"),
  );
  if (!isKnown || left.kind !== "list" || right.kind !== "list") return undefined;
  if (operator === "|") return setValue([...left.items, ...right.items], origin);
  const others = new Set(right.items.map((item) => item.kind === "constant" && item.value));
  const isKept = (item: PyValue): boolean =>
    item.kind === "constant" && others.has(item.value) === (operator === "&");
  return setValue(left.items.filter(isKept), origin);
}

function either(left: PyValue, { right, origin, condition }: Operands): PyValue {
  if (left.kind === "reference") return choose(condition, left, right);
  if (left.kind === "choice") return choose(condition, left, right);
  const isCondition = left.kind === "unknown" && left.condition !== undefined;
  if (!isCondition) return unknown("computation", origin, { of: [left, right] });
  return unknownCondition("computation", { test: origin, given: [], missing: [] });
}

function add(left: PyValue, right: PyValue, origin: Span): PyValue | undefined {
  if (isText(left) || isText(right)) {
    const isError = [left, right].some((side) => side.kind === "constant" && !isTextConstant(side));
    return isError ? undefined : joinText([left, right], origin);
  }
  if (left.kind === "list" || right.kind === "list") {
    const items = [left, right].flatMap((side): readonly PyValue[] =>
      side.kind === "list" ? side.items : [unknown("spread", side.origin, { isSpread: true })],
    );
    const type = left.kind === right.kind && left.kind === "list" ? left.type : undefined;
    return { ...listValue(items, origin), type };
  }
  return calculate("+", left, { right, origin });
}

function isText(value: PyValue): boolean {
  return value.kind === "text" || (isTextConstant(value) && !value.isTime);
}

function calculate(
  operator: string,
  left: PyValue,
  { right, origin }: Pick<Operands, "right" | "origin">,
): PyValue | undefined {
  if (operator === "*" && left.kind === "list" && right.kind === "constant")
    return repeat(left.items, right, origin);
  if (left.kind !== "constant" || right.kind !== "constant") return undefined;
  if (left.isTime || right.isTime || left.isDuration || right.isDuration)
    return calculateTime(operator, left, { right, origin });
  const { value: a } = left;
  const { value: b } = right;
  if (typeof a === "string" && operator === "*" && typeof b === "number" && a.length * b < 10_000)
    return constant(a.repeat(Math.max(0, b)), origin);
  if (typeof a === "boolean" || typeof b === "boolean")
    return calculate(operator, asNumber(left), { right: asNumber(right), origin });
  if (typeof a !== "number" || typeof b !== "number") return undefined;
  const modulo = a - b * Math.floor(a / b);
  const result = {
    "+": a + b,
    "-": a - b,
    "*": a * b,
    "/": a / b,
    "//": Math.floor(a / b),
    "%": modulo,
    "**": a ** b,
  }[operator];
  if (result === undefined || !Number.isFinite(result)) return undefined;
  const isFloat =
    operator === "/" || (operator === "**" && b < 0) || left.isFloat === true || right.isFloat === true;
  // A larger integer would be rounded.
  if (!isFloat && !Number.isSafeInteger(result)) return undefined;
  return isFloat ? { ...constant(result, origin), isFloat } : constant(result, origin);
}

/** Python counts `True` as 1 and `False` as 0. */
function asNumber(value: PyConstant): PyConstant {
  return typeof value.value === "boolean" ? { ...value, value: Number(value.value) } : value;
}

function repeat(items: readonly PyValue[], { value }: PyConstant, origin: Span): PyValue | undefined {
  if (typeof value !== "number" || items.length * value > 10_000) return undefined;
  return listValue(Array.from({ length: Math.max(0, value) }, () => items).flat(), origin);
}

function isComparison(evaluator: Evaluator, node: SyntaxNode): boolean {
  if (node.name !== "BinaryExpression") return false;
  const words = childrenOf(node).slice(1, -1);
  return comparisons.has(words.map((part) => slice(evaluator, part)).join(" "));
}

/** Applies `not`, `-` or `+` to a value. */
export function negate(operator: string, value: PyValue, origin: Span): PyValue {
  if (operator === "not") {
    const truth = isTruthy(value);
    if (truth !== undefined) return withParameter(constant(!truth, origin), value);
    return unknownCondition("computation", opposite(conditionOf(value, origin)));
  }
  if (value.kind === "constant" && typeof value.value === "number") {
    if (operator === "-") return { ...value, value: -value.value, origin };
    if (operator === "+") return { ...value, origin };
  }
  return unknown("computation", origin, { of: [value] });
}

/** Marks a constant that depends on the default of a parameter. */
export function withParameter(value: PyValue, source: PyValue): PyValue {
  const parameter = source.kind === "constant" ? source.parameter : undefined;
  return parameter !== undefined && value.kind === "constant" ? { ...value, parameter } : value;
}

const comparisons = new Set(["==", "!=", "is", "is not", "<", "<=", ">", ">=", "in", "not in"]);

function compare(operator: string, left: PyValue, { right, origin }: Operands): PyValue | undefined {
  if (!comparisons.has(operator)) return undefined;
  const isNegated = operator === "!=" || operator === "is not" || operator === "not in";
  const result = isNegated
    ? holds(operator === "!=" ? "==" : operator === "is not" ? "is" : "in", left, right)
    : holds(operator, left, right);
  if (typeof result === "boolean")
    return withParameter(withParameter(constant(result !== isNegated, origin), left), right);
  const condition = { test: origin, given: [], missing: [], ...result };
  return unknownCondition("comparison", isNegated ? opposite(condition) : condition);
}

/** Returns whether a comparison holds, or the facts that follow if it does. */
function holds(operator: string, left: PyValue, right: PyValue): boolean | Partial<Condition> {
  switch (operator) {
    case "==":
    case "is":
      if (isNone(right) && left.kind === "reference") return { missing: [left] };
      if (isNone(right) && isSurelyGiven(left)) return false;
      if (left.kind === "constant" && right.kind === "constant")
        return operator === "is" ? left.value === right.value : isEqual(left, right);
      if (left.kind === "object" && right.kind === "object" && isMember(left) && isMember(right))
        return isSame(left, right);
      return isSame(left, right) && left.kind !== "unknown" && left.kind !== "call" ? true : {};
    case "in":
      return contains(right, left);
    default:
      return order(operator, left, right);
  }
}

function isMemberOrConstant(value: PyValue): boolean {
  return value.kind === "constant" || (value.kind === "object" && isMember(value));
}

/** Whether two constants are equal. Python counts `True` as 1 and `False` as 0. */
function isEqual(a: PyConstant, b: PyConstant): boolean {
  return asNumber(a).value === asNumber(b).value;
}

/** Whether a value cannot be `None`. */
function isSurelyGiven(value: PyValue): boolean {
  return /^(?:text|list|dict|function|class|object|handle|resource)$/.test(value.kind);
}

function contains(holder: PyValue, item: PyValue): boolean | Partial<Condition> {
  if (isTextConstant(holder) && isTextConstant(item)) return holder.value.includes(item.value);
  if (item.kind === "object" && isMember(item) && isWhole(holder) && holder.items.every(isMemberOrConstant))
    return holder.items.some((one) => isSame(one, item));
  if (item.kind !== "constant") return {};
  const entry = holder.kind === "dict" ? holder.entries.get(entryName(item)) : undefined;
  if (entry) return entry.value.kind !== "choice" || {};
  const items = holder.kind === "list" ? holder.items : itemsOf(holder);
  if (items?.some((one) => one.kind === "constant" && isEqual(one, item))) return true;
  const isKnown =
    (isWhole(holder) || holder.kind === "dict") && items?.every((one) => one.kind === "constant");
  return isKnown ? false : {};
}

function order(operator: string, left: PyValue, right: PyValue): boolean | Partial<Condition> {
  if (left.kind !== "constant" || right.kind !== "constant") return {};
  const { value: a } = left;
  const { value: b } = right;
  if (a === null || b === null || typeof a !== typeof b) return {};
  return { "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b }[operator] ?? {};
}

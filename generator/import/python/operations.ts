import type { SyntaxNode } from "@lezer/common";
import type { Evaluator, Locals } from "./evaluate.js";
import { childrenOf, type Span } from "./nodes.js";
import { percentText } from "./strings.js";
import { constant, isTextConstant, joinText, mergeDicts, type PyValue, unknown } from "./values.js";

/** Evaluates `+`, `%`, `|`, `or` and arithmetic with known operands. */
export function evaluateOperation(evaluator: Evaluator, node: SyntaxNode, locals: Locals): PyValue {
  const [first, second, third] = childrenOf(node);
  const operatorOf = (part: SyntaxNode): string => evaluator.text.slice(part.from, part.to);
  if (node.name === "UnaryExpression" && first && second)
    return negate(operatorOf(first), evaluator.evaluate(second, locals), node);
  if (!first || !second || !third) return unknown("expression", node);
  const left = evaluator.evaluate(first, locals);
  return operate(operatorOf(second), left, { right: evaluator.evaluate(third, locals), origin: node });
}

/** Applies an operator to two values. */
export function operate(
  operator: string,
  left: PyValue,
  { right, origin }: { right: PyValue; origin: Span },
): PyValue {
  const unresolved = unknown("computation", origin);
  switch (operator) {
    case "+":
      return add(left, right, origin) ?? unresolved;
    case "%": {
      const pieces = isTextConstant(left) ? percentText(left.value, right) : undefined;
      return pieces ? joinText(pieces, origin) : (calculate(operator, left, { right, origin }) ?? unresolved);
    }
    case "|":
      return left.kind === "dict" && right.kind === "dict"
        ? { ...mergeDicts(left, right), origin }
        : unresolved;
    case "or":
      if (left.kind === "reference") return { ...left, fallback: left.fallback ?? right };
      if (left.kind === "constant") return left.value ? left : right;
      return left.kind === "list" || left.kind === "dict" ? left : unresolved;
    default:
      return calculate(operator, left, { right, origin }) ?? unresolved;
  }
}

function add(left: PyValue, right: PyValue, origin: Span): PyValue | undefined {
  if (isText(left) || isText(right)) return joinText([left, right], origin);
  if (left.kind === "list" || right.kind === "list") {
    const items = [left, right].flatMap((side): readonly PyValue[] =>
      side.kind === "list" ? side.items : [unknown("spread", side.origin, { isSpread: true })],
    );
    return { kind: "list", items, origin };
  }
  return calculate("+", left, { right, origin });
}

function isText(value: PyValue): boolean {
  return value.kind === "text" || isTextConstant(value);
}

function calculate(
  operator: string,
  left: PyValue,
  { right, origin }: { right: PyValue; origin: Span },
): PyValue | undefined {
  if (left.kind !== "constant" || right.kind !== "constant") return undefined;
  const { value: a } = left;
  const { value: b } = right;
  if (typeof a !== "number" || typeof b !== "number") return undefined;
  const result = { "+": a + b, "-": a - b, "*": a * b, "/": a / b, "//": Math.floor(a / b) }[operator];
  return result !== undefined && Number.isFinite(result) ? constant(result, origin) : undefined;
}

function negate(operator: string, value: PyValue, origin: Span): PyValue {
  if (value.kind === "constant") {
    if (operator === "-" && typeof value.value === "number") return constant(-value.value, origin);
    if (operator === "+" && typeof value.value === "number") return constant(value.value, origin);
    if (operator === "not") return constant(!value.value, origin);
  }
  return unknown("computation", origin);
}

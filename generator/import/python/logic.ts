import type { SyntaxNode } from "@lezer/common";
import { conditionOf, isTruthy } from "./choices.js";
import { type Evaluator, slice } from "./evaluator.js";
import type { Frame } from "./heap.js";
import { childrenOf, type Span } from "./nodes.js";
import { negate, operate, withParameter } from "./operations.js";
import type { PyValue } from "./values.js";

/** A part of a logical expression: an operand, or the word `and`, `or` or `not`. */
interface Token extends Span {
  readonly word?: string;
  readonly node: SyntaxNode;
}

/** An evaluated part of a logical expression and its position. */
interface Part {
  readonly value: PyValue;
  readonly span: Span;
}

/**
 * Evaluates `and`, `or` and `not`. Returns `undefined` for other expressions. The syntax tree groups `not a and b` as
 * `not (a and b)`, so this function groups the operands again.
 */
export function evaluateLogic(evaluator: Evaluator, node: SyntaxNode, frame: Frame): PyValue | undefined {
  const tokens = tokensOf(evaluator, node);
  if (tokens.length < 2) return undefined;
  const evaluateNegated = (group: readonly Token[]): Part | undefined => {
    const operand = group.at(-1);
    if (!operand) return undefined;
    let value = evaluator.evaluate(operand.node, frame);
    for (const token of group.slice(0, -1).reverse())
      value = negate("not", value, { from: token.from, to: operand.to });
    return { value, span: { from: group[0]?.from ?? operand.from, to: operand.to } };
  };
  const evaluateAll = (group: readonly Token[]): Part | undefined =>
    combine("and", splitAt(group, "and"), evaluateNegated);
  return combine("or", splitAt(tokens, "or"), evaluateAll)?.value;
}

function tokensOf(evaluator: Evaluator, node: SyntaxNode): readonly Token[] {
  const [first, second, third] = childrenOf(node);
  const word = (part: SyntaxNode): Token => ({
    from: part.from,
    to: part.to,
    word: slice(evaluator, part),
    node: part,
  });
  if (node.name === "UnaryExpression" && first?.name === "not" && second)
    return [word(first), ...tokensOf(evaluator, second)];
  if (node.name === "BinaryExpression" && first && third && (second?.name === "and" || second?.name === "or"))
    return [...tokensOf(evaluator, first), word(second), ...tokensOf(evaluator, third)];
  return [{ from: node.from, to: node.to, node }];
}

function splitAt(tokens: readonly Token[], word: string): readonly (readonly Token[])[] {
  const groups: Token[][] = [[]];
  for (const token of tokens) {
    if (token.word === word) groups.push([]);
    else groups.at(-1)?.push(token);
  }
  return groups;
}

/** Combines operands from left to right. Skips the operands that Python does not evaluate. */
function combine(
  operator: "and" | "or",
  groups: readonly (readonly Token[])[],
  evaluate: (group: readonly Token[]) => Part | undefined,
): Part | undefined {
  const [first, ...others] = groups;
  let left = first && evaluate(first);
  for (const group of others) {
    if (!left) return undefined;
    const truth = isTruthy(left.value);
    if (truth === (operator === "or")) return left;
    const right = evaluate(group);
    if (!right) return undefined;
    const origin: Span = { from: left.span.from, to: right.span.to };
    const condition = conditionOf(left.value, left.span);
    const value =
      truth === undefined
        ? operate(operator, left.value, { right: right.value, origin, condition })
        : withParameter(right.value, left.value);
    left = { value, span: origin };
  }
  return left;
}

import type { SyntaxNode } from "@lezer/common";
import type { Evaluator } from "./evaluator.js";
import type { Frame } from "./heap.js";
import { spreadItems } from "./iterate.js";
import { type Element, readElements } from "./nodes.js";
import { constant, type PyValue, tupleValue } from "./values.js";

/** Evaluates the elements of a list or a tuple, in order. */
export function evaluateElements(
  evaluator: Evaluator,
  elements: readonly Element[],
  frame: Frame,
): readonly PyValue[] {
  return elements.flatMap(({ isSpread, value }) => {
    const read = evaluator.evaluate(value, frame);
    return isSpread ? spreadItems(read, value) : [read];
  });
}

/** Evaluates the values between commas after `return`, `yield`, `in` or `=`: one value, or a tuple without parentheses. */
export function evaluateList(
  evaluator: Evaluator,
  nodes: readonly SyntaxNode[],
  { node, frame }: { readonly node: SyntaxNode; readonly frame: Frame },
): PyValue {
  const elements = readElements(nodes);
  const [first] = elements;
  if (!first) return constant(null, node);
  if (elements.length === 1 && !first.isSpread && !nodes.some((part) => part.name === ","))
    return evaluator.evaluate(first.value, frame);
  return tupleValue(evaluateElements(evaluator, elements, frame), node);
}

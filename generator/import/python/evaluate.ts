import type { SyntaxNode } from "@lezer/common";
import { assignTo } from "./assign.js";
import { callCallback } from "./builtins.js";
import { evaluateCall, evaluateMember } from "./calls.js";
import { choose } from "./choices.js";
import { comprehend } from "./comprehensions.js";
import { evaluateElements, evaluateList } from "./elements.js";
import { decide, type Evaluator, lookUp, type Observer, slice } from "./evaluator.js";
import { createFunction } from "./functions.js";
import { createFrame, createHeap, type Frame } from "./heap.js";
import { spreadItems } from "./iterate.js";
import { hasNamedCharacter, readNumber, readString } from "./literals.js";
import { childrenOf, dictItemsOf, elementsOf, isInside } from "./nodes.js";
import { evaluateLogic } from "./logic.js";
import { evaluateOperation } from "./operations.js";
import type { PythonSource } from "./parse.js";
import { executeBlock } from "./statements.js";
import { evaluateFormat } from "./strings.js";
import { entryName, entryUnder } from "./entries.js";
import {
  constant,
  emptyDict,
  joinText,
  listValue,
  mergeDicts,
  setValue,
  tupleValue,
  type PyDict,
  type PyEntry,
  type PyValue,
  unknown,
} from "./values.js";

/** Maximum number of expressions, statements and copied values per source. */
const maxSteps = 400_000;
/** Maximum depth of nested expressions to evaluate. */
const maxDepth = 200;

/** Creates an evaluator for the expressions and statements of a source. */
export function createEvaluator(source: PythonSource, observer: Observer): Evaluator {
  const read = new Map<number, number>();
  let steps = 0;
  let depth = 0;
  const evaluator: Evaluator = {
    text: source.text,
    heap: createHeap(),
    module: createFrame("module", undefined),
    observer,
    stack: [],
    functions: new Map(),
    owners: new Map(),
    cells: [],
    passed: new Map(),
    assumptions: new Map(),
    forks: 0,
    spend: (count) => {
      steps += count;
      return steps <= maxSteps;
    },
    isExhausted: () => steps > maxSteps,
    hasEvaluatedAround: (span) => [...read].some(([from, to]) => isInside(span, { from, to })),
    markRead: ({ from, to }) => void read.set(from, to),
    execute: (statements, frame) => executeBlock(evaluator, statements, frame),
    callValue: (callee, positional) => callCallback(evaluator, callee, positional),
    evaluate: (node, frame) => {
      if (!evaluator.spend(1) || depth > maxDepth) return unknown("expression", node);
      depth += 1;
      try {
        const value = evaluateNode(evaluator, node, frame);
        if (value.kind === "list" || value.kind === "dict" || value.kind === "object")
          evaluator.heap.stamp(value);
        return value;
      } finally {
        depth -= 1;
      }
    },
  };
  return evaluator;
}

function evaluateNode(evaluator: Evaluator, node: SyntaxNode, frame: Frame): PyValue {
  switch (node.name) {
    case "String": {
      const source = slice(evaluator, node);
      // Only Python knows the names of characters.
      return hasNamedCharacter(source) ? unknown("text", node) : constant(readString(source), node);
    }
    case "FormatString":
      return evaluateFormat(evaluator, node, frame);
    case "ContinuedString":
      return joinStrings(evaluator, node, frame);
    case "Number": {
      const digits = slice(evaluator, node);
      const value = readNumber(digits);
      if (value === undefined) return unknown("number", node);
      return /^[\d_.]+(?:e[+-]?\d+)?$/i.test(digits) && /[.e]/i.test(digits)
        ? { ...constant(value, node), isFloat: true }
        : constant(value, node);
    }
    case "Boolean":
      return constant(slice(evaluator, node) === "True", node);
    case "None":
      return constant(null, node);
    case "VariableName":
      return readName(evaluator, node, frame);
    case "MemberExpression":
      return evaluateMember(evaluator, node, frame);
    case "CallExpression":
      return evaluateCall(evaluator, node, frame);
    case "BinaryExpression":
    case "UnaryExpression":
      return evaluateLogic(evaluator, node, frame) ?? evaluateOperation(evaluator, node, frame);
    default:
      return evaluateDisplay(evaluator, node, frame);
  }
}

function evaluateDisplay(evaluator: Evaluator, node: SyntaxNode, frame: Frame): PyValue {
  const inner = childrenOf(node)[1];
  switch (node.name) {
    case "ParenthesizedExpression":
    case "AwaitExpression":
      return inner ? evaluator.evaluate(inner, frame) : unknown("expression", node);
    case "NamedExpression":
      return evaluateNamed(evaluator, node, frame);
    case "DictionaryExpression":
      return readDict(evaluator, node, frame);
    case "ArrayExpression":
      return listValue(readItems(evaluator, node, frame), node);
    case "TupleExpression":
      return tupleValue(readItems(evaluator, node, frame), node);
    case "SetExpression":
      return setValue(readItems(evaluator, node, frame), node);
    case "ArrayComprehensionExpression":
    case "ComprehensionExpression":
    case "SetComprehensionExpression":
    case "DictionaryComprehensionExpression":
      return comprehend(evaluator, node, frame);
    case "ConditionalExpression":
      return evaluateConditional(evaluator, node, frame);
    case "LambdaExpression":
      return createFunction(evaluator, node, { frame, decorators: [] });
    case "YieldStatement":
    case "YieldExpression":
      return evaluateYield(evaluator, node, frame);
    default:
      return unknown(node.name === "Ellipsis" ? "ellipsis" : "expression", node);
  }
}

function joinStrings(evaluator: Evaluator, node: SyntaxNode, frame: Frame): PyValue {
  const pieces = childrenOf(node).map((piece) => evaluator.evaluate(piece, frame));
  const joined = joinText(pieces, node);
  const isComputed = pieces.some((piece) => piece.kind !== "constant" || piece.isComputed);
  return joined.kind === "constant" ? { ...joined, isComputed } : joined;
}

function readDict(evaluator: Evaluator, node: SyntaxNode, frame: Frame): PyDict {
  evaluator.markRead(node);
  let dict = emptyDict(node);
  for (const { key, value } of dictItemsOf(node)) {
    const read = evaluator.evaluate(value, frame);
    if (key) dict = withEntry(dict, evaluator.evaluate(key, frame), { key, value: read });
    else if (read.kind === "dict") dict = mergeDicts(dict, read);
    else dict = { ...dict, rest: [...dict.rest, read] };
  }
  evaluator.observer.onDict(node, dict);
  return dict;
}

function withEntry(dict: PyDict, key: PyValue, entry: PyEntry): PyDict {
  if (key.kind !== "constant") return { ...dict, rest: [...dict.rest, unknown("entry", entry.key)] };
  const name = entryName(key);
  return {
    ...dict,
    entries: new Map([...dict.entries, [name, entryUnder(key, entry, dict.entries.get(name))]]),
  };
}

function readItems(evaluator: Evaluator, node: SyntaxNode, frame: Frame): readonly PyValue[] {
  evaluator.markRead(node);
  return evaluateElements(evaluator, elementsOf(node), frame);
}

function evaluateNamed(evaluator: Evaluator, node: SyntaxNode, frame: Frame): PyValue {
  const [target, , expression] = childrenOf(node);
  if (!target || !expression) return unknown("expression", node);
  const value = evaluator.evaluate(expression, frame);
  assignTo(evaluator, target, { value, frame });
  return value;
}

function evaluateConditional(evaluator: Evaluator, node: SyntaxNode, frame: Frame): PyValue {
  const [first, , test, , second] = childrenOf(node);
  if (!first || !test || !second) return unknown("conditional expression", node);
  const decided = decide(evaluator, test, frame);
  if (typeof decided === "boolean") return evaluator.evaluate(decided ? first : second, frame);
  const then = evaluator.evaluate(first, frame);
  const chosen = choose(decided, then, evaluator.evaluate(second, frame));
  return chosen.kind === "choice" ? { ...chosen, origin: node } : chosen;
}

function evaluateYield(evaluator: Evaluator, node: SyntaxNode, frame: Frame): PyValue {
  const [, second, third] = childrenOf(node);
  const { yields } = frame;
  if (second?.name === "from" && third) {
    const items = spreadItems(evaluator.evaluate(third, frame), third);
    evaluator.heap.setItems(yields, [...yields.items, ...items]);
  } else if (second) {
    const item = evaluateList(evaluator, childrenOf(node).slice(1), { node, frame });
    evaluator.heap.setItems(yields, [...yields.items, item]);
  }
  return unknown("yield expression", node);
}

function readName(evaluator: Evaluator, node: SyntaxNode, frame: Frame): PyValue {
  const name = slice(evaluator, node);
  const value = lookUp(frame, name);
  if (!value) return name === "__name__" ? constant("__main__", node) : unknown("name", node, { name });
  return isNamedHere(value, name) ? { ...value, origin: node } : value;
}

/** Whether messages refer to the use of a name instead of its definition. */
function isNamedHere(value: PyValue, name: string): boolean {
  if (value.kind === "reference") return value.store === "parameter" || value.key === name;
  return value.kind === "function" || (value.kind === "unknown" && value.name !== undefined);
}

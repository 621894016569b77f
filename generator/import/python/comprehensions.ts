import type { SyntaxNode } from "@lezer/common";
import { assignTargetList } from "./assign.js";
import { choose } from "./choices.js";
import { decide, type Evaluator } from "./evaluator.js";
import { createFrame, type Frame } from "./heap.js";
import { itemsOf, settleItems } from "./iterate.js";
import { childrenOf, withoutStarError } from "./nodes.js";
import { entryName, entryUnder } from "./entries.js";
import {
  type Condition,
  emptyDict,
  listValue,
  type PyDict,
  type PyValue,
  setValue,
  unknown,
} from "./values.js";

/** A clause: `for x in xs`, or `if x`. */
type Clause =
  | { readonly kind: "for"; readonly targets: readonly SyntaxNode[]; readonly items: SyntaxNode }
  | { readonly kind: "if"; readonly test: SyntaxNode };

/** A comprehension during its evaluation. */
interface Comprehension {
  readonly evaluator: Evaluator;
  readonly node: SyntaxNode;
  /** The result, or key and value of a dict. */
  readonly results: readonly SyntaxNode[];
  add(values: readonly PyValue[], conditions: readonly Condition[]): void;
  addUnknown(): void;
}

/** Evaluates comprehensions such as `[f(x) for x in xs if g(x)]`, also for dicts, sets and generators. */
export function comprehend(evaluator: Evaluator, node: SyntaxNode, frame: Frame): PyValue {
  const inner = childrenOf(node).slice(1, -1);
  return evaluateClauses(evaluator, { node, inner, frame });
}

/** Evaluates a generator that is the only argument of a call: `f(x for x in xs)`. */
export function evaluateClauses(
  evaluator: Evaluator,
  { node, inner, frame }: { node: SyntaxNode; inner: readonly SyntaxNode[]; frame: Frame },
): PyValue {
  const start = inner.findIndex((part) => part.name === "for" || part.name === "async");
  const isDict = node.name === "DictionaryComprehensionExpression";
  const results = inner.slice(0, start).filter((part) => part.name !== ":");
  const clauses = readClauses(inner.slice(start));
  const items: PyValue[] = [];
  let dict = emptyDict(node);
  const own = createFrame("function", frame);
  evaluator.heap.stamp(own);
  const comprehension: Comprehension = {
    evaluator,
    node,
    results,
    add: (values, conditions) => {
      const [first, second] = values;
      if (isDict && first && second) dict = addEntry(dict, { key: first, value: second, conditions });
      else if (first)
        items.push(conditions.reduceRight((value, one) => choose(one, value, undefined), first));
    },
    addUnknown: () => {
      const lost = unknown("comprehension", node, { isSpread: true });
      if (isDict) dict = { ...dict, rest: [...dict.rest, lost] };
      else items.push(lost);
    },
  };
  run(comprehension, clauses, { frame: own, conditions: [] });
  // A comprehension over an unknown value is unknown as a whole.
  if (!isDict && items.length === 1 && items[0]?.kind === "unknown" && items[0].origin === node)
    return items[0];
  if (isDict) return dict;
  if (node.name === "SetComprehensionExpression") return setValue(items, node);
  const list = listValue(items, node);
  return node.name === "ArrayComprehensionExpression" ? list : { ...list, type: "iterator" };
}

function readClauses(parts: readonly SyntaxNode[]): readonly Clause[] {
  const clauses: Clause[] = [];
  for (let index = 0; index < parts.length; index += 1) {
    const word = parts[index]?.name;
    const next = parts[index + 1];
    if (word === "if" && next) clauses.push({ kind: "if", test: next });
    if (word !== "for") continue;
    const end = parts.findIndex((part, position) => position > index && part.name === "in");
    const items = parts[end + 1];
    if (end < 0 || !items) break;
    const targets = parts.slice(index + 1, end).flatMap(withoutStarError);
    clauses.push({ kind: "for", targets, items });
    index = end + 1;
  }
  return clauses;
}

interface Position {
  readonly frame: Frame;
  readonly conditions: readonly Condition[];
}

function run(comprehension: Comprehension, clauses: readonly Clause[], position: Position): void {
  const { evaluator, results } = comprehension;
  const { frame, conditions } = position;
  const [clause, ...rest] = clauses;
  if (!clause) {
    comprehension.add(
      results.map((result) => evaluator.evaluate(result, frame)),
      conditions,
    );
    return;
  }
  if (clause.kind === "if") {
    const decided = decide(evaluator, clause.test, frame);
    if (decided === false) return;
    const more = decided === true ? conditions : [...conditions, decided];
    run(comprehension, rest, { frame, conditions: more });
    return;
  }
  const items = itemsOf(settleItems(evaluator, evaluator.evaluate(clause.items, frame)));
  if (!items) {
    comprehension.addUnknown();
    return;
  }
  for (const item of items) {
    if (!evaluator.spend(1)) return;
    if (item.kind === "unknown" && item.isSpread) comprehension.addUnknown();
    else {
      const maybe = item.kind === "choice" && !item.otherwise ? item : undefined;
      assignTargetList(evaluator, clause.targets, { value: maybe?.then ?? item, frame });
      run(comprehension, rest, {
        frame,
        conditions: maybe ? [...conditions, maybe.condition] : conditions,
      });
    }
  }
}

function addEntry(
  dict: PyDict,
  {
    key,
    value,
    conditions,
  }: { readonly key: PyValue; readonly value: PyValue; readonly conditions: readonly Condition[] },
): PyDict {
  if (key.kind !== "constant") return { ...dict, rest: [...dict.rest, value] };
  const name = entryName(key);
  const chosen = conditions.reduceRight(
    (inner, one) => choose(one, inner, dict.entries.get(name)?.value),
    value,
  );
  return {
    ...dict,
    entries: new Map([...dict.entries, [name, entryUnder(key, { key: key.origin, value: chosen })]]),
  };
}

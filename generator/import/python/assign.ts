import type { SyntaxNode } from "@lezer/common";
import { conditionOf } from "./choices.js";
import { classAttribute, setterOf } from "./classes.js";
import type { Evaluator } from "./evaluator.js";
import { callFunction } from "./functions.js";
import type { Frame } from "./heap.js";
import { itemsOf } from "./iterate.js";
import { childrenOf, elementsOf, type Span } from "./nodes.js";
import { operate } from "./operations.js";
import { entryName, entryUnder } from "./entries.js";
import {
  isWhole,
  listValue,
  mergeDicts,
  type PyClass,
  type PyList,
  type PyObject,
  type PyValue,
  setValue,
  unknown,
} from "./values.js";

/** A value and the frame in which its target is looked up. */
interface Assigned {
  readonly value: PyValue;
  readonly frame: Frame;
}

/** Assigns a value to a target: a name, `a["x"]`, `a.x`, or several of them. */
export function assignTo(evaluator: Evaluator, target: SyntaxNode, { value, frame }: Assigned): void {
  switch (target.name) {
    case "VariableName":
      setName(evaluator, frame, { name: textOf(evaluator, target), key: target, value });
      return;
    case "MemberExpression":
      assignMember(evaluator, target, { value, frame });
      return;
    case "TupleExpression":
    case "ArrayExpression":
      unpack(
        evaluator,
        elementsOf(target).map(({ isSpread, value: node }) => ({ isSpread, node })),
        { value, frame },
      );
      return;
    case "ParenthesizedExpression": {
      const inner = childrenOf(target)[1];
      if (inner) assignTo(evaluator, inner, { value, frame });
    }
  }
}

/** Assigns the targets between commas, such as `a, *b`. */
export function assignTargetList(
  evaluator: Evaluator,
  targets: readonly SyntaxNode[],
  assigned: Assigned,
): void {
  const parts = targets.flatMap((node, index) =>
    node.name === "*" || node.name === "," ? [] : [{ node, isSpread: targets[index - 1]?.name === "*" }],
  );
  const [only] = parts;
  // `a, = b` unpacks a tuple of one.
  const isTuple = targets.some((node) => node.name === ",");
  if (parts.length === 1 && only && !only.isSpread && !isTuple) assignTo(evaluator, only.node, assigned);
  else unpack(evaluator, parts, assigned);
}

function unpack(
  evaluator: Evaluator,
  parts: readonly { readonly node: SyntaxNode; readonly isSpread: boolean }[],
  { value, frame }: Assigned,
): void {
  const items = itemsOf(value) ?? [];
  const isKnown = value.kind !== "list" || isWhole(value);
  const spread = parts.findIndex((part) => part.isSpread);
  const extra = items.length - parts.length;
  const fits = spread < 0 ? extra === 0 : extra >= -1;
  parts.forEach(({ node, isSpread }, index) => {
    const at = spread >= 0 && index > spread ? index + extra : index;
    const part = isSpread ? listValue(items.slice(at, at + extra + 1), value.origin) : items[at];
    const assigned =
      part && fits && isKnown
        ? part
        : unknown("unpacked name", node, { name: textOf(evaluator, node), of: [value] });
    if (assigned.kind === "list") evaluator.heap.stamp(assigned);
    assignTo(evaluator, node, { value: assigned, frame });
  });
}

/** Sets a name in its frame, or in the frame that `global` or `nonlocal` selects. */
export function setName(
  { heap }: Evaluator,
  frame: Frame,
  { name, key, value }: { readonly name: string; readonly key: Span; readonly value: PyValue },
): void {
  heap.setEntry(frame.shared.get(name) ?? frame, name, { key, value });
}

function assignMember(evaluator: Evaluator, target: SyntaxNode, { value, frame }: Assigned): void {
  const [object, open, key, close] = childrenOf(target);
  if (!object) return;
  const holder = evaluator.evaluate(object, frame);
  if (open?.name === "[") {
    if (key && close?.name === "]")
      setItem(evaluator, holder, { key: evaluator.evaluate(key, frame), at: key, value });
    else addUnknownChange(evaluator, holder);
    return;
  }
  const property = target.lastChild;
  if (!property) return;
  const name = textOf(evaluator, property);
  if (holder.kind === "object" || holder.kind === "class")
    setAttribute(evaluator, holder, { name, key: property, value });
  else if (holder.kind === "handle") {
    const keywords = new Map([[name, value]]);
    const { at } = evaluator.heap;
    evaluator.observer.onChange(holder, { kind: "call", callee: "=", positional: [], keywords, origin: at });
  }
}

/** Sets an attribute. Calls the setter if it is a property. */
export function setAttribute(
  evaluator: Evaluator,
  holder: PyObject | PyClass,
  { name, key, value }: { readonly name: string; readonly key: Span; readonly value: PyValue },
): void {
  const setter = holder.kind === "object" ? classAttribute(holder.of, setterOf(name)) : undefined;
  if (setter?.kind === "function" && holder.kind === "object")
    callFunction(
      evaluator,
      { ...setter, self: holder },
      { positional: [value], keywords: new Map(), origin: key },
    );
  else evaluator.heap.setEntry(holder, name, { key, value });
}

/** Removes an item of a dict or a list. */
export function deleteItem(evaluator: Evaluator, holder: PyValue, key: PyValue | undefined): void {
  const { heap } = evaluator;
  if (key?.kind === "constant" && holder.kind === "dict") heap.removeEntry(holder, entryName(key));
  else if (key?.kind === "constant" && typeof key.value === "number" && isWhole(holder))
    heap.setItems(holder, withoutItem(holder.items, key.value));
  else addUnknownChange(evaluator, holder);
}

/** Returns a list without the item at an index, which counts from the end if it is negative. */
export function withoutItem(items: readonly PyValue[], index: number): readonly PyValue[] {
  const at = index < 0 ? items.length + index : index;
  return items.filter((_, position) => position !== at);
}

/** Sets an item of a dict or a list. A change that cannot be evaluated becomes an unknown part of the value. */
function setItem(
  evaluator: Evaluator,
  holder: PyValue,
  { key, at, value }: { readonly key: PyValue; readonly at: Span; readonly value: PyValue },
): void {
  const { heap } = evaluator;
  if (holder.kind === "choice") {
    if (holder.then) setItem(evaluator, holder.then, { key, at, value });
    if (holder.otherwise) setItem(evaluator, holder.otherwise, { key, at, value });
  } else if (key.kind === "constant" && holder.kind === "dict")
    heap.setEntry(
      holder,
      entryName(key),
      entryUnder(key, { key: at, value }, holder.entries.get(entryName(key))),
    );
  else if (key.kind === "constant" && typeof key.value === "number" && isWhole(holder)) {
    const position = key.value < 0 ? holder.items.length + key.value : key.value;
    heap.setItems(
      holder,
      holder.items.map((item, index) => (index === position ? value : item)),
    );
  } else addUnknownChange(evaluator, holder);
}

/** Adds the current statement to a dict or a list as a change that cannot be evaluated. */
export function addUnknownChange({ heap }: Evaluator, holder: PyValue): void {
  const change = unknown("change", heap.at, { isSpread: true });
  if (holder.kind === "dict")
    heap.setDict(holder, { entries: holder.entries, rest: [...holder.rest, change] });
  else if (holder.kind === "list") heap.setItems(holder, [...holder.items, change]);
}

/** Executes `a += b` and similar statements. Lists and dicts change in place. */
export function executeUpdate(evaluator: Evaluator, statement: SyntaxNode, frame: Frame): void {
  const [target, operatorNode, expression] = childrenOf(statement);
  if (!target || !operatorNode || !expression) return;
  const operator = textOf(evaluator, operatorNode).slice(0, -1);
  const old = evaluator.evaluate(target, frame);
  const right = evaluator.evaluate(expression, frame);
  if (operator === "+" && old.kind === "list" && old.type === undefined) extend(evaluator, old, right);
  else if (operator === "|" && old.kind === "dict" && right.kind === "dict")
    evaluator.heap.setDict(old, mergeDicts(old, right));
  else {
    const value = operate(operator, old, { right, origin: statement, condition: conditionOf(old, target) });
    assignTo(evaluator, target, { value, frame });
  }
}

/** Appends the items of a value to a list. */
export function extend({ heap }: Evaluator, list: PyList, value: PyValue): void {
  const items = itemsOf(value) ?? [unknown("spread", value.origin, { isSpread: true })];
  const extended = [...list.items, ...items];
  heap.setItems(list, list.type === "set" ? setValue(extended, list.origin).items : extended);
}

function textOf({ text }: Evaluator, node: Span): string {
  return text.slice(node.from, node.to);
}

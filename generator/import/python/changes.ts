import type { SyntaxNode } from "@lezer/common";
import type { Evaluator } from "./evaluate.js";
import type { Change, NameEvent } from "./events.js";
import { operate } from "./operations.js";
import { mergeDicts, type PyDict, type PyValue, unknown, withEntry } from "./values.js";

/** Applies a change such as `config["client"]["headers"] = x` or `resources.append(x)` to a value. */
export function applyChange(
  evaluator: Evaluator,
  value: PyValue,
  { change, node }: NameEvent & { readonly kind: "change" },
): PyValue {
  return changeAt(evaluator, value, { keys: change.keys, update: change.update, statement: node });
}

interface Step {
  readonly keys: readonly SyntaxNode[];
  readonly update: Change["update"];
  readonly statement: SyntaxNode;
}

function changeAt(evaluator: Evaluator, value: PyValue, step: Step): PyValue {
  const [first, ...keys] = step.keys;
  if (!first) return update(evaluator, value, step);
  const key = evaluator.evaluate(first);
  if (key.kind !== "constant") return addUnknownChange(value, step.statement);
  if (value.kind === "dict")
    return changeEntry(evaluator, value, { ...step, keys, key: String(key.value), node: first });
  if (value.kind !== "list" || typeof key.value !== "number") return addUnknownChange(value, step.statement);
  const position = key.value < 0 ? value.items.length + key.value : key.value;
  if (!value.items[position] || value.items.some((item) => item.kind === "unknown"))
    return addUnknownChange(value, step.statement);
  const items = value.items.map((item, index) =>
    index === position ? changeAt(evaluator, item, { ...step, keys }) : item,
  );
  return { ...value, items };
}

function changeEntry(
  evaluator: Evaluator,
  dict: PyDict,
  step: Step & { readonly key: string; readonly node: SyntaxNode },
): PyValue {
  const old = dict.entries.get(step.key)?.value;
  if (old) return withEntry(dict, step.key, { key: step.node, value: changeAt(evaluator, old, step) });
  if (step.keys.length > 0 || step.update.kind !== "set") return addUnknownChange(dict, step.statement);
  return withEntry(dict, step.key, { key: step.node, value: evaluator.evaluate(step.update.value) });
}

function update(evaluator: Evaluator, value: PyValue, { update: change, statement }: Step): PyValue {
  if (change.kind === "set") return evaluator.evaluate(change.value);
  if (change.kind === "augment")
    return operate(change.operator, value, { right: evaluator.evaluate(change.value), origin: statement });
  const [argument] = change.args.map((node) => evaluator.evaluate(node));
  if (change.args.length === 1 && argument) {
    if (value.kind === "list" && change.method === "append")
      return { ...value, items: [...value.items, argument] };
    if (value.kind === "list" && change.method === "extend")
      return operate("+", value, { right: argument, origin: value.origin });
    if (value.kind === "dict" && change.method === "update" && argument.kind === "dict")
      return mergeDicts(value, argument);
  }
  return addUnknownChange(value, statement);
}

/** Adds a change that cannot be evaluated to a value as an unknown part. */
function addUnknownChange(value: PyValue, statement: SyntaxNode): PyValue {
  const change = unknown("change", statement, { isSpread: true });
  if (value.kind === "dict") return { ...value, rest: [...value.rest, change] };
  if (value.kind === "list") return { ...value, items: [...value.items, change] };
  return value.kind === "unknown" || value.kind === "call" || value.kind === "reference" ? value : change;
}

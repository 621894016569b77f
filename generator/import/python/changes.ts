import type { SyntaxNode } from "@lezer/common";
import type { Evaluator } from "./evaluate.js";
import type { Change, NameEvent } from "./events.js";
import { operate } from "./operations.js";
import { mergeDicts, type PyDict, type PyValue, unknown, withEntry } from "./values.js";

/** Applies `config["client"]["headers"] = x`, `resources.append(x)` and the like to a value. */
export function applyChange(
  evaluator: Evaluator,
  value: PyValue,
  { change, at }: NameEvent & { readonly kind: "change" },
): PyValue {
  return changeAt(evaluator, value, { keys: change.keys, update: change.update, at });
}

interface Step {
  readonly keys: readonly SyntaxNode[];
  readonly update: Change["update"];
  readonly at: SyntaxNode;
}

function changeAt(evaluator: Evaluator, value: PyValue, step: Step): PyValue {
  const [first, ...keys] = step.keys;
  if (!first) return update(evaluator, value, step);
  const key = evaluator.evaluate(first);
  if (key.kind !== "constant") return lose(value, step.at);
  if (value.kind === "dict")
    return changeEntry(evaluator, value, { ...step, keys, key: String(key.value), node: first });
  if (value.kind !== "list" || typeof key.value !== "number") return lose(value, step.at);
  const at = key.value < 0 ? value.items.length + key.value : key.value;
  if (!value.items[at] || value.items.some((item) => item.kind === "unknown")) return lose(value, step.at);
  const items = value.items.map((item, index) =>
    index === at ? changeAt(evaluator, item, { ...step, keys }) : item,
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
  if (step.keys.length > 0 || step.update.kind !== "set") return lose(dict, step.at);
  return withEntry(dict, step.key, { key: step.node, value: evaluator.evaluate(step.update.value) });
}

function update(evaluator: Evaluator, value: PyValue, { update: change, at }: Step): PyValue {
  if (change.kind === "set") return evaluator.evaluate(change.value);
  if (change.kind === "augment")
    return operate(change.operator, value, { right: evaluator.evaluate(change.value), origin: at });
  const [argument] = change.args.map((node) => evaluator.evaluate(node));
  if (change.args.length === 1 && argument) {
    if (value.kind === "list" && change.method === "append")
      return { ...value, items: [...value.items, argument] };
    if (value.kind === "list" && change.method === "extend")
      return operate("+", value, { right: argument, origin: value.origin });
    if (value.kind === "dict" && change.method === "update" && argument.kind === "dict")
      return mergeDicts(value, argument);
  }
  return lose(value, at);
}

/** A value with a change that cannot be followed: what is known stays, the change is told. */
function lose(value: PyValue, at: SyntaxNode): PyValue {
  const change = unknown("change", at, { isSpread: true });
  if (value.kind === "dict") return { ...value, rest: [...value.rest, change] };
  if (value.kind === "list") return { ...value, items: [...value.items, change] };
  return value.kind === "unknown" || value.kind === "call" || value.kind === "reference" ? value : change;
}

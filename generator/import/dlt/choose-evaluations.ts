import { isSource } from "../python/calls.js";
import type { Evaluator } from "../python/evaluator.js";
import { childOf, parametersOf } from "../python/nodes.js";
import { isSame, isTextConstant, isWhole, type PyFunction, type PyValue } from "../python/values.js";
import type { Evaluation } from "./find-configs.js";

/** Maximum number of configurations for one call, which a loop or several calls of its function may create. */
const maxPerCall = 50;

/**
 * Chooses the evaluations of each call: those with external values for the parameters around it, or those with the
 * arguments of the source.
 */
export function chooseEvaluations(
  evaluator: Evaluator,
  evaluations: readonly Evaluation[],
): readonly Evaluation[] {
  const byNode = new Map<number, Evaluation[]>();
  for (const one of evaluations) {
    const group = byNode.get(one.node.from);
    if (group) group.push(one);
    else byNode.set(one.node.from, [one]);
  }
  return [...byNode.values()].flatMap((group) => withoutDoubles(chooseFor(evaluator, group))).slice(0, 500);
}

function chooseFor(evaluator: Evaluator, group: readonly Evaluation[]): readonly Evaluation[] {
  const atTop = group.filter(({ stack }) => stack.length === 0);
  if (atTop.length > 0) return atTop;
  const direct = group.filter(({ isCalled, stack }) => !isCalled && stack.length === 1);
  const [first] = direct;
  const fn = first?.stack[0];
  const isOwn = fn !== undefined && (isSource(fn) || !hasRequired(evaluator, fn));
  if (isOwn && direct.some(isComplete)) return direct;
  const indirect = group.filter(({ isCalled, stack }) => !isCalled && stack.length > 1);
  const called = group.filter(({ isCalled }) => isCalled);
  for (const choice of [indirect, called, direct]) {
    const complete = choice.filter(isComplete);
    if (complete.length > 0) return complete;
  }
  const known = group.filter(({ config }) => config.kind === "dict");
  return (known.length > 0 ? known : group).slice(-1);
}

function hasRequired(evaluator: Evaluator, { node }: PyFunction): boolean {
  const list = childOf(node, "ParamList");
  const parameters = list ? parametersOf(list, evaluator.text) : [];
  return parameters.some(
    ({ name, isRest, default: fallback }) => !isRest && !fallback && name !== "self" && name !== "cls",
  );
}

/** Whether the resources of a configuration and their names are known. */
function isComplete({ config }: Evaluation): boolean {
  const resources = config.kind === "dict" ? config.entries.get("resources")?.value : undefined;
  return isWhole(resources) && resources.items.length > 0 && resources.items.every(isNamed);
}

function isNamed(item: PyValue): boolean {
  if (item.kind !== "dict") return item.kind !== "unknown" && item.kind !== "reference";
  const endpoint = item.entries.get("endpoint")?.value;
  const path = endpoint?.kind === "dict" ? endpoint.entries.get("path")?.value : endpoint;
  return isTextConstant(item.entries.get("name")?.value) || isTextConstant(path);
}

function withoutDoubles(evaluations: readonly Evaluation[]): readonly Evaluation[] {
  const distinct: Evaluation[] = [];
  for (const one of evaluations) {
    if (distinct.length < maxPerCall && !distinct.some((other) => isSame(other.config, one.config)))
      distinct.push(one);
  }
  return distinct;
}

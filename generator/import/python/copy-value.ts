import type { Evaluator } from "./evaluator.js";
import { listValue, type PyDict, type PyValue } from "./values.js";

/** Copies a value, including nested values if the copy is deep. */
export function copyValue(evaluator: Evaluator, value: PyValue, depth: "deep" | "shallow"): PyValue {
  // Shared parts are copied for each use, because a spec has no shared parts. Each copy counts as a step.
  const copy = (part: PyValue, level: number): PyValue => {
    if (level > 200 || !evaluator.spend(1)) return part;
    const inner = (child: PyValue): PyValue => (depth === "deep" ? copy(child, level + 1) : child);
    if (part.kind === "list") {
      const own = { ...listValue(part.items.map(inner), part.origin), type: part.type };
      evaluator.heap.stamp(own);
      return own;
    }
    if (part.kind === "dict") {
      const own: PyDict = { kind: "dict", entries: new Map(), rest: part.rest, origin: part.origin };
      own.entries = new Map(
        [...part.entries].map(([name, entry]) => [name, { ...entry, value: inner(entry.value) }]),
      );
      evaluator.heap.stamp(own);
      return own;
    }
    if (part.kind === "choice" && depth === "deep")
      return {
        ...part,
        then: part.then && inner(part.then),
        otherwise: part.otherwise && inner(part.otherwise),
      };
    return part;
  };
  return copy(value, 0);
}

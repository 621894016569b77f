import type { SyntaxNode } from "@lezer/common";
import { conditionOf, isTruthy } from "./choices.js";
import type { Frame, Heap } from "./heap.js";
import type { Span } from "./nodes.js";
import type { Condition, PyCall, PyClass, PyDict, PyFunction, PyHandle, PyValue } from "./values.js";

/** How a block ended. A `return` without a value means that the result is unknown. */
export type Completion =
  | { readonly kind: "normal" | "break" | "continue" }
  | { readonly kind: "raise"; readonly error: string | undefined }
  | { readonly kind: "return"; readonly value: PyValue | undefined };

/** The completion of a block that ran to its end. */
export const normal: Completion = { kind: "normal" };

/** Receives the configurations that the program uses. */
export interface Observer {
  /** Called for every call of a function that is not in the source. May return its result. */
  onCall(call: PyCall, node: SyntaxNode, frame: Frame): PyValue | undefined;
  /** Called for every assignment to an annotated name. */
  onAnnotated(statement: SyntaxNode, value: PyValue): void;
  /** Called for every dict display. */
  onDict(node: SyntaxNode, dict: PyDict): void;
  /** Called for every change of the resources of a configuration, such as `source.orders.add_map(f)`. */
  onChange(handle: PyHandle, change: PyCall): void;
}

/** A condition that was decided, for example by the default of a parameter, or a value that is assumed to be missing. */
export interface Assumption extends Span {
  readonly parameter?: string;
  readonly outcome: "true" | "false" | "not given";
}

/** Evaluates a source as far as possible without running it. */
export interface Evaluator {
  readonly text: string;
  readonly heap: Heap;
  /** The names of the file. */
  readonly module: Frame;
  readonly observer: Observer;
  /** The calls of the source's functions that are being evaluated, the outermost first. */
  readonly stack: PyFunction[];
  /** Functions of the source by their position, in the order of their definition. */
  readonly functions: Map<number, PyFunction>;
  /** Classes of methods by the position of the method. */
  readonly owners: Map<number, PyClass>;
  /** Cells of a marimo file that wait for their execution. */
  readonly cells: SyntaxNode[];
  /** Names of the parameters for which some call passes a value, by the position of the function. */
  readonly passed: Map<number, Set<string>>;
  /** Number of unknown conditions after which both branches were executed. */
  forks: number;
  /** Conditions that were decided, by their position. */
  readonly assumptions: Map<number, Assumption>;
  evaluate(node: SyntaxNode, frame: Frame): PyValue;
  /** Executes the statements of a block in order. */
  execute(statements: readonly SyntaxNode[], frame: Frame): Completion;
  /** Calls a function of the source, or a known one, that is a value. Returns `undefined` for unknown results. */
  callValue(callee: PyValue, positional: readonly PyValue[]): PyValue | undefined;
  /** Counts steps. Returns whether some are left. */
  spend(steps: number): boolean;
  /** Whether evaluation stopped at the limit of steps, as for lists that repeatedly double each other. */
  isExhausted(): boolean;
  /** Whether a span lies inside an evaluated dict or list. */
  hasEvaluatedAround(span: Span): boolean;
  /** Records the position of an evaluated dict or list. */
  markRead(span: Span): void;
}

/** Evaluates a condition. Returns its value, or the facts that follow if it holds. */
export function decide(evaluator: Evaluator, test: SyntaxNode, frame: Frame): boolean | Condition {
  const value = evaluator.evaluate(test, frame);
  const truth = isTruthy(value);
  if (truth === undefined) return conditionOf(value, test);
  if (value.kind === "constant" && value.parameter !== undefined)
    evaluator.assumptions.set(test.from, {
      from: test.from,
      to: test.to,
      parameter: value.parameter,
      outcome: truth ? "true" : "false",
    });
  return truth;
}

/** Looks up a name in a frame and the frames around it. */
export function lookUp(frame: Frame, name: string): PyValue | undefined {
  for (let own: Frame | undefined = frame; own; own = own.outer) {
    const found = (own.shared.get(name) ?? own).entries.get(name);
    if (found) return found.value;
  }
  return undefined;
}

/** Returns the text of a node. */
export function slice(evaluator: Pick<Evaluator, "text">, node: Span): string {
  return evaluator.text.slice(node.from, node.to);
}

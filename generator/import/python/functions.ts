import type { SyntaxNode } from "@lezer/common";
import { type Evaluator, slice } from "./evaluator.js";
import { createFrame, type Frame } from "./heap.js";
import { childOf, type Parameter, parametersOf, type Span, statementsOf, walk } from "./nodes.js";
import {
  constant,
  emptyDict,
  isNone,
  listValue,
  type PyCall,
  type PyClass,
  type PyFunction,
  type PyValue,
  tupleValue,
  unknown,
} from "./values.js";

/** The arguments of a call. */
export type Arguments = Pick<PyCall, "positional" | "keywords">;

/** Maximum depth of nested calls to follow. */
const maxCalls = 30;
/** Maximum depth of nested calls of one function. */
const maxRecursion = 5;

/** Calls a function of the source. Returns `undefined` if the arguments do not fit or the result is unknown. */
export function callFunction(
  evaluator: Evaluator,
  fn: PyFunction,
  { positional, keywords, origin }: Arguments & { readonly origin: Span },
): PyValue | undefined {
  const { stack } = evaluator;
  const depth = stack.filter(({ node }) => node === fn.node || node.from === fn.node.from).length;
  if (stack.length >= maxCalls || depth >= maxRecursion) return undefined;
  const given = [...(fn.self ? [fn.self] : []), ...(fn.preset?.positional ?? []), ...positional];
  const named = new Map([...(fn.preset?.keywords ?? []), ...keywords]);
  const bound = bind(evaluator, fn, { positional: given, keywords: named });
  return bound && run(evaluator, fn, { bound, origin });
}

/** Calls a function with external values for its parameters. */
export function callWithParameters(
  evaluator: Evaluator,
  fn: PyFunction,
  self: PyValue | undefined,
): PyValue | undefined {
  const parameters = parametersFor(evaluator, fn);
  const bound = new Map<string, PyValue>();
  parameters.forEach((parameter, index) => {
    const isSelf = self && index === 0 && !parameter.isRest;
    bound.set(parameter.name, isSelf ? self : externalValue(evaluator, fn, parameter));
  });
  return run(evaluator, self ? { ...fn, self } : fn, { bound, origin: fn.origin });
}

function parametersFor(evaluator: Evaluator, fn: PyFunction): readonly Parameter[] {
  const list = childOf(fn.node, "ParamList");
  return list ? parametersOf(list, evaluator.text) : [];
}

function run(
  evaluator: Evaluator,
  fn: PyFunction,
  { bound, origin }: { readonly bound: ReadonlyMap<string, PyValue>; readonly origin: Span },
): PyValue | undefined {
  const frame = createFrame("function", fn.frame);
  evaluator.heap.stamp(frame);
  evaluator.heap.stamp(frame.yields);
  frame.entries = new Map([...bound].map(([name, value]) => [name, { key: value.origin, value }]));
  evaluator.stack.push(fn);
  const { at } = evaluator.heap;
  try {
    return runBody(evaluator, fn, { frame, origin });
  } finally {
    evaluator.heap.at = at;
    evaluator.stack.pop();
  }
}

function runBody(
  evaluator: Evaluator,
  { node }: PyFunction,
  { frame, origin }: { readonly frame: Frame; readonly origin: Span },
): PyValue | undefined {
  if (node.name === "LambdaExpression")
    return node.lastChild ? evaluator.evaluate(node.lastChild, frame) : undefined;
  const completion = evaluator.execute(statementsOf(childOf(node, "Body")), frame);
  if (isGenerator(node)) return { ...listValue(frame.yields.items, origin), type: "iterator" };
  if (completion.kind === "return") return completion.value;
  return completion.kind === "normal" ? constant(null, origin) : undefined;
}

/** Whether a function yields, so a call returns a generator. */
function isGenerator(definition: SyntaxNode): boolean {
  let yields = false;
  const body = childOf(definition, "Body");
  if (body)
    walk(body, (node) => {
      if (node.name === "YieldStatement" || node.name === "YieldExpression") yields = true;
      return !yields && node.name !== "FunctionDefinition" && node.name !== "LambdaExpression";
    });
  return yields;
}

function bind(
  evaluator: Evaluator,
  fn: PyFunction,
  { positional, keywords }: Arguments,
): ReadonlyMap<string, PyValue> | undefined {
  const bound = new Map<string, PyValue>();
  const others = new Map(keywords);
  let next = 0;
  const star = childOf(fn.node, "ParamList")?.getChild("*")?.from ?? Infinity;
  for (const { name, isRest, node } of parametersFor(evaluator, fn)) {
    const isKeywordOnly = node.from > star;
    if (isRest && node.prevSibling?.name === "**") {
      const rest = emptyDict(node);
      rest.entries = new Map([...others].map(([key, value]) => [key, { key: value.origin, value }]));
      evaluator.heap.stamp(rest);
      bound.set(name, rest);
      others.clear();
    } else if (isRest) {
      const rest = tupleValue(positional.slice(next), node);
      evaluator.heap.stamp(rest);
      bound.set(name, rest);
      next = positional.length;
    } else {
      const value = (isKeywordOnly ? undefined : positional[next]) ?? others.get(name);
      if (!isKeywordOnly && positional[next]) next += 1;
      others.delete(name);
      const read = value ?? defaultOf(fn, name);
      if (!read) return undefined;
      if (value) notePassed(evaluator, fn, name);
      bound.set(name, read);
    }
  }
  return next < positional.length || others.size > 0 ? undefined : bound;
}

function defaultOf({ defaults }: PyFunction, name: string): PyValue | undefined {
  const value = defaults.get(name);
  return value?.kind === "reference" && value.key === "" ? { ...value, key: name } : value;
}

function notePassed({ passed }: Evaluator, { node }: PyFunction, name: string): void {
  const names = passed.get(node.from) ?? new Set();
  passed.set(node.from, names.add(name));
}

/** Returns the value of a parameter of a function that the source does not call: an external value, or its default. */
function externalValue(evaluator: Evaluator, fn: PyFunction, { name, node, isRest }: Parameter): PyValue {
  if (isRest) return unknown("parameter", node, { name });
  const annotation = node.nextSibling?.name === "TypeDef" ? slice(evaluator, node.nextSibling) : undefined;
  const reference = {
    kind: "reference",
    store: "parameter",
    key: name,
    origin: node,
    ...(annotation !== undefined && { annotation: annotation.replace(/^:\s*/, "") }),
  } as const;
  const value = defaultOf(fn, name);
  if (!value) return reference;
  // A default of `None` means that the caller may pass a value.
  if (isNone(value)) return { ...reference, isOptional: true };
  if (value.kind !== "constant") return value;
  return evaluator.passed.get(fn.node.from)?.has(name)
    ? { ...reference, fallback: value }
    : { ...value, parameter: name };
}

/** Returns the decorators of a function as full names. */
export function decoratorNames({ decorators }: PyFunction | PyClass): readonly string[] {
  return decorators.flatMap((one) =>
    one.kind === "call" ? [one.callee] : one.kind === "unknown" && one.name !== undefined ? [one.name] : [],
  );
}

/** Creates a function from a definition or a lambda. Evaluates the defaults of its parameters. */
export function createFunction(
  evaluator: Evaluator,
  node: SyntaxNode,
  { frame, decorators }: { readonly frame: Frame; readonly decorators: readonly PyValue[] },
): PyFunction {
  const list = childOf(node, "ParamList");
  const defaults = new Map<string, PyValue>();
  for (const { name, default: fallback } of list ? parametersOf(list, evaluator.text) : [])
    if (fallback) defaults.set(name, evaluator.evaluate(fallback, frame));
  const named = node.name === "FunctionDefinition" ? childOf(node, "VariableName") : undefined;
  const name = named ? slice(evaluator, named) : "lambda";
  // The names of a class body are not visible in its methods.
  const outer = frame.what === "class" ? (frame.outer ?? frame) : frame;
  const created: PyFunction = {
    kind: "function",
    name,
    node,
    frame: outer,
    defaults,
    decorators,
    origin: node,
  };
  if (named) evaluator.functions.set(node.from, created);
  return created;
}

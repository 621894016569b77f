import type { SyntaxNode } from "@lezer/common";
import { callBuiltin } from "./builtins.js";
import { classAttribute, createObject, foreignBases, objectAttribute } from "./classes.js";
import { evaluateClauses } from "./comprehensions.js";
import { type Evaluator, lookUp, slice } from "./evaluator.js";
import { type Arguments, callFunction, decoratorNames } from "./functions.js";
import { durationAttribute } from "./durations.js";
import type { Frame } from "./heap.js";
import { spreadItems } from "./iterate.js";
import { callMethod } from "./methods.js";
import { argumentsOf, childOf, childrenOf, type Span } from "./nodes.js";
import { readResource } from "./resources.js";
import { readStoreCall, storeOf } from "./stores.js";
import { sliceOf } from "./text-methods.js";
import { timeAttribute } from "./times.js";
import { entryName } from "./entries.js";
import {
  constant,
  isTextConstant,
  isWhole,
  type PyCall,
  type PyConstant,
  type PyFunction,
  type PyHandle,
  type PyValue,
  unknown,
} from "./values.js";

/** Evaluates a call of a function or class of the source, of a method of a known value, or of a known function. */
export function evaluateCall(evaluator: Evaluator, node: SyntaxNode, frame: Frame): PyValue {
  const callee = node.firstChild;
  const list = childOf(node, "ArgList");
  if (!callee || !list) return unknown("call", node);
  const target = callee.name === "MemberExpression" ? readTarget(evaluator, callee, frame) : undefined;
  const value = target?.value ?? evaluator.evaluate(callee, frame);
  const args = readArguments(evaluator, list, frame);
  const call: PyCall = {
    kind: "call",
    callee: nameOf(value) ?? slice(evaluator, callee),
    ...(value.kind === "unknown" && value.isImported && { isImported: true }),
    ...args,
    ...(target && { on: target.object }),
    origin: node,
  };
  if (isSuper(target?.object)) return callSuper(evaluator, frame, { call, method: target?.method ?? "" });
  const called = callValue(evaluator, value, call);
  if (called) return called;
  const isBound = value.kind === "unknown" && value.bound !== undefined;
  const method = target && !isBound && callMethod(evaluator, target.object, { call, method: target.method });
  if (method) return method;
  const name = nameOf(value);
  return (
    (name === undefined ? undefined : (readStoreCall(name, call) ?? callBuiltin(evaluator, name, call))) ??
    readResource(call) ??
    evaluator.observer.onCall(call, node, frame) ??
    call
  );
}

/** The object and the method of a call, and the method as a value. */
interface Target {
  readonly object: PyValue;
  readonly method: string;
  readonly value: PyValue;
}

function readTarget(evaluator: Evaluator, callee: SyntaxNode, frame: Frame): Target | undefined {
  const property = callee.lastChild;
  if (property?.name !== "PropertyName" || !callee.firstChild) return undefined;
  const object = evaluator.evaluate(callee.firstChild, frame);
  const method = slice(evaluator, property);
  return { object, method, value: attributeOf(evaluator, object, { name: method, node: callee }) };
}

/** Calls a function or a class of the source, or a function that is one of a configuration's resources. */
function callValue(evaluator: Evaluator, value: PyValue, call: PyCall): PyValue | undefined {
  if (value.kind === "function") return callDefined(evaluator, value, call);
  if (value.kind === "class" && !foreignBases(value).some((name) => name.endsWith("TypedDict")))
    return createObject(evaluator, value, call);
  if (value.kind === "class") return callBuiltin(evaluator, "dict", call);
  if (value.kind === "choice" && value.then?.kind === "function" && !value.otherwise)
    return callDefined(evaluator, value.then, call);
  if (value.kind === "object") {
    const method = classAttribute(value.of, "__call__");
    return method?.kind === "function"
      ? callFunction(evaluator, { ...method, self: value }, call)
      : undefined;
  }
  if (value.kind === "unknown" && value.bound)
    return callMethod(evaluator, value.bound.object, { call, method: value.bound.method });
  return undefined;
}

function callDefined(evaluator: Evaluator, fn: PyFunction, call: PyCall): PyValue | undefined {
  const result = callFunction(evaluator, fn, call);
  const decorators = fn.decorators.filter((one) =>
    /(?:^|\.)(?:resource|transformer)$/.test(nameOf(one) ?? ""),
  );
  const [decorator] = decorators;
  if (!decorator) return isSource(fn) ? (findHandle(result) ?? result) : result;
  return readResource(call, { decorator, name: fn.name, result });
}

/**
 * Returns the resource that a function decorated with `@dlt.resource` stands for, if its records are known, and any other
 * value unchanged.
 */
export function callResource(evaluator: Evaluator, value: PyValue): PyValue {
  if (value.kind !== "function") return value;
  const call: PyCall = {
    kind: "call",
    callee: value.name,
    positional: [],
    keywords: new Map(),
    origin: value.origin,
  };
  const called = callDefined(evaluator, value, call);
  return called?.kind === "resource" && called.records ? called : value;
}

/** Whether a function is decorated as a source of dlt. */
export function isSource(fn: PyFunction): boolean {
  return decoratorNames(fn).some((name) => /^(?:dlt\.)?source$/.test(name));
}

/** Finds the resources of a configuration in the result of a function. */
function findHandle(value: PyValue | undefined): PyHandle | undefined {
  if (value?.kind === "handle") return value;
  if (value?.kind === "choice") return findHandle(value.then) ?? findHandle(value.otherwise);
  if (value?.kind !== "list") return undefined;
  for (const item of value.items) {
    const found = findHandle(item);
    if (found) return found;
  }
  return undefined;
}

function isSuper(value: PyValue | undefined): boolean {
  return value?.kind === "call" && value.callee === "super";
}

/** Attribute of an object that holds the call of `__init__` of a class that is not in the source. */
export const superCall = "super()";

/**
 * Calls a method of the classes from which the class of `self` inherits. Those that are not in the source change nothing.
 */
function callSuper(
  evaluator: Evaluator,
  frame: Frame,
  { call, method }: { readonly call: PyCall; readonly method: string },
): PyValue {
  const self = lookUp(frame, "self");
  const fn = evaluator.stack.at(-1);
  if (self?.kind !== "object") return call;
  for (const base of self.of.bases) {
    const inherited = base.kind === "class" ? classAttribute(base, method) : undefined;
    if (inherited?.kind === "function" && inherited.node !== fn?.node)
      return callFunction(evaluator, { ...inherited, self }, call) ?? call;
  }
  if (method === "__init__") evaluator.heap.setEntry(self, superCall, { key: call.origin, value: call });
  return call;
}

/** Evaluates `a.b` and `a["b"]`: attributes, external values, items of dicts and lists, and characters of text. */
export function evaluateMember(evaluator: Evaluator, node: SyntaxNode, frame: Frame): PyValue {
  const [object, open, index] = childrenOf(node);
  if (!object) return unknown("name", node);
  const value = evaluator.evaluate(object, frame);
  if (open?.name !== "[") {
    const name = slice(evaluator, node.lastChild ?? node);
    return attributeOf(evaluator, value, { name, node });
  }
  const inner = childrenOf(node).slice(2, -1);
  if (inner.some((part) => part.name === ":"))
    return sliceOf(value, readSlice(evaluator, inner, frame), node) ?? unknown("subscript", node);
  const key = index ? evaluator.evaluate(index, frame) : undefined;
  return key ? readItem(evaluator, value, { key, node }) : unknown("subscript", node);
}

function readSlice(
  evaluator: Evaluator,
  parts: readonly SyntaxNode[],
  frame: Frame,
): readonly (PyValue | undefined)[] {
  const bounds: (PyValue | undefined)[] = [undefined];
  for (const part of parts) {
    if (part.name === ":") bounds.push(undefined);
    else bounds[bounds.length - 1] = evaluator.evaluate(part, frame);
  }
  return bounds;
}

function readItem(
  evaluator: Evaluator,
  value: PyValue,
  { key, node }: { readonly key: PyValue; readonly node: SyntaxNode },
): PyValue {
  const name = nameOf(value);
  const store = value.kind === "unknown" ? storeOf(name) : undefined;
  if (store && isTextConstant(key)) return { kind: "reference", store, key: key.value, origin: node };
  if (store && key.kind === "reference") return { ...key, store, origin: node };
  // `dlt.sources.incremental[str]` is a class with a type argument.
  const isClass = name !== undefined && /(?:^|\.)(?:[Ii]ncremental|dict|list)$/.test(name);
  if (value.kind === "unknown" && isClass && key.kind !== "constant") return value;
  if (value.kind === "handle") return handleOf(value, key, node);
  const item = key.kind === "constant" ? itemOf(value, key) : undefined;
  if (item) return item;
  if (value.kind === "choice" && value.then && !value.otherwise)
    return readItem(evaluator, value.then, { key, node });
  if (value.kind === "reference" && isTextConstant(key) && value.store !== "parameter")
    return { ...value, key: `${value.key}.${key.value}`, origin: node };
  const of = [value, key];
  return unknown("subscript", node, key.kind === "constant" ? { name: String(key.value), of } : { of });
}

function handleOf(handle: PyHandle, key: PyValue, origin: Span): PyHandle {
  return isTextConstant(key) && handle.resource === undefined
    ? { ...handle, resource: key.value, origin }
    : handle;
}

/** Returns an item of a dict, a list or text. */
function itemOf(value: PyValue, item: PyConstant): PyValue | undefined {
  if (value.kind === "dict") return value.entries.get(entryName(item))?.value;
  const { value: key } = item;
  if (typeof key !== "number") return undefined;
  if (isTextConstant(value)) {
    const character = Array.from(value.value).at(key);
    return character === undefined ? undefined : constant(character, value.origin);
  }
  return isWhole(value) ? value.items.at(key) : undefined;
}

/** Attributes of the resources of a configuration that are collections of resources themselves. */
const collections = /^(?:resources|selected_resources|values|items|keys)$/;

function attributeOf(
  evaluator: Evaluator,
  value: PyValue,
  { name, node }: { readonly name: string; readonly node: SyntaxNode },
): PyValue {
  switch (value.kind) {
    case "object":
      if (name === "__class__") return value.of;
      return objectAttribute(evaluator, value, { name, origin: node }) ?? boundMethod(value, name, node);
    case "class":
      if (name === "__name__") return constant(value.name, node);
      return classAttribute(value, name) ?? unknown("name", node, { name });
    case "function":
      if (name === "__name__") return constant(value.name, node);
      break;
    case "handle":
      if (collections.test(name)) return value;
      if (/^(?:name|section|state)$/.test(name)) return unknown("name", node, { name });
      return value.resource === undefined ? { ...value, resource: name, origin: node } : value;
    case "constant":
      return timeOrDuration(value, name, node) ?? boundMethod(value, name, node);
    case "list":
    case "dict":
    case "text":
      return boundMethod(value, name, node);
    case "reference":
      if (value.store !== "parameter" && value.key !== "" && name !== "get")
        return unknown("name", node, { name });
      break;
    default:
  }
  const object = nameOf(value);
  if (object === undefined) return unknown("name", node, { name, of: [value] });
  const qualified = `${object}.${name}`;
  // The parameter or key that receives `dlt.secrets.value` determines its name.
  const store = name === "value" ? storeOf(object) : undefined;
  if (store) return { kind: "reference", store, key: "", origin: node };
  const isImported = value.kind === "unknown" && value.isImported === true;
  return unknown("name", node, { name: qualified, of: [value], ...(isImported && { isImported }) });
}

function timeOrDuration(value: PyConstant, name: string, node: SyntaxNode): PyValue | undefined {
  return value.isDuration ? durationAttribute(value, name, node) : timeAttribute(value, name, node);
}

function boundMethod(object: PyValue, method: string, node: SyntaxNode): PyValue {
  return unknown("name", node, { name: method, of: [object], bound: { object, method } });
}

/** Returns the full name of a function, class or module that is not in the source. */
function nameOf(value: PyValue): string | undefined {
  if (value.kind === "call") return value.callee;
  return value.kind === "unknown" && value.condition === undefined ? value.name : undefined;
}

function readArguments(evaluator: Evaluator, list: SyntaxNode, frame: Frame): Arguments {
  const inner = childrenOf(list).slice(1, -1);
  if (inner.some((part) => part.name === "for"))
    return { positional: [evaluateClauses(evaluator, { node: list, inner, frame })], keywords: new Map() };
  const positional: PyValue[] = [];
  const keywords = new Map<string, PyValue>();
  for (const { name, star, value } of argumentsOf(list, evaluator.text)) {
    const read = evaluator.evaluate(value, frame);
    if (star === "**" && read.kind === "dict") {
      for (const [key, entry] of read.entries) keywords.set(key, entry.value);
      if (read.rest[0]) positional.push(unknown("spread", value, { isSpread: true }));
    } else if (star === "*") positional.push(...spreadItems(read, value));
    else if (star) positional.push(unknown("spread", value, { isSpread: true }));
    else if (name !== undefined) keywords.set(name, read);
    else positional.push(read);
  }
  return { positional, keywords };
}

/** Applies a decorator of the source to a function or a class. Returns `undefined` for any other decorator. */
export function decorate(
  evaluator: Evaluator,
  decorator: SyntaxNode,
  { value, frame }: { readonly value: PyValue; readonly frame: Frame },
): PyValue | undefined {
  const [first, ...rest] = childrenOf(decorator).filter((part) => part.name === "VariableName");
  let callee = first && lookUp(frame, slice(evaluator, first));
  for (const part of rest)
    callee &&= attributeOf(evaluator, callee, { name: slice(evaluator, part), node: decorator });
  if (callee?.kind !== "function" && callee?.kind !== "class") return undefined;
  const list = childOf(decorator, "ArgList");
  const call = (args: Arguments): PyCall => ({
    kind: "call",
    callee: callee.name,
    ...args,
    origin: decorator,
  });
  const wrapper = list ? callValue(evaluator, callee, call(readArguments(evaluator, list, frame))) : callee;
  const wrapped =
    wrapper && callValue(evaluator, wrapper, call({ positional: [value], keywords: new Map() }));
  return wrapped ?? unknown("decorated function", decorator, { of: [value] });
}

/** Evaluates a decorator to a call or a name. */
export function evaluateDecorator(evaluator: Evaluator, decorator: SyntaxNode, frame: Frame): PyValue {
  const names = childrenOf(decorator).filter((part) => part.name === "VariableName");
  const [first, ...rest] = names.map((part) => slice(evaluator, part));
  if (first === undefined) return unknown("decorator", decorator);
  const base = lookUp(frame, first);
  const head = base ? nameOf(base) : first;
  const callee = [head ?? first, ...rest].join(".");
  const list = childOf(decorator, "ArgList");
  const args = list ? readArguments(evaluator, list, frame) : { positional: [], keywords: new Map() };
  return { kind: "call", callee, ...args, origin: decorator };
}

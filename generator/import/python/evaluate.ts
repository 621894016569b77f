import type { SyntaxNode } from "@lezer/common";
import { applyChange } from "./changes.js";
import { evaluateCall } from "./calls.js";
import type { NameEvent } from "./events.js";
import { readNumber, readString } from "./literals.js";
import { childOf, childrenOf, dictItemsOf, elementsOf, isInside, type Span } from "./nodes.js";
import { evaluateOperation } from "./operations.js";
import type { PythonSource } from "./parse.js";
import { createScopes, type Lookup, type Scopes } from "./scope.js";
import { evaluateFormat } from "./strings.js";
import {
  constant,
  joinText,
  mergeDicts,
  type PyDict,
  type PyEntry,
  type PyValue,
  unknown,
} from "./values.js";

/** Values of local names, such as those of a comprehension or a call. */
export type Locals = ReadonlyMap<string, PyValue>;

/** Evaluates expressions as far as possible without running them. */
export interface Evaluator {
  readonly text: string;
  readonly scopes: Scopes;
  evaluate(node: SyntaxNode, locals?: Locals): PyValue;
  /** Returns the full name of `a.b.c` with imports resolved, such as `dlt.secrets`; `undefined` for values of the source. */
  qualify(node: SyntaxNode, locals?: Locals): string | undefined;
  /** Whether a dict display was evaluated as part of another value. */
  hasEvaluated(node: SyntaxNode): boolean;
  /** Whether evaluation stopped at the limit of expressions, as for lists that repeatedly double each other. */
  isExhausted(): boolean;
  /** Whether a span lies inside an evaluated dict or list. */
  hasEvaluatedAround(span: Span): boolean;
}

/** The evaluator with its record of evaluated dicts and lists. */
interface Reader extends Evaluator {
  /** End offsets of dicts and lists by their start offsets. */
  readonly read: Map<number, number>;
}

/** Most expressions to evaluate per source. */
const maxSteps = 200_000;
/** Deepest nesting of expressions to evaluate. */
const maxDepth = 200;
const noLocals: Locals = new Map();

/** Creates an evaluator for the expressions of a source. */
export function createEvaluator(source: PythonSource): Evaluator {
  const read = new Map<number, number>();
  let steps = 0;
  let depth = 0;
  const reader: Reader = {
    text: source.text,
    scopes: createScopes(source),
    read,
    hasEvaluated: (node) => read.has(node.from),
    isExhausted: () => steps > maxSteps,
    hasEvaluatedAround: (span) => [...read].some(([from, to]) => isInside(span, { from, to })),
    qualify: (node, locals = noLocals) => qualify(reader, node, locals),
    evaluate: (node, locals = noLocals) => {
      steps += 1;
      if (steps > maxSteps || depth > maxDepth) return unknown("expression", node);
      depth += 1;
      try {
        return evaluateNode(reader, node, locals);
      } finally {
        depth -= 1;
      }
    },
  };
  return reader;
}

function qualify(evaluator: Reader, node: SyntaxNode, locals: Locals): string | undefined {
  if (node.name === "VariableName") return qualifyName(evaluator, node, locals);
  if (node.name !== "MemberExpression") return undefined;
  const property = node.lastChild;
  const object = node.firstChild ? qualify(evaluator, node.firstChild, locals) : undefined;
  if (property?.name === "PropertyName") return object && `${object}.${slice(evaluator, property)}`;
  // `dlt.sources.incremental[str]` is a class with a type argument.
  return object && /(?:^|\.)[Ii]ncremental$/.test(object) ? object : undefined;
}

function evaluateNode(evaluator: Reader, node: SyntaxNode, locals: Locals): PyValue {
  const source = slice(evaluator, node);
  switch (node.name) {
    case "String":
      return constant(readString(source), node);
    case "FormatString":
      return evaluateFormat(evaluator, node, locals);
    case "ContinuedString":
      return joinStrings(evaluator, node, locals);
    case "Number": {
      const value = readNumber(source);
      return value === undefined ? unknown("number", node) : constant(value, node);
    }
    case "Boolean":
      return constant(source === "True", node);
    case "None":
      return constant(null, node);
    case "ParenthesizedExpression":
    case "NamedExpression": {
      const inner = node.name === "NamedExpression" ? node.lastChild : childrenOf(node)[1];
      return inner ? evaluator.evaluate(inner, locals) : unknown("expression", node);
    }
    case "DictionaryExpression":
      return readDict(evaluator, node, locals);
    case "ArrayExpression":
    case "TupleExpression":
      return { kind: "list", items: readItems(evaluator, node, locals), origin: node };
    case "ArrayComprehensionExpression":
      return comprehend(evaluator, node, locals);
    case "VariableName":
      return locals.get(source) ?? readName(evaluator, node, locals);
    case "MemberExpression":
    case "CallExpression":
      return evaluateCall(evaluator, node, locals);
    case "BinaryExpression":
    case "UnaryExpression":
      return evaluateOperation(evaluator, node, locals);
    default:
      return unknown(nouns[node.name] ?? "expression", node);
  }
}

function joinStrings(evaluator: Reader, node: SyntaxNode, locals: Locals): PyValue {
  const pieces = childrenOf(node).map((piece) => evaluator.evaluate(piece, locals));
  const joined = joinText(pieces, node);
  const isComputed = pieces.some((piece) => piece.kind !== "constant" || piece.isComputed);
  return joined.kind === "constant" ? { ...joined, isComputed } : joined;
}

function readDict(evaluator: Reader, node: SyntaxNode, locals: Locals): PyDict {
  evaluator.read.set(node.from, node.to);
  let dict: PyDict = { kind: "dict", entries: new Map(), rest: [], origin: node };
  for (const { key, value } of dictItemsOf(node)) {
    const read = evaluator.evaluate(value, locals);
    if (key) dict = addEntry(dict, evaluator.evaluate(key, locals), { key, value: read });
    else if (read.kind === "dict") dict = { ...mergeDicts(dict, read), origin: node };
    else dict = { ...dict, rest: [...dict.rest, read] };
  }
  return dict;
}

function readItems(evaluator: Reader, node: SyntaxNode, locals: Locals): readonly PyValue[] {
  evaluator.read.set(node.from, node.to);
  return elementsOf(node).flatMap(({ isSpread, value }): readonly PyValue[] => {
    const read = evaluator.evaluate(value, locals);
    if (!isSpread) return [read];
    return read.kind === "list" ? read.items : [unknown("spread", value, { isSpread: true })];
  });
}

/** Evaluates `[f(x) for x in xs]` over a known list. */
function comprehend(evaluator: Reader, node: SyntaxNode, locals: Locals): PyValue {
  const parts = childrenOf(node).slice(1, -1);
  const [result, loop] = parts;
  const position = parts.findIndex((part) => part.name === "in");
  const list = parts[position + 1];
  const unresolved = unknown("comprehension", node, { isSpread: true });
  if (!result || loop?.name !== "for" || position < 0 || !list || parts.length > position + 2)
    return unresolved;
  const targets = parts.slice(2, position).filter((part) => part.name !== ",");
  const names = targets.flatMap((part) => (part.name === "TupleExpression" ? childrenOf(part) : [part]));
  const variables = names
    .filter((part) => part.name === "VariableName")
    .map((part) => slice(evaluator, part));
  const items = evaluator.evaluate(list, locals);
  if (items.kind !== "list" || items.items.some((item) => item.kind === "unknown")) return unresolved;
  const results = items.items.map((item) => {
    const values = variables.length > 1 && item.kind === "list" ? item.items : [item];
    const own = variables.flatMap((name, index): [string, PyValue][] => {
      const value = values[index];
      return value ? [[name, value]] : [];
    });
    return evaluator.evaluate(result, new Map([...locals, ...own]));
  });
  return { kind: "list", items: results, origin: node };
}

function readName(evaluator: Reader, node: SyntaxNode, locals: Locals): PyValue {
  const name = slice(evaluator, node);
  const found = evaluator.scopes.lookUp(name, node);
  if (!found) return unknown("name", node, { name });
  const assignment = found.uncertain.find((event) => event.kind !== "change");
  if (assignment) return unknown("name assigned only in a branch or a loop", node, { name });
  let value = readEvent(evaluator, found.base, { use: node, locals: found.isLocal ? locals : noLocals });
  for (const event of found.changes) {
    if (event.kind === "change") value = applyChange(evaluator, value, event);
  }
  return found.uncertain.length > 0 ? withUncertainChanges(value, found) : value;
}

function readEvent(
  evaluator: Reader,
  event: NameEvent,
  { use, locals }: { readonly use: SyntaxNode; readonly locals: Locals },
): PyValue {
  const name = slice(evaluator, use);
  switch (event.kind) {
    case "assign":
      return evaluator.evaluate(event.value, locals);
    case "parameter":
      return readParameter(evaluator, event, use);
    case "import":
      return unknown("imported name", use, { name: event.qualified });
    case "definition":
      return unknown(event.what, use, { name });
    case "opaque":
      return unknown(event.what, use, { name });
    case "change":
      return unknown("name", use, { name });
    default:
      return event satisfies never;
  }
}

function readParameter(
  evaluator: Reader,
  event: NameEvent & { readonly kind: "parameter" },
  use: SyntaxNode,
): PyValue {
  const key = slice(evaluator, use);
  if (event.isRest) return unknown("parameter", use, { name: key });
  const value = event.default && evaluator.evaluate(event.default);
  // A default of `None` means that the caller passes the value.
  const isRequired = !value || (value.kind === "constant" && value.value === null);
  if (isRequired) return { kind: "reference", store: "parameter", key, origin: use };
  return value.kind === "reference" && value.key === "" ? { ...value, key, origin: use } : value;
}

function qualifyName(evaluator: Reader, node: SyntaxNode, locals: Locals): string | undefined {
  const name = slice(evaluator, node);
  if (locals.has(name)) return undefined;
  const base = evaluator.scopes.lookUp(name, node)?.base;
  if (!base) return name;
  if (base.kind === "import") return base.qualified;
  return base.kind === "assign" && /^(?:VariableName|MemberExpression)$/.test(base.value.name)
    ? evaluator.qualify(base.value)
    : undefined;
}

function slice(evaluator: Reader, node: Span): string {
  return evaluator.text.slice(node.from, node.to);
}

/** Nouns for expressions that are not evaluated. */
const nouns: Readonly<Record<string, string>> = {
  LambdaExpression: "lambda",
  ConditionalExpression: "conditional expression",
  DictionaryComprehensionExpression: "comprehension",
  SetComprehensionExpression: "comprehension",
  ComprehensionExpression: "comprehension",
  SetExpression: "set",
  AwaitExpression: "call",
  Ellipsis: "ellipsis",
};

function addEntry(dict: PyDict, key: PyValue, entry: PyEntry): PyDict {
  if (key.kind !== "constant") return { ...dict, rest: [...dict.rest, unknown("entry", entry.key)] };
  const entries = new Map(dict.entries);
  entries.set(String(key.value), entry);
  return { ...dict, entries };
}

/** Adds the changes in branches and loops, which may not happen, to a value as unknown parts. */
function withUncertainChanges(value: PyValue, { uncertain }: Lookup): PyValue {
  const changes = uncertain.map((event) =>
    unknown("change in a branch or a loop", event.node, { isSpread: true }),
  );
  if (value.kind === "dict") return { ...value, rest: [...value.rest, ...changes] };
  if (value.kind === "list") return { ...value, items: [...value.items, ...changes] };
  return changes[0] ?? value;
}

/** Returns the docstring of a function without quotes and indentation, if it has one. */
export function docstringOf(definition: SyntaxNode, text: string): string | undefined {
  const body = childOf(definition, "Body");
  const first = body && childrenOf(body).find((child) => child.name !== ":");
  const literal = first?.name === "ExpressionStatement" ? first.firstChild : undefined;
  if (literal?.name !== "String") return undefined;
  const lines = readString(text.slice(literal.from, literal.to)).split("\n");
  const indents = lines.slice(1).flatMap((line) => (line.trim() ? [line.search(/\S/)] : []));
  const indent = Math.min(...indents, 200);
  return [lines[0], ...lines.slice(1).map((line) => line.slice(indent))].join("\n").trim();
}

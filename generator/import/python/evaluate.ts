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

/** Values that names have for the time being: of a comprehension, of a call. */
export type Locals = ReadonlyMap<string, PyValue>;

/** Says what can be said about expressions without running them. */
export interface Evaluator {
  readonly text: string;
  readonly scopes: Scopes;
  evaluate(node: SyntaxNode, locals?: Locals): PyValue;
  /** The full name of `a.b.c`, imports resolved: `dlt.secrets`; nothing when it is a value of the source itself. */
  qualify(node: SyntaxNode, locals?: Locals): string | undefined;
  /** Whether a dict display was read for some value. */
  hasRead(node: SyntaxNode): boolean;
  /** Whether there were more expressions than a source of any sense has: lists that double each other. */
  hasGivenUp(): boolean;
  /** Whether a place is part of a dict or list that was read. */
  hasReadAround(place: Span): boolean;
}

/** Expressions that a source of any sense stays below. */
const MAX_STEPS = 200_000;
const MAX_DEPTH = 200;
const NONE: Locals = new Map();

/** Prepares an evaluator of a source's expressions. */
export function createEvaluator(source: PythonSource): Evaluator {
  return new SourceEvaluator(source);
}

class SourceEvaluator implements Evaluator {
  readonly text: string;
  readonly scopes: Scopes;
  /** Dicts and lists, by where they begin: where they end. */
  readonly #read = new Map<number, number>();
  #steps = 0;
  #depth = 0;

  constructor(source: PythonSource) {
    this.text = source.text;
    this.scopes = createScopes(source);
  }

  hasRead(node: SyntaxNode): boolean {
    return this.#read.has(node.from);
  }

  hasGivenUp(): boolean {
    return this.#steps > MAX_STEPS;
  }

  hasReadAround(place: Span): boolean {
    return [...this.#read].some(([from, to]) => isInside(place, { from, to }));
  }

  evaluate(node: SyntaxNode, locals: Locals = NONE): PyValue {
    this.#steps += 1;
    if (this.#steps > MAX_STEPS || this.#depth > MAX_DEPTH) return unknown("expression", node);
    this.#depth += 1;
    try {
      return this.#evaluate(node, locals);
    } finally {
      this.#depth -= 1;
    }
  }

  qualify(node: SyntaxNode, locals: Locals = NONE): string | undefined {
    if (node.name === "VariableName") return this.#qualifyName(node, locals);
    if (node.name !== "MemberExpression") return undefined;
    const property = node.lastChild;
    const object = node.firstChild ? this.qualify(node.firstChild, locals) : undefined;
    if (property?.name === "PropertyName") return object && `${object}.${this.#slice(property)}`;
    // `dlt.sources.incremental[str]` is a class with its type spelled out.
    return object && /(?:^|\.)[Ii]ncremental$/.test(object) ? object : undefined;
  }

  #evaluate(node: SyntaxNode, locals: Locals): PyValue {
    const source = this.#slice(node);
    switch (node.name) {
      case "String":
        return constant(readString(source), node);
      case "FormatString":
        return evaluateFormat(this, node, locals);
      case "ContinuedString":
        return this.#joinStrings(node, locals);
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
        return inner ? this.evaluate(inner, locals) : unknown("expression", node);
      }
      case "DictionaryExpression":
        return this.#readDict(node, locals);
      case "ArrayExpression":
      case "TupleExpression":
        return { kind: "list", items: this.#readItems(node, locals), origin: node };
      case "ArrayComprehensionExpression":
        return this.#comprehend(node, locals);
      case "VariableName":
        return locals.get(source) ?? this.#readName(node, locals);
      case "MemberExpression":
      case "CallExpression":
        return evaluateCall(this, node, locals);
      case "BinaryExpression":
      case "UnaryExpression":
        return evaluateOperation(this, node, locals);
      default:
        return unknown(NOUNS[node.name] ?? "expression", node, {
          isFunction: node.name === "LambdaExpression",
        });
    }
  }

  #joinStrings(node: SyntaxNode, locals: Locals): PyValue {
    const pieces = childrenOf(node).map((piece) => this.evaluate(piece, locals));
    const joined = joinText(pieces, node);
    const isComputed = pieces.some((piece) => piece.kind !== "constant" || piece.isComputed);
    return joined.kind === "constant" ? { ...joined, isComputed } : joined;
  }

  #readDict(node: SyntaxNode, locals: Locals): PyDict {
    this.#read.set(node.from, node.to);
    let dict: PyDict = { kind: "dict", entries: new Map(), rest: [], origin: node };
    for (const { key, value } of dictItemsOf(node)) {
      const read = this.evaluate(value, locals);
      if (key) dict = addEntry(dict, this.evaluate(key, locals), { key, value: read });
      else if (read.kind === "dict") dict = { ...mergeDicts(dict, read), origin: node };
      else dict = { ...dict, rest: [...dict.rest, read] };
    }
    return dict;
  }

  #readItems(node: SyntaxNode, locals: Locals): readonly PyValue[] {
    this.#read.set(node.from, node.to);
    return elementsOf(node).flatMap(({ isSpread, value }): readonly PyValue[] => {
      const read = this.evaluate(value, locals);
      if (!isSpread) return [read];
      return read.kind === "list" ? read.items : [unknown("spread", value, { isSpread: true })];
    });
  }

  /** `[f(x) for x in xs]` over a list that is known. */
  #comprehend(node: SyntaxNode, locals: Locals): PyValue {
    const parts = childrenOf(node).slice(1, -1);
    const [result, loop] = parts;
    const at = parts.findIndex((part) => part.name === "in");
    const list = parts[at + 1];
    const lost = unknown("comprehension", node, { isSpread: true });
    if (!result || loop?.name !== "for" || at < 0 || !list || parts.length > at + 2) return lost;
    const targets = parts.slice(2, at).filter((part) => part.name !== ",");
    const names = targets.flatMap((part) => (part.name === "TupleExpression" ? childrenOf(part) : [part]));
    const variables = names.filter((part) => part.name === "VariableName").map((part) => this.#slice(part));
    const items = this.evaluate(list, locals);
    if (items.kind !== "list" || items.items.some((item) => item.kind === "unknown")) return lost;
    const results = items.items.map((item) => {
      const values = variables.length > 1 && item.kind === "list" ? item.items : [item];
      const own = variables.flatMap((name, index): [string, PyValue][] => {
        const value = values[index];
        return value ? [[name, value]] : [];
      });
      return this.evaluate(result, new Map([...locals, ...own]));
    });
    return { kind: "list", items: results, origin: node };
  }

  #readName(node: SyntaxNode, locals: Locals): PyValue {
    const name = this.#slice(node);
    const found = this.scopes.lookUp(name, node);
    if (!found) return unknown("name", node, { name });
    const doubt = found.doubts.find((event) => event.kind !== "change");
    if (doubt) return unknown("name that only a branch or a loop assigns", node, { name });
    let value = this.#readEvent(found.base, node, found.isLocal ? locals : NONE);
    for (const event of found.changes) {
      if (event.kind === "change") value = applyChange(this, value, event);
    }
    return found.doubts.length > 0 ? withDoubt(value, found) : value;
  }

  #readEvent(event: NameEvent, use: SyntaxNode, locals: Locals): PyValue {
    const name = this.#slice(use);
    switch (event.kind) {
      case "assign":
        return this.evaluate(event.value, locals);
      case "parameter":
        return this.#readParameter(event, use);
      case "import":
        return unknown("imported name", use, { name: event.qualified });
      case "definition":
        return unknown(event.what, use, { name, isFunction: event.what === "function" });
      case "opaque":
        return unknown(event.what, use, { name });
      case "change":
        return unknown("name", use, { name });
      default:
        return event satisfies never;
    }
  }

  #readParameter(event: NameEvent & { readonly kind: "parameter" }, use: SyntaxNode): PyValue {
    const key = this.#slice(use);
    if (event.isRest) return unknown("parameter", use, { name: key });
    const value = event.default && this.evaluate(event.default);
    // `None` says that the value is to be given.
    const isOpen = !value || (value.kind === "constant" && value.value === null);
    if (isOpen) return { kind: "reference", store: "parameter", key, origin: use };
    return value.kind === "reference" && value.key === "" ? { ...value, key, origin: use } : value;
  }

  #qualifyName(node: SyntaxNode, locals: Locals): string | undefined {
    const name = this.#slice(node);
    if (locals.has(name)) return undefined;
    const base = this.scopes.lookUp(name, node)?.base;
    if (!base) return name;
    if (base.kind === "import") return base.qualified;
    return base.kind === "assign" && /^(?:VariableName|MemberExpression)$/.test(base.value.name)
      ? this.qualify(base.value)
      : undefined;
  }

  #slice(node: Span): string {
    return this.text.slice(node.from, node.to);
  }
}

const NOUNS: Readonly<Record<string, string>> = {
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

/** A value that a branch or a loop may have changed: what is sure stays, the rest is told. */
function withDoubt(value: PyValue, { doubts }: Lookup): PyValue {
  const changes = doubts.map((event) =>
    unknown("change in a branch or a loop", event.at, { isSpread: true }),
  );
  if (value.kind === "dict") return { ...value, rest: [...value.rest, ...changes] };
  if (value.kind === "list") return { ...value, items: [...value.items, ...changes] };
  return changes[0] ?? value;
}

/** The docstring of a function, its quotes and indentation taken off; nothing when it has none. */
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

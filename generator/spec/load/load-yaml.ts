import type { JsonValue } from "@connector-gen/runtime";
import {
  Composer,
  CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type Node,
  type Pair,
  Parser,
} from "yaml";

import type { Loaded, LoadProblem, Span, SpecNode } from "./document.js";
import { checkNumber, MAX_DEPTH, MAX_NODES, tooDeep, tooMany } from "./limits.js";
import { quote } from "../wording.js";

/** More errors than these are one error and its echoes. */
const MAX_ERRORS = 100;

/** Reads YAML 1.2 (core schema). Aliases are expanded, within the limits on depth and number of values. */
export function loadYaml(text: string): Loaded {
  const tooLarge = checkTokens(text);
  if (tooLarge) return { problems: [tooLarge] };
  const tokens = [...new Parser().parse(text)];
  const refused = checkDepth(tokens);
  if (refused) return { problems: [refused] };
  // Duplicate keys are found below: the parser compares every pair of keys.
  const composer = new Composer({
    schema: "core",
    version: "1.2",
    uniqueKeys: false,
    keepSourceTokens: false,
  });
  const [document, second] = [...composer.compose(tokens, true, text.length)];
  if (!document)
    return { problems: [{ code: "syntax-error", message: "the spec is empty", offset: 0, length: 0 }] };
  const problems = [...document.errors, ...document.warnings]
    .slice(0, MAX_ERRORS)
    .map(({ message, pos: [start, end] }) => ({
      code: "syntax-error",
      message: sentence(message),
      offset: start,
      length: Math.max(1, end - start),
    }));
  if (second) problems.push(severalDocuments(second));
  if (problems.length > 0) return { problems };
  return convertDocument(document, text);
}

function severalDocuments(second: Document): LoadProblem & { code: string } {
  return {
    code: "syntax-error",
    message: "a spec is one YAML document",
    offset: second.range?.[0] ?? 0,
    length: 1,
  };
}

/** The library's messages end in an excerpt, which our frames replace. */
function sentence(message: string): string {
  const first = message.split("\n", 1)[0] ?? message;
  return first.replace(/ at line \d+, column \d+:?$/, "");
}

/** Tokens that are no value, nor belong to one. */
const LAYOUT = new Set([
  "space",
  "newline",
  "comment",
  "comma",
  "map-value-ind",
  "flow-map-end",
  "flow-seq-end",
]);

/** Measures before parsing, token by token: the parser is slow on deep nesting, and the composer recurses. */
function checkTokens(text: string): LoadProblem | undefined {
  let offset = 0;
  let values = 0;
  let flow = 0;
  let line = 0;
  for (const source of new Lexer().lex(text)) {
    const type = CST.tokenType(source);
    const span = { offset, length: 1 };
    if (type === "flow-map-start" || type === "flow-seq-start") flow += 1;
    if (type === "flow-map-end" || type === "flow-seq-end") flow -= 1;
    if (type === "newline") line = 0;
    if (type === "seq-item-ind" || type === "explicit-key-ind") line += 1;
    if (type === null || !LAYOUT.has(type)) values += 1;
    if (flow > MAX_DEPTH || line > MAX_DEPTH) return tooDeep(span);
    // A pair has a key and a value; either may have an anchor.
    if (values > 3 * MAX_NODES) return tooMany(span);
    offset += source.length;
  }
  return undefined;
}

/** Measures before composing: the composer recurses, this does not. */
function checkDepth(tokens: readonly CST.Token[]): LoadProblem | undefined {
  const open: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next;
    if (depth > MAX_DEPTH) return tooDeep({ offset: token.offset, length: 1 });
    for (const child of childrenOf(token)) open.push({ token: child, depth: depth + 1 });
  }
  return undefined;
}

function childrenOf(token: CST.Token): CST.Token[] {
  if (token.type === "document") return token.value ? [token.value] : [];
  if (token.type !== "block-map" && token.type !== "block-seq" && token.type !== "flow-collection") return [];
  return token.items.flatMap(({ key, value }) => [key, value].filter((child) => child != null));
}
/** What an alias needs to know while a document is walked in order. */
interface Walk {
  readonly text: string;
  readonly problems: LoadProblem[];
  readonly anchors: Map<string, Node>;
  readonly targets: Map<Node, Node>;
  /** The nodes around the current one. */
  readonly open: Set<Node>;
  nodes: number;
}

interface Converted {
  readonly value: JsonValue;
  readonly node: SpecNode;
}

/** Ends the walk: what follows would only repeat it. */
class Refusal extends Error {
  readonly problem: LoadProblem;
  constructor(problem: LoadProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

function convertDocument(document: Document, text: string): Loaded {
  const walk: Walk = {
    text,
    problems: [],
    anchors: new Map(),
    targets: new Map(),
    open: new Set(),
    nodes: 0,
  };
  try {
    const { value, node } = convert(document.contents, { offset: 0, length: 0 }, walk);
    return { value, root: node, problems: walk.problems };
  } catch (error) {
    if (error instanceof Refusal) return { problems: [...walk.problems, error.problem] };
    throw error;
  }
}

function convert(node: Node | null, fallback: Span, walk: Walk): Converted {
  if (!node) return { value: null, node: { value: fallback } };
  const span = spanOf(node, fallback);
  walk.nodes += 1;
  if (walk.nodes > MAX_NODES) throw new Refusal(tooMany(span));
  if (walk.open.size > MAX_DEPTH) throw new Refusal(tooDeep(span));
  if (isAlias(node)) return convertAlias(node, span, walk);
  if (node.anchor !== undefined && !walk.targets.has(node)) walk.anchors.set(node.anchor, node);
  if (isScalar(node)) return { value: scalar(node.value, span, walk), node: { value: span } };
  walk.open.add(node);
  const converted = isMap(node) ? convertMap(node.items, span, walk) : convertSeq(node, span, walk);
  walk.open.delete(node);
  return converted;
}

function convertAlias(alias: Node & { source: string }, span: Span, walk: Walk): Converted {
  const target = walk.targets.get(alias) ?? walk.anchors.get(alias.source);
  const name = quote(`*${alias.source}`);
  if (!target) {
    const message = `the alias ${name} has no anchor before it`;
    throw new Refusal({ ...span, code: "syntax-error", message });
  }
  if (walk.open.has(target)) {
    const message = `the alias ${name} stands inside what it names`;
    throw new Refusal({ ...span, code: "syntax-error", message });
  }
  // Inside a repeated piece an alias keeps its first meaning, even when its anchor was set anew since.
  walk.targets.set(alias, target);
  walk.targets.set(target, target);
  const { value, node } = convert(target, span, walk);
  return { value, node: { ...node, value: span } };
}

function convertMap(items: readonly Pair[], span: Span, walk: Walk): Converted {
  const values = new Map<string, JsonValue>();
  const nodes = new Map<string, SpecNode>();
  for (const pair of items) {
    const keySpan = spanOf(pair.key as Node, span);
    const key = keyText(pair.key as Node | null);
    if (key === undefined) {
      walk.problems.push({ ...keySpan, code: "syntax-error", message: "a key must be plain text" });
      continue;
    }
    if (values.has(key)) {
      const message = `the key ${quote(key)} stands here twice`;
      walk.problems.push({ ...keySpan, code: "duplicate-key", message });
    }
    const { value, node } = convert(pair.value as Node | null, keySpan, walk);
    values.set(key, value);
    nodes.set(key, { ...node, key: keySpan });
  }
  // fromEntries defines properties: a key `__proto__` stays a key.
  return { value: Object.fromEntries(values), node: { value: span, children: nodes } };
}

function convertSeq(node: Node, span: Span, walk: Walk): Converted {
  const items = (isSeq(node) ? node.items : []).map((item) => convert(item as Node | null, span, walk));
  const children = new Map(items.map((item, index) => [index, item.node]));
  return { value: items.map((item) => item.value), node: { value: span, children } };
}

function keyText(node: Node | null): string | undefined {
  if (!isScalar(node)) return undefined;
  const { value } = node;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
}

function scalar(value: unknown, span: Span, walk: Walk): JsonValue {
  if (typeof value === "number") {
    const source = walk.text.slice(span.offset, span.offset + span.length);
    const problem = checkNumber(value, source, span);
    if (problem) walk.problems.push(problem);
    return value;
  }
  return typeof value === "string" || typeof value === "boolean" ? value : null;
}

function spanOf(node: Node | null, fallback: Span): Span {
  if (!node?.range) return fallback;
  const [offset, end] = node.range;
  return { offset, length: end - offset };
}

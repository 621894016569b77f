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
import { checkKey, checkNumber, checkText, maxDepth, sizeLimits, tooDeep, tooMany } from "./limits.js";
import { isObject } from "../values.js";
import { quote } from "../wording.js";

const limits = sizeLimits.yaml;

/** Maximum number of reported syntax errors. Later ones are usually consequences of the first. */
const maxErrors = 100;

/** Reads YAML 1.2 (core schema). Expands aliases, within the limits on depth and number of values. */
export function loadYaml(text: string): Loaded {
  const tooLarge = checkTokens(text);
  if (tooLarge) return { problems: [tooLarge] };
  const tokens = [...new Parser().parse(text)];
  const refused = checkDepth(tokens);
  if (refused) return { problems: [refused] };
  // Duplicate keys are found below, because the parser would compare every pair of keys.
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
    .slice(0, maxErrors)
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
    message: "a spec must be a single YAML document: remove this one",
    offset: second.range?.[0] ?? 0,
    length: 1,
  };
}

/** Removes the excerpt at the end of the library's messages, because diagnostics have code frames. */
function sentence(message: string): string {
  const first = message.split("\n", 1)[0] ?? message;
  return first.replace(/ at line \d+, column \d+:?$/, "");
}

/** Tokens that do not belong to a value. */
const layoutTokens = new Set([
  "space",
  "newline",
  "comment",
  "comma",
  "map-value-ind",
  "flow-map-end",
  "flow-seq-end",
]);

/** Checks depth and size before parsing, because the parser is slow on deep nesting and the composer recurses. */
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
    if (type === null || !layoutTokens.has(type)) values += 1;
    if (flow > maxDepth || line > maxDepth) return tooDeep(span);
    // A pair has a key and a value; either may have an anchor.
    if (values > 3 * limits.values) return tooMany(span, limits);
    offset += source.length;
  }
  return undefined;
}

/** Checks the depth before composing, because the composer recurses and this function does not. */
function checkDepth(tokens: readonly CST.Token[]): LoadProblem | undefined {
  const open: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next;
    if (depth > maxDepth) return tooDeep({ offset: token.offset, length: 1 });
    for (const child of childrenOf(token)) open.push({ token: child, depth: depth + 1 });
  }
  return undefined;
}

function childrenOf(token: CST.Token): CST.Token[] {
  if (token.type === "document") return token.value ? [token.value] : [];
  if (token.type !== "block-map" && token.type !== "block-seq" && token.type !== "flow-collection") return [];
  return token.items.flatMap(({ key, value }) => [key, value].filter((child) => child != null));
}

/** The state of the conversion, in document order. */
interface Walk {
  readonly text: string;
  readonly problems: LoadProblem[];
  readonly anchors: Map<string, Node>;
  readonly targets: Map<Node, Node>;
  /** The nodes that enclose the current one. */
  readonly open: Set<Node>;
  nodes: number;
  /** Ends the conversion, because everything after it would only repeat the problem. */
  failure?: LoadProblem;
}

interface Converted {
  readonly value: JsonValue;
  readonly node: SpecNode;
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
  const { value, node } = convert(document.contents, { offset: 0, length: 0 }, walk);
  return walk.failure
    ? { problems: [...walk.problems, walk.failure] }
    : { value, root: () => node, problems: walk.problems };
}

function convert(node: Node | null, fallback: Span, walk: Walk): Converted {
  if (!node || walk.failure) return { value: null, node: { value: fallback } };
  const span = spanOf(node, fallback);
  walk.nodes += 1;
  if (walk.nodes > limits.values) return fail(tooMany(span, limits), walk);
  if (walk.open.size > maxDepth) return fail(tooDeep(span), walk);
  if (isAlias(node)) return convertAlias(node, span, walk);
  if (node.anchor !== undefined && !walk.targets.has(node)) walk.anchors.set(node.anchor, node);
  if (isScalar(node)) return { value: scalar(node.value, span, walk), node: { value: span } };
  walk.open.add(node);
  const converted = isMap(node) ? convertMap(node.items, span, walk) : convertSeq(node, span, walk);
  walk.open.delete(node);
  return converted;
}

function fail(problem: LoadProblem, walk: Walk): Converted {
  walk.failure = problem;
  return { value: null, node: { value: problem } };
}

function convertAlias(alias: Node & { source: string }, span: Span, walk: Walk): Converted {
  const target = walk.targets.get(alias) ?? walk.anchors.get(alias.source);
  const name = quote(`*${alias.source}`);
  if (!target) {
    const message = `unknown alias ${name}: define its anchor above`;
    return fail({ ...span, code: "syntax-error", message }, walk);
  }
  if (walk.open.has(target)) {
    const message = `the alias ${name} refers to a value that contains it`;
    return fail({ ...span, code: "syntax-error", message }, walk);
  }
  // In expanded content, an alias keeps its first target, even if the anchor has been redefined since.
  walk.targets.set(alias, target);
  walk.targets.set(target, target);
  const { value, node } = convert(target, span, walk);
  return { value, node: { ...node, value: span } };
}

function convertMap(items: readonly Pair[], span: Span, walk: Walk): Converted {
  const values = new Map<string, JsonValue>();
  const nodes = new Map<string, SpecNode>();
  const merged: Converted[] = [];
  for (const pair of items) {
    if (walk.failure) break;
    if (isMergeKey(pair.key)) {
      merged.push(...convertMerge(pair, span, walk));
      continue;
    }
    const keySpan = spanOf(pair.key as Node, span);
    const key = keyText(pair.key as Node | null);
    if (key === undefined) {
      walk.problems.push({ ...keySpan, code: "syntax-error", message: "a key must be a string" });
      continue;
    }
    if (values.has(key)) {
      const message = `duplicate key ${quote(key)}: remove one of them`;
      walk.problems.push({ ...keySpan, code: "duplicate-key", message });
    }
    const long = checkKey(key, keySpan);
    if (long) walk.problems.push(long);
    const { value, node } = convert(pair.value as Node | null, keySpan, walk);
    values.set(key, value);
    nodes.set(key, { ...node, key: keySpan });
  }
  for (const part of merged) addMissing(part, values, nodes);
  // fromEntries defines properties, so `__proto__` remains an ordinary key.
  return { value: Object.fromEntries(values), node: { value: span, children: nodes } };
}

/** Whether a key is `<<`, which adds the keys of other objects. In quotes it is an ordinary key. */
function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === "<<" && key.type === "PLAIN";
}

/** Returns the objects that a merge key names: one object, or a list of them, the first of which wins. */
function convertMerge({ key, value }: Pair, fallback: Span, walk: Walk): readonly Converted[] {
  const span = spanOf(key as Node, fallback);
  const whole = convert(value as Node | null, span, walk);
  const parts = Array.isArray(whole.value)
    ? (whole.value as readonly JsonValue[]).map((part, index) => ({
        value: part,
        node: whole.node.children?.get(index) ?? whole.node,
      }))
    : [whole];
  if (!walk.failure && !parts.every((part) => isObject(part.value)))
    walk.problems.push({
      ...span,
      code: "syntax-error",
      message: '"<<" takes an alias of an object, or a list of them',
    });
  return parts;
}

/** Adds the keys of an object that others do not have yet. */
function addMissing(
  { value, node }: Converted,
  values: Map<string, JsonValue>,
  nodes: Map<string, SpecNode>,
): void {
  if (!isObject(value)) return;
  for (const [key, child] of Object.entries(value)) {
    const place = node.children?.get(key);
    if (values.has(key) || !place) continue;
    values.set(key, child);
    nodes.set(key, place);
  }
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
  const long = typeof value === "string" && checkText(value, span);
  if (long) walk.problems.push(long);
  return typeof value === "string" || typeof value === "boolean" ? value : null;
}

function spanOf(node: Node | null, fallback: Span): Span {
  if (!node?.range) return fallback;
  const [offset, end] = node.range;
  return { offset, length: end - offset };
}

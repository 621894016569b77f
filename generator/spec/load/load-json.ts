import type { JsonValue } from "@connector-gen/runtime";
import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";

import type { Loaded, LoadProblem, SpecNode } from "./document.js";
import { checkKey, checkNumber, checkText, maxDepth, sizeLimits, tooDeep, tooMany } from "./limits.js";
import { isObject } from "../values.js";
import { quote } from "../wording.js";

const limits = sizeLimits.json;

/** Reads JSON with comments and trailing commas. */
export function loadJson(text: string): Loaded {
  const value = loadPlain(text);
  if (value === undefined) return loadWithPositions(text);
  return { value, root: () => loadWithPositions(text).root?.() ?? nowhere, problems: [] };
}

const nowhere: SpecNode = { value: { offset: 0, length: 0 } };

/**
 * Reads plain JSON with the engine's parser, which is ten times faster and keeps no positions. Returns `undefined` for a
 * text with comments or problems, and for a text that might have too many values.
 */
function loadPlain(text: string): JsonValue | undefined {
  if (!isBounded(text)) return undefined;
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
  const seen: Seen = { keys: 0, tokens: 0, isFine: true };
  look(value, 1, seen);
  return seen.isFine && seen.keys === countKeys(text) ? value : undefined;
}

/** Whether a text has few enough separators and lists for the limit on values. More values might not fit into memory. */
function isBounded(text: string): boolean {
  if (text.length <= 3 * limits.values) return true;
  let parts = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === comma || code === bracket || code === brace) parts += 1;
  }
  return parts <= 3 * limits.values;
}

const [comma, bracket, brace] = [",", "[", "{"].map((sign) => sign.charCodeAt(0));

/**
 * Facts about a value: the number of its keys, the minimum number of tokens in its text, and whether all is within
 * limits.
 */
interface Seen {
  keys: number;
  tokens: number;
  isFine: boolean;
}

function look(value: JsonValue, depth: number, seen: Seen): void {
  seen.tokens += 2;
  if (depth > maxDepth || seen.tokens > 3 * limits.values) seen.isFine = false;
  if (!seen.isFine) return;
  if (typeof value === "number")
    seen.isFine = Number.isSafeInteger(value) || (!Number.isInteger(value) && Number.isFinite(value));
  else if (typeof value === "string") seen.isFine = checkText(value, nowhere.value) === undefined;
  else if (Array.isArray(value))
    for (const item of value as readonly JsonValue[]) look(item, depth + 1, seen);
  else if (isObject(value))
    for (const key of Object.keys(value)) {
      seen.keys += 1;
      seen.tokens += 1;
      if (checkKey(key, nowhere.value)) seen.isFine = false;
      look(value[key] as JsonValue, depth + 1, seen);
    }
}

/** Counts the keys in the text of valid JSON. The value has fewer if a key is duplicated. */
function countKeys(text: string): number {
  let keys = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) {
    do at = text.indexOf('"', at + 1);
    while (isEscaped(text, at));
    keyEnd.lastIndex = at + 1;
    if (keyEnd.test(text)) keys += 1;
  }
  return keys;
}

const keyEnd = /\s*:/y;

/** Whether an odd number of backslashes precedes a character. */
function isEscaped(text: string, at: number): boolean {
  let from = at;
  while (text[from - 1] === "\\") from -= 1;
  return (at - from) % 2 === 1;
}

/** Reads JSON with comments and trailing commas, and the positions of all values. */
function loadWithPositions(text: string): Loaded {
  const refused = checkSize(text);
  if (refused) return { problems: [refused] };
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const problems = describeErrors(errors, text);
  if (!tree || problems.length > 0) return { problems };
  const { value, node } = convert(tree, text, problems);
  return { value, root: () => node, problems };
}

/** Checks depth and size before parsing, because the parser recurses and the scanner does not. */
function checkSize(text: string): LoadProblem | undefined {
  const scanner = createScanner(text, true);
  let depth = 0;
  let nodes = 0;
  while (scanner.getPosition() < text.length) {
    scanner.scan();
    const span = { offset: scanner.getTokenOffset(), length: 1 };
    const first = text[span.offset];
    if (first === "{" || first === "[") depth += 1;
    if (first === "}" || first === "]") depth -= 1;
    if (first !== "," && first !== ":") nodes += 1;
    if (depth > maxDepth) return tooDeep(span);
    // A value accounts for at most three tokens: a key, an opening and a closing one.
    if (nodes > 3 * limits.values) return tooMany(span, limits);
  }
  return undefined;
}

interface Converted {
  readonly value: JsonValue;
  readonly node: SpecNode;
}

function convert(tree: Node, text: string, problems: LoadProblem[]): Converted {
  const { offset, length, type, children = [] } = tree;
  const span = { offset, length };
  if (type === "object") return convertObject(tree, text, problems);
  if (type === "array") {
    const items = children.map((child) => convert(child, text, problems));
    const nodes = new Map(items.map((item, index) => [index, item.node]));
    return { value: items.map((item) => item.value), node: { value: span, children: nodes } };
  }
  const value = tree.value as string | number | boolean | null;
  const problem =
    typeof value === "number"
      ? checkNumber(value, text.slice(offset, offset + length), span)
      : typeof value === "string" && checkText(value, span);
  if (problem) problems.push(problem);
  return { value, node: { value: span } };
}

function convertObject(tree: Node, text: string, problems: LoadProblem[]): Converted {
  const values = new Map<string, JsonValue>();
  const nodes = new Map<string, SpecNode>();
  for (const property of tree.children ?? []) {
    const [name, held] = property.children ?? [];
    if (!name || !held) continue;
    const key = String(name.value);
    const span = { offset: name.offset, length: name.length };
    if (values.has(key)) {
      problems.push({
        ...span,
        code: "duplicate-key",
        message: `duplicate key ${quote(key)}: remove one of them`,
      });
    }
    const long = checkKey(key, span);
    if (long) problems.push(long);
    const { value, node } = convert(held, text, problems);
    values.set(key, value);
    nodes.set(key, { ...node, key: span });
  }
  const span = { offset: tree.offset, length: tree.length };
  // fromEntries defines properties, so `__proto__` remains an ordinary key.
  return { value: Object.fromEntries(values), node: { value: span, children: nodes } };
}

const errorMessages: Readonly<Record<string, string>> = {
  InvalidNumberFormat: "invalid number",
  PropertyNameExpected: "expected a key in double quotes",
  ValueExpected: "expected a value",
  ColonExpected: "expected a colon",
  CommaExpected: "expected a comma",
  CloseBraceExpected: "expected a closing brace",
  CloseBracketExpected: "expected a closing bracket",
  EndOfFileExpected: "unexpected text after the end of the spec",
  InvalidCommentToken: "invalid comment: write // or /* */",
  UnexpectedEndOfComment: "unclosed comment: add */",
  UnexpectedEndOfString: "unclosed string: add a closing quote",
  UnexpectedEndOfNumber: "incomplete number",
  InvalidUnicode: "invalid escape: \\u takes four hexadecimal digits",
  InvalidEscapeCharacter: 'invalid escape: a backslash must be followed by one of "\\/bfnrtu',
  InvalidCharacter: "unescaped control character: write it as an escape such as \\n or \\t",
};

/** Maximum number of reported syntax errors. Later ones are usually consequences of the first. */
const maxErrors = 100;

function describeErrors(errors: readonly ParseError[], text: string): LoadProblem[] {
  const problems: LoadProblem[] = [];
  let end = -1;
  for (const { error, offset, length } of errors.slice(0, 2 * maxErrors)) {
    // An error directly after another one is its consequence. After an invalid word, the parser also reports a missing
    // value.
    const isConsequence = offset <= end || (end >= 0 && text.slice(end, offset).trim() === "");
    end = offset + length;
    if (isConsequence) continue;
    const message = errorMessages[printParseErrorCode(error)] ?? notJson(text.slice(offset, end));
    problems.push({ offset, length, code: "syntax-error", message });
  }
  return problems.slice(0, maxErrors);
}

function notJson(source: string): string {
  if (source.startsWith("'")) return "strings take double quotes";
  const word = { True: "true", False: "false", None: "null", undefined: "null", nil: "null" }[source];
  return `${quote(source)} is not valid JSON${word ? `; did you mean ${word}?` : ""}`;
}

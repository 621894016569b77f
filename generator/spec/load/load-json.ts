import type { JsonValue } from "@connector-gen/runtime";
import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";

import type { Loaded, LoadProblem, SpecNode } from "./document.js";
import { checkNumber, MAX_DEPTH, MAX_NODES, tooDeep, tooMany } from "./limits.js";
import { quote } from "../wording.js";

/** Reads JSON with comments and trailing commas. */
export function loadJson(text: string): Loaded {
  const refused = checkSize(text);
  if (refused) return { problems: [refused] };
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const problems = describeErrors(errors, text);
  if (!tree || problems.length > 0) return { problems };
  const { value, node } = convert(tree, text, problems);
  return { value, root: node, problems };
}

/** Measures before parsing: the parser recurses, the scanner does not. */
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
    if (depth > MAX_DEPTH) return tooDeep(span);
    // Every value has at most a key, an opening and a closing token.
    if (nodes > 3 * MAX_NODES) return tooMany(span);
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
  const problem = typeof value === "number" && checkNumber(value, text.slice(offset, offset + length), span);
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
      problems.push({ ...span, code: "duplicate-key", message: `the key ${quote(key)} stands here twice` });
    }
    const { value, node } = convert(held, text, problems);
    values.set(key, value);
    nodes.set(key, { ...node, key: span });
  }
  const span = { offset: tree.offset, length: tree.length };
  // fromEntries defines properties: a key `__proto__` stays a key.
  return { value: Object.fromEntries(values), node: { value: span, children: nodes } };
}

const MESSAGES: Readonly<Record<string, string>> = {
  InvalidNumberFormat: "this is not a number of JSON",
  PropertyNameExpected: "a key in double quotes is expected here",
  ValueExpected: "a value is expected here",
  ColonExpected: "a colon is expected here",
  CommaExpected: "a comma is expected here",
  CloseBraceExpected: "a closing brace is expected here",
  CloseBracketExpected: "a closing bracket is expected here",
  EndOfFileExpected: "the spec has ended before this",
  InvalidCommentToken: "this is not a comment",
  UnexpectedEndOfComment: "this comment has no end",
  UnexpectedEndOfString: "this text has no closing quote",
  UnexpectedEndOfNumber: "this number is incomplete",
  InvalidUnicode: "\\u takes four hexadecimal digits",
  InvalidEscapeCharacter: 'after a backslash only one of "\\/bfnrtu may stand',
  InvalidCharacter: "this character must be escaped, as in \\n or \\t",
};

/** More errors than these are one error and its echoes. */
const MAX_ERRORS = 100;

function describeErrors(errors: readonly ParseError[], text: string): LoadProblem[] {
  const problems: LoadProblem[] = [];
  let end = -1;
  for (const { error, offset, length } of errors.slice(0, 2 * MAX_ERRORS)) {
    // What directly follows an error is its echo: after a word that is no value the parser misses the value.
    const isEcho = offset <= end || (end >= 0 && text.slice(end, offset).trim() === "");
    end = offset + length;
    if (isEcho) continue;
    const message = MESSAGES[printParseErrorCode(error)] ?? notJson(text.slice(offset, end));
    problems.push({ offset, length, code: "syntax-error", message });
  }
  return problems.slice(0, MAX_ERRORS);
}

function notJson(source: string): string {
  if (source.startsWith("'")) return "text stands in double quotes";
  const word = { True: "true", False: "false", None: "null", undefined: "null", nil: "null" }[source];
  return `${quote(source)} is not JSON${word ? `; did you mean ${word}?` : ""}`;
}

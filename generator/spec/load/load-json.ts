import type { JsonValue } from "@connector-gen/runtime";
import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";

import type { Loaded, LoadProblem, SpecNode } from "./document.js";
import { checkKey, checkNumber, checkText, maxDepth, maxNodes, tooDeep, tooMany } from "./limits.js";
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

/** Checks depth and size before parsing: the parser recurses, the scanner does not. */
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
    if (nodes > 3 * maxNodes) return tooMany(span);
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
  // fromEntries defines properties, so that `__proto__` remains an ordinary key.
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

/** The most syntax errors that are reported: later ones are usually consequences of the first. */
const maxErrors = 100;

function describeErrors(errors: readonly ParseError[], text: string): LoadProblem[] {
  const problems: LoadProblem[] = [];
  let end = -1;
  for (const { error, offset, length } of errors.slice(0, 2 * maxErrors)) {
    // An error right behind another one is its consequence: after an invalid word, the parser also misses the value.
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

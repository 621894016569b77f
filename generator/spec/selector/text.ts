import { quote } from "../wording.js";

/** A position in the text of a selector. */
export interface Cursor {
  readonly text: string;
  /** In UTF-16 code units. */
  offset: number;
  /** The number of open brackets, parentheses and filters. */
  depth: number;
  /** Whether dlt's dialect has read text that RFC 9535 would read differently: `\u00e9` in quotes, a bare `null`. */
  isAmbiguous: boolean;
}

/** An invalid selector, and the range of the problem. */
export interface SelectorProblem extends Error {
  readonly name: "SelectorProblem";
  readonly offset: number;
  readonly length: number;
  /** Whether the selector is understood but not supported: the other dialect cannot read it either. */
  readonly isUnsupported: boolean;
}

/** Creates a selector problem. The default length is 1. */
export function createSelectorProblem(
  message: string,
  { offset, length = 1, isUnsupported = false }: { offset: number; length?: number; isUnsupported?: boolean },
): SelectorProblem {
  return Object.assign(new Error(message), {
    name: "SelectorProblem" as const,
    offset,
    length,
    isUnsupported,
  });
}

/** Whether a caught error is a selector problem. */
export function isSelectorProblem(error: unknown): error is SelectorProblem {
  return error instanceof Error && error.name === "SelectorProblem";
}

/** Creates a problem at the cursor. */
export function problem(cursor: Cursor, message: string): SelectorProblem {
  return createSelectorProblem(message, { offset: visibleOffset(cursor) });
}

/** Creates a problem at the cursor for syntax that is understood but not supported. */
export function unsupported(cursor: Cursor, message: string): SelectorProblem {
  return createSelectorProblem(message, { offset: visibleOffset(cursor), isUnsupported: true });
}

/** The offset of the cursor; at the end of the text, that of the last character. */
function visibleOffset({ offset, text }: Cursor): number {
  return Math.min(offset, Math.max(0, text.length - 1));
}

/** Creates the problem of an unexpected character at the cursor. */
export function badCharacter(cursor: Cursor): SelectorProblem {
  const character = String.fromCodePoint(cursor.text.codePointAt(cursor.offset) ?? 0);
  const fix = "names with characters other than letters, digits, _, - and @ must be in quotes, as in 'a b'";
  return problem(cursor, `unexpected ${quote(character)}: ${fix}`);
}

/** Returns the character at the cursor, or an empty string at the end. */
export function peek(cursor: Cursor): string {
  return cursor.text[cursor.offset] ?? "";
}

/** Advances past a text if the cursor is at it. */
export function take(cursor: Cursor, text: string): boolean {
  if (!cursor.text.startsWith(text, cursor.offset)) return false;
  cursor.offset += text.length;
  return true;
}

/** Advances past the match of a pattern at the cursor and returns it. */
export function takeMatch(cursor: Cursor, pattern: RegExp): string | undefined {
  const sticky = new RegExp(pattern, "y");
  sticky.lastIndex = cursor.offset;
  const [found] = sticky.exec(cursor.text) ?? [];
  cursor.offset += found?.length ?? 0;
  return found;
}

/** Advances past whitespace. */
export function skipSpaces(cursor: Cursor): void {
  while (/^[ \t\n\r]$/.test(peek(cursor))) cursor.offset += 1;
}

/** Advances past a closing bracket or parenthesis. If the text ends first, the problem points at the opening one. */
export function close(cursor: Cursor, mark: "]" | ")", from: number): void {
  skipSpaces(cursor);
  if (take(cursor, mark)) return;
  const what = mark === "]" ? "bracket" : "parenthesis";
  if (cursor.offset >= cursor.text.length) {
    throw createSelectorProblem(`unclosed ${what}`, { offset: from });
  }
  throw problem(cursor, `expected a closing ${what}`);
}

/** Maximum depth of a selector. The limit keeps the recursive reader from running out of stack. */
const maxDepth = 40;

/** Reads a nested part of a selector, and limits the depth. */
export function nested<T>(cursor: Cursor, read: () => T): T {
  cursor.depth += 1;
  if (cursor.depth > maxDepth)
    throw problem(cursor, `the selector is nested more than ${maxDepth} levels deep`);
  const result = read();
  cursor.depth -= 1;
  return result;
}

/** Reads an integer for an index or slice; `undefined` if there is none. Rejects integers that are not safe. */
export function readWhole(cursor: Cursor): number | undefined {
  const start = cursor.offset;
  const digits = takeMatch(cursor, /-?\d+/);
  if (digits === undefined) return undefined;
  const whole = Number(digits);
  if (!Number.isSafeInteger(whole)) {
    cursor.offset = start;
    throw problem(cursor, "the index is too large");
  }
  // Minus zero is zero.
  return whole === 0 ? 0 : whole;
}

/** Reads a quoted string in dlt's dialect: a backslash makes the next character literal. */
export function readQuoted(cursor: Cursor): string {
  const start = cursor.offset;
  const mark = peek(cursor);
  let text = "";
  for (cursor.offset += 1; cursor.offset < cursor.text.length; cursor.offset += 1) {
    const character = peek(cursor);
    if (character === mark) {
      cursor.offset += 1;
      return text;
    }
    if (character === "\\") {
      cursor.offset += 1;
      cursor.isAmbiguous ||= /^[bfnrtu]$/.test(peek(cursor));
    }
    text += peek(cursor);
  }
  throw createSelectorProblem("unclosed quote", { offset: start });
}

/** Whether the cursor is at a quote. */
export function isAtQuote(cursor: Cursor): boolean {
  return /^['"]$/.test(peek(cursor));
}

/** Escapes of RFC 9535 strings, apart from quotes and code points. */
const rfcEscapes: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  "/": "/",
  "\\": "\\",
};

/** Reads a quoted string of RFC 9535 (§2.3.1): escapes are those of JSON, except for quotes. */
export function readRfcString(cursor: Cursor): string {
  const start = cursor.offset;
  const mark = peek(cursor);
  let text = "";
  cursor.offset += 1;
  for (;;) {
    const character = peek(cursor);
    if (character === "") throw createSelectorProblem("unclosed quote", { offset: start });
    if (character < " ")
      throw problem(cursor, "unescaped control character: write it as an escape such as \\n or \\u000a");
    cursor.offset += 1;
    if (character === mark) return text;
    text += character === "\\" ? readRfcEscape(cursor, mark) : character;
  }
}

function readRfcEscape(cursor: Cursor, mark: string): string {
  const character = peek(cursor);
  const escaped = character === mark ? mark : rfcEscapes[character];
  if (escaped !== undefined) {
    cursor.offset += 1;
    return escaped;
  }
  const pair = /u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}/;
  const code = takeMatch(cursor, pair) ?? takeMatch(cursor, /u(?![dD][89a-fA-F])[\da-fA-F]{4}/);
  if (code === undefined) throw problem(cursor, "invalid escape: write \\\\ for a backslash");
  return code
    .split("\\")
    .map((unit) => String.fromCharCode(Number.parseInt(unit.slice(1), 16)))
    .join("");
}

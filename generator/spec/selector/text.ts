import { quote } from "../wording.js";

/** A place in the text of a selector. */
export interface Cursor {
  readonly text: string;
  at: number;
  /** How many brackets, parentheses and filters are open. */
  depth: number;
  /** Whether letters were read as such that mean more in RFC 9535: `\u00e9` in quotes, `null` without. */
  isAmbiguous: boolean;
}

/** A selector that cannot be read, and the spot. */
export class SelectorProblem extends Error {
  readonly offset: number;
  readonly length: number;
  /** Whether the text was understood, but asks for what there is not: no other reading will do better. */
  readonly isRefusal: boolean;
  constructor(message: string, place: { offset: number; length?: number; isRefusal?: boolean }) {
    super(message);
    this.offset = place.offset;
    this.length = place.length ?? 1;
    this.isRefusal = place.isRefusal ?? false;
  }
}

/** The problem at the cursor. */
export function problem(cursor: Cursor, message: string): SelectorProblem {
  return new SelectorProblem(message, { offset: spot(cursor) });
}

/** The problem of a thing that is understood, but not supported. */
export function refusal(cursor: Cursor, message: string): SelectorProblem {
  return new SelectorProblem(message, { offset: spot(cursor), isRefusal: true });
}

/** The end of a text is shown at its last character. */
function spot({ at, text }: Cursor): number {
  return Math.min(at, Math.max(0, text.length - 1));
}

/** The problem of a character that begins nothing. */
export function badCharacter(cursor: Cursor): SelectorProblem {
  const character = String.fromCodePoint(cursor.text.codePointAt(cursor.at) ?? 0);
  const mend = "a name that is not letters, digits, _, - and @ stands in quotes, as in 'a b'";
  return problem(cursor, `${quote(character)} cannot stand here: ${mend}`);
}

/** The character at the cursor, empty at the end. */
export function peek(cursor: Cursor): string {
  return cursor.text[cursor.at] ?? "";
}

/** Steps over a text if it is there. */
export function take(cursor: Cursor, text: string): boolean {
  if (!cursor.text.startsWith(text, cursor.at)) return false;
  cursor.at += text.length;
  return true;
}

/** Steps over what a sticky pattern matches, and returns it. */
export function takeMatch(cursor: Cursor, pattern: RegExp): string | undefined {
  const sticky = new RegExp(pattern, "y");
  sticky.lastIndex = cursor.at;
  const [found] = sticky.exec(cursor.text) ?? [];
  cursor.at += found?.length ?? 0;
  return found;
}

/** Steps over blanks. */
export function skipSpaces(cursor: Cursor): void {
  while (/^[ \t\n\r]$/.test(peek(cursor))) cursor.at += 1;
}

/** Steps over a closing bracket or parenthesis; its opening one, at `from`, is shown when the text ends before. */
export function close(cursor: Cursor, mark: "]" | ")", from: number): void {
  skipSpaces(cursor);
  if (take(cursor, mark)) return;
  const what = mark === "]" ? "bracket" : "parenthesis";
  if (cursor.at >= cursor.text.length) {
    throw new SelectorProblem(`this ${what} is not closed`, { offset: from });
  }
  throw problem(cursor, `a closing ${what} is expected here`);
}

/** Deeper nesting is no selector that anyone writes, and would break the reader. */
const DEEPEST = 40;

/** Reads something that may hold more of its own kind. */
export function nested<T>(cursor: Cursor, read: () => T): T {
  cursor.depth += 1;
  if (cursor.depth > DEEPEST) throw problem(cursor, `this is nested more than ${DEEPEST} times`);
  const result = read();
  cursor.depth -= 1;
  return result;
}

/** A whole number for an index or slice: one that JSON can carry exactly. */
export function readWhole(cursor: Cursor): number | undefined {
  const start = cursor.at;
  const digits = takeMatch(cursor, /-?\d+/);
  if (digits === undefined) return undefined;
  const whole = Number(digits);
  if (!Number.isSafeInteger(whole)) {
    cursor.at = start;
    throw problem(cursor, "this index is too large");
  }
  // Minus zero is zero.
  return whole === 0 ? 0 : whole;
}

/** Reads a text in quotes as dlt does: a backslash takes the next character as it is. */
export function readQuoted(cursor: Cursor): string {
  const start = cursor.at;
  const mark = peek(cursor);
  let text = "";
  for (cursor.at += 1; cursor.at < cursor.text.length; cursor.at += 1) {
    const character = peek(cursor);
    if (character === mark) {
      cursor.at += 1;
      return text;
    }
    if (character === "\\") {
      cursor.at += 1;
      cursor.isAmbiguous ||= /^[bfnrtu]$/.test(peek(cursor));
    }
    text += peek(cursor);
  }
  throw new SelectorProblem("this quote is not closed", { offset: start });
}

/** Whether a quote stands at the cursor. */
export function isAtQuote(cursor: Cursor): boolean {
  return /^['"]$/.test(peek(cursor));
}

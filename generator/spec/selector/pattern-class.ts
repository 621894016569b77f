import { type Characters, charactersOf } from "./pattern-characters.js";
import { createSelectorProblem, type Cursor, peek, problem, take, takeMatch } from "./text.js";
import { quote } from "../wording.js";

/** Escapes of single characters, apart from those by code point. */
const escapes: Readonly<Record<string, string>> = {
  a: "\u0007",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** Reads the escape after a backslash: a character or a class. */
export function readEscaped(cursor: Cursor, context: "class" | "pattern" = "pattern"): Characters {
  const start = cursor.offset - 1;
  const letter = peek(cursor);
  if (letter === "")
    throw createSelectorProblem("expected a character after the backslash", { offset: start });
  const named = charactersOf(letter);
  if (named) {
    cursor.offset += 1;
    return named;
  }
  const simple = letter === "b" && context === "class" ? "\b" : escapes[letter];
  if (simple === undefined) return one(readCodePoint(cursor) ?? readLiteral(cursor, start));
  cursor.offset += 1;
  return one(simple.charCodeAt(0));
}

/** Reads a code point escape: `\x41`, `\u0041`, `\U00000041`, `\0`. */
function readCodePoint(cursor: Cursor): number | undefined {
  const number = takeMatch(cursor, /x[\da-fA-F]{2}|u[\da-fA-F]{4}|U00(?:0[\da-fA-F]|10)[\da-fA-F]{4}/);
  if (number !== undefined) return Number.parseInt(number.slice(1), 16);
  const octal = takeMatch(cursor, /0[0-7]{0,2}/);
  return octal === undefined ? undefined : Number.parseInt(octal, 8);
}

function readLiteral(cursor: Cursor, start: number): number {
  const letter = peek(cursor);
  if (/[\dA-Za-z]/.test(letter)) {
    throw createSelectorProblem(`\\${letter} is not supported: ${alternativeTo(letter)}`, {
      offset: start,
      length: 2,
    });
  }
  return readCharacter(cursor);
}

function alternativeTo(letter: string): string {
  if (/\d/.test(letter)) return "repeat the pattern of the group instead of referring back to it";
  if (/[pP]/.test(letter)) return "list the characters, as in [A-Za-zÀ-ÿ], or use \\w or \\d";
  if (/[zG]/.test(letter)) return "write \\A or ^ for the start, \\Z or $ for the end";
  return "valid escapes are classes such as \\d \\w \\s, assertions \\A \\b \\B \\Z, and characters such as \\n \\x41 \\u0041";
}

/** Reads a character class in brackets. */
export function readClass(cursor: Cursor): Characters {
  const start = cursor.offset;
  cursor.offset += 1;
  const isNegated = take(cursor, "^");
  const first = cursor.offset;
  const members: Characters[] = [];
  // A bracket that would close an empty class is a literal character.
  while (cursor.offset === first || !take(cursor, "]")) {
    if (peek(cursor) === "") throw createSelectorProblem("unclosed bracket", { offset: start });
    members.push(readMember(cursor));
  }
  return {
    ranges: members.flatMap(({ ranges }) => ranges),
    names: members.flatMap(({ names = [] }) => names),
    isNegated,
  };
}

/** Reads a member of a character class: a character, a class or a range. */
function readMember(cursor: Cursor): Characters {
  const start = cursor.offset;
  const low = readOne(cursor);
  if (!/^-[^\]]/.test(cursor.text.slice(cursor.offset, cursor.offset + 2))) return low;
  cursor.offset += 1;
  const high = readOne(cursor);
  const range = { offset: start, length: cursor.offset - start };
  const [from, to] = [codeOf(low), codeOf(high)];
  if (from === undefined || to === undefined) {
    throw createSelectorProblem(
      "both ends of a range must be single characters: write a literal - last",
      range,
    );
  }
  if (from > to) {
    throw createSelectorProblem(
      `invalid range ${quote(cursor.text.slice(start, cursor.offset))}: its ends are in the wrong order`,
      range,
    );
  }
  return { ranges: [[from, to]] };
}

function readOne(cursor: Cursor): Characters {
  return take(cursor, "\\") ? readEscaped(cursor, "class") : one(readCharacter(cursor));
}

/** Advances past a character and returns its code point. */
export function readCharacter(cursor: Cursor): number {
  if (peek(cursor) === "") throw problem(cursor, "expected a character");
  const code = cursor.text.codePointAt(cursor.offset) ?? 0;
  cursor.offset += String.fromCodePoint(code).length;
  return code;
}

/** A set of one character. */
export function one(code: number): Characters {
  return { ranges: [[code, code]] };
}

function codeOf({ ranges: [range, ...others], names = [] }: Characters): number | undefined {
  const isOne = others.length === 0 && names.length === 0 && range?.[0] === range?.[1];
  return isOne ? range?.[0] : undefined;
}

import { type Characters, charactersOf } from "./pattern-characters.js";
import { type Cursor, peek, problem, SelectorProblem, take, takeMatch } from "./text.js";
import { quote } from "../wording.js";

/** Escapes that are one character, but for those of numbers. */
const ESCAPES: Readonly<Record<string, string>> = {
  a: "\u0007",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** Reads what stands behind a backslash, if it is a character or a choice of them. */
export function readEscaped(cursor: Cursor, place: "inside" | "outside" = "outside"): Characters {
  const start = cursor.at - 1;
  const letter = peek(cursor);
  if (letter === "") throw new SelectorProblem("a character follows a backslash", { offset: start });
  const named = charactersOf(letter);
  if (named) {
    cursor.at += 1;
    return named;
  }
  const simple = letter === "b" && place === "inside" ? "\b" : ESCAPES[letter];
  if (simple === undefined) return one(readNumbered(cursor) ?? readItself(cursor, start));
  cursor.at += 1;
  return one(simple.charCodeAt(0));
}

/** A character by its number: `\x41`, `\u0041`, `\U00000041`, `\0`. */
function readNumbered(cursor: Cursor): number | undefined {
  const number = takeMatch(cursor, /x[\da-fA-F]{2}|u[\da-fA-F]{4}|U00(?:0[\da-fA-F]|10)[\da-fA-F]{4}/);
  if (number !== undefined) return Number.parseInt(number.slice(1), 16);
  const octal = takeMatch(cursor, /0[0-7]{0,2}/);
  return octal === undefined ? undefined : Number.parseInt(octal, 8);
}

function readItself(cursor: Cursor, start: number): number {
  const letter = peek(cursor);
  if (/[\dA-Za-z]/.test(letter)) {
    throw new SelectorProblem(`\\${letter} is not supported: ${mendOf(letter)}`, {
      offset: start,
      length: 2,
    });
  }
  return readCharacter(cursor);
}

function mendOf(letter: string): string {
  if (/\d/.test(letter)) return "a pattern cannot refer back to a group, but say again what it is";
  if (/[pP]/.test(letter)) return "name the characters, as in [A-Za-zÀ-ÿ], or take \\w or \\d";
  if (/[zG]/.test(letter)) return "the start is \\A or ^, the end \\Z or $";
  return "classes are \\d \\w \\s \\D \\W \\S, places \\A \\b \\B \\Z, characters \\n \\t \\x41 \\u0041";
}

/** Reads a choice in brackets. */
export function readClass(cursor: Cursor): Characters {
  const start = cursor.at;
  cursor.at += 1;
  const isNegated = take(cursor, "^");
  const first = cursor.at;
  const members: Characters[] = [];
  // A bracket that would close an empty choice is a character.
  while (cursor.at === first || !take(cursor, "]")) {
    if (peek(cursor) === "") throw new SelectorProblem("this bracket is not closed", { offset: start });
    members.push(readMember(cursor));
  }
  return {
    ranges: members.flatMap(({ ranges }) => ranges),
    names: members.flatMap(({ names = [] }) => names),
    isNegated,
  };
}

/** A character, a class or a range. */
function readMember(cursor: Cursor): Characters {
  const start = cursor.at;
  const low = readOne(cursor);
  if (!/^-[^\]]/.test(cursor.text.slice(cursor.at, cursor.at + 2))) return low;
  cursor.at += 1;
  const high = readOne(cursor);
  const place = { offset: start, length: cursor.at - start };
  const [from, to] = [codeOf(low), codeOf(high)];
  if (from === undefined || to === undefined) {
    throw new SelectorProblem("a range leads from a character to a character: - itself stands last", place);
  }
  if (from > to) {
    throw new SelectorProblem(`${quote(cursor.text.slice(start, cursor.at))} runs backwards`, place);
  }
  return { ranges: [[from, to]] };
}

function readOne(cursor: Cursor): Characters {
  return take(cursor, "\\") ? readEscaped(cursor, "inside") : one(readCharacter(cursor));
}

/** Steps over a character, and returns its code point. */
export function readCharacter(cursor: Cursor): number {
  if (peek(cursor) === "") throw problem(cursor, "a character is expected here");
  const code = cursor.text.codePointAt(cursor.at) ?? 0;
  cursor.at += String.fromCodePoint(code).length;
  return code;
}

/** A choice of one character. */
export function one(code: number): Characters {
  return { ranges: [[code, code]] };
}

function codeOf({ ranges: [range, ...others], names = [] }: Characters): number | undefined {
  const isOne = others.length === 0 && names.length === 0 && range?.[0] === range?.[1];
  return isOne ? range?.[0] : undefined;
}

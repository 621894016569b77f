import { allBut, type Characters, type PatternStep } from "./pattern-characters.js";
import { one, readCharacter, readClass, readEscaped } from "./pattern-class.js";
import {
  close,
  createSelectorProblem,
  type Cursor,
  nested,
  peek,
  problem,
  type SelectorProblem,
  take,
  takeMatch,
} from "./text.js";

/** The syntax that a pattern belongs to: dlt's operator, or a function of RFC 9535. */
export type PatternUse = "=~" | "match" | "search";

/** A condition on a position of the text. */
type Assertion = Extract<PatternStep, { readonly assert: unknown }>["assert"];

/** A pattern as a tree. */
export type PatternTree =
  | { readonly kind: "characters"; readonly characters: Characters }
  | { readonly kind: "assertion"; readonly assertion: Assertion }
  | { readonly kind: "sequence"; readonly parts: readonly PatternTree[] }
  | { readonly kind: "choice"; readonly parts: readonly [PatternTree, ...PatternTree[]] }
  | Repetition;

/** A repeated part. */
export interface Repetition {
  readonly kind: "repetition";
  readonly part: PatternTree;
  readonly min: number;
  readonly max: number;
  /** The offset of the quantifier in the pattern. */
  readonly offset: number;
}

/** The text of a pattern, and its syntax, which defines `.` and `$`. */
interface PatternReader {
  readonly cursor: Cursor;
  readonly use: PatternUse;
}

/** Parses a pattern in the syntax of Python's `re`, without features that take more than linear time. */
export function readPatternTree(text: string, use: PatternUse): PatternTree {
  const cursor: Cursor = { text, offset: 0, depth: 0, isAmbiguous: false };
  const tree = readChoice({ cursor, use });
  if (cursor.offset < text.length)
    throw problem(cursor, "unmatched closing parenthesis: write \\) for the character");
  return tree;
}

function readChoice(reader: PatternReader): PatternTree {
  const parts: [PatternTree, ...PatternTree[]] = [readSequence(reader)];
  while (take(reader.cursor, "|")) parts.push(readSequence(reader));
  return parts.length === 1 ? parts[0] : { kind: "choice", parts };
}

function readSequence(reader: PatternReader): PatternTree {
  const { cursor } = reader;
  const parts: PatternTree[] = [];
  while (!/^[|)]?$/.test(peek(cursor))) {
    const part = readPart(reader);
    parts.push(readRepetition(cursor, part) ?? part);
  }
  return { kind: "sequence", parts };
}

/** Matches a quantifier. Any other `{` is a literal character. */
const quantifier = /[*+?]|\{(?:\d+(?:,\d*)?|,\d*)\}/;

function readRepetition(cursor: Cursor, part: PatternTree): Repetition | undefined {
  const offset = cursor.offset;
  const sign = takeMatch(cursor, quantifier);
  if (sign === undefined) return undefined;
  const range = { offset, length: sign.length };
  if (part.kind === "assertion") throw createSelectorProblem("an assertion cannot be repeated", range);
  const [min, max] = readCounts(sign);
  if (min > max) throw createSelectorProblem("invalid repetition: the smaller number must come first", range);
  // Laziness does not affect whether there is a match.
  take(cursor, "?");
  if (peek(cursor) === "+") {
    throw problem(cursor, "possessive quantifiers are not supported: remove this +");
  }
  if (takeMatch(cursor, new RegExp(`(?=${quantifier.source})`)) !== undefined) {
    throw problem(cursor, "repeated quantifier: put the repeated part in parentheses");
  }
  return { kind: "repetition", part, min, max, offset };
}

function readCounts(sign: string): readonly [min: number, max: number] {
  if (sign === "?") return [0, 1];
  if (sign === "*" || sign === "+") return [sign === "+" ? 1 : 0, Infinity];
  const [min = "", max = min] = sign.slice(1, -1).split(",");
  return [Number(min), max === "" ? Infinity : Number(max)];
}

function readPart(reader: PatternReader): PatternTree {
  const { cursor, use } = reader;
  if (takeMatch(cursor, new RegExp(`(?=${quantifier.source})`)) !== undefined) {
    throw problem(cursor, `nothing to repeat: write \\${peek(cursor)} for the character`);
  }
  if (peek(cursor) === "(") return readGroup(reader);
  if (peek(cursor) === "[") return characters(readClass(cursor));
  if (take(cursor, ".")) return characters(use === "=~" ? allBut(10) : allBut(10, 13));
  if (take(cursor, "^")) return { kind: "assertion", assertion: "start" };
  if (take(cursor, "$")) return { kind: "assertion", assertion: use === "=~" ? "endOrNewline" : "end" };
  if (!take(cursor, "\\")) return characters(one(readCharacter(cursor)));
  const assertion = assertions[peek(cursor)];
  if (!assertion) return characters(readEscaped(cursor));
  cursor.offset += 1;
  return { kind: "assertion", assertion };
}

/** Assertions by the letters of their escapes. */
const assertions: Readonly<Record<string, Assertion>> = {
  A: "start",
  Z: "end",
  b: "wordBoundary",
  B: "noWordBoundary",
};

function characters(set: Characters): PatternTree {
  return { kind: "characters", characters: set };
}

/** Reads a group. Captures are ignored. */
function readGroup(reader: PatternReader): PatternTree {
  const { cursor } = reader;
  const start = cursor.offset;
  cursor.offset += 1;
  const mark = takeMatch(cursor, /\?:|\?P<[A-Za-z_]\w*>/) ?? takeMatch(cursor, /\?(?:<[=!]|P?[=!<>]|.)?/);
  if (mark?.startsWith("?") && !/^\?(?::|P<.+>)$/.test(mark)) throw unsupportedGroup(mark, start);
  const tree = nested(cursor, () => readChoice(reader));
  close(cursor, ")", start);
  return tree;
}

function unsupportedGroup(mark: string, offset: number): SelectorProblem {
  return createSelectorProblem(`(${mark} is not supported: ${alternativeTo(mark)}`, {
    offset,
    length: mark.length + 1,
  });
}

function alternativeTo(mark: string): string {
  if (/^\?<?[=!]$/.test(mark))
    return "use several patterns in the filter instead of lookahead and lookbehind";
  if (mark === "?P=") return "repeat the pattern of the group instead of referring back to it";
  if (/^\?[a-z-]$/.test(mark)) return "write [Aa] instead of flags to match both cases";
  return "groups must start with (, (?: or (?P<name>";
}

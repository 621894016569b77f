import { allBut, type Characters, type PatternStep } from "./pattern-characters.js";
import { one, readCharacter, readClass, readEscaped } from "./pattern-class.js";
import { close, type Cursor, nested, peek, problem, SelectorProblem, take, takeMatch } from "./text.js";

/** What a pattern is written for: dlt's operator, or a function of RFC 9535. */
export type PatternUse = "=~" | "match" | "search";

/** A place that a pattern asks for. */
type Place = Extract<PatternStep, { readonly place: unknown }>["place"];

/** A pattern as a tree. */
export type PatternTree =
  | { readonly kind: "characters"; readonly characters: Characters }
  | { readonly kind: "place"; readonly place: Place }
  | { readonly kind: "sequence"; readonly parts: readonly PatternTree[] }
  | { readonly kind: "choice"; readonly parts: readonly [PatternTree, ...PatternTree[]] }
  | Repetition;

/** A part so and so many times. */
export interface Repetition {
  readonly kind: "repetition";
  readonly part: PatternTree;
  readonly min: number;
  readonly max: number;
  /** Where the text says so. */
  readonly offset: number;
}

/** The text of a pattern, and what decides on `.` and `$`. */
interface Reading {
  readonly cursor: Cursor;
  readonly use: PatternUse;
}

/** Reads a pattern in the syntax of Python's `re`, as far as time linear in the text is enough for it. */
export function readPatternTree(text: string, use: PatternUse): PatternTree {
  const cursor: Cursor = { text, at: 0, depth: 0, isAmbiguous: false };
  const tree = readChoice({ cursor, use });
  if (cursor.at < text.length)
    throw problem(cursor, "this parenthesis is not opened: as a character it is \\)");
  return tree;
}

function readChoice(reading: Reading): PatternTree {
  const parts: [PatternTree, ...PatternTree[]] = [readSequence(reading)];
  while (take(reading.cursor, "|")) parts.push(readSequence(reading));
  return parts.length === 1 ? parts[0] : { kind: "choice", parts };
}

function readSequence(reading: Reading): PatternTree {
  const { cursor } = reading;
  const parts: PatternTree[] = [];
  while (!/^[|)]?$/.test(peek(cursor))) {
    const part = readPart(reading);
    parts.push(readRepetition(cursor, part) ?? part);
  }
  return { kind: "sequence", parts };
}

/** `{` that does not begin one of these is a character. */
const QUANTIFIER = /[*+?]|\{(?:\d+(?:,\d*)?|,\d*)\}/;

function readRepetition(cursor: Cursor, part: PatternTree): Repetition | undefined {
  const offset = cursor.at;
  const sign = takeMatch(cursor, QUANTIFIER);
  if (sign === undefined) return undefined;
  const place = { offset, length: sign.length };
  if (part.kind === "place") throw new SelectorProblem("a place cannot be repeated", place);
  const [min, max] = readCounts(sign);
  if (min > max) throw new SelectorProblem("the smaller number comes first", place);
  // How much is taken does not matter for whether there is a match.
  take(cursor, "?");
  if (peek(cursor) === "+") {
    throw problem(cursor, "possessive repetitions are not supported: leave out this +");
  }
  if (takeMatch(cursor, new RegExp(`(?=${QUANTIFIER.source})`)) !== undefined) {
    throw problem(cursor, "this is repeated already: put it in parentheses to repeat it again");
  }
  return { kind: "repetition", part, min, max, offset };
}

function readCounts(sign: string): readonly [min: number, max: number] {
  if (sign === "?") return [0, 1];
  if (sign === "*" || sign === "+") return [sign === "+" ? 1 : 0, Infinity];
  const [min = "", max = min] = sign.slice(1, -1).split(",");
  return [Number(min), max === "" ? Infinity : Number(max)];
}

function readPart(reading: Reading): PatternTree {
  const { cursor, use } = reading;
  if (takeMatch(cursor, new RegExp(`(?=${QUANTIFIER.source})`)) !== undefined) {
    throw problem(cursor, `there is nothing to repeat: as a character it is \\${peek(cursor)}`);
  }
  if (peek(cursor) === "(") return readGroup(reading);
  if (peek(cursor) === "[") return characters(readClass(cursor));
  if (take(cursor, ".")) return characters(use === "=~" ? allBut(10) : allBut(10, 13));
  if (take(cursor, "^")) return { kind: "place", place: "start" };
  if (take(cursor, "$")) return { kind: "place", place: use === "=~" ? "endOrNewline" : "end" };
  if (!take(cursor, "\\")) return characters(one(readCharacter(cursor)));
  const place = PLACES[peek(cursor)];
  if (!place) return characters(readEscaped(cursor));
  cursor.at += 1;
  return { kind: "place", place };
}

const PLACES: Readonly<Record<string, Place>> = { A: "start", Z: "end", b: "edge", B: "noEdge" };

function characters(choice: Characters): PatternTree {
  return { kind: "characters", characters: choice };
}

/** What a group captures is of no interest. */
function readGroup(reading: Reading): PatternTree {
  const { cursor } = reading;
  const start = cursor.at;
  cursor.at += 1;
  const mark = takeMatch(cursor, /\?:|\?P<[A-Za-z_]\w*>/) ?? takeMatch(cursor, /\?(?:<[=!]|P?[=!<>]|.)?/);
  if (mark?.startsWith("?") && !/^\?(?::|P<.+>)$/.test(mark)) throw noGroup(mark, start);
  const tree = nested(cursor, () => readChoice(reading));
  close(cursor, ")", start);
  return tree;
}

function noGroup(mark: string, offset: number): SelectorProblem {
  return new SelectorProblem(`(${mark} is not supported: ${mendOf(mark)}`, {
    offset,
    length: mark.length + 1,
  });
}

function mendOf(mark: string): string {
  if (/^\?<?[=!]$/.test(mark))
    return "a pattern looks neither ahead nor back, but a filter may have several patterns";
  if (mark === "?P=") return "a pattern cannot refer back to a group, but say again what it is";
  if (/^\?[a-z-]$/.test(mark)) return "there are no flags; both cases of a letter are [Aa]";
  return "groups begin with (, (?: or (?P<name>";
}

/**
 * A compiled pattern: `^[ab]+$` is `[{ assert: "start" }, [97, 98], { or: 1 }, { assert: "end" }]`.
 *
 * It matches a string if, from any position, some path through its steps reaches the end.
 */
export interface QueryPattern {
  /** The pattern in the spec, for messages. */
  readonly source: string;
  /** The steps, in order; `or` and `to` are jumps. */
  readonly program: readonly PatternStep[];
  /** Set if the pattern uses digits or word characters: those of all scripts need `unicodePatterns`. */
  readonly unicode?: true;
}

/**
 * A step of a pattern:
 *
 * - a string: these characters, one step each;
 * - a list: one of these characters;
 * - `assert`: a condition on the position, consuming no character;
 * - `or`: continues with the next step or the one with this number;
 * - `to`: continues with the step with this number.
 */
export type PatternStep =
  | string
  | PatternCharacters
  | { readonly assert: PatternAssertion }
  | { readonly or: number }
  | { readonly to: number };

/** Pairs of code points, each an inclusive range; digits and word characters, or in capitals their complements; a leading `"^"` negates. */
export type PatternCharacters = readonly (number | "d" | "D" | "w" | "W" | "^")[];

/** The start or end of the string, its end or a final line feed, a word boundary or any other position. */
export type PatternAssertion = "start" | "end" | "endOrNewline" | "wordBoundary" | "noWordBoundary";

/** Compiles patterns to predicates; only strings can match. */
export type Patterns = (pattern: QueryPattern) => (value: unknown) => boolean;

/** Digits and word characters: code points at which ranges alternately start and end. */
export interface Alphabet {
  readonly d: readonly number[];
  readonly w: readonly number[];
}

/** Pattern support for `query`, with ASCII digits and word characters. */
export function patterns(): Patterns {
  return createPatterns({ d: [48, 58], w: [48, 58, 65, 91, 95, 96, 97, 123] });
}

/** Pattern support for `query`, with the digits and word characters of an alphabet. */
export function createPatterns(alphabet: Alphabet): Patterns {
  return ({ program }) => {
    const steps = program.flatMap((step) => (typeof step === "string" ? toCodes(step).map(toStep) : [step]));
    return (value) => typeof value === "string" && fits(steps, toCodes(value), alphabet);
  };
}

/** A step other than a string. */
type Step = Exclude<PatternStep, string>;

function toCodes(text: string): readonly number[] {
  return Array.from(text, (character) => character.codePointAt(0) ?? 0);
}

function toStep(code: number): Step {
  return [code, code];
}

/**
 * Simulates all paths through the steps in parallel, and visits each step at most once per position. So the time is
 * limited to the length of the string times that of the pattern.
 */
function fits(steps: readonly Step[], text: readonly number[], alphabet: Alphabet): boolean {
  /** The last position at which each step was visited. */
  const visited: number[] = [];
  let waiting: number[] = [];
  for (let position = 0; position <= text.length; position += 1) {
    const following: number[] = [];
    // A match may start at any position.
    waiting.push(0);
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      if (visited[number] === position) continue;
      visited[number] = position;
      const step = steps[number];
      if (!step) return true;
      if ("to" in step) waiting.push(step.to);
      else if ("or" in step) waiting.push(step.or, number + 1);
      else if ("assert" in step) {
        if (holds(step.assert, text, { position, words: alphabet.w })) waiting.push(number + 1);
      } else if (isOneOf(step, text[position], alphabet)) following.push(number + 1);
    }
    waiting = following;
  }
  return false;
}

function holds(
  assertion: PatternAssertion,
  text: readonly number[],
  { position, words }: { readonly position: number; readonly words: readonly number[] },
): boolean {
  switch (assertion) {
    case "start":
      return position === 0;
    case "end":
      return position === text.length;
    case "endOrNewline":
      return position === text.length || (position === text.length - 1 && text[position] === 10);
    case "wordBoundary":
    case "noWordBoundary":
      return (
        (isWithin(words, text[position - 1]) !== isWithin(words, text[position])) ===
        (assertion === "wordBoundary")
      );
    default:
      return assertion satisfies never;
  }
}

/** Whether a set contains a code point; `undefined` is the end of the string. */
function isOneOf(characters: PatternCharacters, code: number | undefined, { d, w }: Alphabet): boolean {
  if (code === undefined) return false;
  const isNegated = characters[0] === "^";
  for (let index = isNegated ? 1 : 0; index < characters.length; index += 1) {
    const from = characters[index];
    if (typeof from === "number") {
      index += 1;
      if (from <= code && code <= Number(characters[index])) return !isNegated;
    } else if (isWithin(from === "d" || from === "D" ? d : w, code) === (from === "d" || from === "w")) {
      return !isNegated;
    }
  }
  return isNegated;
}

/** Whether a code point is in one of the ranges: an odd number of bounds is at or below it. */
function isWithin(bounds: readonly number[], code = -1): boolean {
  let [from, to] = [0, bounds.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (Number(bounds[middle]) <= code) from = middle + 1;
    else to = middle;
  }
  return from % 2 === 1;
}

/**
 * A pattern, compiled: `^[ab]+$` is `[{ place: "start" }, [97, 98], { or: 1 }, { place: "end" }]`.
 *
 * It fits a text in which, from some place on, its steps can be walked to their end.
 */
export interface QueryPattern {
  /** As the spec writes it, for messages. */
  readonly source: string;
  /** The steps; after each comes the next one, unless it says otherwise. */
  readonly program: readonly PatternStep[];
  /** It asks for digits or words: `unicodePatterns` knows those of all scripts, `patterns` those of ASCII. */
  readonly unicode?: true;
}

/**
 * A step of a pattern:
 *
 * - a text: these characters, each a step;
 * - a list: one of these characters;
 * - `place`: no character, but such a place;
 * - `or`: the next step or the one with this number;
 * - `to`: the step with this number.
 */
export type PatternStep =
  | string
  | PatternCharacters
  | { readonly place: PatternPlace }
  | { readonly or: number }
  | { readonly to: number };

/** Code points, each time the first and the last of some; digits and words, in capitals all others; `"^"`: all but these. */
export type PatternCharacters = readonly (number | "d" | "D" | "w" | "W" | "^")[];

/** Start or end of the text, its end or the line feed there, the edge of a word or any other place. */
export type PatternPlace = "start" | "end" | "endOrNewline" | "edge" | "noEdge";

/** Makes patterns ready to be asked which values they fit; what is no text fits none. */
export type Patterns = (pattern: QueryPattern) => (value: unknown) => boolean;

/** Digits and what words are made of: code points at which they begin and end by turns. */
export interface Alphabet {
  readonly d: readonly number[];
  readonly w: readonly number[];
}

/** What a query with patterns needs; digits and words are ASCII's. */
export function patterns(): Patterns {
  return createPatterns({ d: [48, 58], w: [48, 58, 65, 91, 95, 96, 97, 123] });
}

/** What a query with patterns needs, for an alphabet. */
export function createPatterns(alphabet: Alphabet): Patterns {
  return ({ program }) => {
    const steps = program.flatMap((step) => (typeof step === "string" ? toCodes(step).map(toStep) : [step]));
    return (value) => typeof value === "string" && fits(steps, toCodes(value), alphabet);
  };
}

/** A step that is no text. */
type Step = Exclude<PatternStep, string>;

function toCodes(text: string): readonly number[] {
  return Array.from(text, (character) => character.codePointAt(0) ?? 0);
}

function toStep(code: number): Step {
  return [code, code];
}

/**
 * Walks all ways through the steps side by side, one character after the other, and no step twice at one place: the
 * time is at most that of the text times that of the pattern, whatever they are.
 */
function fits(steps: readonly Step[], text: readonly number[], alphabet: Alphabet): boolean {
  /** Where in the text each step was come to last. */
  const visited: number[] = [];
  let waiting: number[] = [];
  for (let at = 0; at <= text.length; at += 1) {
    const following: number[] = [];
    // The pattern may begin anywhere.
    waiting.push(0);
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      if (visited[number] === at) continue;
      visited[number] = at;
      const step = steps[number];
      if (!step) return true;
      if ("to" in step) waiting.push(step.to);
      else if ("or" in step) waiting.push(step.or, number + 1);
      else if ("place" in step) {
        if (isPlace(step.place, text, { at, words: alphabet.w })) waiting.push(number + 1);
      } else if (isOneOf(step, text[at], alphabet)) following.push(number + 1);
    }
    waiting = following;
  }
  return false;
}

function isPlace(
  place: PatternPlace,
  text: readonly number[],
  { at, words }: { readonly at: number; readonly words: readonly number[] },
): boolean {
  switch (place) {
    case "start":
      return at === 0;
    case "end":
      return at === text.length;
    case "endOrNewline":
      return at === text.length || (at === text.length - 1 && text[at] === 10);
    case "edge":
    case "noEdge":
      return (isWithin(words, text[at - 1]) !== isWithin(words, text[at])) === (place === "edge");
    default:
      return place satisfies never;
  }
}

/** Past the end of the text there is no character. */
function isOneOf(characters: PatternCharacters, code: number | undefined, { d, w }: Alphabet): boolean {
  if (code === undefined) return false;
  const isNegated = characters[0] === "^";
  for (let at = isNegated ? 1 : 0; at < characters.length; at += 1) {
    const from = characters[at];
    if (typeof from === "number") {
      at += 1;
      if (from <= code && code <= Number(characters[at])) return !isNegated;
    } else if (isWithin(from === "d" || from === "D" ? d : w, code) === (from === "d" || from === "w")) {
      return !isNegated;
    }
  }
  return isNegated;
}

/** Whether the number of bounds up to a code point is odd. */
function isWithin(bounds: readonly number[], code = -1): boolean {
  let [from, to] = [0, bounds.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (Number(bounds[middle]) <= code) from = middle + 1;
    else to = middle;
  }
  return from % 2 === 1;
}

import type { QueryTest } from "@connector-gen/runtime/kinds";

/** A compiled pattern, as the runtime executes it. */
export type Pattern = Extract<QueryTest, { readonly fits: unknown }>["fits"];

/** A step of a compiled pattern. */
export type PatternStep = Pattern["program"][number];

/** An inclusive range of code points. */
export type CharacterRange = readonly [first: number, last: number];

/** `\d`, `\w`, and their complements. */
type ClassName = "d" | "D" | "w" | "W";

/** A set of characters, before its conversion to a step. */
export interface Characters {
  readonly ranges: readonly CharacterRange[];
  readonly names?: readonly ClassName[];
  readonly isNegated?: boolean;
}

/** The last code point of Unicode. */
const lastCodePoint = 0x10ffff;

/** The whitespace characters of Python. */
const whitespace: readonly CharacterRange[] = [
  [0x09, 0x0d],
  [0x1c, 0x20],
  [0x85, 0x85],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
];

/** The characters of `\d`, `\w`, `\s` and their complements; `undefined` for other letters. */
export function charactersOf(letter: string): Characters | undefined {
  if (letter === "s") return { ranges: whitespace };
  if (letter === "S") return { ranges: complement(whitespace) };
  const isName = letter === "d" || letter === "D" || letter === "w" || letter === "W";
  return isName ? { ranges: [], names: [letter] } : undefined;
}

/** The complement of the given code points. */
export function allBut(...codes: readonly number[]): Characters {
  return { ranges: complement(codes.map((code) => [code, code] as const)) };
}

/** Converts a set of characters to a step: a string for a single character, otherwise a list. */
export function toStep({ ranges, names = [], isNegated = false }: Characters): PatternStep {
  if (names.length > 0) {
    return [...(isNegated ? (["^"] as const) : []), ...new Set(names), ...merge(ranges).flat()];
  }
  const all = isNegated ? complement(ranges) : merge(ranges);
  const [first] = all;
  // Adjacent strings are joined: two surrogates would become one character.
  const isOne =
    first && all.length === 1 && first[0] === first[1] && !/\p{Cs}/u.test(String.fromCodePoint(first[0]));
  return isOne ? String.fromCodePoint(first[0]) : all.flat();
}

/** Sorts ranges and joins overlapping ones. */
function merge(ranges: readonly CharacterRange[]): readonly CharacterRange[] {
  const merged: [number, number][] = [];
  for (const [first, last] of [...ranges].sort(([one], [other]) => one - other)) {
    const before = merged.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

function complement(ranges: readonly CharacterRange[]): readonly CharacterRange[] {
  const merged = merge(ranges);
  const starts = [0, ...merged.map(([, last]) => last + 1)];
  const ends = [...merged.map(([first]) => first - 1), lastCodePoint];
  return starts
    .map((start, index) => [start, ends[index] ?? lastCodePoint] as const)
    .filter(([start, end]) => start <= end);
}

import type { QueryTest } from "@connector-gen/runtime/kinds";

/** A compiled pattern as the runtime takes it. */
export type Pattern = Extract<QueryTest, { readonly fits: unknown }>["fits"];

/** A step of a compiled pattern. */
export type PatternStep = Pattern["program"][number];

/** The first and the last of some code points. */
export type CharacterRange = readonly [first: number, last: number];

/** Digits, what words are made of, and in capitals what is neither. */
type ClassName = "d" | "D" | "w" | "W";

/** A choice of characters, before it is a step. */
export interface Characters {
  readonly ranges: readonly CharacterRange[];
  readonly names?: readonly ClassName[];
  readonly isNegated?: boolean;
}

const LAST = 0x10ffff;

/** What Python takes for white space. */
const SPACES: readonly CharacterRange[] = [
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

/** The characters of `\d`, `\w`, `\s` and their opposites; nothing for other letters. */
export function charactersOf(letter: string): Characters | undefined {
  if (letter === "s") return { ranges: SPACES };
  if (letter === "S") return { ranges: complement(SPACES) };
  const isName = letter === "d" || letter === "D" || letter === "w" || letter === "W";
  return isName ? { ranges: [], names: [letter] } : undefined;
}

/** Everything but some code points. */
export function allBut(...codes: readonly number[]): Characters {
  return { ranges: complement(codes.map((code) => [code, code] as const)) };
}

/** A choice as a step: a character by itself, or a list. */
export function toStep({ ranges, names = [], isNegated = false }: Characters): PatternStep {
  if (names.length > 0) {
    return [...(isNegated ? (["^"] as const) : []), ...new Set(names), ...merge(ranges).flat()];
  }
  const all = isNegated ? complement(ranges) : merge(ranges);
  const [first] = all;
  // Two halves of a surrogate pair side by side would be one character.
  const isOne =
    first && all.length === 1 && first[0] === first[1] && !/\p{Cs}/u.test(String.fromCodePoint(first[0]));
  return isOne ? String.fromCodePoint(first[0]) : all.flat();
}

/** In order, without overlaps. */
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
  const ends = [...merged.map(([first]) => first - 1), LAST];
  return starts.map((start, at) => [start, ends[at] ?? LAST] as const).filter(([start, end]) => start <= end);
}

import type { Path } from "./load/document.js";
import { own } from "./values.js";

/** Maximum length of an excerpt of a spec in a message, in UTF-16 code units. */
const maxQuoted = 60;
/** Maximum number of choices in a message. */
const maxChoices = 16;

/** Quotes an excerpt of a spec for a message: on one line, shortened, with control characters escaped. */
export function quote(text: string): string {
  const short = text.length > maxQuoted ? `${text.slice(0, maxQuoted)}…` : text;
  return JSON.stringify(short).replaceAll(
    /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Joins choices with commas: `a, b, c`; a long list ends in `and 3 more`. */
export function list(choices: readonly string[]): string {
  const shown = choices.slice(0, maxChoices).map((choice) => (isPlain(choice) ? choice : quote(choice)));
  const more = choices.length - shown.length;
  return shown.join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/**
 * Returns a message for an unknown word:
 * `unknown resource "usrs": valid resources are users, posts; did you mean "users"?`.
 */
export function describeUnknown(what: string, word: string, choices: readonly string[]): string {
  const valid = choices.length > 0 ? `: valid ${what}s are ${list(choices)}` : "";
  return `unknown ${what} ${quote(word)}${valid}${didYouMean(word, choices)}`;
}

/** Returns the ending `; did you mean "x"?`, or an empty string if no choice is close. */
export function didYouMean(word: string, choices: readonly string[]): string {
  const close = nearest(word, choices);
  return close === undefined ? "" : `; did you mean ${quote(close)}?`;
}

/** Describes a path of a spec: `endpoint.paginator of resource "courses"`. */
export function describe(root: unknown, path: Path): string {
  if (path.length === 0) return "the spec";
  const [top, index, ...rest] = path;
  if (top !== "resources" || index === undefined) return dotted(path);
  const item: unknown = own(own(root, "resources"), index);
  const name = typeof item === "string" ? item : own(item, "name");
  const resource = typeof name === "string" && name ? `resource ${quote(name)}` : `resources[${index}]`;
  return rest.length === 0 ? resource : `${dotted(rest)} of ${resource}`;
}

/** Names the type of a value for messages: `a list`, `text`, `null`. */
export function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "string":
      return "text";
    case "number":
      return "a number";
    case "boolean":
      return String(value);
    default:
      return "an object";
  }
}

/** Returns the message of a caught error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Maximum number of choices with which a misspelt word is compared. */
const maxCompared = 1_000;
/**
 * Maximum number of comparisons for one spec, so that thousands of misspelt words are not each compared with thousands of
 * choices.
 */
const maxComparisons = 300_000;

let comparisonsLeft = Infinity;

/** Limits the time for suggestions while a function runs. Problems beyond the limit get none. */
export function limitSuggestions<T>(run: () => T): T {
  const before = comparisonsLeft;
  comparisonsLeft = maxComparisons;
  try {
    return run();
  } finally {
    comparisonsLeft = before;
  }
}

/** Finds the choice that a misspelt word most probably means, or `undefined` if none is close. */
export function nearest(word: string, choices: readonly string[]): string | undefined {
  if (word.length > 40 || comparisonsLeft <= 0) return undefined;
  comparisonsLeft -= Math.min(choices.length, maxCompared);
  const plain = withoutStyle(word);
  const letters = lettersOf(word);
  let best: string | undefined;
  let least = Infinity;
  for (const choice of choices.slice(0, maxCompared)) {
    if (Math.abs(choice.length - word.length) > 4) continue;
    // Each edit changes at most two letters of the set, so most choices need no further comparison.
    if (countBits(letters ^ lettersOf(choice)) > 2 * tolerance(Math.max(word.length, choice.length)))
      continue;
    if (withoutStyle(choice) === plain) return choice;
    const tolerated = Math.min(tolerance(Math.max(word.length, choice.length)), least - 1);
    const distance = editDistance(word, choice, tolerated);
    if (distance > tolerated) continue;
    best = choice;
    least = distance;
  }
  return best ?? onlyChoiceWith(word, choices);
}

/** The only choice that contains a word, ignoring longer forms of that choice: `selector` means `data_selector`. */
function onlyChoiceWith(word: string, choices: readonly string[]): string | undefined {
  if (word.length < 4) return undefined;
  const [only, ...others] = choices
    .slice(0, maxCompared)
    .filter((choice) => choice.split("_").includes(word))
    .sort((a, b) => a.length - b.length);
  return others.every((other) => other.startsWith(`${only}_`)) ? only : undefined;
}

function tolerance(length: number): number {
  if (length <= 2) return 0;
  if (length <= 5) return 1;
  return length <= 10 ? 2 : 3;
}

/** Returns the set of a word's letters and digits as bits, ignoring case and punctuation. Several characters share a bit. */
function lettersOf(word: string): number {
  let bits = 0;
  for (let at = 0; at < word.length; at += 1) {
    const code = word.charCodeAt(at);
    // The lowest five bits of an ASCII letter do not depend on its case.
    if (code !== 0x2d && code !== 0x5f && code !== 0x20) bits |= 1 << (code & 31);
  }
  return bits;
}

function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

/** Returns a word without its writing style: `dataSelector` and `data_selector` give the same result. */
function withoutStyle(word: string): string {
  return word.toLowerCase().replaceAll(/[-_ ]/g, "");
}

/**
 * The Damerau-Levenshtein distance (optimal string alignment): the number of insertions, deletions, substitutions and
 * swaps of neighbours. Returns `Infinity` for any distance above the limit.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return Infinity;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      line.push(
        Math.min(
          at(above, column) + 1,
          at(line, column - 1) + 1,
          at(above, column - 1) + (same ? 0 : 1),
          swapped ? at(before, column - 2) + 1 : Infinity,
        ),
      );
    }
    if (Math.min(...line) > limit) return Infinity;
    before = above;
    above = line;
  }
  return at(above, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}

function dotted(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    const name = isPlain(step) ? step : quote(step);
    return text ? `${text}.${name}` : name;
  }, "");
}

function isPlain(word: string): boolean {
  return /^[$\w#/-]{1,60}$/.test(word);
}

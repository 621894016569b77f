import type { Path } from "./load/document.js";
import { own } from "./values.js";

/** The longest piece of a spec that a message repeats. */
const MAX_QUOTED = 60;
/** The most choices that a message lists. */
const MAX_CHOICES = 16;

/** Quotes a piece of a spec for a message: on one line, not too long, without invisible characters. */
export function quote(text: string): string {
  const short = text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text;
  return JSON.stringify(short).replaceAll(
    /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Lists choices: `a, b, c`. */
export function list(choices: readonly string[]): string {
  const shown = choices.slice(0, MAX_CHOICES).map((choice) => (isPlain(choice) ? choice : quote(choice)));
  const more = choices.length - shown.length;
  return shown.join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** The ending `; did you mean "x"?`, or nothing when no choice is close. */
export function didYouMean(word: string, choices: readonly string[]): string {
  const close = nearest(word, choices);
  return close === undefined ? "" : `; did you mean ${quote(close)}?`;
}

/** Names a place of a spec: `endpoint.paginator of resource "courses"`. */
export function describe(root: unknown, path: Path): string {
  if (path.length === 0) return "the spec";
  const [top, index, ...rest] = path;
  if (top !== "resources" || index === undefined) return dotted(path);
  const item: unknown = own(own(root, "resources"), index);
  const name = typeof item === "string" ? item : own(item, "name");
  const resource = typeof name === "string" && name ? `resource ${quote(name)}` : `resources[${index}]`;
  return rest.length === 0 ? resource : `${dotted(rest)} of ${resource}`;
}

/** Names a value's type in the words of the messages. */
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

/** Finds the choice that a misspelt word most likely means; nothing, when none is close. */
export function nearest(word: string, choices: readonly string[]): string | undefined {
  if (word.length > 40) return undefined;
  const plain = skeleton(word);
  let best: string | undefined;
  let least = Infinity;
  for (const choice of choices) {
    if (Math.abs(choice.length - word.length) > 4) continue;
    if (skeleton(choice) === plain) return choice;
    const tolerated = Math.min(tolerance(Math.max(word.length, choice.length)), least - 1);
    const distance = editDistance(word, choice, tolerated);
    if (distance > tolerated) continue;
    best = choice;
    least = distance;
  }
  return best ?? onlyChoiceWith(word, choices);
}

/** The one choice that a word is a part of, longer forms of it aside: `selector` means `data_selector`. */
function onlyChoiceWith(word: string, choices: readonly string[]): string | undefined {
  if (word.length < 4) return undefined;
  const [only, ...others] = choices
    .filter((choice) => choice.split("_").includes(word))
    .sort((a, b) => a.length - b.length);
  return others.every((other) => other.startsWith(`${only}_`)) ? only : undefined;
}

function tolerance(length: number): number {
  if (length <= 2) return 0;
  if (length <= 5) return 1;
  return length <= 10 ? 2 : 3;
}

/** What is left of a word when its writing style is taken away: `dataSelector` and `data_selector` are one. */
function skeleton(word: string): string {
  return word.toLowerCase().replaceAll(/[-_ ]/g, "");
}

/**
 * Damerau's distance (optimal string alignment): insertions, deletions, changes, swaps of neighbours. Above the limit
 * it is only told that it is.
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

import type { TextProblem } from "../template/placeholders.js";
import { didYouMean, list, quote } from "../wording.js";

/** Formats of times that have a name. */
const WORDS = ["iso", "date", "epoch", "epoch_ms"];

/** The directives of strftime that are no words of a language; those that the runtime's `formatBound` knows. */
const DIRECTIVES = "Y y m d j H M S f z Z s %".split(" ");

/** Checks how times are to be written: a word, or a pattern of strftime's directives. */
export function checkTimeFormat(text: string): readonly TextProblem[] {
  if (WORDS.includes(text)) return [];
  const directives = [...text.matchAll(/%(.?)/gsu)];
  const wrong = directives.find(([, letter = ""]) => !DIRECTIVES.includes(letter));
  if (wrong) {
    const known = DIRECTIVES.map((letter) => `%${letter}`);
    const message = `in the format ${quote(text)}: there is no ${quote(wrong[0])}; there are ${known.join(", ")}`;
    return [{ code: "invalid-value", message, offset: wrong.index, length: wrong[0].length }];
  }
  if (directives.length > 0) return [];
  const message = `${quote(text)} is no format: there are ${list(WORDS)}, and patterns such as "%Y-%m-%d"${didYouMean(text, WORDS)}`;
  return [{ code: "unknown-value", message }];
}

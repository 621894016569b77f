import type { TextProblem } from "../template/placeholders.js";
import { didYouMean, list, quote } from "../wording.js";

/** The named time formats. */
const namedFormats = ["iso", "date", "epoch", "epoch_ms"];

/** The strftime directives that the runtime's `formatBound` supports. Names of days and months are English. */
const directiveLetters = "Y y m d j a A b B H M S f z Z s %".split(" ");

/** Checks a time format: a named format, or a pattern of strftime directives. */
export function checkTimeFormat(text: string): readonly TextProblem[] {
  if (namedFormats.includes(text)) return [];
  const directives = [...text.matchAll(/%(.?)/gsu)];
  const wrong = directives.find(([, letter = ""]) => !directiveLetters.includes(letter));
  if (wrong) {
    const known = directiveLetters.map((letter) => `%${letter}`);
    const message = `unknown directive ${quote(wrong[0])} in the format ${quote(text)}: valid directives are ${known.join(", ")}`;
    return [{ code: "invalid-value", message, offset: wrong.index, length: wrong[0].length }];
  }
  if (directives.length > 0) return [];
  const message = `unknown format ${quote(text)}: valid formats are ${list(namedFormats)}, and patterns such as "%Y-%m-%d"${didYouMean(text, namedFormats)}`;
  return [{ code: "unknown-value", message }];
}

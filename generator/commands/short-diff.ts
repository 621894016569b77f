import { createTwoFilesPatch } from "diff";
import { printable } from "../diagnostics.js";

/** Default maximum number of lines of a diff. */
const longestDiff = 40;
const longestLine = 200;
/** Maximum number of differing lines to compare. The time of a comparison grows with their square. */
const maxDifferences = 2_000;

/** Options of a diff. */
interface DiffOptions {
  /** Labels of the two texts. Default: a committed and a generated file. */
  readonly labels?: readonly [string, string];
  /** Maximum number of lines. */
  readonly longest?: number;
}

/** Returns a unified diff of two texts of a file, cut after a number of lines. */
export function shortDiff(
  path: string,
  { before = "", after = "" }: { readonly before?: string; readonly after?: string },
  { labels: [old, now] = ["committed", "generated"], longest = longestDiff }: DiffOptions = {},
): string {
  // If one text is empty, no lines are compared, so the limit must not apply.
  const maxEditLength = before === "" || after === "" ? Infinity : maxDifferences;
  const patch = createTwoFilesPatch(path, path, before, after, old, now, {
    context: 1,
    maxEditLength,
  });
  if (patch === undefined) return `More than ${maxDifferences} lines differ.`;
  const lines = patch.trimEnd().split("\n").slice(1);
  const cut = lines.length - longest;
  const shown = lines.slice(0, longest).map(shortLine);
  return [...shown, ...(cut > 0 ? [`… ${cut} more lines`] : [])].join("\n");
}

/** Makes a line printable, because a committed file must not control the terminal. */
function shortLine(line: string): string {
  return printable(line.length > longestLine ? `${line.slice(0, longestLine)}…` : line);
}

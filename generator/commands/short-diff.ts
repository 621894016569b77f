import { createTwoFilesPatch } from "diff";
import { printable } from "../diagnostics.js";

/** The most lines of a diff by default. */
const longestDiff = 40;
const longestLine = 200;
/** The most differing lines that are compared: the time of a comparison grows with their square. */
const maxDifferences = 2_000;

/** How a diff is shown. */
interface DiffOptions {
  /** What the two texts are. Default: a committed and a generated file. */
  readonly labels?: readonly [string, string];
  /** The most lines. */
  readonly longest?: number;
}

/** Returns a unified diff of two texts of a file, cut after a number of lines. */
export function shortDiff(
  path: string,
  { before = "", after = "" }: { readonly before?: string; readonly after?: string },
  { labels: [old, now] = ["committed", "generated"], longest = longestDiff }: DiffOptions = {},
): string {
  // If one text is empty, nothing is compared, and the limit must not apply.
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

/** A line of a committed file must not control the terminal. */
function shortLine(line: string): string {
  return printable(line.length > longestLine ? `${line.slice(0, longestLine)}…` : line);
}

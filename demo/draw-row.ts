import { styleText } from "node:util";
import { formatCount, formatPlural, formatSeconds } from "./format.js";
import { rateOf, type Row } from "./rows.js";

/** Where progress is shown: `process.stdout`, or anything like it. */
export type ProgressStream = NodeJS.WritableStream &
  Partial<Pick<NodeJS.WriteStream, "isTTY" | "columns" | "rows">>;

const frames = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏".split("");

/** What a row is drawn with. */
export interface Scene {
  /** Counts redraws; turns the spinner. */
  readonly frame: number;
  /** Of the column of names. */
  readonly width: number;
  readonly now: number;
  readonly stream: ProgressStream;
}

type Style = Exclude<Parameters<typeof styleText>[0], readonly unknown[]>;

/** One row, no wider than the terminal: a line that wraps would break the counting of lines. */
export function drawRow(row: Row, { frame, width, now, stream }: Scene): string {
  const [mark, style, text] = describeState(row, frame, now);
  const columns = [
    row.resource.padEnd(width),
    formatPlural(row.pages, "page").padStart(10),
    `${formatCount(row.records)} records`.padStart(17),
    `${formatCount(rateOf(row, now))}/s`.padStart(9),
    (row.retries > 0 ? formatPlural(row.retries, "retry") : "").padStart(10),
    text,
  ];
  const line = columns
    .join("  ")
    .slice(0, Math.max(0, (stream.columns ?? 80) - 3))
    .trimEnd();
  const shown = line.endsWith(text)
    ? line.slice(0, line.length - text.length) + paint(style, text, stream)
    : line;
  return `${paint(style, mark, stream)} ${shown}`;
}

/** Colours a text as far as the terminal and NO_COLOR allow. */
function paint(style: Style, text: string, stream: ProgressStream): string {
  return text === "" ? text : styleText(style, text, { stream });
}

function describeState({ state }: Row, frame: number, now: number): readonly [string, Style, string] {
  const spinner = frames[frame % frames.length] ?? "";
  switch (state.is) {
    case "idle":
      return ["·", "dim", ""];
    case "reading":
      return [spinner, "cyan", "reading"];
    case "waiting":
      return [spinner, "yellow", `waiting ${formatSeconds(Math.max(0, state.until - now) / 1000)}`];
    case "done":
      return ["✓", "green", "done"];
    case "stopped":
      return ["✗", "yellow", "stopped"];
    case "failed":
      return ["✗", "red", state.reason];
  }
}

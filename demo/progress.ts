import { styleText } from "node:util";
import type { ReadEvent } from "@connector-gen/runtime";
import { formatCount, formatPlural, formatSeconds } from "./format.js";
import { applyEvent, createRow, rateOf, secondsOf, stopRow, type Row } from "./rows.js";

/** Where progress is shown: `process.stdout`, or anything like it. */
export type ProgressStream = NodeJS.WritableStream &
  Partial<Pick<NodeJS.WriteStream, "isTTY" | "columns" | "rows">>;

/** Shows how reads get on, one row or some lines for each. */
export interface Progress {
  /** Takes an event of a read; fits `onEvent`. */
  readonly onEvent: (event: ReadEvent) => void;
  /** Shows how things stand for the last time and gives the terminal back. */
  readonly stop: () => readonly Row[];
}

/** Where to show what; the clock counts milliseconds. */
export interface ProgressOptions {
  readonly stream: ProgressStream;
  readonly now?: () => number;
}

const frameTime = 100;
const frames = [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"];
const hideCursor = "\x1b[?25l";
const showCursor = "\x1b[?25h";
const clearToEnd = "\x1b[K";

/** Shows the reads of resources: rows redrawn in place on a terminal that has room for them, plain lines elsewhere. */
export function createProgress(resources: readonly string[], options: ProgressOptions): Progress {
  const { stream, now = () => performance.now() } = options;
  const rows = new Map(resources.map((resource) => [resource, createRow(resource)]));
  const hasRoom = stream.isTTY === true && (stream.rows ?? Infinity) > resources.length;
  const view = hasRoom ? drawRows(rows, stream, now) : printLines(stream, now);
  return {
    onEvent: (event) => {
      const before = rows.get(event.resource) ?? createRow(event.resource);
      const row = applyEvent(before, event, now());
      rows.set(event.resource, row);
      view.show(before, row, event);
    },
    stop: () => {
      for (const [resource, row] of rows) rows.set(resource, stopRow(row, now()));
      view.stop();
      return [...rows.values()];
    },
  };
}

interface View {
  readonly show: (before: Row, row: Row, event: ReadEvent) => void;
  readonly stop: () => void;
}

/** Redraws all rows ten times a second at most, however many events there are. */
function drawRows(rows: ReadonlyMap<string, Row>, stream: ProgressStream, now: () => number): View {
  let drawn = 0;
  let frame = 0;
  const draw = (): void => {
    const width = Math.max(...[...rows.keys()].map((resource) => resource.length));
    const lines = [...rows.values()].map(
      (row) => drawRow(row, { frame, width, now: now(), stream }) + clearToEnd,
    );
    const back = drawn > 0 ? `\x1b[${drawn}A\r` : "";
    stream.write(`${back}${lines.join("\n")}\n`);
    drawn = lines.length;
    frame++;
  };
  const restore = (): void => {
    stream.write(showCursor);
  };
  stream.write(hideCursor);
  // Whatever ends the process, the cursor comes back.
  process.once("exit", restore);
  draw();
  const timer = setInterval(draw, frameTime);
  return {
    show: () => undefined,
    stop: () => {
      clearInterval(timer);
      draw();
      restore();
      process.off("exit", restore);
    },
  };
}

interface Scene {
  readonly frame: number;
  /** Of the column of names. */
  readonly width: number;
  readonly now: number;
  readonly stream: ProgressStream;
}

type Style = Exclude<Parameters<typeof styleText>[0], readonly unknown[]>;

/** One row, no wider than the terminal: a line that wraps would break the counting of lines. */
function drawRow(row: Row, { frame, width, now, stream }: Scene): string {
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

/** A line for the start, for every retry and for the end of a read. */
function printLines(stream: ProgressStream, now: () => number): View {
  return {
    show: (before, row, event) => {
      const line = describeChange(before, row, { event, now: now() });
      if (line !== undefined) stream.write(`${row.resource}: ${line}\n`);
    },
    stop: () => undefined,
  };
}

function describeChange(
  before: Row,
  row: Row,
  { event, now }: { readonly event: ReadEvent; readonly now: number },
): string | undefined {
  const { pages, records } = row;
  if (event.type === "retry") return `${event.message}; retry in ${formatSeconds(event.delay / 1000)}`;
  if (event.type === "error") return `failed after ${formatPlural(pages, "page")}: ${event.error.message}`;
  if (event.type === "complete") {
    const counts = `${formatPlural(pages, "page")}, ${formatPlural(records, "record")}`;
    return `done: ${counts} in ${formatSeconds(secondsOf(row, now))}`;
  }
  return before.started === undefined ? "started" : undefined;
}

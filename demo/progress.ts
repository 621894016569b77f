import type { ReadEvent } from "@connector-gen/runtime";
import { drawRow, type ProgressStream } from "./draw-row.js";
import { formatPlural, formatSeconds } from "./format.js";
import { applyEvent, createRow, secondsOf, stopRow, type Row } from "./rows.js";

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
  if (event.type === "retry") return `${event.message}; retry in ${formatSeconds(event.delayMs / 1000)}`;
  if (event.type === "error") return `failed after ${formatPlural(pages, "page")}: ${event.error.message}`;
  if (event.type === "complete") {
    const counts = `${formatPlural(pages, "page")}, ${formatPlural(records, "record")}`;
    return `done: ${counts} in ${formatSeconds(secondsOf(row, now))}`;
  }
  return before.started === undefined ? "started" : undefined;
}

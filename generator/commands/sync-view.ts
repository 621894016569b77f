import type { ResourceReport, SyncEvent, SyncReport } from "@connector-gen/sync";
import { styleText } from "node:util";
import { count } from "../detect/finding.js";
import { printable } from "../diagnostics.js";

/** The stream that shows progress: `process.stderr`, or a similar stream. */
export type ViewStream = Pick<NodeJS.WritableStream, "write"> &
  Partial<Pick<NodeJS.WriteStream, "isTTY" | "columns" | "rows">>;

/** Shows the progress of a sync while it runs. */
export interface SyncView {
  /** Handles an event of the sync. Can be passed as `onEvent`. */
  readonly onEvent: (event: SyncEvent) => void;
  /** Draws the last state and restores the terminal. */
  readonly stop: () => void;
}

/** Options of `createSyncView`. */
export interface ViewOptions {
  readonly stream: ViewStream;
  /** Whether rows are coloured. */
  readonly color: boolean;
  /** Returns the time in milliseconds; for tests. */
  readonly now?: () => number;
}

/** The state of one resource. Times are in milliseconds. */
interface Row {
  readonly resource: string;
  readonly last?: SyncEvent;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** Time at which the wait before the next attempt ends. */
  readonly waitsUntil?: number;
}

/** Shows one row per resource. Redraws the rows in place on a terminal that has room for them; otherwise prints lines. */
export function createSyncView(resources: readonly string[], options: ViewOptions): SyncView {
  const { stream, color, now = () => performance.now() } = options;
  const hasRoom = stream.isTTY === true && (stream.rows ?? Infinity) > resources.length;
  const rows = new Map(resources.map((resource): [string, Row] => [resource, { resource }]));
  const update = (event: SyncEvent): Row => {
    const row = applyEvent(rows.get(event.resource) ?? { resource: event.resource }, event, now());
    rows.set(event.resource, row);
    return row;
  };
  if (!hasRoom) return { onEvent: (event) => printLine(stream, update(event), now()), stop: () => undefined };
  const screen = createScreen(stream, (frame) =>
    [...rows.values()].map((row) =>
      drawRow(row, { frame, now: now(), color, columns: stream.columns ?? 80, width: widthOf(resources) }),
    ),
  );
  return {
    onEvent: (event) => void update(event),
    stop: screen.stop,
  };
}

function widthOf(resources: readonly string[]): number {
  return Math.min(30, Math.max(...resources.map(({ length }) => length)));
}

function applyEvent(before: Row, event: SyncEvent, now: number): Row {
  const { resource, startedAt = now, last } = before;
  const row: Row = { resource, startedAt, last: event };
  if (event.type === "retry") return { ...row, waitsUntil: now + event.waitedMs - (last?.waitedMs ?? 0) };
  return isEnd(event.type) ? { ...row, endedAt: now } : row;
}

function isEnd(type: SyncEvent["type"]): boolean {
  return type === "complete" || type === "failed" || type === "interrupted";
}

/** Prints a line for the start, every retry, and the end of a resource. */
function printLine(stream: ViewStream, row: Row, now: number): void {
  if (!row.last) return;
  const { type, resource, pages, records, rowsWritten, message = "" } = row.last;
  const counts = `${count(pages, "page")}, ${count(records, "record")}, ${count(rowsWritten, "row")} written`;
  const texts: Partial<Record<SyncEvent["type"], string>> = {
    start: "started",
    retry: `${message}; ${describeWait(row, now)}`,
    notice: message,
    complete: `complete: ${counts}`,
    failed: `failed after ${counts}: ${message}`,
    interrupted: `interrupted after ${counts}`,
  };
  const text = texts[type];
  if (text !== undefined) stream.write(`${printable(`${resource}: ${text}`)}\n`);
}

/** Time between redraws, in milliseconds. */
const frameMs = 100;
const hideCursor = "\u001b[?25l";
const showCursor = "\u001b[?25h";
const clearToEnd = "\u001b[K";

/** Redraws lines in place until it stops. */
function createScreen(
  stream: ViewStream,
  lines: (frame: number) => readonly string[],
): { readonly stop: () => void } {
  let drawn = 0;
  let frame = 0;
  const draw = (): void => {
    const all = lines(frame++);
    const back = drawn > 0 ? `\u001b[${drawn}A\r` : "";
    stream.write(`${back}${all.map((line) => `${line}${clearToEnd}\n`).join("")}`);
    drawn = all.length;
  };
  const restore = (): void => void stream.write(showCursor);
  stream.write(hideCursor);
  // Show the cursor again, even if the process is interrupted.
  process.once("exit", restore);
  draw();
  const timer = setInterval(draw, frameMs);
  return {
    stop: () => {
      clearInterval(timer);
      draw();
      restore();
      process.off("exit", restore);
    },
  };
}

interface Scene {
  /** Number of this redraw, for the spinner. */
  readonly frame: number;
  readonly now: number;
  readonly color: boolean;
  /** Width of the terminal, in columns. */
  readonly columns: number;
  /** Length of the longest name, in characters. */
  readonly width: number;
}

type Style = "dim" | "cyan" | "yellow" | "green" | "red";

/** Draws one row, no wider than the terminal: a wrapped line would break the redrawing. */
function drawRow(row: Row, scene: Scene): string {
  const { resource, last } = row;
  const [mark, style, state] = stateOf(row, scene);
  const retries = last?.retries ?? 0;
  const cells = [
    resource.slice(0, scene.width).padEnd(scene.width),
    count(last?.pages ?? 0, "page").padStart(11),
    count(last?.records ?? 0, "record").padStart(17),
    `${rateOf(row, scene.now).toLocaleString("en")}/s`.padStart(9),
    `${count(last?.rowsWritten ?? 0, "row")} written`.padStart(22),
    (retries > 0 ? (retries === 1 ? "1 retry" : `${retries.toLocaleString("en")} retries`) : "").padStart(10),
  ];
  const room = Math.max(0, scene.columns - 3);
  const line = printable(cells.join(" ")).slice(0, room);
  const rest = printable(state).slice(0, Math.max(0, room - line.length - 1));
  return `${paint(scene, style, mark)} ${line} ${paint(scene, style, rest)}`.trimEnd();
}

function paint({ color }: Scene, style: Style, text: string): string {
  return color && text !== "" ? styleText(style, text, { validateStream: false }) : text;
}

const spinner = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";

function describeWait({ waitsUntil = 0 }: Row, now: number): string {
  return `retry in ${(Math.max(0, waitsUntil - now) / 1000).toFixed(1)} s`;
}

function stateOf(row: Row, { frame, now }: Scene): readonly [mark: string, style: Style, state: string] {
  const { last } = row;
  const spin = spinner[frame % spinner.length] ?? "";
  switch (last?.type) {
    case undefined:
      return ["·", "dim", ""];
    case "complete":
      return ["✓", "green", "complete"];
    case "failed":
      return ["✗", "red", last.message ?? "failed"];
    case "interrupted":
      return ["✗", "yellow", "interrupted"];
    case "merge":
      return [spin, "cyan", "merging"];
    case "retry":
      return [spin, "yellow", describeWait(row, now)];
    case "start":
    case "page":
    case "commit":
    case "notice":
      return [spin, "cyan", "reading"];
  }
}

function rateOf({ last, startedAt, endedAt }: Row, now: number): number {
  const seconds = startedAt === undefined ? 0 : ((endedAt ?? now) - startedAt) / 1000;
  return seconds > 0 ? Math.round((last?.records ?? 0) / seconds) : 0;
}

/** Columns of the summary, in order. */
const columns: readonly { readonly head: string; readonly of: (report: ResourceReport) => number }[] = [
  { head: "pages", of: ({ pages }) => pages },
  { head: "records", of: ({ records }) => records },
  { head: "inserted", of: ({ rows }) => rows.inserted },
  { head: "updated", of: ({ rows }) => rows.updated },
  { head: "deleted", of: ({ rows }) => rows.deleted },
  { head: "unchanged", of: ({ rows }) => rows.unchanged },
  { head: "discarded", of: ({ discarded }) => discarded },
  { head: "rejected", of: ({ rejected }) => rejected },
  { head: "retries", of: ({ retries }) => retries },
];
/** Columns that are omitted if every number in them is 0. */
const rare = new Set(["deleted", "discarded", "rejected", "retries"]);

/** Formats a table with one row per resource, and a total if there are several. */
export function formatSummary({ resources, durationMs }: SyncReport): string {
  const reports = Object.entries(resources);
  const shown = columns.filter(({ head, of }) => !rare.has(head) || reports.some(([, each]) => of(each) > 0));
  const numbers = reports.map(([, report]) => shown.map(({ of }) => of(report)));
  const sums = shown.map((_, at) => numbers.reduce((sum, row) => sum + (row[at] ?? 0), 0));
  const toRow = (name: string, row: readonly number[], milliseconds: number): readonly string[] => [
    printable(name),
    ...row.map((number) => number.toLocaleString("en")),
    (milliseconds / 1000).toFixed(1),
  ];
  const rows = reports.map(([name, report], at) => toRow(name, numbers[at] ?? [], report.durationMs));
  // Resources are read at the same time, so the total time is not the sum.
  const total = toRow("total", sums, durationMs);
  return formatTable(
    ["resource", ...shown.map(({ head }) => head), "seconds"],
    rows.length > 1 ? [...rows, total] : rows,
    { left: 1, isTotalLast: rows.length > 1 },
  );
}

/** Options of `formatTable`. */
export interface TableLayout {
  /** Number of text columns, which come before the number columns. */
  readonly left: number;
  /** Whether the last row is a total. */
  readonly isTotalLast?: boolean;
}

/** Formats a table with a rule below the headings, and one above the total. Ends with a line break. */
export function formatTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  { left, isTotalLast = false }: TableLayout,
): string {
  const widths = heads.map((head, at) => Math.max(head.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const toLine = (row: readonly string[]): string =>
    row
      .map((cell, at) => (at < left ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("──");
  const lines = rows.map(toLine);
  const body = isTotalLast ? [...lines.slice(0, -1), rule, ...lines.slice(-1)] : lines;
  return `${[toLine(heads), rule, ...body].join("\n")}\n`;
}

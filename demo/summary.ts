import { formatCount } from "./format.js";
import { rateOf, secondsOf, type Row } from "./rows.js";

const headings = ["resource", "pages", "records", "retries", "seconds", "records/s"];

/** A table of what was read, with a totals row: names to the left, numbers to the right. Ended rows are expected. */
export function summaryTable(rows: readonly Row[], now: number = performance.now()): string {
  const table = [headings, ...rows.map((row) => cellsOf(row, now)), cellsOf(totalOf(rows), now)];
  const widths = headings.map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0)));
  const rule = widths.map((width) => "─".repeat(width)).join("──");
  const lines = table.map((cells) =>
    cells.map((cell, column) => align(cell, widths[column] ?? 0, column)).join("  "),
  );
  return [lines[0], rule, ...lines.slice(1, -1), rule, lines.at(-1), ""].join("\n");
}

function align(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

function cellsOf(row: Row, now: number): readonly string[] {
  const { resource, pages, records, retries } = row;
  const seconds = secondsOf(row, now).toFixed(1);
  return [resource, ...[pages, records, retries].map(formatCount), seconds, formatCount(rateOf(row, now))];
}

/** All rows in one. They ran at the same time: from the first start to the last end. */
function totalOf(rows: readonly Row[]): Row {
  const sum = (pick: (row: Row) => number): number => rows.reduce((total, row) => total + pick(row), 0);
  const started = rows.flatMap((row) => row.started ?? []);
  const ended = rows.flatMap((row) => row.ended ?? []);
  return {
    resource: "total",
    pages: sum(({ pages }) => pages),
    records: sum(({ records }) => records),
    retries: sum(({ retries }) => retries),
    state: { is: "done" },
    ...(started.length > 0 && { started: Math.min(...started) }),
    ...(ended.length === rows.length && ended.length > 0 && { ended: Math.max(...ended) }),
  };
}

import { Fault, PageError } from "../errors.js";
import type { Exchange, Paginator, Position, Step, StopReason } from "../paginator.js";
import { printPath, select, type Path } from "../select.js";

/** What ends the paging of a range: the first condition that holds. */
export interface RangeStops {
  /** Where the response says how much there is; `null` does not look. A path that was named must be there. */
  readonly totalPath?: Path | null;
  /** Where the response says whether there is more. */
  readonly hasMorePath?: Path | null;
  /** Whether a page without records is the end. Default true. */
  readonly stopAfterEmptyPage?: boolean;
}

/** A range: a number that grows by the same step from page to page. */
export interface Range {
  readonly type: string;
  readonly options: RangeStops;
  /** The first page's number. */
  readonly start: number;
  readonly step: number;
  /** The number that the API's counting begins with. */
  readonly base: number;
  /** Exclusive. */
  readonly maximum?: number | undefined;
  /** The query parameters of the page at a number. */
  readonly query: (at: number) => Readonly<Record<string, string | number>>;
  /** What the total counts. */
  readonly unit: "items" | "pages";
}

/** The state of a range: `at` is the page's number, `seen` the records before it, `total` the largest total so far. */
interface RangePosition {
  readonly at: number;
  readonly seen: number;
  readonly total?: number;
}

/** The paginator of a range; `offset` and `page_number` are this one with other names. */
export function range(spec: Range): Paginator {
  return {
    type: spec.type,
    options: spec.options,
    start: { at: spec.start, seen: 0 },
    request: (position) => ({ query: spec.query(read(position).at) }),
    next: (position, exchange) => advance(spec, read(position), exchange),
  };
}

function read(position: Position): RangePosition {
  return position as unknown as RangePosition;
}

function advance(
  spec: Range,
  { at, seen, total: earlier }: RangePosition,
  { body, records }: Exchange,
): Step {
  const { totalPath = ["total"], hasMorePath, stopAfterEmptyPage = true } = spec.options;
  const found = totalPath === null ? undefined : select(totalPath, body)?.[0];
  const flag = hasMorePath ? select(hasMorePath, body)?.[0] : undefined;
  const read = seen + records.length;

  if (stopAfterEmptyPage && records.length === 0) {
    if (promisesMore(spec, at, read, found, flag)) throw truncated();
    return { stop: "empty_page" };
  }
  // A default total is optional until the API has shown one; from then on its absence is a fault.
  const required = spec.options.totalPath != null || earlier !== undefined;
  const total = totalPath === null ? undefined : largest(readTotal(found, totalPath, required), earlier);
  const more = hasMorePath ? readFlag(flag, hasMorePath) : true;
  const next = at + spec.step;
  const warning = gap(spec, at, seen, read, total);
  const stop = stopReason(spec, next, total, more);
  return {
    ...(stop ? { stop } : { next: { at: next, seen: read, ...(total !== undefined && { total }) } }),
    ...(warning && { warning }),
  };
}

function stopReason(
  spec: Range,
  next: number,
  total: number | undefined,
  more: boolean,
): StopReason | undefined {
  if (total !== undefined && next >= total + spec.base) return "total_reached";
  if (spec.maximum !== undefined && next >= spec.maximum) return "maximum_reached";
  return more ? undefined : "has_more_false";
}

/** Whether an empty page is contradicted by its own total or flag. */
function promisesMore(spec: Range, at: number, seen: number, total: unknown, flag: unknown): boolean {
  if (flag === true) return true;
  const count = toWhole(total);
  // Many APIs count records where page numbers are expected; a total that equals the records read is no contradiction.
  return count !== undefined && at < count + spec.base && !(spec.unit === "pages" && seen >= count);
}

function truncated(): Fault {
  return new Fault(PageError, "TRUNCATED", `the page is empty, yet the response says that there is more`, {
    // One more try: the page may have been empty by accident. A second time, it is the answer.
    retries: 1,
  });
}

/** What a server with smaller pages than asked for has passed over: offsets step by the limit. */
function gap(spec: Range, at: number, seen: number, read: number, total = 0): string | undefined {
  if (spec.unit === "pages") return undefined;
  const expected = at + spec.step >= total ? total - spec.start : 0;
  const missing = Math.max(read > seen ? at - spec.start - seen : 0, expected - read);
  return missing > 0
    ? `${missing} records seem to be missing: the pages were shorter than their limit`
    : undefined;
}

function largest(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.max(a, b);
}

function readTotal(found: unknown, path: Path, required: boolean): number | undefined {
  const isMissing = found === undefined || found === null;
  if (isMissing && !required) return undefined;
  const total = toWhole(found);
  if (total !== undefined) return total;
  const code = isMissing ? "TOTAL_MISSING" : "TOTAL_INVALID";
  throw new Fault(PageError, code, `no whole number at ${printPath(path)} in the response`);
}

function toWhole(value: unknown): number | undefined {
  if (typeof value === "number" && Number.isFinite(value)) return Math.trunc(value);
  if (typeof value === "string" && /^\s*[+-]?\d+\s*$/.test(value)) return Number(value);
  return undefined;
}

function readFlag(value: unknown, path: Path): boolean {
  const word = String(value).toLowerCase();
  if (typeof value !== "number" && /^(true|yes|t|y|1)$/.test(word)) return true;
  if (typeof value !== "number" && /^(false|no|f|n|0)$/.test(word)) return false;
  const code = value == null ? "HAS_MORE_MISSING" : "HAS_MORE_INVALID";
  throw new Fault(PageError, code, `no true or false at ${printPath(path)} in the response`);
}

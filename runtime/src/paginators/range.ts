import { ReadFailure, PageError } from "../errors.js";
import type { Position } from "../checkpoint.js";
import type { Exchange, PageRequest, Paginator, Step, StopReason } from "./paginator.js";
import { select, type Selector } from "../select/path.js";
import { toFlag, toWhole, unusable } from "./page-info.js";

/** What ends the paging of a range: the first condition that holds. */
export interface RangeStops {
  /** Where the response says how much there is; `null` does not look. A path that was named must be there. */
  readonly totalPath?: Selector | null;
  /** Where the response says whether there is more. */
  readonly hasMorePath?: Selector | null;
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
  /** What the page at a number adds to the request. */
  readonly request: (at: number) => PageRequest;
  /** What the total counts. */
  readonly unit: "items" | "pages";
  /** What the reader should be told of a page. */
  readonly warn?: (counts: Counts) => string | undefined;
}

/** The records before and after a page, and the total. */
export interface Counts {
  readonly at: number;
  readonly seen: number;
  readonly read: number;
  readonly total: number | undefined;
}

/** The state of a range: `at` is the page's number, `seen` the records before it, `total` the largest total so far. */
interface RangePosition {
  readonly at: number;
  readonly seen: number;
  readonly total?: number | undefined;
}

/** The paginator of a range; `offset` and `page_number` are this one with other names. */
export function range(spec: Range): Paginator {
  return {
    type: spec.type,
    options: spec.options,
    start: { at: spec.start, seen: 0 },
    request: (position) => spec.request(read(position).at),
    next: (position, exchange) => advance(spec, read(position), exchange),
  };
}

function read(position: Position): RangePosition {
  return position as unknown as RangePosition;
}

/** JSON leaves out what is undefined. */
function toPosition(position: RangePosition): Position {
  return position as unknown as Position;
}

function advance(
  spec: Range,
  { at, seen, total: earlier }: RangePosition,
  { body, records }: Exchange,
): Step {
  const { totalPath = ["total"], hasMorePath, stopAfterEmptyPage = true } = spec.options;
  const found = totalPath ? select(totalPath, body)?.[0] : undefined;
  const flag = hasMorePath ? select(hasMorePath, body)?.[0] : undefined;
  const read = seen + records.length;

  if (stopAfterEmptyPage && records.length === 0) {
    if (!toFlag(flag) && !promisesMore(spec, toWhole(found) ?? earlier, { at, read, earlier }))
      return { stop: "empty_page" };
    // One more try: the page may have been empty by accident. A second time, it is the answer.
    throw new ReadFailure(PageError, "TRUNCATED", "an empty page, but the response promises more", {
      retries: 1,
    });
  }
  // A default total is optional until the API has shown one; from then on its absence is a fault.
  const required = spec.options.totalPath != null || earlier !== undefined;
  const current = totalPath ? readTotal(found, totalPath, required) : undefined;
  const total = current === undefined ? undefined : Math.max(current, earlier ?? current);
  const more = hasMorePath ? (toFlag(flag) ?? unusable(flag, hasMorePath, "true or false")) : true;
  const next = at + spec.step;
  const stop = stopReason(spec, { next, total, more });
  return {
    stop,
    next: stop ? undefined : toPosition({ at: next, seen: read, total }),
    total,
    warning: spec.warn?.({ at, seen, read, total }),
  };
}

/** What a page says of the range. */
interface Reached {
  readonly next: number;
  readonly total: number | undefined;
  readonly more: boolean;
}

function stopReason({ base, maximum }: Range, { next, total, more }: Reached): StopReason | undefined {
  if (total !== undefined && next >= total + base) return "total_reached";
  if (maximum !== undefined && next >= maximum) return "maximum_reached";
  return more ? undefined : "has_more_false";
}

/** Whether an empty page is contradicted by its own total or, if it has none, by that of the pages before. */
function promisesMore(
  { base, unit }: Range,
  total: number | undefined,
  { at, read, earlier }: { at: number; read: number; earlier: number | undefined },
): boolean {
  // Many APIs count records where page numbers are expected: when as many have been read, there is no contradiction.
  const isRecordCount = unit === "pages" && [total, earlier].includes(read);
  return total !== undefined && at < total + base && !isRecordCount;
}

function readTotal(found: unknown, path: Selector, required: boolean): number | undefined {
  if (found == null && !required) return undefined;
  return toWhole(found) ?? unusable(found, path, "whole number");
}

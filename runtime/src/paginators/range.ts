import { ReadFailure, PageError } from "../errors.js";
import type { Position } from "../checkpoint.js";
import type { Exchange, PageRequest, Paginator, Step, StopReason } from "./paginator.js";
import { select, type Selector } from "../select/path.js";
import type { Option, OptionProblem } from "../kind.js";
import { parseBoolean, throwUnusable, toWhole } from "./page-info.js";

/** The conditions that end the paging of a range. The first one that holds ends it. */
export interface RangeStops {
  /** Selector of the total. An explicit path must exist; `null` ignores totals. Default `total`, if it exists. */
  readonly totalPath?: Selector | null;
  /** Selector of the flag that says whether more pages follow. */
  readonly hasMorePath?: Selector | null;
  /** Whether an empty page is the end. Default true. */
  readonly stopAfterEmptyPage?: boolean;
}

/** A range: a number that grows by a fixed step from page to page. */
export interface Range {
  readonly type: string;
  readonly options: RangeStops;
  /** The number of the first page. */
  readonly start: number;
  readonly step: number;
  /** The number at which the API starts counting. */
  readonly base: number;
  /** Exclusive. */
  readonly maximum?: number | undefined;
  /** Returns what the page at a number adds to the request. */
  readonly request: (at: number) => PageRequest;
  /** The unit of the total. */
  readonly unit: "items" | "pages";
  /** Returns a warning about a page, if any. */
  readonly warn?: (counts: Counts) => string | undefined;
}

/** The page number, the numbers of records read before and after the page, and the total. */
export interface Counts {
  readonly at: number;
  readonly seen: number;
  readonly read: number;
  readonly total: number | undefined;
}

/** The position: the number of the page, the records before it, and the largest total so far. */
interface RangePosition {
  readonly at: number;
  readonly seen: number;
  readonly total?: number | undefined;
}

/** Creates the paginator of a range: the implementation of `offset` and `page_number`. */
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

/** `undefined` properties are omitted in JSON. */
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
    if (!parseBoolean(flag) && !indicatesMore(spec, toWhole(found) ?? earlier, { at, read, earlier }))
      return { stop: "empty_page" };
    // Retry once: the page may be empty by accident. A second empty page is an error.
    throw new ReadFailure(
      PageError,
      "TRUNCATED",
      "the page is empty, but the response indicates more records",
      {
        retries: 1,
      },
    );
  }
  // The default total is optional until the API sends one; from then on it is required.
  const required = spec.options.totalPath != null || earlier !== undefined;
  const current = totalPath ? readTotal(found, totalPath, required) : undefined;
  const total = current === undefined ? undefined : Math.max(current, earlier ?? current);
  const more = hasMorePath ? (parseBoolean(flag) ?? throwUnusable(flag, hasMorePath, "true or false")) : true;
  const next = at + spec.step;
  const stop = stopReason(spec, { next, total, more });
  return {
    stop,
    next: stop ? undefined : toPosition({ at: next, seen: read, total }),
    total,
    warning: spec.warn?.({ at, seen, read, total }),
  };
}

/** The progress of the range after a page. */
interface Progress {
  readonly next: number;
  readonly total: number | undefined;
  readonly more: boolean;
}

function stopReason({ base, maximum }: Range, { next, total, more }: Progress): StopReason | undefined {
  if (total !== undefined && next >= total + base) return "total_reached";
  if (maximum !== undefined && next >= maximum) return "maximum_reached";
  return more ? undefined : "has_more_false";
}

/** Whether the total, of the empty page itself or of earlier pages, indicates more records. */
function indicatesMore(
  { base, unit }: Range,
  total: number | undefined,
  { at, read, earlier }: { at: number; read: number; earlier: number | undefined },
): boolean {
  // Many APIs send the number of records instead of pages: if all of them have been read, the end is correct.
  const isRecordCount = unit === "pages" && [total, earlier].includes(read);
  return total !== undefined && at < total + base && !isRecordCount;
}

function readTotal(found: unknown, path: Selector, required: boolean): number | undefined {
  if (found == null && !required) return undefined;
  return toWhole(found) ?? throwUnusable(found, path, "a whole number");
}

/** Describes the options of `RangeStops`. */
export function rangeStopOptions(unit: string): { readonly [K in keyof Required<RangeStops>]: Option } {
  return {
    totalPath: {
      type: "selector",
      nullable: true,
      default: "total",
      description: `Selector of the total number of ${unit}. An explicit path must exist; the default is optional. \`null\` ignores totals.`,
    },
    hasMorePath: {
      type: "selector",
      nullable: true,
      description: "Selector of the flag that says whether more pages follow: true or false.",
    },
    stopAfterEmptyPage: {
      type: "flag",
      default: true,
      description: "Whether an empty page ends the paging.",
    },
  };
}

/** Checks that at least one condition can end the range. */
export function checkRangeStops(
  options: Readonly<Record<string, unknown>>,
  maximum: string,
): readonly OptionProblem[] {
  const canEnd =
    options["totalPath"] !== null ||
    options["hasMorePath"] != null ||
    options[maximum] != null ||
    options["stopAfterEmptyPage"] !== false;
  return canEnd ? [] : [{ message: "the paging never ends: set a total path, a maximum or a has_more path" }];
}

import { ReadFailure, PageError } from "../errors.js";
import type { Position } from "../checkpoint.js";
import type { Exchange, PageRequest, Paginator, Step } from "./paginator.js";
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
  const { base, unit, options, maximum } = spec;
  const { totalPath = ["total"], hasMorePath, stopAfterEmptyPage = true } = options;
  const found = totalPath && select(totalPath, body)?.[0];
  const flag = hasMorePath && select(hasMorePath, body)?.[0];
  const read = seen + records.length;

  if (stopAfterEmptyPage && records.length === 0) {
    const expected = toWhole(found) ?? earlier;
    // Many APIs send the number of records instead of pages: if all of them have been read, the end is correct.
    const isRecordCount = unit === "pages" && [expected, earlier].includes(read);
    if (!parseBoolean(flag) && (expected === undefined || at >= expected + base || isRecordCount))
      return { stop: "empty_page" };
    // Retry once: the page may be empty by accident. A second empty page is an error.
    const message = "the page is empty, but the response indicates more records";
    throw new ReadFailure(PageError, "TRUNCATED", message, { retries: 1 });
  }
  // The default total is optional until the API sends one; from then on it is required.
  const isRequired = options.totalPath != null || earlier !== undefined;
  const current =
    totalPath && (found != null || isRequired)
      ? (toWhole(found) ?? throwUnusable(found, totalPath, "a whole number"))
      : undefined;
  const total = current === undefined ? undefined : Math.max(current, earlier ?? current);
  const more = hasMorePath ? (parseBoolean(flag) ?? throwUnusable(flag, hasMorePath, "true or false")) : true;
  const next = at + spec.step;
  const stop =
    total !== undefined && next >= total + base
      ? "total_reached"
      : maximum !== undefined && next >= maximum
        ? "maximum_reached"
        : more
          ? undefined
          : "has_more_false";
  return {
    stop,
    next: stop ? undefined : toPosition({ at: next, seen: read, total }),
    total,
    warning: spec.warn?.({ at, seen, read, total }),
  };
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

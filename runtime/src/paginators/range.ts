import { ReadFailure, PageError } from "../errors.js";
import { toJson } from "../exact-json.js";
import { keyOf, type JsonObject } from "../json.js";
import type { Position } from "../checkpoint.js";
import type { OptionProblem, Option } from "../kind.js";
import { findDrift } from "./drift.js";
import { checkEnds, endOptions, hasNoList, isShortEnd, readMore, type EndOptions } from "./page-end.js";
import { toWhole } from "./page-info.js";
import type { Exchange, PageRequest, Paginator, Step, StopReason } from "./paginator.js";
import { isTotalNamed, readTotal, throwWrongTotal, totalOptions, type TotalOptions } from "./range-total.js";

/** The conditions that end the paging of a range. The first one that applies ends it. */
export interface RangeStops extends TotalOptions, EndOptions {}

/** A range: a number that grows from page to page. */
export interface Range {
  readonly type: string;
  readonly options: RangeStops & { readonly limit?: number | undefined };
  /** The number of the first page. */
  readonly start: number;
  /** The distance between two pages: 1 for page numbers. */
  readonly step: number;
  /** The number at which the API starts counting. */
  readonly base: number;
  /** Exclusive. */
  readonly maximum?: number | undefined;
  /** The name of the number in requests. Responses may repeat the number under this name. */
  readonly param: string;
  /** The unit of the number. */
  readonly unit: "records" | "pages";
  /** Returns the part of the request that depends on the number. */
  readonly request: (at: number) => PageRequest;
  /** Returns the number of the next page. Default: the number of this page plus `step`. */
  readonly next?: (page: RangePage) => number;
  /** Returns a warning about a page, or throws. */
  readonly check?: (page: RangePage) => string | undefined;
}

/** A page of a range. */
export interface RangePage {
  /** Its number. */
  readonly at: number;
  /** The number of its records. */
  readonly count: number;
  /** The number of records before it. */
  readonly seen: number;
  /** The number of records up to its end. */
  readonly read: number;
  /** The number of records of the largest page so far. */
  readonly size: number;
  /** Whether each record is a row of the API. `false` if the selector filters rows or selects lists inside them. */
  readonly isExact: boolean;
  /** The total number of records in the response. */
  readonly total?: number | undefined;
  readonly stop?: StopReason | undefined;
}

/** The position: plain JSON. Properties that are `undefined` are omitted. */
export interface RangePosition {
  /** The number of the page. */
  readonly at: number;
  /** The number of records before it. */
  readonly seen: number;
  /** The number of records of the largest page so far. */
  readonly size?: number | undefined;
  /** The largest total so far; `null` if the pages contradict it. */
  readonly total?: number | null | undefined;
  /** The total of the previous page. */
  readonly stated?: number | undefined;
  /** Whether every total so far equalled the number of records of its page. */
  readonly own?: true | undefined;
  /** Whether the previous page states that more pages follow. */
  readonly more?: true | undefined;
  /** Whether page 1 repeats the records of page 0. */
  readonly twice?: true | undefined;
}

/** Creates the paginator of a range that reads pages sequentially. */
export function range(spec: Range): Paginator {
  return {
    type: spec.type,
    options: spec.options,
    start: { at: spec.start, seen: 0 },
    // Whole pages are compared if page numbers count from 0.
    needsPrevious: spec.unit === "records" || spec.base ? "keys" : undefined,
    request: (position) => spec.request(read(position).at),
    next: (position, exchange) => advance(spec, read(position), exchange),
  };
}

function read(position: Position): RangePosition {
  return position as unknown as RangePosition;
}

function toPosition(position: RangePosition): Position {
  return JSON.parse(JSON.stringify(position)) as Position;
}

function advance(spec: Range, position: RangePosition, exchange: Exchange): Step {
  const { options, step, start, base, maximum = Infinity } = spec;
  const { at } = position;
  const page = toPage(position, exchange);
  const more = readMore(options, exchange);
  if (!page.count && options.stopAfterEmptyPage !== false)
    return endEmpty(spec, position, { exchange, more: more ?? position.more });
  const twice = checkStart(spec, position, exchange);
  const { stated, total } = checkTotal(spec, position, { exchange, page });
  const next = spec.next?.(page) ?? at + step;
  // A total that is also the size of a full page needs another page to confirm it, and so does a start that may be wrong.
  const isSize = stated === page.count && page.count >= (options.limit ?? Infinity);
  const isSure = !(isSize && (isInRecords(spec) || !isTotalNamed(options))) && !(twice && at > base + 1);
  const isReached =
    total != null && isSure && unitsBefore(spec, { ...page, at: next, seen: page.read }) >= total;
  const stop: StopReason | undefined = isReached
    ? "total_reached"
    : next >= maximum
      ? "maximum_reached"
      : more === false
        ? "has_more_false"
        : isShortEnd(options, exchange)
          ? "short_page"
          : undefined;
  const own = (position.own ?? at === start) && stated === page.count;
  const following: RangePosition = {
    at: next,
    seen: page.read,
    size: page.size,
    total,
    stated,
    own: own ? true : undefined,
    more: more ? true : undefined,
    twice,
  };
  const isStated = total != null || isEchoed(spec.param, at, exchange);
  return {
    stop,
    next: stop ? undefined : toPosition(following),
    total: total ?? undefined,
    warning: spec.check?.({ ...page, stop, total: isInRecords(spec) ? stated : undefined }),
    progress: isStated ? "stated" : more === undefined ? "none" : undefined,
    drift: findDrift(exchange, total == null || own ? [] : [earlierTotal(position), stated]),
  };
}

function toPage({ at, seen, size = 0 }: RangePosition, { records, selector = [] }: Exchange): RangePage {
  const count = records.length;
  const isExact =
    "run" in selector ? selector.isSingular : selector.indexOf("[*]") === selector.lastIndexOf("[*]");
  return { at, count, seen, read: seen + count, size: Math.max(size, count), isExact };
}

/** Whether the total counts records. */
export function isInRecords({ options, unit }: Range): boolean {
  return (options.totalOf ?? unit) === "records";
}

/** The location of a page, and the size of the largest page so far. */
type RangePlace = Pick<RangePosition, "at" | "seen" | "size">;

/** Returns the number of records or pages before a page, in the unit of the total. */
export function unitsBefore(spec: Range, place: RangePlace): number {
  return isInRecords(spec) ? recordsBefore(spec, place) : (place.at - spec.base) / spec.step;
}

function recordsBefore({ unit, base, start }: Range, { at, seen, size = 0 }: RangePlace): number {
  return unit === "records" ? at : (start - base) * size + seen;
}

/** Reads the total. If the pages contradict it, it is an error if the spec names it, and is ignored otherwise. */
function checkTotal(
  spec: Range,
  { total: earlier }: RangePosition,
  { exchange, page }: { readonly exchange: Exchange; readonly page: RangePage },
): { readonly stated?: number; readonly total?: number | null } {
  const { options, start, unit } = spec;
  if (earlier === null) return { total: null };
  const isNamed = isTotalNamed(options);
  const stated = readTotal(options, exchange, isNamed || earlier !== undefined);
  if (stated === undefined) return {};
  const total = Math.max(stated, earlier ?? stated);
  const inRecords = isInRecords(spec);
  const counted = unit === "records" ? start + page.read : unitsBefore(spec, { ...page, seen: page.read });
  const least = !inRecords ? Math.floor(unitsBefore(spec, page)) + 1 : page.isExact ? counted : 1;
  if (page.count === 0 || least <= total) return { stated, total };
  if (isNamed) throwWrongTotal(options, stated, `at least ${least} ${inRecords ? "records" : "pages"}`);
  return { total: null };
}

/**
 * Returns the total that later totals must equal. If earlier totals seemed to count their own pages, that is the largest of
 * them.
 */
function earlierTotal({ own, total, stated }: RangePosition): number | undefined {
  return own ? (total ?? undefined) : stated;
}

/** Ends the paging at an empty page, unless more records are announced. */
function endEmpty(
  spec: Range,
  position: RangePosition,
  { exchange, more }: { readonly exchange: Exchange; readonly more: boolean | undefined },
): Step {
  const { total, own } = position;
  const { options, unit } = spec;
  const stated = total === null ? undefined : readTotal(options, exchange, false);
  const isOwn = own && stated === 0;
  const isOver =
    unitsBefore(spec, position) >= (stated ?? total ?? -Infinity) ||
    // Many APIs send the number of records instead of pages, or the number of records of the page itself.
    (unit === "pages" && !options.totalOf && [stated, total].includes(recordsBefore(spec, position))) ||
    (isOwn && !isTotalNamed(options));
  if (isOver && !more)
    return {
      stop: "empty_page",
      drift: findDrift(exchange, total == null || isOwn ? [] : [earlierTotal(position), stated]),
    };
  // Retries once, because the page may be empty by accident. A second empty page is an error.
  const message = "the page is empty, but more records are announced";
  throw new ReadFailure(PageError, "TRUNCATED", message, { retries: hasNoList(exchange) ? Infinity : 1 });
}

/**
 * Detects an API that counts its pages from 1 although the spec counts from 0: it sends its first page twice. Without a
 * key, equal pages may be correct; then the end of the paging decides.
 */
function checkStart(
  { unit, base }: Range,
  { at, total, twice }: RangePosition,
  { records, previous, primaryKey }: Exchange,
): true | undefined {
  if (unit === "records" || base !== 0 || (at > 1 && !twice) || !previous || records.length === 0)
    return twice;
  const isSame = toJson(records) === toJson(previous);
  const isHonest =
    at === 1 ? !isSame || keyOf(records[0], primaryKey) === undefined : isSame || at < (total ?? 0);
  if (isHonest) return twice ?? (isSame || undefined);
  const message = "page 1 repeats page 0: the API seems to count its pages from 1; set `base_page` to 1";
  throw new ReadFailure(PageError, "PAGE_PARAM_IGNORED", message);
}

/** Whether the response repeats the number of its page under the request's name. */
function isEchoed(param: string, at: number, { body }: Exchange): boolean {
  if (Array.isArray(body)) return false;
  const parts: readonly unknown[] = [body, ...Object.values(Object(body) as JsonObject)];
  return parts.some((part) => toWhole((Object(part) as Readonly<Record<string, unknown>>)[param]) === at);
}

/** Describes the options of `RangeStops`. */
export function rangeStopOptions(unit: "records" | "pages"): {
  readonly [K in keyof Required<RangeStops>]: Option;
} {
  return { ...totalOptions(unit), ...endOptions(true) };
}

/** Checks that at least one condition can end the range, and that the conditions do not conflict. */
export function checkRangeStops(
  options: Readonly<Record<string, unknown>>,
  maximum: string,
): readonly OptionProblem[] {
  const canEnd =
    options["totalPath"] !== null ||
    ["totalHeader", "hasMorePath", "hasMoreHeader", "endPath", maximum].some(
      (name) => options[name] != null,
    ) ||
    options["stopAfterEmptyPage"] !== false ||
    options["stopAfterShortPage"] === true;
  return [
    ...(canEnd ? [] : [{ message: "the paging never ends: set a total path, a maximum or a has_more path" }]),
    ...checkEnds(options),
  ];
}

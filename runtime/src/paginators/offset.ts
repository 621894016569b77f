import { defineKind, type Kind } from "../kind.js";
import type { Paginator } from "./paginator.js";
import { bodyPathOption, checkExclusive, paramOption, type PageParam, toPageRequest } from "./page-params.js";
import { ReadFailure, PageError } from "../errors.js";
import { isParallel, parallelOption, parallelRange } from "./parallel-range.js";
import {
  checkRangeStops,
  range,
  rangeStopOptions,
  type Range,
  type RangePage,
  type RangeStops,
} from "./range.js";

/** Options of `offset`. */
export interface OffsetOptions extends RangeStops {
  /** Records per page; also the step. */
  readonly limit: number;
  /** The first offset. Default 0. */
  readonly offset?: number | undefined;
  /** Default `offset`. */
  readonly offsetParam?: string | null | undefined;
  /** Dotted path in the JSON body, instead of a query parameter. */
  readonly offsetBodyPath?: string | null | undefined;
  /** Default `limit`. */
  readonly limitParam?: string | null | undefined;
  /** Dotted path in the JSON body, instead of a query parameter. */
  readonly limitBodyPath?: string | null | undefined;
  /** The end of the range, exclusive. */
  readonly maximumOffset?: number | null | undefined;
  /**
   * The step between offsets: the limit, or the number of records received. Default: the limit, and missing records are an
   * error.
   */
  readonly step?: "limit" | "received" | undefined;
}

/** Pages by offset: `?offset=0&limit=100`, `?offset=100&limit=100`, … */
export function offset(options: OffsetOptions): Paginator {
  return range(offsetRange(options));
}

/** Like `offset`, with pages in parallel. */
export function parallelOffset(options: OffsetOptions): Paginator {
  return parallelRange(offsetRange(options));
}

/** The range of `offset`. */
export function offsetRange(options: OffsetOptions): Range {
  const { limit, step, offset: start = 0 } = options;
  const param = options.offsetParam ?? "offset";
  const size: PageParam = [limit, options.limitParam ?? "limit", options.limitBodyPath];
  return {
    type: "offset",
    options,
    start,
    step: limit,
    base: 0,
    maximum: options.maximumOffset ?? undefined,
    param,
    request: (at) => toPageRequest([at, param, options.offsetBodyPath], size),
    unit: "records",
    next: ({ at, count, isExact }) => {
      const isReceived = step === "received" ? count > 0 : !step && isExact && count > limit;
      return at + (isReceived ? count : limit);
    },
    check: (page) =>
      findGap(page, { limit, start, step: options.stopAfterEmptyPage === false ? "limit" : step }),
  };
}

/** Detects skipped records: offsets grow by the limit, even if the API sends smaller pages. */
function findGap(
  { at, count, seen, read, size, total = 0, isExact, stop }: RangePage,
  { limit, step, start }: { readonly start: number } & Pick<OffsetOptions, "limit" | "step">,
): string | undefined {
  if (step === "received" || !isExact) return undefined;
  const before = count > 0 ? at - start - seen : 0;
  const after = stop === "total_reached" ? total - start - read : 0;
  const missing = Math.max(before, after);
  if (missing <= 0) return undefined;
  const message = `${missing} records seem to be missing: pages are shorter than the limit; set \`step\` to "received", or \`limit\` to the size of the API's pages`;
  // A short page among full ones may contain all records of its rows. A total that is not reached proves that records are
  // missing.
  if (step === "limit" || (size >= limit && after <= 0)) return message;
  throw new ReadFailure(PageError, "TRUNCATED", message);
}

/** The spec's `{"type": "offset"}`. */
export const offsetKind: Kind = /* @__PURE__ */ defineKind<OffsetOptions>(() => ({
  family: "paginator",
  type: "offset",
  factory: "offset",
  factoryFor: (options) => (isParallel(options) ? "parallelOffset" : "offset"),
  summary: "Pages by offset, the number of records before the page: `?offset=100&limit=100`.",
  options: {
    limit: {
      type: "whole",
      required: true,
      minimum: 1,
      description: "Records per page; also the step between offsets, see `step`.",
    },
    offset: { type: "whole", default: 0, minimum: 0, description: "The first offset." },
    offsetParam: paramOption("the offset", "offset"),
    offsetBodyPath: bodyPathOption("the offset"),
    limitParam: paramOption("the limit", "limit"),
    limitBodyPath: bodyPathOption("the limit"),
    maximumOffset: {
      type: "whole",
      nullable: true,
      minimum: 0,
      description: "The end of the range, exclusive: larger offsets are not requested.",
    },
    ...rangeStopOptions("records"),
    parallel: parallelOption,
    step: {
      type: "choice",
      choices: ["limit", "received"],
      description:
        "The step between offsets: `limit`, or the number of records `received`, for APIs whose pages are shorter than the limit. Without it, the step is the limit, and missing records are an error.",
    },
  },
  check: (options) => [
    ...checkRangeStops(options, "maximumOffset"),
    ...checkExclusive(options, "offsetParam", "offsetBodyPath"),
    ...checkExclusive(options, "limitParam", "limitBodyPath"),
  ],
  phrase: (options) => `paginated by offset, ${String(options["limit"])} records per page`,
  examples: [
    { type: "offset", limit: 100 },
    { type: "offset", limit: 50, offset_param: "skip", limit_param: "take", total_path: "meta.count" },
    { type: "offset", limit: 10, total_path: null, has_more_path: "has_more" },
    { type: "offset", limit: 20, offset_body_path: "page.from", limit_body_path: "page.size" },
    { type: "offset", limit: 100, step: "received", total_header: "X-Total-Count", parallel: false },
    { type: "offset", limit: 10, maximum_offset: 40, stop_after_empty_page: false, total_path: null },
  ],
}));

import { defineKind, type Kind } from "../kind.js";
import type { Paginator } from "./paginator.js";
import { bodyPathOption, checkExclusive, paramOption, type PageParam, toPageRequest } from "./page-params.js";
import { checkRangeStops, range, rangeStopOptions, type Counts, type RangeStops } from "./range.js";

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
}

/** Pages by offset: `?offset=0&limit=100`, `?offset=100&limit=100`, … */
export function offset(options: OffsetOptions): Paginator {
  const { limit } = options;
  const size: PageParam = [limit, options.limitParam ?? "limit", options.limitBodyPath];
  return range({
    type: "offset",
    options,
    start: options.offset ?? 0,
    step: limit,
    base: 0,
    maximum: options.maximumOffset ?? undefined,
    request: (at) => toPageRequest([at, options.offsetParam ?? "offset", options.offsetBodyPath], size),
    unit: "items",
    warn: (counts) => gap(counts, limit, options.offset ?? 0),
  });
}

/** Detects skipped records: offsets grow by the limit, even if the server sends smaller pages. */
function gap({ at, seen, read, total = 0 }: Counts, step: number, start: number): string | undefined {
  const expected = at + step >= total ? total - start : 0;
  const missing = Math.max(read > seen ? at - start - seen : 0, expected - read);
  return missing > 0 ? `${missing} records seem to be missing: pages are shorter than the limit` : undefined;
}

/** The spec's `{"type": "offset"}`. */
export const offsetKind: Kind = /* @__PURE__ */ defineKind<OffsetOptions>(() => ({
  family: "paginator",
  type: "offset",
  factory: "offset",
  summary: "Pages by offset, the number of records before the page: `?offset=100&limit=100`.",
  options: {
    limit: {
      type: "whole",
      required: true,
      minimum: 1,
      description: "Records per page; also the step between offsets.",
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
    { type: "offset", limit: 10, maximum_offset: 40, stop_after_empty_page: false, total_path: null },
  ],
}));

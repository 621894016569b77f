import { defineKind, type Kind } from "../kind.js";
import type { Paginator } from "./paginator.js";
import {
  bodyPathOption,
  checkExclusive,
  pageSizeOptions,
  paramOption,
  type PageParam,
  type PageSize,
  toPageRequest,
} from "./page-params.js";
import { isParallel, parallelOption, parallelRange } from "./parallel-range.js";
import { checkRangeStops, range, rangeStopOptions, type Range, type RangeStops } from "./range.js";

/** Options of `page_number`. */
export interface PageNumberOptions extends RangeStops, PageSize {
  /** Default `page`. */
  readonly pageParam?: string | null | undefined;
  /** Dotted path in the JSON body, instead of a query parameter. */
  readonly pageBodyPath?: string | null | undefined;
  /** The number of the API's first page. Default 0. */
  readonly basePage?: number | undefined;
  /** The first page to read. Default `basePage`. */
  readonly page?: number | null | undefined;
  /** The end of the range, exclusive. */
  readonly maximumPage?: number | null | undefined;
}

/** Pages by number: `?page=1`, `?page=2`, … */
export function pageNumber(options: PageNumberOptions = {}): Paginator {
  return range(pageNumberRange(options));
}

/** Like `pageNumber`, with pages in parallel. */
export function parallelPageNumber(options: PageNumberOptions = {}): Paginator {
  return parallelRange(pageNumberRange(options));
}

/** The range of `pageNumber`. */
export function pageNumberRange(options: PageNumberOptions): Range {
  const { basePage = 0 } = options;
  const param = options.pageParam ?? "page";
  const size: PageParam = [options.limit, options.limitParam ?? "limit", options.limitBodyPath];
  return {
    type: "page_number",
    options,
    start: options.page ?? basePage,
    step: 1,
    base: basePage,
    maximum: options.maximumPage ?? undefined,
    param,
    request: (at) => toPageRequest([at, param, options.pageBodyPath], size),
    unit: "pages",
  };
}

/** The spec's `{"type": "page_number"}`. */
export const pageNumberKind: Kind = /* @__PURE__ */ defineKind<PageNumberOptions>(() => ({
  family: "paginator",
  type: "page_number",
  factory: "pageNumber",
  factoryFor: (options) => (isParallel(options) ? "parallelPageNumber" : "pageNumber"),
  summary: "Pages by number: `?page=1`, `?page=2`.",
  options: {
    ...pageSizeOptions(),
    pageParam: paramOption("the page number", "page"),
    pageBodyPath: bodyPathOption("the page number"),
    basePage: {
      type: "whole",
      default: 0,
      minimum: 0,
      aliases: ["start_from_page"],
      description: "The number of the API's first page, usually 0 or 1.",
    },
    page: {
      type: "whole",
      nullable: true,
      minimum: 0,
      description: "The first page to read. Default: `base_page`.",
    },
    maximumPage: {
      type: "whole",
      nullable: true,
      minimum: 0,
      description: "The end of the range, exclusive: pages with this or a larger number are not requested.",
    },
    ...rangeStopOptions("pages"),
    parallel: parallelOption,
  },
  check: (options) => [
    ...checkRangeStops(options, "maximumPage"),
    ...checkExclusive(options, "pageParam", "pageBodyPath"),
    ...checkExclusive(options, "limitParam", "limitBodyPath"),
  ],
  phrase: (options) =>
    typeof options["limit"] === "number"
      ? `paginated by page number, ${options["limit"]} records per page`
      : "paginated by page number",
  examples: [
    { type: "page_number" },
    { type: "page_number", limit: 250, page_param: "page", start_from_page: 1 },
    { type: "page_number", base_page: 1, total_path: "meta.pages" },
    { type: "page_number", base_page: 1, limit: 50, parallel: true },
    { type: "page_number", base_page: 1, limit: 30, total_path: "count", total_of: "records" },
    { type: "page_number", page_body_path: "paging.page", limit: 50, limit_body_path: "paging.size" },
    { type: "page_number", base_page: 1, page: 2, maximum_page: 4, total_path: null },
  ],
}));

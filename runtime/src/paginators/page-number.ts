import { defineKind, type Kind } from "../kind.js";
import type { Paginator } from "./paginator.js";
import { place, type Placed } from "./place.js";
import { bodyPathOption, checkPlaces, pageSizeOptions, paramOption, type PageSize } from "./place-options.js";
import { range, type RangeStops } from "./range.js";
import { checkRangeStops, rangeStopOptions } from "./range-options.js";

/** Pages by their number. */
export interface PageNumberOptions extends RangeStops, PageSize {
  /** Default `page`. */
  readonly pageParam?: string | null;
  /** Dotted path in the JSON body, in place of a query parameter. */
  readonly pageBodyPath?: string | null;
  /** The number of the API's first page. Default 0. */
  readonly basePage?: number;
  /** The first page to read. Default `basePage`. */
  readonly page?: number | null;
  /** Pages from this number on are not asked for. */
  readonly maximumPage?: number | null;
}

/** Reads `?page=1`, `?page=2`, … */
export function pageNumber(options: PageNumberOptions = {}): Paginator {
  const { basePage = 0 } = options;
  const size: Placed = [options.limit, options.limitParam ?? "limit", options.limitBodyPath];
  return range({
    type: "page_number",
    options,
    start: options.page ?? basePage,
    step: 1,
    base: basePage,
    maximum: options.maximumPage ?? undefined,
    request: (at) => place([at, options.pageParam ?? "page", options.pageBodyPath], size),
    unit: "pages",
  });
}

/** The spec's `{"type": "page_number"}`. */
export const pageNumberKind: Kind = /* @__PURE__ */ defineKind<PageNumberOptions>(() => ({
  family: "paginator",
  type: "page_number",
  factory: "pageNumber",
  summary: "Pages by their number: `?page=1`, `?page=2`.",
  options: {
    ...pageSizeOptions(),
    pageParam: paramOption("the page number", "page"),
    pageBodyPath: bodyPathOption("the page number"),
    basePage: {
      type: "whole",
      default: 0,
      minimum: 0,
      aliases: ["start_from_page"],
      description: "The number of the API's first page, mostly 0 or 1.",
    },
    page: {
      type: "whole",
      nullable: true,
      minimum: 0,
      description: "The first page to read; `base_page` if left out.",
    },
    maximumPage: {
      type: "whole",
      nullable: true,
      minimum: 0,
      description: "Pages from this number on are not asked for.",
    },
    ...rangeStopOptions("pages"),
  },
  check: (options) => [
    ...checkRangeStops(options, "maximumPage"),
    ...checkPlaces(options, "pageParam", "pageBodyPath"),
    ...checkPlaces(options, "limitParam", "limitBodyPath"),
  ],
  phrase: (options) =>
    typeof options["limit"] === "number"
      ? `paginated by page number, ${options["limit"]} records per page`
      : "paginated by page number",
  examples: [
    { type: "page_number" },
    { type: "page_number", limit: 250, page_param: "page", start_from_page: 1 },
    { type: "page_number", base_page: 1, total_path: "meta.pages" },
    { type: "page_number", page_body_path: "paging.page", limit: 50, limit_body_path: "paging.size" },
    { type: "page_number", base_page: 1, page: 2, maximum_page: 4, total_path: null },
  ],
}));

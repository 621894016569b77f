import { defineKind, type Kind } from "../kind.js";
import type { Paginator } from "../paginator.js";
import { range, type RangeStops } from "./range.js";
import { checkRangeStops, rangeStopOptions } from "./range-options.js";

/** Pages by their number. */
export interface PageNumberOptions extends RangeStops {
  /** Records a page; sent when given. */
  readonly limit?: number;
  readonly limitParam?: string;
  readonly pageParam?: string;
  /** The number of the API's first page. Default 0. */
  readonly basePage?: number;
  /** The first page to read. Default `basePage`. */
  readonly page?: number;
  /** Pages from this number on are not asked for. */
  readonly maximumPage?: number | null;
}

/** Reads `?page=1`, `?page=2`, … */
export function pageNumber(options: PageNumberOptions = {}): Paginator {
  const { basePage = 0, pageParam = "page", limit, limitParam = "limit" } = options;
  return range({
    type: "page_number",
    options,
    start: options.page ?? basePage,
    step: 1,
    base: basePage,
    maximum: options.maximumPage ?? undefined,
    query: (at) => ({ [pageParam]: at, ...(limit !== undefined && { [limitParam]: limit }) }),
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
    limit: { type: "whole", minimum: 1, description: "Records a page; sent when given." },
    limitParam: { type: "text", default: "limit", description: "Query parameter of the limit." },
    pageParam: { type: "text", default: "page", description: "Query parameter of the page number." },
    basePage: {
      type: "whole",
      default: 0,
      minimum: 0,
      aliases: ["start_from_page"],
      description: "The number of the API's first page, mostly 0 or 1.",
    },
    page: { type: "whole", minimum: 0, description: "The first page to read; `base_page` if left out." },
    maximumPage: {
      type: "whole",
      nullable: true,
      minimum: 0,
      description: "Pages from this number on are not asked for.",
    },
    ...rangeStopOptions("pages"),
  },
  check: (options) => checkRangeStops(options, "maximumPage"),
  phrase: (options) =>
    typeof options["limit"] === "number" ? `by page number, ${options["limit"]} a page` : "by page number",
  examples: [
    { type: "page_number" },
    { type: "page_number", limit: 250, page_param: "page", start_from_page: 1 },
    { type: "page_number", base_page: 1, total_path: "meta.pages" },
    { type: "page_number", base_page: 1, page: 2, maximum_page: 4, total_path: null },
  ],
}));

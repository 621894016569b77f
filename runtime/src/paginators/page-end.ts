import { ReadFailure, PageError } from "../errors.js";
import type { Option, OptionProblem } from "../kind.js";
import { select, type Selector } from "../select/path.js";
import { parseBoolean, throwUnusable } from "./page-info.js";
import { checkExclusive } from "./page-params.js";
import { describeNext } from "./next-sign.js";
import type { Exchange, Step } from "./paginator.js";

/** Conditions that end the paging, besides a missing reference to the next page. */
export interface EndOptions {
  /** Selector of the flag that states whether more pages follow. */
  readonly hasMorePath?: Selector | null | undefined;
  /** Response header with that flag, instead of a selector. */
  readonly hasMoreHeader?: string | null | undefined;
  /** Selector of the flag that states whether this page is the last. */
  readonly endPath?: Selector | null | undefined;
  /** Whether an empty page ends the paging. */
  readonly stopAfterEmptyPage?: boolean | undefined;
  /** Whether a page with fewer records than the limit ends the paging. Default false. */
  readonly stopAfterShortPage?: boolean | undefined;
}

/**
 * Reads the flags of a response. Returns whether more pages follow, or `undefined` without a flag. For paging by references,
 * which `findNext` finds, `1` and `0` are flags, too, and the flag may be `null`, or missing together with the reference.
 */
export function readMore(
  { hasMorePath, hasMoreHeader, endPath }: EndOptions,
  { body, headers, records }: Exchange,
  findNext?: Chain["find"],
): boolean | undefined {
  const toFlag = (found: unknown, where: Selector): boolean =>
    parseBoolean(findNext && (found === 0 || found === 1) ? found === 1 : found) ??
    throwUnusable(found, where, "true or false");
  const end = endPath && select(endPath, body)?.[0];
  if (endPath && end != null && toFlag(end, endPath)) return false;
  const where = hasMoreHeader ? [hasMoreHeader] : hasMorePath;
  const found = hasMoreHeader ? headers.get(hasMoreHeader) : hasMorePath && select(hasMorePath, body)?.[0];
  // An empty page may end the paging without a flag.
  const isOptional =
    found == null &&
    (records.length === 0 || (findNext && ((found === null && !hasMoreHeader) || findNext() === undefined)));
  const more = where && !isOptional ? toFlag(found, where) : undefined;
  return more ?? (end == null ? undefined : true);
}

/** Whether a short page ends the paging. */
export function isShortEnd(
  { stopAfterShortPage, limit }: EndOptions & { readonly limit?: number | undefined },
  { records }: Exchange,
): boolean {
  return stopAfterShortPage === true && records.length < (limit ?? 0);
}

/** The references of paging by cursors or links: whether the previous page named this one, and which page this one names. */
export interface Chain {
  readonly isNamed: boolean;
  /** Returns the reference to the next page, or `undefined` if there is none. */
  readonly find: () => unknown;
}

/** Returns the end of paging by cursors or links, or `undefined` if the next page follows. */
export function endChain(
  options: EndOptions & { readonly limit?: number | undefined },
  exchange: Exchange,
  { isNamed, find }: Chain,
): Step | undefined {
  if (options.stopAfterEmptyPage && exchange.records.length === 0) return { stop: "empty_page" };
  // A page that the previous page named must have a body.
  if (isNamed && exchange.body === undefined) throwMissingList(exchange);
  const more = readMore(options, exchange, find);
  if (more === false) return { stop: "has_more_false" };
  if (find() === undefined) {
    if (!more) return { stop: "no_next", warning: isNamed ? undefined : describeNext(exchange) };
    const message = "the response says that more pages follow, but names no next page";
    throw new ReadFailure(PageError, "PAGE_INFO_MISSING", message);
  }
  if (!more && isShortEnd(options, exchange)) return { stop: "short_page" };
  return hasNoList(exchange) ? throwMissingList(exchange) : undefined;
}

/** Whether a response has no list: no body, or `null` instead of the records. */
export function hasNoList({ body, records, selector }: Exchange): boolean {
  if (records.length > 0) return false;
  return body === undefined || (selector !== undefined && select(selector, body)?.[0] === null);
}

/** Throws for a response without a list although more records are announced. */
function throwMissingList({ body }: Exchange): never {
  const found = body === undefined ? "no body" : "null in place of the records";
  const message = `the response has ${found}, although more records are announced`;
  throw new ReadFailure(PageError, "TRUNCATED", message, { retries: Infinity });
}

/** Describes the options of `EndOptions`. */
export function endOptions(stopAfterEmptyPage: boolean): {
  readonly [K in keyof Required<EndOptions>]: Option;
} {
  return {
    hasMorePath: {
      type: "selector",
      nullable: true,
      description: "Selector of the flag that says whether more pages follow: true or false.",
    },
    hasMoreHeader: {
      type: "text",
      nullable: true,
      description: "Response header with that flag, case-insensitive, instead of `has_more_path`.",
    },
    endPath: {
      type: "selector",
      nullable: true,
      description:
        "Selector of the flag that says whether this page is the last: true or false. A response without it has a next page.",
    },
    stopAfterEmptyPage: {
      type: "flag",
      default: stopAfterEmptyPage,
      description: `Whether an empty page ends the paging${stopAfterEmptyPage ? "" : ", even if it names a next page"}.`,
    },
    stopAfterShortPage: {
      type: "flag",
      default: false,
      description: "Whether a page with fewer records than `limit` ends the paging.",
    },
  };
}

/** Checks that the conditions of `EndOptions` and `TotalOptions` do not conflict. */
export function checkEnds(options: Readonly<Record<string, unknown>>): readonly OptionProblem[] {
  const isLimitMissing = options["stopAfterShortPage"] === true && options["limit"] == null;
  return [
    ...checkExclusive(options, "hasMorePath", "hasMoreHeader"),
    ...checkExclusive(options, "totalPath", "totalHeader"),
    ...(isLimitMissing
      ? [
          {
            option: "stopAfterShortPage",
            message: "stop_after_short_page needs `limit`: without it, no page is short",
          },
        ]
      : []),
  ];
}

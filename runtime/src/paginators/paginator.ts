import type { JsonObject, JsonValue } from "../json.js";
import type { HeadersLike } from "../http/retry-after.js";
import type { Selector } from "../select/path.js";

/**
 * Decides from one exchange where the next page stands.
 *
 * A paginator keeps nothing: everything it knows is in the position, which is plain JSON and travels in checkpoints.
 */
export interface Paginator {
  /** The spec's word. */
  readonly type: string;
  /** The options it was made with, as data. */
  readonly options: object;
  /** Where the first page stands. */
  readonly start: Position;
  /** What the page at `position` adds to the resource's request. */
  readonly request: (position: Position) => PageRequest;
  /** Where the page after this exchange stands, or why there is none. Throws a `Fault` when it cannot tell. */
  readonly next: (position: Position, exchange: Exchange) => Step;
  /** Where the records of the page at `position` stand, in place of the resource's `select`: of paging that detects. */
  readonly select?: (position: Position, body: unknown) => Selector;
}

/** Where a page stands: plain JSON, free of secrets. */
export type Position = JsonObject;

/** What a page adds to its resource's request. */
export interface PageRequest {
  /** Query parameters; they replace parameters of the same name. `null` takes one out. */
  readonly query?: Readonly<Record<string, string | number | boolean | null>>;
  /** Headers; they replace headers of the same name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Values for the JSON body by dotted path (`variables.after`): objects on the way are made. */
  readonly body?: Readonly<Record<string, JsonValue>>;
  /** The whole URL as a template, in place of the resource's path and query. */
  readonly url?: string;
}

/** One answered request, as a paginator sees it. */
export interface Exchange {
  /** The decoded body. */
  readonly body: unknown;
  /** What the resource's selector found in it. */
  readonly records: readonly unknown[];
  /** The URL that was asked, after redirects, without credentials: what relative links start from. */
  readonly url: string;
  readonly headers: HeadersLike;
  /** Whether a text holds a secret: such a text must not go into a position. */
  readonly isSecret: (text: string) => boolean;
  /** The placeholder of a secret (`secrets.api_key`), which may stand for it there. */
  readonly nameOf: (secret: string) => string | undefined;
}

/** A paginator's answer: the next page's position or the reason for the end, and what the reader should be told. */
export interface Step {
  readonly next?: Position | undefined;
  /** Set exactly when `next` is not. */
  readonly stop?: StopReason | undefined;
  readonly warning?: string | undefined;
}

/** Why a read ended; every other end is an error. */
export type StopReason =
  | "single_page"
  | "empty_page"
  | "total_reached"
  | "maximum_reached"
  | "has_more_false"
  | "max_pages"
  /** No next link. */
  | "no_next"
  /** A response action says so. */
  | "ignored"
  /** `row_order`: what follows is outside the range that was asked for. */
  | "out_of_range"
  /** Everything that a plan names. */
  | "all_read";

import type { JsonObject } from "./json.js";

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
}

/** Where a page stands: plain JSON, free of secrets. */
export type Position = JsonObject;

/** What a page adds to its resource's request. */
export interface PageRequest {
  /** Query parameters; they replace parameters of the same name. */
  readonly query?: Readonly<Record<string, string | number>>;
}

/** One answered request, as a paginator sees it. */
export interface Exchange {
  /** The decoded body. */
  readonly body: unknown;
  /** What the resource's selector found in it. */
  readonly records: readonly unknown[];
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
  "single_page" | "empty_page" | "total_reached" | "maximum_reached" | "has_more_false" | "max_pages";

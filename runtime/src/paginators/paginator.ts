import type { Body } from "../bodies/body.js";
import type { Position } from "../checkpoint.js";
import type { HeadersLike } from "../http/transport.js";
import type { JsonValue } from "../json.js";
import type { Page } from "../read/page.js";
import type { Selector } from "../select/path.js";

/**
 * Determines the position of the next page from one exchange.
 *
 * A paginator has no state of its own. Its whole state is the position, which is plain JSON and part of the checkpoint.
 */
export interface Paginator {
  /** The `type` in the spec. */
  readonly type: string;
  /** The options of the factory, as data. */
  readonly options: object;
  /** The position of the first page. */
  readonly start: Position;
  /** Returns the part of the request that depends on `position`. */
  readonly request: (position: Position) => PageRequest;
  /** Returns the position of the next page, or the reason if there is none. Call `fail` if it cannot decide. */
  readonly next: (position: Position, exchange: Exchange) => Step;
  /** Returns the selector of the records, for paginators that detect it. Replaces the resource's `select`. */
  readonly select?: (position: Position, body: unknown) => Selector;
  /**
   * The part of `previous` that it reads: `false` for nothing, `"keys"` for the primary keys. The rest of the page is
   * freed earlier. Default: everything.
   */
  readonly needsPrevious?: false | "keys" | undefined;
  /**
   * Opens the parallel pages of a sequence that ends at page `last`, or returns `undefined` for a sequential read. Only
   * `parallelOffset` and `parallelPageNumber` have it: the requests of other paginators depend on the previous page.
   */
  readonly parallel?: (session: SequenceSession, last: number) => ParallelPages | undefined;
}

/** The read of a sequence: a `ReadSession`. This file cannot name that type, because a session contains a paginator. */
export interface SequenceSession {
  /** Requests in flight. */
  readonly concurrency: number;
}

/** The pages of a sequence, of which several are in flight. */
export interface ParallelPages {
  /** Returns the next page in order. */
  readonly fetch: (place: { readonly position: Position; readonly number: number }) => Promise<{
    readonly page: Page<unknown>;
    readonly step: Step;
  }>;
  /** Called when the consumer asks for the page after the one that it has. */
  readonly advance: () => void;
}

/** The part of a request that depends on the page. */
export interface PageRequest {
  /** Query parameters. They replace parameters of the same name; `null` removes one. */
  readonly query?: Readonly<Record<string, string | number | boolean | null>>;
  /** Headers. They replace headers of the same name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Values for the body by dotted path (`variables.after`). Missing objects on the path are created. */
  readonly body?: Readonly<Record<string, JsonValue>>;
  /** The whole URL as a template. Replaces the resource's path and query. */
  readonly url?: string;
  /** The untrusted origin whose page chose the URL. The request gets no credentials, whatever its origin. */
  readonly foreignOrigin?: string | undefined;
  /** Parts of the resource's request that this page replaces. */
  readonly replace?: ReplacedRequest;
}

/** Parts of a resource's request, as in its descriptor. */
export interface ReplacedRequest {
  readonly method?: string;
  /** A template. */
  readonly path?: string;
  readonly query?: Readonly<Record<string, JsonValue>>;
  /** `undefined`: no body. */
  readonly body?: Body | undefined;
  /** The parameters of the method that the page sends; `{}` for none. A path may name all of them. */
  readonly params?: Readonly<Record<string, never>>;
}

/** The part of a successful exchange that paginators receive. */
export interface Exchange {
  /** The decoded body. */
  readonly body: unknown;
  /** The records that the resource's selector found in it, before any transformation. */
  readonly records: readonly unknown[];
  /** The selector of the records. */
  readonly selector?: Selector | undefined;
  /** The names of the resource's primary key. */
  readonly primaryKey?: readonly string[] | undefined;
  /** The records of the previous page, reduced by `needsPrevious`; absent on the first page of a read and after a resumption. */
  readonly previous?: readonly unknown[] | undefined;
  /** The requested URL, after redirects and without credentials. Relative links start from it. */
  readonly url: string;
  /** The untrusted origin that sent the page or chose its URL. */
  readonly foreignOrigin?: string | undefined;
  readonly headers: HeadersLike;
  /** Whether a text contains a secret. Such a text must not become part of a position. */
  readonly isSecret: (text: string) => boolean;
  /** The placeholder of a secret (`secrets.api_key`), which a position may contain instead. */
  readonly nameOf: (secret: string) => string | undefined;
}

/** A paginator's decision: the position of the next page, or the reason for the end. */
export interface Step {
  readonly next?: Position | undefined;
  /** Set if `next` is not. */
  readonly stop?: StopReason | undefined;
  /** The total in the response, in records or pages. */
  readonly total?: number | undefined;
  /** Replaces the records of the page, for a paginator that has requested a page twice. */
  readonly records?: readonly unknown[] | undefined;
  /** A warning for the reader. */
  readonly warning?: string | undefined;
  /**
   * The evidence that this page differs from the previous one if their records are equal: the response states its position
   * or the number of pages (`"stated"`), or there is none (`"none"`). Default: the previous page names this one.
   */
  readonly progress?: "stated" | "none" | undefined;
  /** Signs that the data changed while it was read. */
  readonly drift?: Drift | undefined;
}

/** Signs that records were inserted or deleted between two pages, so pages by number or offset have shifted. */
export interface Drift {
  /** The number of records at the start of the page that the previous page also contained. */
  readonly repeated: number;
  /** The total in the response, if it has changed. */
  readonly total?: number | undefined;
  /** The total in the previous response, if it has changed. */
  readonly earlierTotal?: number | undefined;
  /** A description, for the event. */
  readonly message: string;
}

/** The reason why a read ended without an error. */
export type StopReason =
  | "single_page"
  | "empty_page"
  | "total_reached"
  | "maximum_reached"
  | "has_more_false"
  /** `stop_after_short_page`: the page has fewer records than the limit. */
  | "short_page"
  | "max_pages"
  /** The response names no next page. */
  | "no_next"
  /** A response action ends the read. */
  | "ignored"
  /** `row_order`: all further records are outside the requested range. */
  | "out_of_range"
  /** Everything that a plan names has been read. */
  | "all_read";

import type { Checkpoint } from "../checkpoint.js";
import type { ConnectorError, ErrorCode } from "../errors.js";
import type { RetryOptions } from "../http/retry.js";
import type { FetchLike, HeadersLike, Transport } from "../http/transport.js";
import type { Limiter } from "../limit/limiter.js";
import type { StopReason } from "../paginators/paginator.js";
import type { SignalLike } from "../platform.js";
import type { Schemas } from "./schemas.js";

/** The options of every client. A generated client adds its secrets and config values. */
export interface ClientOptions {
  /** Replaces the global `fetch`. */
  readonly fetch?: FetchLike | undefined;
  /** Replaces `fetch` and, on Node, `node:http`. */
  readonly transport?: Transport | undefined;
  /** Replaces the spec's base URL. Secrets go to its origin. */
  readonly baseUrl?: string | undefined;
  /** Override the spec's headers. Sent only to trusted origins, because they may contain credentials. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Overrides single values of the spec's retry policies. */
  readonly retry?: RetryOptions | undefined;
  /** Replaces the rate limit of the spec's client: `rateLimit({ requests: 10, perMs: 1000 })`. */
  readonly rateLimit?: Limiter | undefined;
  /** Milliseconds for one attempt, from the request to the end of the body. Overrides the spec's. Default 60,000. */
  readonly timeoutMs?: number | undefined;
  /** Whether a read requests the next page while you work on the current one. Default true. */
  readonly readAhead?: boolean | undefined;
  /**
   * The maximum number of requests in flight per read, from 1 to 1000. Children, partitions and windows are read in
   * parallel, and so are the pages of `offset` and `page_number` if the spec names the total or sets `parallel`, unless
   * `readAhead` is false. Default 16 for a paginator whose spec names the total, otherwise 1.
   */
  readonly concurrency?: number | undefined;
  /**
   * The reaction to data that changes between two pages by offset or number: a `page.drift` event, or an error. Default
   * `event`.
   */
  readonly onDrift?: "event" | "error" | undefined;
  /** Additional origins that may receive secrets, besides that of the base URL: `https://files.example.com`. */
  readonly allowedOrigins?: readonly string[] | undefined;
  /**
   * Rejects private, loopback and link-local addresses, after name resolution. Only with the transport of Node. Default
   * false.
   */
  readonly denyPrivate?: boolean | undefined;
  /** The maximum size of a body in bytes, after decompression. Default 256 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** Validators by resource name, for `validate`: zod, valibot, arktype or any other Standard Schema. */
  readonly schemas?: Schemas | undefined;
  /** Called with every event of every read. */
  readonly onEvent?: ((event: ReadEvent) => void) | undefined;
  /** Receives retries, warnings and the errors that end a read. For example, `console`. */
  readonly logger?: Logger | undefined;
}

/** A secret, or a function that returns it. The function is called for every request that needs the secret. */
export type Secret = string | (() => string | Promise<string>);

/** The options of one read. */
export interface ReadOptions {
  /** Ends the read when it aborts: the iteration throws the signal's reason. */
  readonly signal?: SignalLike | undefined;
  /** Continues after the page of this checkpoint, or of the last delta in a list. */
  readonly from?: Checkpoint | readonly Checkpoint[] | undefined;
  /**
   * `complete`: each page has a complete checkpoint. `delta`: only the first page has one; the checkpoints of later pages
   * contain only the changes since the previous page. Pass all of them as `from`, in order. Default `complete`.
   */
  readonly checkpoints?: "complete" | "delta" | undefined;
  /** Ends the read after this number of pages, without an error. Without it, more than 100,000 pages are an error. */
  readonly maxPages?: number | undefined;
  /** Overrides the client's `readAhead`. */
  readonly readAhead?: boolean | undefined;
  /** Overrides the client's `concurrency`. */
  readonly concurrency?: number | undefined;
  /** Override the client's `headers`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Overrides the client's `timeoutMs`. */
  readonly timeoutMs?: number | undefined;
  /** Overrides single values of the client's `retry`. */
  readonly retry?: RetryOptions | undefined;
  /** Overrides the client's `onDrift`. */
  readonly onDrift?: "event" | "error" | undefined;
  /**
   * Whether records are checked against the client's `schemas`. `warn` emits a `warning` event, `error` ends the read.
   * Default `off`.
   */
  readonly validate?: "off" | "warn" | "error" | undefined;
  /** Called with every event of this read. */
  readonly onEvent?: ((event: ReadEvent) => void) | undefined;
}

/** Receives lines of text without secrets. */
export interface Logger {
  warn(message: string): void;
  error(message: string): void;
}

/** The origin of an event. */
export interface EventPlace {
  readonly source: string;
  readonly resource: string;
}

/** An event of a read. URLs, headers and messages are redacted. */
export type ReadEvent = EventPlace & EventBody;

/**
 * An event without its origin. `page` is 1-based, and 0 before the first page. In a read with parents, partitions or
 * windows it counts the pages of one sequence, except in the `complete` event.
 */
export type EventBody =
  | RequestEvent
  | ResponseEvent
  | ForeignOriginEvent
  | RetryEvent
  | PageEvent
  | DiscardEvent
  | DriftEvent
  | WarningEvent
  | CompleteEvent
  | ErrorEvent;

/** An attempt sends its request. */
export interface RequestEvent {
  readonly type: "request";
  readonly page: number;
  /** Identifies the attempt within its client. Its `response` events have the same number. */
  readonly requestId: number;
  /** 1-based. */
  readonly attempt: number;
  readonly method: string;
  readonly url: string;
}

/** A response has been read to its end. Redirects and renewed credentials cause several per attempt. */
export interface ResponseEvent {
  readonly type: "response";
  readonly page: number;
  readonly requestId: number;
  readonly status: number;
  /** Milliseconds from sending the request to the end of the body. */
  readonly durationMs: number;
  /** Bytes of the body after decompression; absent if the transport does not count them. */
  readonly bytes?: number | undefined;
  /** Reads a header, redacted: `headers.get("x-ratelimit-remaining")`. */
  readonly headers: HeadersLike;
}

/** A request is sent to an untrusted origin, without credentials. Emitted once per read and origin. */
export interface ForeignOriginEvent {
  readonly type: "foreign_origin";
  readonly page: number;
  /** `https://files.example.com` */
  readonly origin: string;
  readonly via: OriginChoice;
}

/** The source of an origin: the path of the spec, a link to a page, a value in the path (of a parent), or a redirect. */
export type OriginChoice = "spec" | "link" | "value" | "redirect";

/** An attempt failed and will be repeated. */
export interface RetryEvent {
  readonly type: "retry";
  readonly page: number;
  /** Identifies the failed attempt, as in its `request` event. */
  readonly requestId: number;
  /** The failed attempt, 1-based. */
  readonly attempt: number;
  /** Milliseconds until the next attempt. */
  readonly delayMs: number;
  readonly code: ErrorCode;
  readonly message: string;
}

/** A page is complete. */
export interface PageEvent {
  readonly type: "page";
  readonly page: number;
  readonly url: string;
  /** Number of records. */
  readonly records: number;
}

/** Pages that were requested ahead are not used: the read ends before them, or requests one page at a time from here. */
export interface DiscardEvent {
  readonly type: "pages.discarded";
  /** The last page that is used. */
  readonly page: number;
  /** The number of unused pages. */
  readonly count: number;
}

/** The data changed while it was read: records may be missing or repeated. Only with paging by offset or page number. */
export interface DriftEvent {
  readonly type: "page.drift";
  readonly page: number;
  /** The number of records at the start of the page that the previous page also contained, by primary key. */
  readonly repeated: number;
  /** The total in the response, if it has changed. */
  readonly total?: number | undefined;
  /** The total in the previous response, if it has changed. */
  readonly earlierTotal?: number | undefined;
  readonly message: string;
}

/** Something is suspicious, but not an error. */
export interface WarningEvent {
  readonly type: "warning";
  readonly page: number;
  readonly message: string;
}

/** The read ended without an error. Not emitted if the consumer stops early. */
export interface CompleteEvent {
  readonly type: "complete";
  readonly page: number;
  readonly reason: StopReason;
  /** Number of records in all pages since the start or the checkpoint. */
  readonly records: number;
}

/** The read ended with an error. */
export interface ErrorEvent {
  readonly type: "error";
  readonly page: number;
  readonly error: ConnectorError;
}

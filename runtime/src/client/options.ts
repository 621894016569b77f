import type { Checkpoint } from "../read/checkpoint.js";
import type { ConnectorError, ErrorCode } from "../errors.js";
import type { Limiter } from "../limit/limiter.js";
import type { StopReason } from "../paginators/paginator.js";
import type { SignalLike } from "../platform.js";
import type { RetryPolicy } from "../http/retry.js";
import type { FetchLike, Transport } from "../http/transport.js";
import type { Schemas } from "../read/validate.js";

/** What every client takes; a generated client adds its secrets and config values. */
export interface ClientOptions {
  /** Instead of the global `fetch`. */
  readonly fetch?: FetchLike;
  /** Instead of `fetch` altogether. */
  readonly transport?: Transport;
  /** Instead of the spec's base URL. */
  readonly baseUrl?: string;
  /** Over the spec's headers. They may be credentials: only the origins that may be sent secrets get them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Over the spec's retry policies. */
  readonly retry?: Partial<RetryPolicy>;
  /** Instead of the spec's: what `rateLimit` makes. */
  readonly rateLimit?: Limiter;
  /** Milliseconds for one attempt, headers and body together. Overrides the spec's timeouts. Default 60,000. */
  readonly timeoutMs?: number;
  /** Pages in flight per read, the one the consumer works on included. Default 2; 1 reads nothing ahead. */
  readonly concurrency?: number;
  /** Origins besides the base URL's that may be sent secrets: `https://files.example.com`. */
  readonly allowedOrigins?: readonly string[];
  /** Bytes of a decoded body at most. Default 256 MiB. */
  readonly maxBodyBytes?: number;
  /** For `validate`: the `…Schemas` of a generated `.schemas.ts`. */
  readonly schemas?: Schemas;
  readonly onEvent?: (event: ReadEvent) => void;
  /** Told of retries, warnings and of the errors that end a read. `console` will do. */
  readonly logger?: Logger;
}

/** A secret, or a function that fetches it whenever a request needs it. */
export type Secret = string | (() => string | Promise<string>);

/** What a single read takes. */
export interface ReadOptions {
  /** Ends the read: the iteration throws the signal's reason. */
  readonly signal?: SignalLike;
  /** Goes on after the page of this checkpoint. */
  readonly from?: Checkpoint;
  /** Ends the read, without an error, after so many pages. Without it, a read of over 100,000 pages is an error. */
  readonly maxPages?: number;
  readonly concurrency?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether records are held against `schemas`. Default `off`. */
  readonly validate?: "off" | "warn" | "error";
  readonly onEvent?: (event: ReadEvent) => void;
}

/** Receives one line of text, without secrets. */
export interface Logger {
  warn(message: string): void;
  error(message: string): void;
}

/** Where an event belongs. */
export interface EventPlace {
  readonly source: string;
  readonly resource: string;
}

/** What happens during a read. URLs and messages are redacted. */
export type ReadEvent = EventPlace & EventBody;

/** An event before its place; `page` is 1-based, 0 before the first. */
export type EventBody =
  | {
      readonly type: "request";
      readonly page: number;
      readonly method: string;
      readonly url: string;
      readonly attempt: number;
    }
  | {
      readonly type: "retry";
      readonly page: number;
      /** The attempt that failed, 1-based. */
      readonly attempt: number;
      /** Milliseconds until the next attempt. */
      readonly delayMs: number;
      readonly code: ErrorCode;
      readonly message: string;
    }
  | { readonly type: "page"; readonly page: number; readonly url: string; readonly records: number }
  | { readonly type: "warning"; readonly page: number; readonly message: string }
  | {
      readonly type: "complete";
      readonly page: number;
      readonly reason: StopReason;
      readonly records: number;
    }
  | { readonly type: "error"; readonly page: number; readonly error: ConnectorError };

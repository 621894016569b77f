import type { Decoder } from "../decoders/decoder.js";
import type { FetchSignal } from "../platform.js";

/** Reads headers by name, as `Headers` does. */
export interface HeadersLike {
  get(name: string): string | null;
}

/** A request before its credentials are added. */
export interface UnsignedRequest {
  readonly method: string;
  /** The whole URL, with the query. */
  readonly url: string;
  /** Names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/** Sends one request over the network. It does not follow redirects, retry or interpret the status. */
export interface Transport {
  /** Rejects when no response arrives, or with the signal's reason when the signal aborts. */
  send(request: WireRequest): Promise<WireResponse>;
  /** Called with signals to which many requests will listen. Node warns about more than ten listeners. */
  readonly expectListeners?: (signals: readonly unknown[]) => void;
  /** Whether it rejects private addresses, as the option `denyPrivate` requires. Default false. */
  readonly deniesPrivate?: boolean;
  /**
   * Whether a truncated compressed body is an error. `fetch` does not detect it. Default false: decoders request bodies
   * without compression, and reject others.
   */
  readonly noticesCuts?: boolean;
  /** Whether `GET` and `HEAD` may have a body. `fetch` rejects it. Default false. */
  readonly sendsBodyWithGet?: boolean;
}

/** A request with its credentials. */
export interface WireRequest extends UnsignedRequest {
  /** Up to ten requests have the same signal, one after the other. It aborts only while the last of them is in flight. */
  readonly signal: FetchSignal;
}

/** A response whose body has not been read yet. */
export interface WireResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: HeadersLike;
  /**
   * Reads the whole body as text. Rejects if the body is truncated, is longer than `limit` bytes after decompression, or
   * is not in its charset. A transport may pass the text to `push` piece by piece instead; it returns the rest.
   */
  text(limit: number, reading?: BodyReading): Promise<string>;
  /** Whether only the end of the connection ends the body, so a truncated body looks complete. */
  readonly isOpenEnded?: boolean;
  /** Bytes of the body after decompression, once `text` has read it; for the `response` event. */
  readonly bytes?: number;
}

/** How a body is read. */
export interface BodyReading extends Pick<Decoder, "encoding" | "decompress"> {
  /** Receives the text piece by piece. */
  readonly push?: ((text: string) => void) | undefined;
}

/** The part of `fetch` that this package uses. */
export type FetchLike = (url: string, init: FetchInit) => Promise<FetchResponse>;

/** The second argument of `fetch`. */
export interface FetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly redirect: "manual";
  readonly signal: FetchSignal;
}

/** The part of a `Response` that this package uses. */
export interface FetchResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: HeadersLike;
  readonly body: { getReader(): BodyReader } | null;
}

/** The reader of a `Response` body. */
export interface BodyReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(reason?: unknown): Promise<void>;
}

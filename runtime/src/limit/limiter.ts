import type { HeadersLike } from "../http/transport.js";
import type { FetchSignal } from "../platform.js";

/** Decides when an attempt may start: a rate limit, a semaphore, or one that several processes share. */
export interface Limiter {
  /**
   * Waits until an attempt may start, and returns the function that ends it. Rejects with the signal's reason when the
   * signal aborts first. `owner` is the client: attempts of different owners do not limit each other.
   */
  readonly acquire: (owner: object, signal: FetchSignal) => Promise<() => void>;
  /** Called with the headers of every response. They may state the rest of a quota. */
  readonly observe?: (owner: object, headers: HeadersLike) => void;
}

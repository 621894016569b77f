import type { HeadersLike } from "../http/transport.js";
import type { FetchSignal } from "../platform.js";

/** Decides when an attempt may start: a rate limit, a semaphore, or a limit that several processes share. */
export interface Limiter {
  /**
   * Waits until an attempt may start, and returns the function that ends it. The next attempt waits for that function's
   * promise, if it returns one. Rejects with the signal's reason when the signal aborts first. `owner` is the client, as a
   * key for limits that apply per client.
   */
  readonly acquire: (owner: object, signal: FetchSignal) => Promise<() => void | Promise<void>>;
  /** Called with the headers of every response. They may state the remaining quota. */
  readonly observe?: (owner: object, headers: HeadersLike) => void;
}

import type { FetchSignal } from "../platform.js";
import type { HeadersLike } from "../http/retry-after.js";
import type { Extension } from "../read/steps.js";

/** Decides when an attempt may be made. */
export interface Limiter extends Extension {
  /**
   * Waits for a place among the attempts of an owner (a client); the answer gives the place back. Gives up
   * waiting when the signal aborts.
   */
  readonly admit: (owner: object, signal: FetchSignal) => Promise<() => void>;
  /** Told of every response's headers: servers say how much of a quota is left. */
  readonly observe?: (owner: object, headers: HeadersLike) => void;
}

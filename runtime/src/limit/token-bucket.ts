import { throwIfAborted } from "../http/attempts.js";
import { platform, type SignalLike } from "../platform.js";

/** How many attempts a gate lets through. */
export interface GateOptions {
  /** At once after a pause, and per `milliseconds` on average. */
  readonly requests: number;
  readonly milliseconds: number;
  /** In flight at a time. */
  readonly concurrency: number;
  /** Milliseconds; no gate is closed for longer. */
  readonly longestPause: number;
}

/** Lets the attempts of one owner through, first come, first served. */
export interface AttemptGate {
  /** Waits for a place; the answer gives it back. Throws the signal's reason when it aborts before. */
  readonly enter: (signal: SignalLike) => Promise<() => void>;
  /** Lets nobody through for so many milliseconds. */
  readonly close: (milliseconds: number) => void;
}

/** Milliseconds; a timer for longer than this goes off at once. */
const longestTimer = 2 ** 31 - 1;

/** A token bucket that starts full and fills continuously, and so many seats. */
export function createGate({ requests, milliseconds, concurrency, longestPause }: GateOptions): AttemptGate {
  const waiting = new Set<() => void>();
  let tokens = requests;
  let filledAt = Date.now();
  let opensAt = 0;
  let inFlight = 0;
  let timer: unknown;

  /** Milliseconds until an attempt may start. A clock that was set back must not keep anybody waiting. */
  const toWait = (now: number): number => {
    if (requests < Infinity)
      tokens = Math.min(
        Math.max(1, requests),
        tokens + (Math.max(0, now - filledAt) * requests) / milliseconds,
      );
    filledAt = now;
    const pause = opensAt - now > longestPause ? 0 : opensAt - now;
    return Math.max(pause, tokens < 1 ? ((1 - tokens) * milliseconds) / requests : 0);
  };

  const advance = (): void => {
    platform.clearTimeout(timer);
    for (const start of waiting) {
      if (inFlight >= concurrency) return;
      const wait = toWait(Date.now());
      if (wait > 0) {
        timer = platform.setTimeout(advance, Math.min(Math.ceil(wait), longestTimer));
        return;
      }
      tokens--;
      inFlight++;
      waiting.delete(start);
      start();
    }
  };

  const leaveOnce = (): (() => void) => {
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      inFlight--;
      advance();
    };
  };

  return {
    enter: async (signal) => {
      throwIfAborted(signal);
      const leave = await new Promise<(() => void) | undefined>((resolve) => {
        const settle = (leave?: () => void): void => {
          signal.removeEventListener("abort", giveUp);
          resolve(leave);
        };
        const start = (): void => settle(leaveOnce());
        const giveUp = (): void => {
          waiting.delete(start);
          advance();
          settle();
        };
        signal.addEventListener("abort", giveUp);
        waiting.add(start);
        advance();
      });
      if (leave) return leave;
      throw signal.reason;
    },
    close: (pause) => {
      opensAt = Math.max(opensAt, Date.now() + pause);
    },
  };
}

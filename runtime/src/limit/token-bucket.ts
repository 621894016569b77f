import { longestTimer, platform, throwIfAborted, type SignalLike } from "../platform.js";

/** The limits of a token bucket. */
export interface TokenBucketOptions {
  /** Attempts that may start at once after a pause, and per `milliseconds` on average. */
  readonly requests: number;
  readonly milliseconds: number;
  /** Attempts in flight at a time. */
  readonly concurrency: number;
  /** Milliseconds. No pause is longer. */
  readonly longestPause: number;
}

/** Starts the attempts of one owner in the order of arrival. */
export interface TokenBucket {
  /** Waits for a token and returns the function that ends the attempt. Throws the signal's reason if it aborts first. */
  readonly acquire: (signal: SignalLike) => Promise<() => void>;
  /** Starts no attempt for a number of milliseconds. */
  readonly pause: (milliseconds: number) => void;
}

/** Creates a token bucket that is full at first and fills continuously, with a limit on attempts in flight. */
export function createTokenBucket({
  requests,
  milliseconds,
  concurrency,
  longestPause,
}: TokenBucketOptions): TokenBucket {
  const waiting = new Set<() => void>();
  let tokens = requests;
  let filledAt = Date.now();
  let resumesAt = 0;
  let inFlight = 0;
  let timer: unknown;

  /** Milliseconds until an attempt may start. A clock that was set back must not prolong a wait. */
  const timeToWait = (now: number): number => {
    if (requests < Infinity)
      tokens = Math.min(
        Math.max(1, requests),
        tokens + (Math.max(0, now - filledAt) * requests) / milliseconds,
      );
    filledAt = now;
    const pause = resumesAt - now > longestPause ? 0 : resumesAt - now;
    return Math.max(pause, tokens < 1 ? ((1 - tokens) * milliseconds) / requests : 0);
  };

  const advance = (): void => {
    platform.clearTimeout(timer);
    for (const start of waiting) {
      if (inFlight >= concurrency) return;
      const wait = timeToWait(Date.now());
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

  const releaseOnce = (): (() => void) => {
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      inFlight--;
      advance();
    };
  };

  return {
    acquire: async (signal) => {
      throwIfAborted(signal);
      const release = await new Promise<(() => void) | undefined>((resolve) => {
        const settle = (release?: () => void): void => {
          signal.removeEventListener("abort", giveUp);
          resolve(release);
        };
        const start = (): void => settle(releaseOnce());
        const giveUp = (): void => {
          waiting.delete(start);
          advance();
          settle();
        };
        signal.addEventListener("abort", giveUp);
        waiting.add(start);
        advance();
      });
      if (release) return release;
      throw signal.reason;
    },
    pause: (pause) => {
      resumesAt = Math.max(resumesAt, Date.now() + pause);
    },
  };
}

import type { Limiter } from "./limiter.js";

/** A semaphore: at most `count` attempts at a time, in the order of arrival. */
export function createSemaphore(count: number): Limiter {
  let free = count;
  const waiting: (() => void)[] = [];
  return {
    acquire: async () => {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        const next = waiting.shift();
        if (next) next();
        else free++;
      };
    },
  };
}

import type { Limiter } from "./limiter.js";
import { limitedSteps } from "./limits.js";
import { steps } from "../read/steps.js";

/** At most `count` attempts at a time, first come, first served. */
export function seats(count: number): Limiter {
  let free = count;
  const waiting: (() => void)[] = [];
  return {
    [steps]: limitedSteps,
    admit: async () => {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      let isTaken = true;
      return () => {
        if (!isTaken) return;
        isTaken = false;
        const next = waiting.shift();
        if (next) next();
        else free++;
      };
    },
  };
}

import { setTimeout } from "node:timers/promises";
import { acquireScript, releaseScript, type RedisLike } from "../../examples/plugins/redis-limiter.js";

/** A Redis for the limiter's scripts. */
export interface FakeRedis extends RedisLike {
  /** Slots taken now. */
  readonly taken: () => number;
  /** The greatest number of slots that were ever taken at the same time. */
  readonly most: () => number;
}

/** Runs the limiter's scripts as Redis does: after a round trip, and each as a whole, with the server's clock. */
export function createFakeRedis(now: () => number = Date.now): FakeRedis {
  const sets = new Map<string, Map<string, number>>();
  let most = 0;
  const count = (): number => [...sets.values()].reduce((sum, { size }) => sum + size, 0);
  const scripts: Readonly<Record<string, (set: Map<string, number>, args: readonly string[]) => number>> = {
    [acquireScript]: (set, [slot = "", limit, lease]) => {
      for (const [each, expiry] of set) if (expiry <= now()) set.delete(each);
      if (set.size >= Number(limit)) return 0;
      set.set(slot, now() + Number(lease));
      most = Math.max(most, count());
      return 1;
    },
    [releaseScript]: (set, [slot = ""]) => Number(set.delete(slot)),
  };
  return {
    eval: async (script, { keys: [key = ""], arguments: args }) => {
      await setTimeout(1);
      const set = sets.get(key) ?? new Map<string, number>();
      sets.set(key, set);
      const result = scripts[script]?.(set, args);
      if (result === undefined) throw new Error("NOSCRIPT unknown script");
      return result;
    },
    taken: count,
    most: () => most,
  };
}

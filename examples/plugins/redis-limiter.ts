import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { fail, type Limiter } from "@connector-gen/runtime/plugin";

/** The part of a Redis client that the limiter needs. A client of the npm package `redis` has it. */
export interface RedisLike {
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** A limit that several processes share. */
export interface RedisLimiterOptions {
  readonly redis: RedisLike;
  /** The key in Redis. All limiters with the same key share one limit. */
  readonly key: string;
  /** Maximum number of attempts in flight, over all processes. */
  readonly concurrency: number;
  /** Time after which a slot is free again if its process ended without releasing it, in milliseconds. Default 120,000. */
  readonly leaseMs?: number | undefined;
  /** Time between two attempts to get a slot, in milliseconds. Default 50. */
  readonly pollMs?: number | undefined;
}

/** Takes a slot, unless all are taken. A sorted set holds the slots with the time at which each expires. */
export const acquireScript = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
  if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
  redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return 1`;

/** Frees a slot. */
export const releaseScript = `return redis.call('ZREM', KEYS[1], ARGV[1])`;

/** Creates a semaphore in Redis. */
export function redisLimiter(options: RedisLimiterOptions): Limiter {
  const { redis, key, concurrency, leaseMs = 120_000, pollMs = 50 } = options;
  return {
    acquire: async (_owner, signal) => {
      const slot = randomUUID();
      const run = async (script: string, ...rest: readonly number[]): Promise<unknown> => {
        try {
          return await redis.eval(script, { keys: [key], arguments: [slot, ...rest.map(String)] });
        } catch (cause) {
          return fail("NETWORK", "the rate limit in Redis does not respond", { retryable: true, cause });
        }
      };
      while ((await run(acquireScript, concurrency, leaseMs)) !== 1) {
        await setTimeout(pollMs);
        signal.throwIfAborted();
      }
      // The page is complete. If the release fails, the slot expires.
      return async () => {
        await run(releaseScript).catch(() => undefined);
      };
    },
  };
}

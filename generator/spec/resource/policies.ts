import { millisecondsOf } from "../grammar/durations.js";
import { bigIntegerModes } from "../grammar/policies.js";
import { kindOf, readUse } from "../kinds.js";
import type { BlockContext } from "../options.js";
import type { BigIntegerMode, KindUse, Spec, SpecRetry } from "../spec.js";
import { given, isObject, listOf, numberOf, own } from "../values.js";

/** Reads a retry policy. */
export function readRetry(raw: unknown): SpecRetry | undefined {
  if (!isObject(raw)) return undefined;
  const statuses = listOf(own(raw, "statuses")).flatMap((status): (number | string)[] => {
    if (typeof status === "string") return [status.toLowerCase()];
    return typeof status === "number" ? [status] : [];
  });
  return given({
    maxRetries: numberOf(own(raw, "max_retries")),
    backoffMs: millisecondsOf(own(raw, "backoff_factor")),
    maxDelayMs: millisecondsOf(own(raw, "max_delay")),
    statuses: Array.isArray(own(raw, "statuses")) ? statuses : undefined,
    maxWaitMs: millisecondsOf(own(raw, "max_wait")),
  });
}

/** Reads how integers beyond 2^53 appear in records. */
export function readBigIntegers(raw: unknown): BigIntegerMode | undefined {
  return bigIntegerModes.find((mode) => mode === raw);
}

/** Reads the rule for untrusted origins. */
export function readForeignOrigins(raw: unknown): Spec["foreignOrigins"] {
  return raw === "follow" || raw === "error" ? raw : undefined;
}

/** Reads a rate limit. */
export function readRateLimit(raw: unknown, context: BlockContext): KindUse | undefined {
  return isObject(raw) ? readUse(kindOf("limiter"), raw, context) : undefined;
}

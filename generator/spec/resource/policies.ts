import type { Path, Report } from "../load/document.js";
import { millisecondsOf } from "../grammar/durations.js";
import { PERIODS } from "../grammar/policies.js";
import type { SpecRateLimit, SpecRetry } from "../spec.js";
import { given, isObject, listOf, numberOf, own } from "../values.js";

/** Reads a retry policy; only what was given. */
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

/** Reads a rate limit; its period in milliseconds. */
export function readRateLimit(
  raw: unknown,
  { path, report }: { path: Path; report: Report },
): SpecRateLimit | undefined {
  if (!isObject(raw)) return undefined;
  const limit = given({
    requests: numberOf(own(raw, "requests")),
    perMs: readPeriod(own(raw, "per")),
    concurrency: numberOf(own(raw, "concurrency")),
  });
  const code = "conflicting-options";
  if (limit.requests === undefined && (own(raw, "per") ?? undefined) !== undefined) {
    const message = '"per" needs "requests": how many may start within the period';
    report({ code, message, path: [...path, "per"], at: "key" });
  } else if (limit.requests === undefined && limit.concurrency === undefined) {
    report({ code, message: 'a rate limit limits "requests", "concurrency" or both', path, at: "key" });
  }
  return limit;
}

function readPeriod(raw: unknown): number | undefined {
  return millisecondsOf(typeof raw === "string" && Object.hasOwn(PERIODS, raw) ? PERIODS[raw] : raw);
}

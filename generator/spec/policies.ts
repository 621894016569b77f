import type { JsonObject } from "@connector-gen/runtime";

import type { SpecRetry } from "./spec.js";
import { given, isObject, listOf, numberOf, own, textOf } from "./values.js";

/** Reads a retry policy; only what was given. */
export function readRetry(raw: unknown): SpecRetry | undefined {
  if (!isObject(raw)) return undefined;
  const statuses = listOf(own(raw, "statuses")).flatMap((status): (number | string)[] => {
    if (typeof status === "string") return [status.toLowerCase()];
    return typeof status === "number" ? [status] : [];
  });
  return given({
    maxRetries: numberOf(own(raw, "max_retries")),
    backoffFactor: numberOf(own(raw, "backoff_factor")),
    maxDelay: numberOf(own(raw, "max_delay")),
    statuses: Array.isArray(own(raw, "statuses")) ? statuses : undefined,
    maxWait: numberOf(own(raw, "max_wait")),
  });
}

/** Reads headers; values are templates. */
export function readHeaders(raw: unknown): Readonly<Record<string, string>> {
  const texts = Object.entries(isObject(raw) ? (raw as JsonObject) : {}).flatMap(([name, value]) => {
    const text = textOf(value);
    return text === undefined ? [] : [[name, text] as const];
  });
  return Object.fromEntries(texts);
}

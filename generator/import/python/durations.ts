import type { Arguments } from "./functions.js";
import type { Span } from "./nodes.js";
import { moveTime, secondsBetween, unitSeconds } from "./times.js";
import { constant, type PyConstant, type PyValue } from "./values.js";

const secondsOf: Readonly<Record<string, number>> = { ...unitSeconds, milliseconds: 0.001 };

/** Creates a duration by `timedelta(days=1)` or `pendulum.duration(hours=2)`. Returns `undefined` for other calls. */
export function createDuration(
  name: string,
  { positional, keywords, origin }: Arguments & { readonly origin: Span },
): PyValue | undefined {
  if (!/(?:^|\.)(?:timedelta|pendulum\.duration)$/.test(name)) return undefined;
  const names = ["days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"];
  const given = [...positional.map((value, index) => [names[index] ?? "", value] as const), ...keywords];
  const seconds = sumOf(given);
  return seconds === undefined ? undefined : durationValue(seconds, origin);
}

function sumOf(parts: readonly (readonly [string, PyValue])[]): number | undefined {
  let seconds = 0;
  for (const [unit, value] of parts) {
    const factor = Object.hasOwn(secondsOf, unit) ? secondsOf[unit] : undefined;
    if (factor === undefined || value.kind !== "constant" || typeof value.value !== "number")
      return undefined;
    seconds += factor * value.value;
  }
  return seconds;
}

function durationValue(seconds: number, origin: Span): PyConstant {
  return { ...constant(seconds, origin), isDuration: true };
}

/** Adds and subtracts durations and times. Returns `undefined` for other values. */
export function calculateTime(
  operator: string,
  left: PyConstant,
  { right, origin }: { readonly right: PyConstant; readonly origin: Span },
): PyValue | undefined {
  if (operator === "-" && left.isTime && right.isTime) {
    const seconds = secondsBetween(right, left);
    return seconds === undefined ? undefined : durationValue(seconds, origin);
  }
  const sign = operator === "+" ? 1 : operator === "-" ? -1 : 0;
  if (sign !== 0 && left.isTime && right.isDuration)
    return moveTime(left, { seconds: sign * Number(right.value) }, origin);
  if (sign === 1 && left.isDuration && right.isTime)
    return moveTime(right, { seconds: Number(left.value) }, origin);
  if (sign !== 0 && left.isDuration && right.isDuration)
    return durationValue(Number(left.value) + sign * Number(right.value), origin);
  if (operator !== "*" || left.isTime || right.isTime) return undefined;
  if (typeof left.value !== "number" || typeof right.value !== "number") return undefined;
  return durationValue(left.value * right.value, origin);
}

/** Reads an attribute of a duration. */
export function durationAttribute({ value }: PyConstant, name: string, origin: Span): PyValue | undefined {
  const days = Math.floor(Number(value) / 86_400);
  if (name === "days") return constant(days, origin);
  return name === "seconds" ? constant(Math.floor(Number(value) - days * 86_400), origin) : undefined;
}

/** Calls a method of a duration. Returns `undefined` for unknown results. */
export function callDurationMethod({ value }: PyConstant, method: string, origin: Span): PyValue | undefined {
  return method === "total_seconds" ? { ...constant(value, origin), isFloat: true } : undefined;
}

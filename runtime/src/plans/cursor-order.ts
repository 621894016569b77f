import { IncrementalError, ReadFailure, foreign } from "../errors.js";
import type { JsonValue } from "../json.js";
import { fromEpoch, parseInstant, type Instant } from "./instant.js";

const decimal = /^([+-]?)0*(\d+)(?:\.(\d*?)0*)?$/;

/**
 * Compares cursor values by their type: numbers and texts of digits by value, exact at any length; dates and times (ISO
 * 8601, RFC 2822, or in `format`) as points in time, also with numbers if the format is `epoch`; other texts by their
 * characters. Returns a negative number, zero or a positive number. Throws a `ReadFailure` for values without a common
 * order.
 */
export function compareValues(a: JsonValue, b: JsonValue, format?: string): number {
  if (a === b && (typeof a === "string" || typeof a === "number")) return 0;
  if (typeof a === "string" && typeof b === "string" && isSameForm(a, b)) return orderOf(a, b);
  const numbers = compareNumbers(a, b);
  if (numbers !== undefined) return numbers;
  const [one, other] = [a, b].map((value) => instantOf(value, format));
  if (one && other) return one.seconds - other.seconds || orderOf(one.fraction, other.fraction);
  const areTexts = typeof a === "string" && typeof b === "string";
  // A time and another text have no order, unless the text is a part of a date: `2024-05`, `0000-00-00`.
  if (areTexts && (!one || partOfDate.test(b)) && (!other || partOfDate.test(a))) return orderOf(a, b);
  const what =
    one || other
      ? `${describe(a, one)} with ${describe(b, other)}; if both are times, set \`format\` to that of the API`
      : `${kindOf(a)} with ${kindOf(b)}`;
  const message = `cursor values cannot be compared: ${what}`;
  throw new ReadFailure(IncrementalError, "CURSOR_INVALID", message);
}

const partOfDate = /^\d{4}-/;

/** Returns a value as a point in time. Numbers are times only if requests write times as numbers. */
function instantOf(value: JsonValue, format: string | undefined): Instant | undefined {
  if (format?.startsWith("epoch")) {
    const instant = fromEpoch(value);
    if (instant) return instant;
  }
  return typeof value === "string" ? parseInstant(value, format) : undefined;
}

/** Returns the value that comes last in the order. */
export function lastOf(values: readonly JsonValue[], sign: number, format?: string): JsonValue | undefined {
  return values.reduce<JsonValue | undefined>(
    (last, value) => (last === undefined || compareValues(value, last, format) * sign > 0 ? value : last),
    undefined,
  );
}

function compareNumbers(a: JsonValue, b: JsonValue): number | undefined {
  if (typeof a === "number" && typeof b === "number") return orderOf(a, b);
  // A number and a text have an order only if the text is an integer that a number would round.
  if (typeof a !== typeof b && ![a, b].some(isBigInteger)) return undefined;
  const [one, other] = [decimalOf(a), decimalOf(b)];
  if (!one || !other) return undefined;
  const scale = Math.max(one.fraction.length, other.fraction.length);
  const [left, right] = [one, other].map(({ sign, whole, fraction }) =>
    BigInt(`${sign}${whole}${fraction.padEnd(scale, "0")}`),
  ) as [bigint, bigint];
  return orderOf(left, right);
}

/** Whether both are ISO 8601 times with the same length and offset. Then comparing their characters is correct and faster. */
function isSameForm(a: string, b: string): boolean {
  if (a.length !== b.length || !isoStart.test(a) || !isoStart.test(b)) return false;
  return (a.endsWith("Z") && b.endsWith("Z")) || (a.length > 24 && a.slice(-6) === b.slice(-6));
}

const isoStart = /^\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d[.Z+-]/;

/** Whether a value is the text of an integer that a number may round. */
export function isBigInteger(value: JsonValue): value is string {
  return typeof value === "string" && /^-?\d{16,}$/.test(value);
}

interface Decimal {
  readonly sign: string;
  readonly whole: string;
  readonly fraction: string;
}

function decimalOf(value: JsonValue): Decimal | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  // Large and small numbers must have no exponent.
  const text = Number.isInteger(value)
    ? BigInt(value)
    : typeof value === "number" && Math.abs(value) < 1e-6
      ? value.toFixed(20)
      : value;
  const [, sign = "", whole, fraction = ""] = decimal.exec(String(text).trim()) ?? [];
  return whole === undefined ? undefined : { sign: sign === "-" ? sign : "", whole, fraction };
}

function orderOf<T extends string | number | bigint>(a: T, b: T): number {
  return Number(a > b) - Number(a < b);
}

function describe(value: JsonValue, instant: Instant | undefined): string {
  const kind = instant ? "a time" : kindOf(value);
  return typeof value === "string" || typeof value === "number" ? `${kind} (${foreign(value)})` : kind;
}

function kindOf(value: JsonValue): string {
  if (typeof value === "object")
    return value === null ? "null" : Array.isArray(value) ? "a list" : "an object";
  return typeof value === "string" ? "text" : `a ${typeof value}`;
}

import { ReadFailure, IncrementalError } from "../errors.js";
import { toText, type JsonValue } from "../json.js";
import { compareValues, isBigInteger } from "./cursor-order.js";
import type { Range } from "./cursor-tracker.js";
import { firstMilliseconds } from "./instant.js";

/** A duration: calendar months plus milliseconds. */
interface Duration {
  readonly months: number;
  readonly milliseconds: number;
}

const day = 86_400_000;
const dateTime = /^(\d{4}-\d\d-\d\d)(?:([T ])(\d\d:\d\d)(:\d\d)?(\.\d+)?( ?(?:Z|[+-]\d\d(?::?\d\d)?))?)?$/i;

/**
 * Shifts a bound by a multiple of an amount: a number by units, a date by days, a time by seconds, or any of them by an
 * ISO 8601 duration. The result has the same format; times keep their offset and their digits.
 */
export function shiftBound(value: JsonValue, amount: number | string, times: number): JsonValue {
  if (typeof value === "number") {
    if (typeof amount === "number") return value + amount * times;
    const unit = Math.abs(value) >= firstMilliseconds ? 1 : 1000;
    return shiftTime(value * unit, readDuration(amount), times) / unit;
  }
  const match = typeof value === "string" ? dateTime.exec(value) : null;
  if (isDigits(value)) return shiftDigits(value, amount, times);
  if (!match) throw invalid(`${JSON.stringify(value)} cannot be shifted: it is not a number, date or time`);
  const [, date = "", separator, minutes, seconds, fraction = "", offset = ""] = match;
  const wall = Date.parse(`${date}T${minutes ?? "00:00"}${seconds ?? ":00"}Z`);
  const unit = separator ? 1000 : day;
  const duration =
    typeof amount === "number" ? { months: 0, milliseconds: amount * unit } : readDuration(amount);
  // Only whole seconds are shifted; the fraction keeps its digits.
  const shifted = new Date(shiftTime(wall, duration, times)).toISOString();
  if (!separator) return shifted.slice(0, 10);
  return shifted.slice(0, 10) + separator + shifted.slice(11, seconds ? 19 : 16) + fraction + offset;
}

/** Whether a value is a number as text. */
function isDigits(value: JsonValue): value is string {
  return typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value);
}

/** Returns the format of a bound, so that `formatBound` can write another time in the same format. */
export function formatOf(value: JsonValue): string | undefined {
  if (typeof value === "number" || isDigits(value))
    return Math.abs(Number(value)) >= firstMilliseconds ? "epoch_ms" : "epoch";
  return typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) ? "date" : undefined;
}

/** Shifts a number as text. The result is exact at any length. */
function shiftDigits(digits: string, amount: number | string, times: number): string {
  if (isBigInteger(digits) && typeof amount === "number" && Number.isInteger(amount * times))
    return String(BigInt(digits) + BigInt(amount * times));
  return toText(shiftBound(Number(digits), amount, times));
}

/** Returns the current time in the format of a bound. */
export function currentValueLike(value: JsonValue): JsonValue {
  const now = Date.now();
  if (typeof value === "number") return Math.abs(value) >= firstMilliseconds ? now : Math.floor(now / 1000);
  if (isDigits(value)) return toText(currentValueLike(Number(value)));
  const match = typeof value === "string" ? dateTime.exec(value) : null;
  if (!match)
    throw invalid(`${JSON.stringify(value)} cannot begin a window: it is not a number, date or time`);
  const [, , separator, , , , offset = ""] = match;
  const iso = new Date(now + offsetOf(offset)).toISOString();
  return separator ? iso.slice(0, 10) + separator + iso.slice(11, 19) + offset : iso.slice(0, 10);
}

/** Splits a range into windows of one length. The last one may be shorter. */
export function sliceRange({ start, end }: Range, length: string): readonly Range[] {
  const windows: Range[] = [];
  // Counted from the start, because months differ in length.
  for (let from = start, n = 1; compareValues(from, end) < 0; n++) {
    const next = shiftBound(start, length, n);
    if (compareValues(next, from) <= 0)
      throw invalid(`a window of ${length} does not advance from ${toText(from)}`);
    const to = compareValues(next, end) < 0 ? next : end;
    windows.push({ start: from, end: to });
    from = to;
    if (n > 100_000)
      throw invalid(`there are too many windows of ${length} from ${toText(start)} to ${toText(end)}`);
  }
  return windows;
}

/** Reads an ISO 8601 duration: `P1M`, `PT1H30M`, `P2W`. */
export function readDuration(text: string): Duration {
  const match =
    /^P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(
      text,
    );
  if (!match) throw invalid(`invalid duration ${text}: use ISO 8601, such as P1D or PT1H`);
  const [years, months, weeks, days, hours, minutes, seconds] = match
    .slice(1)
    .map((digits: string | undefined) => Number(digits ?? 0));
  const n = (count: number | undefined, unit: number): number => (count ?? 0) * unit;
  return {
    months: n(years, 12) + n(months, 1),
    milliseconds:
      n(weeks, 7 * day) + n(days, day) + n(hours, 3_600_000) + n(minutes, 60_000) + n(seconds, 1000),
  };
}

/** Returns the offset from UTC in milliseconds: of `Z`, `+02:00`, `-0530`. */
function offsetOf(text: string): number {
  const [, sign = "+", hours = "0", minutes = "0"] = /([+-])(\d\d):?(\d\d)?/.exec(text) ?? [];
  return Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** Shifts a time. A month after the 31st is the last day of a shorter month. */
function shiftTime(time: number, { months, milliseconds }: Duration, times: number): number {
  const date = new Date(time);
  if (months) {
    const wanted = date.getUTCDate();
    date.setUTCDate(1);
    date.setUTCMonth(date.getUTCMonth() + months * times);
    const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
    date.setUTCDate(Math.min(wanted, lastDay));
  }
  return date.getTime() + milliseconds * times;
}

function invalid(message: string): ReadFailure {
  return new ReadFailure(IncrementalError, "CURSOR_INVALID", message);
}

import type { Arguments } from "./functions.js";
import type { Span } from "./nodes.js";
import { constant, isTextConstant, type PyConstant, type PyValue } from "./values.js";

type Call = Arguments & { readonly origin: Span };

/** A date and a time with its offset from UTC in minutes, if it has one. */
interface Time {
  readonly utc: Date;
  /** The fields as written, as if they were in UTC. */
  readonly local: Date;
  readonly offset: number | undefined;
  readonly isDate: boolean;
}

const isoPattern =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d:?\d\d)?)?$/;

/** Reads a time in ISO 8601. */
function parseTime(text: string): Time | undefined {
  const match = isoPattern.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "0", zone] = match;
  const [y, mo, d, h, mi, s] = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const local = new Date(Date.UTC(y, mo - 1, d, h, mi, s, Math.floor(Number(`0.${fraction}`) * 1000)));
  if (Number.isNaN(local.getTime()) || local.getUTCDate() !== d) return undefined;
  const offset = zone === undefined ? undefined : offsetOf(zone);
  const utc = new Date(local.getTime() - (offset ?? 0) * 60_000);
  return { utc, local, offset, isDate: match[4] === undefined };
}

function offsetOf(zone: string): number {
  if (zone === "Z") return 0;
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** Creates a time of Python's `datetime` or of pendulum, represented as ISO 8601 text. */
function timeValue(value: string, origin: Span): PyConstant {
  return { ...constant(value, origin), isComputed: true, isTime: true };
}

/** Calls a function that creates a time: `datetime(2024, 1, 1)`, `pendulum.parse("2024-01-01")`. */
export function createTime(name: string, call: Call): PyValue | undefined {
  const [first, second] = call.positional;
  if (
    /(?:^|\.)(?:pendulum\.parse|fromisoformat|isoparse|parser\.parse|parse_iso_like_datetime|ensure_pendulum_\w+)$/.test(
      name,
    )
  )
    return isTextConstant(first) ? parsed(name, first.value, call.origin) : undefined;
  if (/(?:^|\.)strptime$/.test(name)) {
    const text = isTextConstant(first) ? first.value : "";
    const isIso = isTextConstant(second) && /^%Y-%m-%d(?:[T ]%H:%M:%S)?(?:Z|%z)?$/.test(second.value);
    return isIso && parseTime(text) ? timeValue(text.replace(" ", "T"), call.origin) : undefined;
  }
  const kind = /(?:^|\.)(?:pendulum\.(datetime|date)|(datetime|date))$/.exec(name);
  if (!kind) return undefined;
  return fromFields(call, { isDate: name.endsWith("date"), isUtc: kind[1] !== undefined });
}

/** Parses ISO 8601 text as a time. pendulum reads a time without an offset as UTC. */
function parsed(name: string, text: string, origin: Span): PyValue | undefined {
  const time = parseTime(text);
  if (!time) return undefined;
  const isOnlyDate = /(?:^|\.)date\.fromisoformat$/.test(name);
  const zone = time.offset === undefined && /pendulum|parse_iso_like/.test(name) ? "+00:00" : "";
  const full = time.isDate && !isOnlyDate ? `${text}T00:00:00` : text.replace(" ", "T");
  return timeValue(full + zone, origin);
}

function fromFields(
  { positional, keywords, origin }: Call,
  { isDate, isUtc }: { readonly isDate: boolean; readonly isUtc: boolean },
): PyValue | undefined {
  const names = ["year", "month", "day", "hour", "minute", "second", "microsecond"];
  const fields = names.map((name, index) => positional[index] ?? keywords.get(name));
  const numbers = fields.map((value) =>
    value === undefined ? 0 : value.kind === "constant" ? Number(value.value) : Number.NaN,
  );
  const zone = keywords.get("tzinfo") ?? keywords.get("tz") ?? positional[7];
  const isZoneUtc = zone !== undefined && isUtcZone(zone);
  if (numbers.some(Number.isNaN) || (zone && !isZoneUtc) || numbers[6]) return undefined;
  const [year, month, day, ...time] = numbers.map((number) => String(number).padStart(2, "0"));
  const date = `${(year ?? "").padStart(4, "0")}-${month}-${day}`;
  if (!parseTime(date)) return undefined;
  if (isDate) return timeValue(date, origin);
  return timeValue(`${date}T${time.slice(0, 3).join(":")}${isUtc || isZoneUtc ? "+00:00" : ""}`, origin);
}

function isUtcZone(value: PyValue): boolean {
  if (isTextConstant(value)) return /^(?:UTC|Z|Etc\/UTC)$/i.test(value.value);
  const name = value.kind === "unknown" ? value.name : value.kind === "call" ? value.callee : undefined;
  if (value.kind === "call" && isTextConstant(value.positional[0])) return isUtcZone(value.positional[0]);
  return name !== undefined && /(?:^|\.)(?:utc|UTC)$/.test(name);
}

/** Calls a method of a time, such as `isoformat` or `strftime`. Returns `undefined` for unknown results. */
export function callTimeMethod(value: PyConstant, method: string, call: Call): PyValue | undefined {
  const time = typeof value.value === "string" ? parseTime(value.value) : undefined;
  if (!time) return undefined;
  const [first] = call.positional;
  const pattern = isTextConstant(first) ? first.value : undefined;
  const text = (result: string | undefined): PyValue | undefined =>
    result === undefined ? undefined : { ...constant(result, call.origin), isComputed: true };
  switch (method) {
    case "strftime":
      return text(pattern === undefined ? undefined : formatTime(time, pattern));
    case "format":
      return text(pattern === undefined ? undefined : formatTime(time, fromTokens(pattern)));
    case "isoformat":
      return text(toIso(time));
    case "to_iso8601_string":
      return text(toIso(time)?.replace("+00:00", "Z"));
    case "to_date_string":
      return text(formatTime(time, "%Y-%m-%d"));
    case "to_datetime_string":
      return text(formatTime(time, "%Y-%m-%d %H:%M:%S"));
    case "date":
      return timeValue(formatTime(time, "%Y-%m-%d") ?? "", call.origin);
    case "timestamp":
      // A time without an offset is in the time zone of the machine.
      return time.offset === undefined && !time.isDate
        ? undefined
        : { ...constant(time.utc.getTime() / 1000, call.origin), isFloat: true };
    case "add":
    case "subtract":
      return shift(value, method, call);
    case "replace":
      return inUtc(time, { method, call }) ?? withFields(time, call);
    case "astimezone":
    case "in_timezone":
    case "in_tz":
      return inUtc(time, { method, call });
    default:
      return undefined;
  }
}

/** Formats a time as `strftime` does. Returns `undefined` for other directives. */
export function formatTimeText({ value }: PyConstant, pattern: string): string | undefined {
  const time = parseTime(String(value));
  return time && formatTime(time, pattern);
}

/** Formats a time as Python's `str` does. */
export function timeText({ value }: PyConstant): string | undefined {
  const time = parseTime(String(value));
  return time && toIso(time)?.replace("T", " ");
}

/** The distance by which a time moves. */
interface Move {
  readonly seconds?: number;
  readonly months?: number;
}

/** Moves a time. A date moves by whole days. If the target month is shorter, the day becomes its last day. */
export function moveTime(
  { value }: PyConstant,
  { seconds = 0, months = 0 }: Move,
  origin: Span,
): PyValue | undefined {
  const time = parseTime(String(value));
  if (!time || !Number.isInteger(seconds * 1000)) return undefined;
  const moved = new Date(time.local);
  if (months !== 0) {
    const day = moved.getUTCDate();
    moved.setUTCDate(1);
    moved.setUTCMonth(moved.getUTCMonth() + months);
    const last = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate();
    moved.setUTCDate(Math.min(day, last));
  }
  const step = time.isDate ? Math.floor(seconds / 86_400) * 86_400 : seconds;
  const local = new Date(moved.getTime() + step * 1000);
  const text = toIso({ ...time, local });
  return text === undefined || local.getUTCFullYear() < 1 ? undefined : timeValue(text, origin);
}

/** Returns the seconds from one time to another. Returns `undefined` if only one of them has an offset. */
export function secondsBetween(from: PyConstant, to: PyConstant): number | undefined {
  const start = parseTime(String(from.value));
  const end = parseTime(String(to.value));
  if (!start || !end || (start.offset === undefined) !== (end.offset === undefined)) return undefined;
  return (end.utc.getTime() - start.utc.getTime()) / 1000;
}

/** The units of time that always have the same length, in seconds. */
export const unitSeconds: Readonly<Record<string, number>> = {
  weeks: 604_800,
  days: 86_400,
  hours: 3600,
  minutes: 60,
  seconds: 1,
};

/** Calls `add` or `subtract` of pendulum. */
function shift(
  value: PyConstant,
  method: string,
  { positional, keywords, origin }: Call,
): PyValue | undefined {
  const sign = method === "add" ? 1 : -1;
  let seconds = 0;
  let months = 0;
  for (const [unit, amount] of keywords) {
    if (amount.kind !== "constant" || typeof amount.value !== "number") return undefined;
    const factor = Object.hasOwn(unitSeconds, unit) ? unitSeconds[unit] : undefined;
    if (unit === "months" || unit === "years") months += amount.value * (unit === "years" ? 12 : 1);
    else if (factor === undefined) return undefined;
    else seconds += factor * amount.value;
  }
  if (positional.length > 0) return undefined;
  return moveTime(value, { seconds: sign * seconds, months: sign * months }, origin);
}

/** Reads an attribute of a time. */
export function timeAttribute(value: PyConstant, name: string, origin: Span): PyValue | undefined {
  const time = typeof value.value === "string" ? parseTime(value.value) : undefined;
  if (!time) return undefined;
  const { local } = time;
  const fields: Readonly<Record<string, number>> = {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
  };
  if (name === "int_timestamp" && time.offset !== undefined)
    return constant(Math.floor(time.utc.getTime() / 1000), origin);
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return field === undefined ? undefined : constant(field, origin);
}

/** Sets fields of a time, such as `day=1`. */
function withFields(time: Time, { positional, keywords, origin }: Call): PyValue | undefined {
  const names = ["year", "month", "day", ...(time.isDate ? [] : ["hour", "minute", "second"])];
  const isKnown = [...keywords].every(
    ([name, value]) => names.includes(name) && value.kind === "constant" && typeof value.value === "number",
  );
  if (!isKnown || positional.length > 0) return undefined;
  const { local } = time;
  const old = [
    local.getUTCFullYear(),
    local.getUTCMonth() + 1,
    local.getUTCDate(),
    local.getUTCHours(),
    local.getUTCMinutes(),
    local.getUTCSeconds(),
  ];
  const fields = old.map((field, index) => {
    const value = keywords.get(names[index] ?? "");
    return String(value?.kind === "constant" ? value.value : field).padStart(index === 0 ? 4 : 2, "0");
  });
  const text = time.isDate
    ? fields.slice(0, 3).join("-")
    : `${fields.slice(0, 3).join("-")}T${fields.slice(3).join(":")}${zoneOf(time, ":")}`;
  return parseTime(text) && local.getUTCMilliseconds() === 0 ? timeValue(text, origin) : undefined;
}

function inUtc(
  time: Time,
  { method, call }: { readonly method: string; readonly call: Call },
): PyValue | undefined {
  const zone = call.keywords.get("tzinfo") ?? call.keywords.get("tz") ?? call.positional[0];
  if (!zone || !isUtcZone(zone) || call.keywords.size > 1) return undefined;
  if (method !== "replace" && time.offset === undefined) return undefined;
  const moment = method === "replace" ? time.local : time.utc;
  return timeValue(`${moment.toISOString().slice(0, 19)}+00:00`, call.origin);
}

function toIso(time: Time): string | undefined {
  if (time.isDate) return formatTime(time, "%Y-%m-%d");
  const fraction = time.local.getUTCMilliseconds() === 0 ? "" : ".%f";
  return formatTime(time, `%Y-%m-%dT%H:%M:%S${fraction}`)?.concat(zoneOf(time, ":"));
}

function zoneOf({ offset }: Time, separator: string): string {
  if (offset === undefined) return "";
  const minutes = Math.abs(offset);
  const pad = (part: number): string => String(part).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60))}${separator}${pad(minutes % 60)}`;
}

function formatTime(time: Time, pattern: string): string | undefined {
  const { local } = time;
  const pad = (number: number, length = 2): string => String(number).padStart(length, "0");
  const values: Readonly<Record<string, string>> = {
    Y: pad(local.getUTCFullYear(), 4),
    y: pad(local.getUTCFullYear() % 100),
    m: pad(local.getUTCMonth() + 1),
    d: pad(local.getUTCDate()),
    H: pad(local.getUTCHours()),
    M: pad(local.getUTCMinutes()),
    S: pad(local.getUTCSeconds()),
    f: `${pad(local.getUTCMilliseconds(), 3)}000`,
    z: zoneOf(time, ""),
    "%": "%",
  };
  const expanded = pattern.replaceAll("%F", "%Y-%m-%d").replaceAll("%T", "%H:%M:%S");
  if ([...expanded.matchAll(/%(.?)/gs)].some(([, letter = ""]) => !Object.hasOwn(values, letter)))
    return undefined;
  return expanded.replaceAll(/%(.)/gs, (_, letter: string) => values[letter] ?? "");
}

/** Translates the tokens of pendulum, such as `YYYY-MM-DD`, to directives of strftime. */
function fromTokens(pattern: string): string {
  const tokens: Readonly<Record<string, string>> = {
    YYYY: "%Y",
    MM: "%m",
    DD: "%d",
    HH: "%H",
    mm: "%M",
    ss: "%S",
    ZZ: "%z",
  };
  return pattern
    .replaceAll("%", "%%")
    .replaceAll(
      /\[([^\]]*)\]|YYYY|MM|DD|HH|mm|ss|ZZ|[A-Za-z]/g,
      (token, literal?: string) => literal ?? tokens[token] ?? (token === "T" ? "T" : "%?"),
    );
}

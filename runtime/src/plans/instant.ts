import { IncrementalError, ReadFailure } from "../errors.js";

/** A point in time, exact beyond milliseconds. */
export interface Instant {
  /** Whole seconds since 1970. */
  readonly seconds: number;
  /** The digits after the decimal point, without zeros at the end. */
  readonly fraction: string;
}

/** Names as patterns. Literals without calls, so bundlers can remove unused ones. */
const months = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec";
const days = "Sun|Mon|Tue|Wed|Thu|Fri|Sat";
const longMonths = "January|February|March|April|May|June|July|August|September|October|November|December";
const longDays = "Sunday|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday";

const iso =
  /^(\d{4})(-?)(\d\d)\2(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?)?( ?(?:Z|UTC|GMT|[+-]\d\d(?::?[0-5]\d)?))?$/i;
/** RFC 2822 §3.3 and HTTP dates. */
const rfc =
  /^(?:[A-Z][a-z]{2}, ?)?(\d{1,2})[ -]([A-Z][a-z]{2})[ -](\d{4}) (\d\d):(\d\d)(?::(\d\d))? ?(Z|UTC?|GMT|[ECMP][SD]T|[+-]\d\d:?\d\d)?$/;

/** The patterns of strftime's directives, with the part of a date that each one matches. */
const directives: Readonly<Record<string, readonly [pattern: string, part: string]>> = {
  Y: ["\\d{4}", "year"],
  y: ["\\d\\d", "shortYear"],
  m: ["\\d{1,2}", "month"],
  b: [months, "monthName"],
  B: [longMonths, "monthName"],
  d: ["\\d{1,2}", "day"],
  j: ["\\d{1,3}", "dayOfYear"],
  a: [days, ""],
  A: [longDays, ""],
  H: ["\\d{1,2}", "hour"],
  M: ["\\d{1,2}", "minute"],
  S: ["\\d{1,2}", "second"],
  f: ["\\d{1,9}", "fraction"],
  z: ["Z|[+-]\\d\\d:?\\d\\d", "offset"],
  Z: ["[A-Z]{1,4}", ""],
  s: ["\\d+", "epoch"],
  "%": ["%", ""],
};

type Parts = Readonly<Record<string, string | undefined>>;

/**
 * Reads a date or time: ISO 8601, RFC 2822, or a text in the given format. Times without an offset are UTC. Returns
 * `undefined` for anything else.
 */
export function parseInstant(text: string, format?: string): Instant | undefined {
  const [, year, , month, day, hour, minute, second, fraction, offset] = iso.exec(text) ?? [];
  // Eight digits may be any number.
  if (year && /\D/.test(text)) return toInstant({ year, month, day, hour, minute, second, fraction, offset });
  const match = rfc.exec(text);
  if (match) {
    const [, day, monthName, year, hour, minute, second, offset] = match;
    return toInstant({ year, monthName, day, hour, minute, second, offset });
  }
  return format?.includes("%") ? parseFormat(text, format) : undefined;
}

function parseFormat(text: string, format: string): Instant | undefined {
  const names: string[] = [];
  const pattern = format.replace(/%(.)|[.*+?^${}()|[\]\\]/g, (found, letter?: string) => {
    const [source, part] = directives[letter ?? ""] ?? [];
    if (letter === undefined || source === undefined) return `\\${found}`;
    names.push(part ?? "");
    return `(${source})`;
  });
  const values = new RegExp(`^${pattern}$`, "i").exec(text)?.slice(1);
  return values && toInstant(Object.fromEntries(names.map((name, at) => [name, values[at]])));
}

/** Returns `undefined` for a date that does not exist. */
function toInstant(parts: Parts): Instant | undefined {
  const { epoch, shortYear, monthName = "", dayOfYear, fraction = "" } = parts;
  const trimmed = fraction.replace(/0+$/, "");
  if (epoch) return { seconds: Number(epoch), fraction: trimmed };
  // Like strptime: two digits up to 68 belong to this century.
  const year = Number(
    parts["year"] ?? (shortYear ? Number(shortYear) + (Number(shortYear) > 68 ? 1900 : 2000) : NaN),
  );
  const named =
    months.split("|").findIndex((name) => name.toLowerCase() === monthName.slice(0, 3).toLowerCase()) + 1;
  const month = dayOfYear ? 1 : named || Number(parts["month"] ?? 1);
  const day = Number(dayOfYear ?? parts["day"] ?? 1);
  const [hour, minute, second] = ["hour", "minute", "second"].map((name) => Number(parts[name] ?? 0)) as [
    number,
    number,
    number,
  ];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const exists = dayOfYear ?? (date.getUTCMonth() === month - 1 && date.getUTCDate() === day);
  // A leap second is the first second of the next minute, and 24:00 the next day.
  if (!exists || hour > 24 || minute > 59 || second > 60) return undefined;
  const time = hour * 3600 + minute * 60 + second;
  const offset = offsetOf(parts["offset"] ?? "");
  if ((hour === 24 && time > 86_400) || Math.abs(offset) >= 86_400) return undefined;
  const seconds = date.getTime() / 1000 + time - offset;
  return Number.isFinite(seconds) ? { seconds, fraction: trimmed } : undefined;
}

/** Numbers from this one are milliseconds since 1970; smaller ones are seconds. */
export const firstMilliseconds = 1e11;

/** Reads seconds or milliseconds since 1970: a number, or a text with as many digits as current times. */
export function fromEpoch(value: unknown): Instant | undefined {
  const isText = typeof value === "string" && /^(?:\d{9,10}(?:\.\d+)?|\d{13})$/.test(value);
  const number = typeof value === "number" ? value : isText ? Number(value) : NaN;
  const milliseconds = Math.abs(number) >= firstMilliseconds ? number : number * 1000;
  const seconds = Math.floor(milliseconds / 1000);
  const rest = Math.floor(milliseconds - seconds * 1000);
  return Number.isFinite(seconds)
    ? { seconds, fraction: String(rest).padStart(3, "0").replace(/0+$/, "") }
    : undefined;
}

/** Hours west of UTC of the North American zones in RFC 2822 §4.3; an hour less in summer. */
const zones = { E: 5, C: 6, M: 7, P: 8 } as const;

/** Returns the offset from UTC in seconds: of `Z`, `+02:00`, `-0530`, `+02`, `EST`. */
function offsetOf(text: string): number {
  const [, zone, season] = /^ ?([ECMP])([SD])T$/.exec(text) ?? [];
  if (zone) return -3600 * (zones[zone as keyof typeof zones] - (season === "D" ? 1 : 0));
  const [, sign, hours, minutes = "0"] = /([+-])(\d\d):?(\d\d)?/.exec(text) ?? [];
  return sign ? Number(`${sign}1`) * (Number(hours) * 3600 + Number(minutes) * 60) : 0;
}

/** The parts of a local time. */
interface WallTime {
  readonly year: number;
  /** 0-based. */
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly dayOfYear: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** The offset from UTC in seconds; positive in the east. */
  readonly offset: number;
}

/** Returns the local time in a zone: an IANA name. Default UTC. Throws a `ReadFailure` for an unknown zone. */
function toWallTime(seconds: number, zone = "UTC"): WallTime {
  const offset = zone === "UTC" ? 0 : zoneOffset(seconds, zone);
  const date = new Date((seconds + offset) * 1000);
  const year = date.getUTCFullYear();
  return {
    year,
    month: date.getUTCMonth(),
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    dayOfYear: Math.floor((date.getTime() - Date.UTC(year, 0, 1)) / 86_400_000) + 1,
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    offset,
  };
}

function zoneOffset(seconds: number, timeZone: string): number {
  const numeric = "numeric";
  try {
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    });
    const parts = Object.fromEntries(
      format.formatToParts(new Date(seconds * 1000)).map(({ type, value }) => [type, Number(value)]),
    ) as Readonly<Record<"year" | "month" | "day" | "hour" | "minute" | "second", number>>;
    const { year, month, day, hour, minute, second } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - seconds;
  } catch {
    const message = `unknown time zone ${JSON.stringify(timeZone)}: use an IANA name such as "Europe/Berlin"`;
    throw new ReadFailure(IncrementalError, "CURSOR_INVALID", message);
  }
}

/** Writes an instant in the local time of a zone, by a pattern of strftime directives, `iso` or `date`. */
export function writeInstant(
  { seconds, fraction }: Instant,
  format: string,
  zone: string | undefined,
): string {
  const wall = toWallTime(seconds, zone);
  const two = (value: number): string => String(value).padStart(2, "0");
  const year = String(wall.year).padStart(4, "0");
  const sign = wall.offset < 0 ? "-" : "+";
  const east = Math.abs(wall.offset);
  const offset = [Math.floor(east / 3600), Math.floor((east % 3600) / 60)].map(two);
  const date = `${year}-${two(wall.month + 1)}-${two(wall.day)}`;
  if (format === "date") return date;
  if (format === "iso") {
    const exact = fraction && `.${fraction.padEnd(3, "0")}`;
    const time = [wall.hour, wall.minute, wall.second].map(two).join(":");
    return `${date}T${time}${exact}${zone === undefined || zone === "UTC" ? "Z" : sign + offset.join(":")}`;
  }
  const written: Readonly<Record<string, string | undefined>> = {
    Y: year,
    y: year.slice(-2),
    m: two(wall.month + 1),
    b: months.split("|")[wall.month],
    B: longMonths.split("|")[wall.month],
    d: two(wall.day),
    j: String(wall.dayOfYear).padStart(3, "0"),
    a: days.split("|")[wall.weekday],
    A: longDays.split("|")[wall.weekday],
    H: two(wall.hour),
    M: two(wall.minute),
    S: two(wall.second),
    f: fraction.slice(0, 6).padEnd(6, "0"),
    z: sign + offset.join(""),
    Z: zone ?? "UTC",
    s: String(seconds),
    "%": "%",
  };
  return format.replace(/%(.)/g, (directive, letter: string) => written[letter] ?? directive);
}

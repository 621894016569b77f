/** A zone, with its hours and minutes: `Z`, `+02:00`, `-0530`, `+02`. */
const zone = String.raw`(?:Z|([+-]\d\d):?(\d\d)?)?`;

/** `2024-01-02T03:04:05.123Z`, `2024-01-02 03:04:05`: the form of almost all times. */
const usual = new RegExp(
  String.raw`^(\d{4})-(\d\d)-(\d\d)[T ](\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?${zone}$`,
);

/** The other forms that dlt reads: with months, weeks, days of the year or slashes, and without hyphens or colons. */
const others = [
  String.raw`(\d{4}-(?:\d\d|\d{3}|W\d\d(?:-\d)?))[T ](\d\d(?::\d\d)?|\d\d:\d\d:\d\d(?:[.,](\d+))?)${zone}`,
  String.raw`(\d{4}(?:\d{3,4}|W\d\d\d?))[T ](\d\d(?::?\d\d)?|\d{6}(?:[.,](\d+))?)${zone}`,
  String.raw`(\d{4}(?:\d{4}|\/\d\d\/\d\d|:\d\d:\d\d)) (\d\d?:\d\d?(?::\d\d?)?)(?:[.,](\d{1,9}))?`,
].map((form) => new RegExp(`^${form}$`));

/** `2024-01-02`, `20240102`, `2024/01/02`, `2024:01:02`, `2024-01`, `2024`, `2024-W05-2`, `2024-033`. */
const dateForm =
  /^\d{4}(?:-\d\d(?:-\d\d)?|-\d{3}|-?W\d\d|-W\d\d-\d|W\d{3}|\d{3,4}|\/\d\d\/\d\d|:\d\d:\d\d)?$/;

const hourSeconds = 3600;
const daySeconds = 24 * hourSeconds;

/**
 * Reads a date with a time in the forms of ISO 8601 that dlt reads, as microseconds since 1970 in UTC; `undefined` for any
 * other text, also for a date alone. A time without a zone is in UTC.
 */
export function parseTimestamp(text: string): bigint | undefined {
  // Most texts are not timestamps.
  const first = text.charCodeAt(0);
  if (first < 48 || first > 57 || text.length < 10 || text.length > 64) return undefined;
  const match = usual.exec(text);
  if (!match) return parseOther(text);
  const [, year, month, day, hour, minute = "0", second = "0", fraction, zoneHour, zoneMinute] = match;
  const days = dayOf(Number(year), Number(month), Number(day));
  const seconds = secondsOf(Number(hour), Number(minute), Number(second));
  return toMicrosOf({ days, seconds, fraction, zoneHour, zoneMinute });
}

/** Reads the forms that are rare. */
function parseOther(text: string): bigint | undefined {
  const match = others.map((form) => form.exec(text)).find((found) => found);
  if (!match) return undefined;
  const [, date = "", time = "", fraction, zoneHour, zoneMinute] = match;
  return toMicrosOf({ days: parseDay(date), seconds: parseSeconds(time), fraction, zoneHour, zoneMinute });
}

/** Reads a date, with or without a time, as microseconds since 1970 in UTC; `undefined` for any other text. */
export function toMicros(text: string): bigint | undefined {
  const micros = parseTimestamp(text);
  if (micros !== undefined || !dateForm.test(text)) return micros;
  return toMicrosOf({ days: parseDay(text), seconds: 0 });
}

/** The parts of a time. Days and seconds that do not exist are `undefined`. */
interface Parts {
  readonly days: number | undefined;
  readonly seconds: number | undefined;
  readonly fraction?: string | undefined;
  readonly zoneHour?: string | undefined;
  readonly zoneMinute?: string | undefined;
}

function toMicrosOf({
  days,
  seconds,
  fraction = "",
  zoneHour = "0",
  zoneMinute = "0",
}: Parts): bigint | undefined {
  if (days === undefined || seconds === undefined) return undefined;
  const offset = hourSeconds * Number(zoneHour) + (zoneHour.startsWith("-") ? -60 : 60) * Number(zoneMinute);
  if (Math.abs(offset) >= daySeconds) return undefined;
  const micros = fraction.slice(0, 6).padEnd(6, "0");
  return BigInt(days * daySeconds + seconds - offset) * 1_000_000n + BigInt(micros);
}

/** Reads a date as days since 1970; `undefined` if the calendar does not have it. */
function parseDay(date: string): number | undefined {
  const [year, week] = date.replaceAll(/[-/:]/g, "").split("W");
  const digits = year ?? "";
  const y = Number(digits.slice(0, 4));
  if (week !== undefined) return dayOfWeek(y, Number(week.slice(0, 2)), Number(week[2] ?? 1));
  const rest = Number(digits.slice(4));
  if (digits.length === 7) return dayOfYear(y, rest);
  return digits.length === 8 ? dayOf(y, Math.floor(rest / 100), rest % 100) : dayOf(y, rest || 1, 1);
}

function dayOf(year: number, month: number, day: number): number | undefined {
  if (year === 0 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  return toDays(year, month - 1, day);
}

function dayOfYear(year: number, day: number): number | undefined {
  const last = 337 + daysIn(year, 2);
  return year === 0 || day < 1 || day > last ? undefined : toDays(year, 0, day);
}

/** The first week of a year is that of 4 January. */
function dayOfWeek(year: number, week: number, day: number): number | undefined {
  const january = toDays(year, 0, 4);
  // 1 January 1970 was a Thursday.
  const monday = january - ((((january + 3) % 7) + 7) % 7) + (week - 1) * 7;
  const isInYear = week < 53 || (week === 53 && monday + 3 < toDays(year + 1, 0, 1));
  return year === 0 || day > 7 || !isInYear ? undefined : monday + day - 1;
}

function toDays(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month, day) / (daySeconds * 1000);
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Reads `03:04:05`, `0304` or `3:4` as seconds. */
function parseSeconds(time: string): number | undefined {
  const parts = time.includes(":") ? time.split(":") : (time.match(/\d\d/g) ?? []);
  const [hour = 0, minute = 0, second = 0] = parts.map((part) => Number.parseInt(part, 10));
  return secondsOf(hour, minute, second);
}

function secondsOf(hour: number, minute: number, second: number): number | undefined {
  return hour > 23 || minute > 59 || second > 59 ? undefined : hour * hourSeconds + minute * 60 + second;
}

/** `10:00`, `9:05:30.5`, `10:00:00+02:00`, `T1000`. */
const timeForms = [
  String.raw`[T ]?(\d\d?:\d\d?(?::\d\d?(?:[.,](\d+))?)?)${zone}`,
  String.raw`T(\d\d(?:\d\d)?|\d{6}(?:[.,](\d+))?)${zone}`,
].map((form) => new RegExp(`^${form}$`));

/** Reads a time of day as `10:00:00` or `10:00:00.5`, in UTC; `undefined` for any other text. */
export function parseTime(text: string): string | undefined {
  const match = timeForms.map((form) => form.exec(text)).find((found) => found);
  if (!match) return undefined;
  const [, time = "", fraction, zoneHour, zoneMinute] = match;
  // A zone may move the time to the day before or after.
  const micros = toMicrosOf({ days: 1, seconds: parseSeconds(time), fraction, zoneHour, zoneMinute });
  if (micros === undefined) return undefined;
  const iso = toIso(micros);
  const digits = iso.slice(20, -1).replace(/0+$/, "");
  return iso.slice(11, 19) + (digits && `.${digits}`);
}

/** Writes microseconds since 1970 as `2024-01-02T03:04:05.123456Z`. */
export function toIso(micros: bigint): string {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = new Date(Number((micros - fraction) / 1000n)).toISOString().slice(0, -5);
  return `${seconds}.${String(fraction).padStart(6, "0")}Z`;
}

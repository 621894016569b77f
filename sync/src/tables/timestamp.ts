/** `2024-01-02T03:04:05.123Z`, `2024-01-02 03:04:05`, `20240102T030405Z`; a date alone is not a timestamp. */
const pattern =
  /^(\d{4})(-?)(\d\d)\2(\d\d)[T ](\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?)?(?:([Zz])|([+-]\d\d):?(\d\d)?)?$/;

/**
 * Reads an ISO 8601 date with a time as microseconds since 1970 in UTC; `undefined` for any other text. A time without a
 * zone is in UTC.
 */
export function parseTimestamp(text: string): bigint | undefined {
  // Most texts are not timestamps.
  const first = text.charCodeAt(0);
  if (first < 48 || first > 57 || text.length < 11 || text.length > 35) return undefined;
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [
    ,
    year,
    ,
    month,
    day,
    hour,
    minute = "0",
    second = "0",
    fraction = "",
    ,
    zone = "0",
    zoneMinute = "0",
  ] = match;
  const numbers = [year, month, day, hour, minute, second].map(Number);
  const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0] = numbers;
  if (mo < 1 || mo > 12 || d < 1 || d > daysIn(y, mo) || h > 23 || mi > 59 || s > 59 || y === 0)
    return undefined;
  const utc = new Date(0);
  utc.setUTCFullYear(y, mo - 1, d);
  utc.setUTCHours(h, mi, s);
  const sign = zone.startsWith("-") ? -1 : 1;
  const offset = Number(zone) * 60 + sign * Number(zoneMinute);
  const seconds = utc.getTime() / 1000 - offset * 60;
  return BigInt(seconds) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, "0"));
}

/** Reads a date, with or without a time, as microseconds since 1970 in UTC; `undefined` for any other text. */
export function toMicros(text: string): bigint | undefined {
  return parseTimestamp(text) ?? parseTimestamp(`${text}T00:00:00Z`);
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Writes microseconds since 1970 as `2024-01-02T03:04:05.123456Z`. */
export function toIso(micros: bigint): string {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = new Date(Number((micros - fraction) / 1000n)).toISOString().slice(0, -5);
  return `${seconds}.${String(fraction).padStart(6, "0")}Z`;
}

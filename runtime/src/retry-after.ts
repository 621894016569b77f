/** Reads headers by name, as `Headers` does. */
export interface HeadersLike {
  get(name: string): string | null;
}

/**
 * Milliseconds for which a server asks to be left alone, or `undefined`.
 *
 * `Retry-After` (RFC 9110 §10.2.3) in seconds or as one of the three HTTP dates, `Retry-After-Ms`, and, when nothing
 * is left of a quota, `X-RateLimit-Reset`. Dates count from the server's own `Date`, so that its clock may be off.
 */
export function readRetryAfter(headers: HeadersLike, now: number): number | undefined {
  const clock = parseHttpDate(headers.get("date") ?? "", now) ?? now;
  const milliseconds = toNumber(headers.get("retry-after-ms"));
  if (milliseconds !== undefined) return milliseconds;
  const after = headers.get("retry-after")?.trim() ?? "";
  const seconds = toNumber(after);
  if (seconds !== undefined) return seconds * 1000;
  const date = parseHttpDate(after, now);
  if (date !== undefined) return Math.max(0, date - clock);
  return isQuotaUsedUp(headers) ? readReset(headers, clock) : undefined;
}

/** Whether the response says that nothing is left of the quota. */
export function isQuotaUsedUp(headers: HeadersLike): boolean {
  return toNumber(headers.get("x-ratelimit-remaining")) === 0;
}

/** Seconds from now or since 1970, as services differ; a full second is added because the latter are rounded. */
function readReset(headers: HeadersLike, clock: number): number | undefined {
  const reset = toNumber(headers.get("x-ratelimit-reset"));
  if (reset === undefined) return undefined;
  return (reset > 1e9 ? Math.max(0, reset - clock / 1000) : reset) * 1000 + 1000;
}

/** Strict: `Number` and `parseFloat` read dates, hex and junk as numbers. */
function toNumber(text: string | null): number | undefined {
  return text !== null && /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}

const months = "JanFebMarAprMayJunJulAugSepOctNovDec";
/** IMF-fixdate, RFC 850 and asctime (RFC 9110 §5.6.7), each with its own place for day, month and year. */
const form =
  /^(?:[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4})|[A-Z][a-z]+day, (\d\d)-([A-Z][a-z]{2})-(\d\d)|[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d)) ([01]\d|2[0-3]):([0-5]\d):(\d\d) (?:GMT|(\d{4}))$/;

/** Milliseconds since 1970 of an HTTP date, or `undefined`. `Date.parse` is no help: it reads asctime as local time. */
export function parseHttpDate(text: string, now: number): number | undefined {
  const [, d1, m1, y1, d2, m2, y2, m3, d3, h, m, s, y3] = form.exec(text) ?? [];
  const month = months.indexOf(m1 ?? m2 ?? m3 ?? "-") / 3;
  const year = y2 === undefined ? Number(y1 ?? y3) : nearYear(Number(y2), new Date(now).getUTCFullYear());
  const date = Date.UTC(year, month, Number(d1 ?? d2 ?? d3), Number(h), Number(m), Number(s));
  return new Date(date).getUTCMonth() === month ? date : undefined;
}

/** Two digits: a year that seems more than 50 years ahead is one of the last century. */
function nearYear(digits: number, thisYear: number): number {
  const year = thisYear - (thisYear % 100) + digits;
  return year > thisYear + 50 ? year - 100 : year;
}

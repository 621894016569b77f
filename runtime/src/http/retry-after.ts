/** Reads headers by name, as `Headers` does. */
export interface HeadersLike {
  get(name: string): string | null;
}

/**
 * Returns the wait that a server asks for in milliseconds, or `undefined`.
 *
 * Reads `Retry-After` (RFC 9110 §10.2.3) in seconds or as one of the three HTTP dates, `Retry-After-Ms`, and, when a quota
 * is used up, `X-RateLimit-Reset`. Dates count from the server's own `Date`, so that its clock may be wrong.
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

/** Whether the response says that the quota is used up. */
export function isQuotaUsedUp(headers: HeadersLike): boolean {
  return toNumber(headers.get("x-ratelimit-remaining")) === 0;
}

/** Services count seconds from now or since 1970. A full second is added because the latter are rounded. */
function readReset(headers: HeadersLike, clock: number): number | undefined {
  const reset = toNumber(headers.get("x-ratelimit-reset"));
  if (reset === undefined) return undefined;
  // Since 1970 in seconds, or in milliseconds.
  const since = reset > 1e11 ? reset / 1000 : reset;
  return (since > 1e9 ? Math.max(0, since - clock / 1000) : since) * 1000 + 1000;
}

/** Strict: `Number` and `parseFloat` accept dates, hexadecimal numbers and other texts. */
function toNumber(text: string | null): number | undefined {
  return text !== null && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}

/**
 * Parses an HTTP date (RFC 9110 §5.6.7) to milliseconds since 1970, or `undefined`.
 *
 * Rewrites RFC 850 and asctime dates as IMF-fixdates, the only form that `Date.parse` specifies. Without that, it reads
 * asctime as local time, and other texts as arbitrary dates.
 */
export function parseHttpDate(text: string, now: number): number | undefined {
  const latest = new Date(now).getUTCFullYear() + 50;
  const imf = text
    .replace(/^(\w{3}) (\w{3}) ([ \d]\d) (\S+) (\d{4})$/, "$1, $3 $2 $5 $4 GMT")
    // Two digits: a year more than 50 years ahead belongs to the last century.
    .replace(
      /^(\w{3})\w*day, (\d\d)-(\w{3})-(\d\d)/,
      (...[, name, day, month, year]: [string, string, string, string, string]) => {
        const since = (latest - Number(year)) % 100;
        return `${name}, ${day} ${month} ${latest - since}`;
      },
    )
    .replace(",  ", ", 0");
  const isDate = /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/.test(imf);
  return isDate ? Date.parse(imf) || undefined : undefined;
}

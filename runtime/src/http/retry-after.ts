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
  // Since 1970 in seconds, or in milliseconds.
  const since = reset > 1e11 ? reset / 1000 : reset;
  return (since > 1e9 ? Math.max(0, since - clock / 1000) : since) * 1000 + 1000;
}

/** Strict: `Number` and `parseFloat` read dates, hex and junk as numbers. */
function toNumber(text: string | null): number | undefined {
  return text !== null && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}

/**
 * Milliseconds since 1970 of an HTTP date (RFC 9110 §5.6.7), or `undefined`.
 *
 * RFC 850 and asctime dates are rewritten as IMF-fixdates, the one form for which `Date.parse` is specified: left to
 * itself it reads asctime as local time, and junk as some date or other.
 */
export function parseHttpDate(text: string, now: number): number | undefined {
  const latest = new Date(now).getUTCFullYear() + 50;
  const imf = text
    .replace(/^(\w{3}) (\w{3}) ([ \d]\d) (\S+) (\d{4})$/, "$1, $3 $2 $5 $4 GMT")
    // Two digits: a year that seems more than 50 years ahead is one of the last century.
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

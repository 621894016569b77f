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
  const read = (name: string): string => headers.get(name)?.trim() ?? "";
  const after = read("retry-after");
  const clock = parseHttpDate(read("date"), now) ?? now;
  const milliseconds = toNumber(read("retry-after-ms")) ?? toNumber(after, 1000);
  if (milliseconds !== undefined) return milliseconds;
  const date = parseHttpDate(after, now);
  if (date) return Math.max(0, date - clock);
  return isQuotaUsedUp(headers) ? readReset(read("x-ratelimit-reset"), clock) : undefined;
}

/** Whether the response says that the quota is used up. */
export function isQuotaUsedUp(headers: HeadersLike): boolean {
  return toNumber(headers.get("x-ratelimit-remaining")?.trim() ?? "") === 0;
}

/** Services count seconds from now or since 1970. A full second is added because the latter are rounded. */
function readReset(text: string, clock: number): number | undefined {
  const reset = toNumber(text);
  if (reset === undefined) return undefined;
  // Since 1970 in seconds, or in milliseconds.
  const since = reset > 1e11 ? reset : reset * 1000;
  return (since > 1e12 ? Math.max(0, since - clock) : since) + 1000;
}

/** Strict: `Number` and `parseFloat` accept dates, hexadecimal numbers and other texts. */
function toNumber(text: string, factor = 1): number | undefined {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) * factor : undefined;
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
      /-(\w{3})-(\d\d) /,
      (_, month: string, year: string) => ` ${month} ${latest - ((latest - Number(year)) % 100)} `,
    )
    .replace(/^\w+, /, "")
    .replace(/^ /, "0");
  const date = new Date(imf);
  // Only a valid date survives the round trip.
  return date.toUTCString().slice(5) === imf ? date.getTime() || undefined : undefined;
}

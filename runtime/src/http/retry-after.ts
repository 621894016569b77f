/** Reads headers by name, as `Headers` does. */
export interface HeadersLike {
  get(name: string): string | null;
}

/**
 * Returns the wait that a server asks for in milliseconds, or `undefined`.
 *
 * Reads `Retry-After` (RFC 9110 §10.2.3) in seconds, as one of the three HTTP dates or as a Unix time, `Retry-After-Ms`, and
 * the reset of a quota that is used up. With status 429 or 503, a quota counts as used up unless the response states the
 * remaining amount. Dates are relative to the server's own `Date`, so its clock may be wrong.
 */
export function readRetryAfter(headers: HeadersLike, now: number, status?: number): number | undefined {
  const read = (name: string): string => headers.get(name)?.trim() ?? "";
  const after = read("retry-after") || read("x-retry-after");
  const clock = parseHttpDate(read("date"), now) ?? now;
  const milliseconds =
    toNumber(read("retry-after-ms") || read("x-ms-retry-after-ms")) ?? readWait(after, clock);
  if (milliseconds !== undefined) return milliseconds;
  const date = parseHttpDate(after, now);
  if (date) return Math.max(0, date - clock);
  return status === 429 || status === 503 || isQuotaUsedUp(headers)
    ? readReset(findReset(read), clock)
    : undefined;
}

/** Returns the reset of a quota from any usual header; empty while some of the quota remains. */
function findReset(read: (name: string) => string): string {
  for (const quota of ["x-ratelimit-", "x-rate-limit-", "ratelimit-"]) {
    const reset = read(`${quota}reset`) || read(`${quota}reset-after`);
    if (reset) return Number(read(`${quota}remaining`)) > 0 ? "" : reset;
  }
  // `"default";r=0;t=30`, and `limit=100, remaining=0, reset=30` in older drafts.
  return /\br(?:emaining)?=0\b.*?\b(?:t|reset)=(\d+)/.exec(read("ratelimit"))?.[1] ?? "";
}

/** Whether the response states that the quota is used up. */
export function isQuotaUsedUp(headers: HeadersLike): boolean {
  return toNumber(headers.get("x-ratelimit-remaining")?.trim() ?? "") === 0;
}

/** Reads a number, a date, or a duration such as `1m30s`. Adds a second, because Unix times are rounded. */
function readReset(text: string, clock: number): number | undefined {
  const date = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) ? Date.parse(text) : parseHttpDate(text, clock);
  const [, minutes = 0, seconds = 0, milliseconds = 0] =
    /^(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?(?:(\d+)ms)?$/.exec(text) ?? [];
  const duration = Number(minutes) * 60_000 + Number(seconds) * 1000 + Number(milliseconds);
  const wait = readWait(text, clock) ?? (date ? Math.max(0, date - clock) : duration || undefined);
  return wait === undefined ? undefined : wait + 1000;
}

/** Reads seconds from now, or a time since 1970 in seconds (ten digits) or milliseconds (thirteen digits). */
function readWait(text: string, clock: number): number | undefined {
  const number = toNumber(text);
  const digits = text.split(".", 1)[0]?.length;
  if (number === undefined || (digits !== 10 && digits !== 13)) return number && number * 1000;
  return Math.max(0, (digits === 13 ? number : number * 1000) - clock);
}

/** Strict: `Number` and `parseFloat` accept dates, hexadecimal numbers and other texts. */
function toNumber(text: string): number | undefined {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
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
    // A two-digit year more than 50 years ahead belongs to the last century.
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

/** A cookie that a response sets (RFC 6265). The attribute `Domain` is ignored: cookies stay at their origin. */
export interface SetCookie {
  readonly name: string;
  /** As received: neither quotes nor percent-encoding are removed. */
  readonly value: string;
  /** Absent: the folder of the request's path. */
  readonly path: string | undefined;
  /** Milliseconds since 1970. In the past: the response deletes the cookie. `Infinity`: the cookie does not expire. */
  readonly expiresAt: number;
  /** Whether it is sent over TLS only. */
  readonly isSecure: boolean;
}

/** Longer cookies are ignored, as in browsers. */
const maxLength = 4096;

/**
 * Reads a `Set-Cookie` header, which may contain several cookies, joined by `", "`. A date in `Expires` contains a comma,
 * too. Ignores anything that is not a cookie.
 */
export function parseSetCookies(header: string | null, now: number = Date.now()): readonly SetCookie[] {
  return (header ?? "").split(/, (?=[\w!#$%&'*+.^`|~-]+=)/).flatMap((text) => parseSetCookie(text, now));
}

function parseSetCookie(text: string, now: number): readonly SetCookie[] {
  const [pair = "", ...attributes] = text.split(";");
  const [name, value] = splitPair(pair);
  // A `;` or a line break would end the cookie or the header.
  const isValid = pair.includes("=") && name && pair.length <= maxLength && !/[^\t -~\x80-\xff]/.test(pair);
  if (!isValid) return [];
  const given = new Map(attributes.map(splitPair).map(([key, word]) => [key.toLowerCase(), word]));
  const path = given.get("path");
  return [
    {
      name,
      value,
      path: path?.startsWith("/") ? path : undefined,
      expiresAt: endOf(given, now),
      isSecure: given.has("secure"),
    },
  ];
}

function splitPair(text: string): readonly [name: string, value: string] {
  const [name = "", ...value] = text.split("=");
  return [name.trim(), value.join("=").trim()];
}

/** `Max-Age` overrides `Expires`. An invalid attribute counts as missing. */
function endOf(attributes: ReadonlyMap<string, string>, now: number): number {
  const age = attributes.get("max-age") ?? "";
  if (/^-?\d+$/.test(age)) return Number(age) > 0 ? now + Number(age) * 1000 : -Infinity;
  return parseCookieDate(attributes.get("expires") ?? "") ?? Infinity;
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** Reads a date by RFC 6265 §5.1.1: its parts in any order, always in UTC. */
function parseCookieDate(text: string): number | undefined {
  let clock: RegExpExecArray | null = null;
  let day = 0;
  let month = -1;
  let year = 0;
  for (const token of text.split(/[^\w:]+/)) {
    const time = /^(\d\d?):(\d\d?):(\d\d?)(?!\d)/.exec(token);
    const [digits = ""] = /^\d+/.exec(token) ?? [];
    const name = months.indexOf(token.slice(0, 3).toLowerCase());
    if (!clock && time) clock = time;
    else if (!day && digits && digits.length < 3) day = Number(digits);
    else if (month < 0 && name >= 0) month = name;
    else if (!year && (digits.length === 2 || digits.length === 4)) year = fullYear(Number(digits));
  }
  const [hours = 24, minutes = 0, seconds = 0] = clock?.slice(1).map(Number) ?? [];
  const isValid = day > 0 && day < 32 && month >= 0 && year > 1600;
  if (!isValid || hours > 23 || minutes > 59 || seconds > 59) return undefined;
  return Date.UTC(year, month, day, hours, minutes, seconds);
}

function fullYear(year: number): number {
  if (year > 99) return year;
  return year < 70 ? 2000 + year : 1900 + year;
}

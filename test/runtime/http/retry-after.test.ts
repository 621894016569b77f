import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isQuotaUsedUp, parseHttpDate, readRetryAfter } from "../../../runtime/src/http/retry-after.js";

const now = Date.UTC(2026, 9, 21, 7, 28, 0);

interface Case {
  readonly name: string;
  readonly given: Readonly<Record<string, string>>;
  readonly want: number | undefined;
}

function after(text: string): Readonly<Record<string, string>> {
  return { "retry-after": text };
}

const inSeconds: readonly Case[] = [
  { name: "whole seconds", given: after("120"), want: 120_000 },
  { name: "zero", given: after("0"), want: 0 },
  { name: "a fraction", given: after("1.5"), want: 1500 },
  { name: "spaces around", given: after("  7 "), want: 7000 },
  { name: "a huge number", given: after("999999999"), want: 999_999_999_000 },
  { name: "a Unix time", given: after(String(now / 1000 + 30)), want: 30_000 },
  { name: "a Unix time in milliseconds", given: after(String(now + 250)), want: 250 },
  { name: "a Unix time in the past", given: after(String(now / 1000 - 30)), want: 0 },
  { name: "no header", given: {}, want: undefined },
  { name: "an empty header", given: after(""), want: undefined },
  { name: "a negative number", given: after("-1"), want: undefined },
  { name: "a plus sign", given: after("+5"), want: undefined },
  { name: "hexadecimal", given: after("0x10"), want: undefined },
  { name: "an exponent", given: after("1e3"), want: undefined },
  { name: "two values", given: after("3600, 60"), want: undefined },
  { name: "a unit", given: after("5 s"), want: undefined },
  { name: "no digits before the point", given: after(".5"), want: undefined },
  { name: "a word", given: after("soon"), want: undefined },
  { name: "Infinity", given: after("Infinity"), want: undefined },
];

const asDates: readonly Case[] = [
  { name: "IMF-fixdate", given: after("Wed, 21 Oct 2026 07:30:00 GMT"), want: 120_000 },
  { name: "RFC 850", given: after("Wednesday, 21-Oct-26 07:30:00 GMT"), want: 120_000 },
  { name: "RFC 850 on a Monday", given: after("Monday, 26-Oct-26 07:28:00 GMT"), want: 5 * 86_400_000 },
  { name: "asctime", given: after("Wed Oct 21 07:30:00 2026"), want: 120_000 },
  { name: "asctime, one-digit day", given: after("Sun Nov  1 07:28:00 2026"), want: 11 * 86_400_000 },
  { name: "the past", given: after("Wed, 21 Oct 2015 07:28:00 GMT"), want: 0 },
  { name: "IMF without GMT", given: after("Wed, 21 Oct 2026 07:30:00"), want: undefined },
  { name: "IMF with an offset", given: after("Wed, 21 Oct 2026 07:30:00 +0000"), want: undefined },
  { name: "asctime with GMT", given: after("Wed Oct 21 07:30:00 GMT"), want: undefined },
  { name: "ISO 8601", given: after("2026-10-21T07:30:00Z"), want: undefined },
  { name: "a month that is not", given: after("Wed, 21 anO 2026 07:30:00 GMT"), want: undefined },
  { name: "an hour that is not", given: after("Wed, 21 Oct 2026 24:30:00 GMT"), want: undefined },
  { name: "text after it", given: after("Wed, 21 Oct 2026 07:30:00 GMT, or so"), want: undefined },
];

/** With status 429 or 503, and a second more. */
const bySpelling: readonly Case[] = [
  { name: "seconds from now", given: { "x-ratelimit-reset-after": "1.5" }, want: 2500 },
  { name: "another prefix", given: { "ratelimit-reset-after": "2" }, want: 3000 },
  { name: "seconds with a unit", given: { "x-ratelimit-reset": "6s" }, want: 7000 },
  { name: "minutes and seconds", given: { "x-ratelimit-reset": "1m30.5s" }, want: 91_500 },
  { name: "milliseconds", given: { "x-ratelimit-reset": "200ms" }, want: 1200 },
  { name: "ISO 8601", given: { "x-ratelimit-reset": "2026-10-21T07:28:05Z" }, want: 6000 },
  { name: "an HTTP date", given: { "x-rate-limit-reset": "Wed, 21 Oct 2026 07:28:05 GMT" }, want: 6000 },
  { name: "a date in the past", given: { "ratelimit-reset": "2026-10-21T07:00:00Z" }, want: 1000 },
  { name: "a word", given: { "x-ratelimit-reset": "soon" }, want: undefined },
  {
    name: "the rest of a quota",
    given: { "x-ratelimit-reset-after": "9", "x-ratelimit-remaining": "1" },
    want: undefined,
  },
];

it.each(bySpelling)("a quota whose reset is $name", ({ given, want }) => {
  const headers = { get: (name: string) => given[name] ?? null };
  expect([429, 503].map((status) => readRetryAfter(headers, now, status))).toEqual([want, want]);
  expect(readRetryAfter(headers, now, 200)).toBeUndefined();
});

it.each<Case>([
  { name: "x-retry-after", given: { "x-retry-after": "3" }, want: 3000 },
  { name: "x-ms-retry-after-ms", given: { "x-ms-retry-after-ms": "250" }, want: 250 },
  { name: "the standard header first", given: { "x-retry-after": "3", "retry-after": "1" }, want: 1000 },
])("reads $name", ({ given, want }) => {
  expect(readRetryAfter({ get: (name) => given[name] ?? null }, now)).toBe(want);
});

const byServerClock: readonly Case[] = [
  {
    name: "a clock an hour ahead",
    given: { date: "Wed, 21 Oct 2026 08:28:00 GMT", ...after("Wed, 21 Oct 2026 08:28:05 GMT") },
    want: 5000,
  },
  {
    name: "a clock a year behind",
    given: { date: "Tue, 21 Oct 2025 07:28:00 GMT", ...after("Tuesday, 21-Oct-25 07:28:05 GMT") },
    want: 5000,
  },
  {
    name: "an invalid Date",
    given: { date: "today", ...after("Wed, 21 Oct 2026 07:28:05 GMT") },
    want: 5000,
  },
  {
    name: "seconds, with any clock",
    given: { date: "Wed, 21 Oct 2026 08:28:00 GMT", ...after("5") },
    want: 5000,
  },
];

const epoch = now / 1000;
const byOtherHeaders: readonly Case[] = [
  { name: "milliseconds", given: { "retry-after-ms": "250" }, want: 250 },
  { name: "milliseconds before seconds", given: { "retry-after-ms": "250", ...after("9") }, want: 250 },
  { name: "junk milliseconds", given: { "retry-after-ms": "x", ...after("9") }, want: 9000 },
  {
    name: "a quota's reset in seconds from now, rounded up by one",
    given: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "30" },
    want: 31_000,
  },
  {
    name: "a quota's reset since 1970",
    given: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(epoch + 30) },
    want: 31_000,
  },
  {
    name: "a quota's reset by the server's clock",
    given: {
      date: "Wed, 21 Oct 2026 08:28:00 GMT",
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": String(epoch + 3630),
    },
    want: 31_000,
  },
  {
    name: "a reset in the past",
    given: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(epoch - 30) },
    want: 1000,
  },
  {
    name: "a reset while something is left",
    given: { "x-ratelimit-remaining": "3", "x-ratelimit-reset": "30" },
    want: undefined,
  },
  { name: "a reset alone", given: { "x-ratelimit-reset": "30" }, want: undefined },
  { name: "nothing left, no reset", given: { "x-ratelimit-remaining": "0" }, want: undefined },
  {
    name: "Retry-After before a reset",
    given: { ...after("9"), "x-ratelimit-remaining": "0", "x-ratelimit-reset": "30" },
    want: 9000,
  },
  {
    name: "a reset in another spelling, something left",
    given: { "x-rate-limit-reset": "30" },
    want: undefined,
  },
  {
    name: "a reset where Retry-After is junk",
    given: { ...after("soon"), "x-ratelimit-remaining": "0", "x-ratelimit-reset": "30" },
    want: 31_000,
  },
];

const byQuota: readonly Case[] = [
  { name: "X-RateLimit-Reset alone", given: { "x-ratelimit-reset": "30" }, want: 31_000 },
  { name: "X-Rate-Limit-Reset alone", given: { "x-rate-limit-reset": "30" }, want: 31_000 },
  { name: "RateLimit-Reset alone", given: { "ratelimit-reset": "30" }, want: 31_000 },
  { name: "a Unix time", given: { "x-rate-limit-reset": String(epoch + 30) }, want: 31_000 },
  { name: "RateLimit", given: { ratelimit: '"default";r=0;t=30' }, want: 31_000 },
  { name: "RateLimit with other parameters", given: { ratelimit: '"a";q=5;r=0;w=60;t=30' }, want: 31_000 },
  {
    name: "the quota of RateLimit that is used up",
    given: { ratelimit: '"a";r=5;t=9, "b";r=0;t=30' },
    want: 31_000,
  },
  { name: "RateLimit of draft 7", given: { ratelimit: "limit=100, remaining=0, reset=30" }, want: 31_000 },
  { name: "RateLimit with something left", given: { ratelimit: '"default";r=10;t=30' }, want: undefined },
  {
    name: "a quota with something left: another limit was reached",
    given: { "x-ratelimit-remaining": "500", "x-ratelimit-reset": "30000" },
    want: undefined,
  },
  { name: "junk", given: { "x-ratelimit-reset": "soon" }, want: undefined },
  { name: "Retry-After first", given: { ...after("9"), "ratelimit-reset": "30" }, want: 9000 },
];

describe.each(["UTC", "America/New_York", "Asia/Kolkata"])("readRetryAfter with TZ=%s", (zone) => {
  beforeEach(() => {
    vi.stubEnv("TZ", zone);
    expect(new Date(now).getTimezoneOffset()).toBe(
      { UTC: 0, "America/New_York": 240, "Asia/Kolkata": -330 }[zone],
    );
  });
  afterEach(() => void vi.unstubAllEnvs());

  it.each([...inSeconds, ...asDates, ...byServerClock, ...byOtherHeaders])(
    "$name: $given → $want",
    ({ given, want }) => {
      expect(readRetryAfter(new Headers({ ...given }), now)).toBe(want);
    },
  );

  it.each(byQuota)("of a quota, with 429 and 503: $name", ({ given, want }) => {
    const headers = new Headers({ ...given });
    for (const status of [429, 503]) expect(readRetryAfter(headers, now, status)).toBe(want);
  });
});

describe("parseHttpDate", () => {
  const years = [
    { name: "this century", given: "30", want: 2030 },
    { name: "50 years ahead", given: "76", want: 2076 },
    { name: "51 years ahead is the last century", given: "77", want: 1977 },
    { name: "RFC 9110's own example", given: "94", want: 1994 },
    { name: "the turn of the century", given: "00", want: 2000 },
  ];
  it.each(years)("two digits $given: $name", ({ given, want }) => {
    expect(parseHttpDate(`Sunday, 06-Nov-${given} 08:49:37 GMT`, now)).toBe(Date.UTC(want, 10, 6, 8, 49, 37));
  });

  it("reads the three forms of RFC 9110 alike", () => {
    const forms = [
      "Sun, 06 Nov 1994 08:49:37 GMT",
      "Sunday, 06-Nov-94 08:49:37 GMT",
      "Sun Nov  6 08:49:37 1994",
    ];
    expect(forms.map((form) => parseHttpDate(form, now))).toEqual(Array(3).fill(784_111_777_000));
  });
});

describe("isQuotaUsedUp", () => {
  const rows = [
    { given: "0", want: true },
    { given: "1", want: false },
    { given: "", want: false },
    { given: "none", want: false },
  ];
  it.each(rows)("x-ratelimit-remaining: $given → $want", ({ given, want }) => {
    expect(isQuotaUsedUp(new Headers({ "x-ratelimit-remaining": given }))).toBe(want);
  });
  it("is false without the header", () => {
    expect(isQuotaUsedUp(new Headers())).toBe(false);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../../runtime/src/json.js";
import { formatBound } from "../../../runtime/src/plans/cursor-format.js";
import { compareValues } from "../../../runtime/src/plans/cursor-order.js";

describe("compareValues", () => {
  const ascending: readonly {
    readonly what: string;
    readonly values: readonly JsonValue[];
    readonly format?: string;
  }[] = [
    {
      what: "instants in any spelling",
      values: [
        "2024-01-01",
        "2024-01-01T00:00:00.000000001Z",
        "2024-01-01T00:00:00.0001Z",
        "2024-01-01T02:00:01+02:00",
        "2024-01-01 00:00:01.5",
        "2023-12-31T19:00:02-05:00",
        "Mon, 01 Jan 2024 00:00:03 GMT",
        "1 Jan 2024 01:00:04 +0100",
        "2024-01-01T00:00:05Z",
        "20240101T000006Z",
      ],
    },
    {
      what: "instants around the change to summer time",
      values: ["2024-03-31T01:59:59+01:00", "2024-03-31T03:00:00+02:00", "2024-03-31T01:00:01Z"],
    },
    {
      what: "instants around the end of summer time",
      values: ["2024-10-27T02:30:00+02:00", "2024-10-27T02:00:00+01:00", "2024-10-27T01:30:00Z"],
    },
    { what: "numeric texts", values: ["-10", "-9.5", "0", "9", "10", "10.05", "10.5", "100"] },
    {
      what: "integers beyond 2^53",
      values: [
        9007199254740991,
        "9007199254740992",
        "9007199254740993",
        "9007199254740994",
        "12345678901234567890",
      ],
    },
    {
      what: "numbers and integers beyond 2^53",
      values: [1, 3.5, "9007199254740993", 1e21, "1000000000000000000001"],
    },
    { what: "other texts", values: ["", "B", "a", "a1", "b", "v1.10", "v1.9"] },
    {
      what: "dates of a custom format",
      values: ["31.12.2023", "01.01.2024", "02.01.2024"],
      format: "%d.%m.%Y",
    },
    {
      what: "times of a custom format with names",
      values: ["Sun Dec 31 23:59:59 2023", "Mon Jan 01 00:00:00 2024", "Fri Feb 02 00:00:00 2024"],
      format: "%a %b %d %H:%M:%S %Y",
    },
    {
      what: "names of months in any case",
      values: ["31-dec-2023", "01-JAN-2024", "02-Jan-2024"],
      format: "%d-%b-%Y",
    },
    {
      what: "seconds since 1970, as numbers and text, among times, if requests write them so",
      values: ["2024-01-01T09:59:59Z", 1704103200, "1704103200.5", "2024-01-01T10:00:01Z", "1704103202"],
      format: "epoch",
    },
    {
      what: "milliseconds since 1970 among times",
      values: ["2024-01-01T10:00:00Z", 1704103200001, "2024-01-01T10:00:00.002Z", "1704103200003"],
      format: "epoch_ms",
    },
    {
      what: "times in North American zones",
      values: [
        "Mon, 01 Jan 2024 04:59:59 EST",
        "Mon, 01 Jan 2024 10:00:00 GMT",
        "Mon, 01 Jan 2024 05:00:01 CDT",
        "1 Jan 2024 02:00:02 PST",
      ],
    },
    {
      what: "dates and parts of dates",
      values: ["0000-00-00 00:00:00", "2024-01-01", "2024-02", "2024-03-01"],
    },
    { what: "numbers with a year, which are no dates", values: ["2024-0999", "2024-1001", "2024-1399"] },
    { what: "two digits of a year", values: ["31/12/99", "01/01/00", "02/01/24"], format: "%d/%m/%y" },
  ];
  it.each(ascending)("orders $what", ({ values, format }) => {
    for (const [i, a] of values.entries())
      for (const [j, b] of values.entries())
        expect([a, b, Math.sign(compareValues(a, b, format))]).toEqual([a, b, Math.sign(i - j)]);
  });

  const equal: readonly (readonly [JsonValue, JsonValue])[] = [
    ["2024-01-01T10:00:00Z", "2024-01-01T05:00:00-05:00"],
    ["2024-01-01T10:00:00Z", "2024-01-01T10:00:00.000Z"],
    ["2024-01-01T10:00:00.10Z", "2024-01-01 10:00:00.1"],
    ["Mon, 01 Jan 2024 10:00:00 GMT", "2024-01-01T10:00:00+00:00"],
    ["2024-01-01", "2024-01-01T00:00:00Z"],
    ["007", "7.0"],
  ];
  it.each(equal)("%s equals %s", (a, b) => {
    expect([compareValues(a, b), compareValues(b, a)]).toEqual([0, 0]);
  });

  it("is the order of points in time, for any offset and number of digits", () => {
    const time = fc.record({
      at: fc.integer({ min: 0, max: 4e9 }),
      nanos: fc.integer({ min: 0, max: 999_999_999 }),
      digits: fc.integer({ min: 0, max: 9 }),
      offset: fc.integer({ min: -14 * 4, max: 14 * 4 }),
    });
    const two = (n: number): string => String(n).padStart(2, "0");
    const write = ({
      at,
      nanos,
      digits,
      offset,
    }: {
      at: number;
      nanos: number;
      digits: number;
      offset: number;
    }) => {
      const minutes = offset * 15;
      const wall = new Date((at + minutes * 60) * 1000).toISOString().slice(0, 19);
      const fraction = digits ? `.${String(nanos).padStart(9, "0").slice(0, digits)}` : "";
      const east = Math.abs(minutes);
      const sign = minutes < 0 ? "-" : "+";
      const kept = digits ? Number(String(nanos).padStart(9, "0").slice(0, digits).padEnd(9, "0")) : 0;
      return {
        text: `${wall}${fraction}${sign}${two(Math.floor(east / 60))}:${two(east % 60)}`,
        key: BigInt(at) * 10n ** 9n + BigInt(kept),
      };
    };
    fc.assert(
      fc.property(time, time, fc.boolean(), (one, two, isNear) => {
        const [a, b] = [write(one), write(isNear ? { ...two, at: one.at } : two)];
        expect(Math.sign(compareValues(a.text, b.text))).toBe(a.key < b.key ? -1 : Number(a.key > b.key));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    [1, "2024-01-01"],
    [1, "a"],
    [7, "7"],
    [null, 1],
    ["2024-01-01T10:00:00Z", "1704103200"],
    ["2024-01-01T10:00:00Z", "never"],
    ["2024-01-01T10:00:00Z", "01/31/2024 10:00"],
    ["Mon, 01 Jan 2024 10:00:00 GMT", "Mon, 01 Jan 2024 10:00:00 CET"],
    ["a", true],
    [{}, {}],
    [[1], [2]],
  ] as readonly (readonly [JsonValue, JsonValue])[])("refuses %j and %j", (a, b) => {
    expect(() => compareValues(a, b)).toThrow("cannot be compared");
  });
});

describe("formatBound", () => {
  const rows: readonly {
    readonly given: JsonValue;
    readonly format: string;
    readonly timeZone?: string;
    readonly want: JsonValue;
  }[] = [
    {
      given: "2024-01-31T23:30:00Z",
      format: "%Y-%m-%d %H:%M",
      timeZone: "Europe/Berlin",
      want: "2024-02-01 00:30",
    },
    {
      given: "2024-07-01T22:30:00Z",
      format: "%Y-%m-%d %H:%M",
      timeZone: "Europe/Berlin",
      want: "2024-07-02 00:30",
    },
    {
      given: "2024-07-01T02:30:00Z",
      format: "%Y/%m/%d %H:%M %z",
      timeZone: "America/New_York",
      want: "2024/06/30 22:30 -0400",
    },
    { given: "1704103201", format: "epoch", want: 1704103201 },
    { given: "1704103201000", format: "iso", want: "2024-01-01T10:00:01Z" },
    { given: "1704103201.5", format: "epoch_ms", want: 1704103201500 },
    { given: "2024-01-01T02:30:00Z", format: "date", timeZone: "America/New_York", want: "2023-12-31" },
    {
      given: "2024-01-01T02:30:00Z",
      format: "iso",
      timeZone: "Asia/Kolkata",
      want: "2024-01-01T08:00:00+05:30",
    },
    { given: "2024-03-31T00:59:59Z", format: "%H:%M:%S", timeZone: "Europe/Berlin", want: "01:59:59" },
    { given: "2024-03-31T01:00:00Z", format: "%H:%M:%S", timeZone: "Europe/Berlin", want: "03:00:00" },
    { given: "2024-02-29T12:00:00Z", format: "%a, %d %b %Y", want: "Thu, 29 Feb 2024" },
    { given: "2024-02-29T12:00:00Z", format: "%A %B %j", want: "Thursday February 060" },
    { given: "Thu, 29 Feb 2024 12:00:00 GMT", format: "iso", want: "2024-02-29T12:00:00Z" },
    { given: "29.02.2024", format: "%d.%m.%Y", want: "29.02.2024" },
    { given: "2024-01-01T00:00:00.123456789Z", format: "iso", want: "2024-01-01T00:00:00.123456789Z" },
    { given: "2024-01-01T00:00:00.123456789Z", format: "%S.%f", want: "00.123456" },
    { given: "2024-01-01T00:00:00.9999Z", format: "epoch", want: 1704067200 },
    { given: "2024-01-01T00:00:00.1239Z", format: "epoch_ms", want: 1704067200123 },
    { given: 1704067200.5, format: "epoch_ms", want: 1704067200500 },
    { given: -1, format: "iso", want: "1969-12-31T23:59:59Z" },
  ];
  it.each(rows)("$given as $format in $timeZone: $want", ({ given, format, timeZone, want }) => {
    expect(formatBound(given, { format, timeZone })).toBe(want);
  });

  it("reads what it has written", () => {
    const zones = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"];
    fc.assert(
      fc.property(fc.integer({ min: -2e9, max: 4e9 }), fc.constantFrom(...zones), (seconds, timeZone) => {
        const written = formatBound(seconds * 1000 + (seconds < 1e8 && seconds > -1e8 ? 2e11 : 0), {
          format: "iso",
          timeZone,
        });
        const direct = formatBound(seconds * 1000 + (seconds < 1e8 && seconds > -1e8 ? 2e11 : 0), {
          format: "iso",
        });
        expect(compareValues(written, direct)).toBe(0);
      }),
    );
  });

  it("refuses an unknown zone", () => {
    expect(() => formatBound("2024-01-01", { format: "iso", timeZone: "Mars/Base" })).toThrow(
      'unknown time zone "Mars/Base"',
    );
  });
});

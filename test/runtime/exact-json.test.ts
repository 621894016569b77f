import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyText } from "../support/any-text.js";
import { hasBigIntegers, parseExact, toJson } from "../../runtime/src/exact-json.js";

describe("parseExact", () => {
  const rows: readonly { readonly text: string; readonly want: unknown }[] = [
    { text: "9007199254740991", want: 9007199254740991 },
    { text: "9007199254740992", want: 9007199254740992n },
    { text: "9007199254740993", want: 9007199254740993n },
    { text: "-9007199254740993", want: -9007199254740993n },
    { text: "[-9007199254740991,1945044589271781376]", want: [-9007199254740991, 1945044589271781376n] },
    { text: '{"a": 1945044589271781376 , "b":1}', want: { a: 1945044589271781376n, b: 1 } },
    { text: '{"a":\n12345678901234567890123456789\n}', want: { a: 12345678901234567890123456789n } },
    // Numbers with a fraction or an exponent are not integers.
    { text: "[0.12345678901234567]", want: [0.12345678901234567] },
    { text: "[12345678901234567.5]", want: [12345678901234567.5] },
    { text: "[12345678901234567e2,1e1234567890123456]", want: [12345678901234567e2, Infinity] },
    { text: "[1.5e-1234567890123456, 1E+1234567890123456]", want: [0, Infinity] },
    // Inside strings, digits are text.
    {
      text: '{"12345678901234567890":"12345678901234567890"}',
      want: { "12345678901234567890": "12345678901234567890" },
    },
    {
      text: '["a: 12345678901234567890,", 12345678901234567890]',
      want: ["a: 12345678901234567890,", 12345678901234567890n],
    },
    {
      text: '["\\",12345678901234567890", 12345678901234567890]',
      want: ['",12345678901234567890', 12345678901234567890n],
    },
    { text: '["\\\\", 12345678901234567890, "\\\\\\""]', want: ["\\", 12345678901234567890n, '\\"'] },
    // A string with the text of a mark stays a string.
    {
      text: '["\\u000112345678901234567890", 12345678901234567890]',
      want: ["\u000112345678901234567890", 12345678901234567890n],
    },
    {
      text: '["\\u0001\\u000112345678901234567890", 12345678901234567890]',
      want: ["\u0001\u000112345678901234567890", 12345678901234567890n],
    },
    { text: '{"__proto__":12345678901234567890}', want: JSON.parse('{"__proto__":0}') },
  ];
  it.each(rows)("$text", ({ text, want }) => {
    const found = parseExact(text);
    if (text.includes("__proto__"))
      expect(Object.entries(found as object)).toEqual([["__proto__", 12345678901234567890n]]);
    else expect(found).toEqual(want);
  });

  it.each([16, 17, 19, 31, 32, 33])("finds an integer of %i digits at every place of a text", (digits) => {
    const integer = "9".repeat(digits);
    for (let before = 0; before < 48; before++) {
      for (const after of [0, 7, 24]) {
        const text = `[${" ".repeat(before)}-${integer}${" ".repeat(after)}]`;
        expect(parseExact(text)).toEqual([-BigInt(integer)]);
      }
    }
  });

  it.each([
    "",
    "{",
    '{"a":12345678901234567890',
    '["12345678901234567890',
    "[012345678901234567890]",
    "- 12345678901234567890",
  ])("refuses %s as JSON.parse does", (text) => {
    expect(() => parseExact(text)).toThrow(SyntaxError);
  });

  const integer = fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n });
  const scalar = fc.oneof(
    integer,
    anyText(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.stringMatching(/^[\u0001"\\,:\d]{0,30}$/),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      scalar,
      fc.array(tie("value")),
      fc.dictionary(fc.string(), tie("value")),
    ),
  }));
  const isBig = (item: unknown): boolean =>
    (typeof item === "bigint" || Number.isInteger(item)) && !Number.isSafeInteger(Number(item));

  /** Writes JSON with unchanged digits. */
  function write(item: unknown): string {
    if (typeof item === "bigint") return String(item);
    if (Array.isArray(item)) return `[${item.map(write).join(" , ")}]`;
    if (typeof item !== "object" || item === null) return JSON.stringify(item);
    return `{${Object.entries(item)
      .map(([key, each]) => `${JSON.stringify(key)} : ${write(each)}`)
      .join(",")}}`;
  }

  /** Returns the value that an exact parser returns. */
  function expected(item: unknown): unknown {
    if (typeof item === "bigint") return isBig(item) ? item : Number(item);
    // Written without an exponent, it is an integer beyond 2^53, too.
    if (isBig(item) && !String(item).includes("e")) return BigInt(String(item));
    if (Array.isArray(item)) return item.map(expected);
    if (typeof item !== "object" || item === null) return JSON.parse(JSON.stringify(item)) as unknown;
    return Object.fromEntries(Object.entries(item).map(([key, each]) => [key, expected(each)]));
  }

  it("returns every value exactly", () => {
    fc.assert(
      fc.property(value, (item) => {
        expect(parseExact(write(item))).toEqual(expected(item));
      }),
      { numRuns: 2000 },
    );
  });

  it("detects bodies that contain one", () => {
    expect(hasBigIntegers(parseExact('{"a":[{"b":12345678901234567890}]}'))).toBe(true);
    expect(hasBigIntegers(parseExact("12345678901234567890"))).toBe(true);
    expect(hasBigIntegers(parseExact('{"a":"12345678901234567890"}'))).toBe(false);
    expect(hasBigIntegers(parseExact("[1]"))).toBe(false);
  });

  it("reads strings of many megabytes and deep nesting", () => {
    const long = "x".repeat(20_000_000);
    expect(parseExact(`["${long}",12345678901234567890]`)).toEqual([long, 12345678901234567890n]);
    let inner = parseExact(`${"[".repeat(50_000)}12345678901234567890${"]".repeat(50_000)}`);
    while (Array.isArray(inner)) inner = inner[0];
    expect(inner).toBe(12345678901234567890n);
  });
});

it("toJson writes the digits of a bigint", () => {
  expect(toJson({ a: [12345678901234567890n, 1] })).toBe('{"a":[12345678901234567890,1]}');
});

import { describe, expect, test } from "vitest";

import { readPattern } from "../../../generator/spec/selector/pattern.js";
import type { Pattern } from "../../../generator/spec/selector/pattern-characters.js";
import type { PatternUse } from "../../../generator/spec/selector/pattern-parser.js";
import {
  type Cursor,
  isSelectorProblem,
  readQuoted,
  type SelectorProblem,
} from "../../../generator/spec/selector/text.js";
import { unicodePatterns } from "../../../runtime/src/select/pattern-unicode.js";
import { cpuTimeOf } from "../../support/cpu-time.js";

/** Quotes a pattern for a filter of dlt's dialect. */
function quoted(source: string): string {
  return `'${source.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
}

function compile(source: string, use: PatternUse = "=~"): Pattern {
  const cursor: Cursor = { text: quoted(source), offset: 0, depth: 0, isAmbiguous: false };
  return readPattern(cursor, use, () => readQuoted(cursor));
}

describe("the steps of a pattern", () => {
  const rows: readonly { given: string; want: Pattern["program"]; isUnicode?: true }[] = [
    { given: "", want: [] },
    { given: "^[ab]$", want: [{ assert: "start" }, [97, 98], { assert: "endOrNewline" }] },
    { given: "a.b", want: ["a", [0, 9, 11, 0x10ffff], "b"] },
    { given: "[c-ea-dx]", want: [[97, 101, 120, 120]] },
    { given: "[^b]", want: [[0, 97, 99, 0x10ffff]] },
    { given: "[a]", want: ["a"] },
    { given: "[\\w.-]", want: [["w", 45, 46]], isUnicode: true },
    { given: "[^\\d\\d]", want: [["^", "d"]], isUnicode: true },
    { given: "\\bx", want: [{ assert: "wordBoundary" }, "x"], isUnicode: true },
    { given: "ab|c|", want: [{ or: 4 }, "ab", { to: 7 }, { or: 7 }, "c", { to: 7 }] },
    { given: "a*", want: [{ or: 3 }, "a", { to: 0 }] },
    { given: "ba+?", want: ["ba", { or: 1 }] },
    { given: "a?b", want: [{ or: 2 }, "ab"] },
    { given: "(?:ab){2}", want: ["abab"] },
    { given: "a{1,3}", want: ["a", { or: 5 }, "a", { or: 5 }, "a"] },
    { given: "a{2,}", want: ["aa", { or: 1 }] },
    { given: "a{,1}", want: [{ or: 2 }, "a"] },
    { given: "(){1000000}x", want: ["x"] },
  ];
  test.each(rows)("$given", ({ given, want, isUnicode }) => {
    expect(compile(given)).toEqual({ source: given, program: want, ...(isUnicode && { unicode: true }) });
  });
});

describe("=~ finds what Python's re.search finds", () => {
  const rows: readonly (readonly [pattern: string, fits: readonly string[], others: readonly string[]])[] = [
    ["a.*c", ["abc", "xacx"], ["a\nc", "ca"]],
    ["^ab", ["abc"], ["xab", "\nab"]],
    ["ab$", ["xab", "ab\n"], ["abx", "ab\n\n"]],
    ["ab\\Z", ["xab"], ["ab\n"]],
    ["\\Aab", ["ab"], ["xab"]],
    ["^(?:draft|sent)$", ["draft", "sent"], ["drafts", "unsent"]],
    ["^(?P<year>\\d{4})-\\d\\d", ["2024-01", "٢٠٢٤-01"], ["224-01"]],
    ["^\\w+@\\w+\\.(com|org)$", ["jo@x.org", "josé@中.com"], ["jo@x.net", "@x.com"]],
    ["^\\S+$", ["a"], ["a b", "a\u00a0b", ""]],
    ["[\\s\\S]b", ["\nb"], ["b"]],
    ["[]a]", ["]", "a"], ["b"]],
    ["[^]a]", ["b"], ["]", "a"]],
    ["[a-]", ["-", "a"], ["b"]],
    ["[\\]\\-\\b]", ["]", "-", "\b"], ["b", "\\"]],
    ["\\x41\\u00e9\\U0001F600\\0", ["Aé😀\0"], ["Aé😀"]],
    ["a{x}{,y", ["a{x}{,y"], ["aax"]],
    ["\\.\\/\\{\\-", ["./{-"], ["x/{-"]],
    ["^.$", ["😀", "é", "\r"], ["ab", "\n\n"]],
    ["\\Bb", ["ab"], ["b", " b"]],
    ["(a|b*)*c", ["c", "abbc"], ["ab"]],
  ];
  test.each(rows)("%s", (pattern, fits, others) => {
    expect([...fits, ...others].filter(unicodePatterns()(compile(pattern)))).toEqual(fits);
  });
});

test("match() matches the whole string, search() any part; `.` excludes line breaks, $ is the end (RFC 9485)", () => {
  const texts = ["ab", "xab", "abx", "ab\n", "a\rb", "a\u2028b"];
  const found = (pattern: string, use: PatternUse): readonly string[] =>
    texts.filter(unicodePatterns()(compile(pattern, use)));
  expect(found("ab|ab", "match")).toEqual(["ab"]);
  expect(found("ab", "search")).toEqual(["ab", "xab", "abx", "ab\n"]);
  expect(found("ab$", "search")).toEqual(["ab", "xab"]);
  expect(found("a.b", "match")).toEqual(["a\u2028b"]);
  expect(found("a.b", "=~")).toEqual(["a\rb", "a\u2028b"]);
});

describe("every pattern runs in linear time", () => {
  const long = "a".repeat(50_000);
  test.each([
    ["(a+)+$", `${long}b`, false],
    ["(a+)+$", long, true],
    ["^(a|a)*$", `${long}!`, false],
    ["(a*)*b", long, false],
    ["(\\w+\\s?)+$", `${long}!`, false],
    ["(a+a+)+y", long, false],
  ])("%s", (pattern, text, want) => {
    const isFit = unicodePatterns()(compile(pattern));
    // In linear time, this takes some 10 ms; in quadratic time, minutes.
    expect(cpuTimeOf(() => expect(isFit(text)).toBe(want))).toBeLessThan(2000);
  });
});

describe("invalid patterns, and the location of the problem", () => {
  test.each([
    ["a(?=b)", "(?=", "several patterns"],
    ["a(?!b)", "(?!", "several patterns"],
    ["(?<=b)a", "(?<=", "several patterns"],
    ["(?<!b)a", "(?<!", "several patterns"],
    ["(a)\\1", "\\1", "referring back"],
    ["(?P<n>a)(?P=n)", "(?P=", "referring back"],
    ["(?i)a", "(?i", "[Aa]"],
    ["(?<n>a)", "(?<", "(?P<name>"],
    ["(?>a)", "(?>", "(?:"],
    ["(?#a)", "(?#", "(?:"],
    ["(?", "(?", "(?:"],
    ["a*+", "+", "possessive"],
    ["a**", "*", "repeated quantifier"],
    ["a{2}{3}", "{", "repeated quantifier"],
    ["a|*b", "*", "nothing to repeat"],
    ["({2})", "{", "nothing to repeat"],
    ["^*", "*", "an assertion cannot be repeated"],
    ["a{3,2}", "{3,2}", "smaller number"],
    ["x(a{500}){3}", "{", "more than 1000 steps"],
    ["((a{999}){999}){999}", "{", "more than 1000 steps"],
    ["a{0,99999999999}", "{", "more than 1000 steps"],
    ["(a", "(", "unclosed"],
    ["a)", ")", "unmatched"],
    ["x[a", "[", "unclosed"],
    ["[]", "[", "unclosed"],
    ["[z-a]", "z-a", "wrong order"],
    ["[a-\\d]", "a-\\d", "single characters"],
    ["\\p{L}", "\\p", "list the characters"],
    ["a\\z", "\\z", "\\Z or $"],
    ["\\q", "\\q", "classes such as"],
    ["\\x4", "\\x", "characters such as \\n"],
    ["[\\A]", "\\A", "classes such as"],
    ["\\U00110000", "\\U", "classes such as"],
    ["a\\", "\\", "after the backslash"],
    ["(".repeat(41) + "a" + ")".repeat(41), "a", "nested more than"],
  ])("%s at %s: %s", (pattern, at, part) => {
    let found: unknown;
    try {
      compile(pattern);
    } catch (error) {
      found = error;
    }
    expect(isSelectorProblem(found)).toBe(true);
    const { message, offset, length } = found as SelectorProblem;
    expect(message).toContain(part);
    expect(
      quoted(pattern)
        .slice(offset, offset + length)
        .replaceAll("\\\\", "\\"),
    ).toBe(at);
  });
});

import { describe, expect, it } from "vitest";
import { type PatternStep, patterns } from "../../../runtime/src/select/pattern.js";
import { unicodePatterns } from "../../../runtime/src/select/pattern-unicode.js";

interface Case {
  readonly name: string;
  readonly given: readonly PatternStep[];
  readonly fits: readonly string[];
  readonly others?: readonly unknown[];
}

const fits = (program: readonly PatternStep[]): ((value: unknown) => boolean) =>
  unicodePatterns()({ source: "", program });

describe("the steps of a pattern", () => {
  const cases: readonly Case[] = [
    {
      name: "no steps match every string",
      given: [],
      fits: ["", "a"],
      others: [1, null, undefined, ["a"], true],
    },
    {
      name: "a string matches anywhere",
      given: ["bc"],
      fits: ["bc", "abcd", "bbc"],
      others: ["", "b", "b c"],
    },
    {
      name: "each character is a step",
      given: ["ab", { or: 1 }, "c"],
      fits: ["abc", "abbbc"],
      others: ["ac"],
    },
    {
      name: "a surrogate pair is one character",
      given: ["😀", { or: 0 }, "!"],
      fits: ["😀😀!"],
      others: ["\ude00!"],
    },
    { name: "a list of ranges", given: [[97, 99, 120, 120]], fits: ["b", "-x"], others: ["d", "w", "y", ""] },
    { name: "all but a list", given: [["^", 97, 99]], fits: ["d", "ad", "😀"], others: ["", "abc"] },
    { name: "a lone surrogate", given: [[0xd83d, 0xd83d]], fits: ["\ud83d", "\ud83dx"], others: ["😀"] },
    { name: "digits", given: [["d"]], fits: ["7", "٣"], others: ["a", "½"] },
    { name: "non-digits", given: [["D"]], fits: ["a", "½"], others: ["7", "٣"] },
    {
      name: "word characters",
      given: [["w"]],
      fits: ["a", "_", "é", "中", "½", "𝒳"],
      others: ["-", "", "😀", "\u0301"],
    },
    {
      name: "neither word characters nor a dash",
      given: [["^", "w", 45, 45]],
      fits: ["."],
      others: ["-", "a", "a-b"],
    },
    { name: "digits or non-word characters", given: [["d", "W"]], fits: ["1", "."], others: ["a"] },
    { name: "the start", given: [{ assert: "start" }, "a"], fits: ["a", "ab"], others: ["ba", "\na"] },
    { name: "the end", given: ["a", { assert: "end" }], fits: ["a", "ba"], others: ["ab", "a\n"] },
    {
      name: "Python's $",
      given: ["a", { assert: "endOrNewline" }],
      fits: ["a", "a\n"],
      others: ["a\n\n", "a\r", "a\nb"],
    },
    {
      name: "a word boundary",
      given: [{ assert: "wordBoundary" }, "é"],
      fits: ["é", "a é"],
      others: ["aé", "éé".slice(2)],
    },
    {
      name: "no word boundary",
      given: [{ assert: "noWordBoundary" }, "a"],
      fits: ["ba", "éa"],
      others: ["a", "-a"],
    },
    {
      name: "alternatives",
      given: [{ assert: "start" }, { or: 4 }, "a", { to: 5 }, "bc", { assert: "end" }],
      fits: ["ac", "bc"],
      others: ["a", "b", "abc"],
    },
    { name: "an empty loop ends", given: [{ or: 2 }, { to: 0 }, "a"], fits: ["a"], others: ["b"] },
  ];
  it.each(cases)("$name", ({ given, fits: texts, others = [] }) => {
    expect([...texts, ...others].filter(fits(given))).toEqual(texts);
  });
});

describe("patterns", () => {
  it("use ASCII digits and word characters; unicodePatterns uses those of all scripts", () => {
    const sample = ["0", "9", "a", "Z", "_", "/", ":", "@", "[", "^", "`", "{", "é", "٣"];
    const [digit, word] = (["d", "w"] as const).map((name) => patterns()({ source: "", program: [[name]] }));
    expect(sample.filter((text) => digit?.(text))).toEqual(["0", "9"]);
    expect(sample.filter((text) => word?.(text))).toEqual(["0", "9", "a", "Z", "_"]);
    expect(sample.filter(fits([["w"]]))).toEqual(["0", "9", "a", "Z", "_", "é", "٣"]);
  });

  it.runIf(process.versions["unicode"] === "17.0")(
    "match the digits and word characters of Unicode 17",
    () => {
      const wrong: string[] = [];
      const [digit, word] = [fits([["d"]]), fits([["w"]])];
      for (let code = 0; code <= 0x10ffff; code += 1) {
        const character = String.fromCodePoint(code);
        if (/\p{Cn}/u.test(character)) continue;
        if (digit(character) !== /\p{Nd}/u.test(character)) wrong.push(character);
        if (word(character) !== /[\p{L}\p{N}_]/u.test(character)) wrong.push(character);
      }
      expect(wrong).toEqual([]);
    },
  );

  it("keep no state between strings", () => {
    const either = fits([{ assert: "start" }, "ab", { assert: "end" }]);
    expect(["ab", "a", "ab", "", "ab"].map(either)).toEqual([true, false, true, false, true]);
  });
});

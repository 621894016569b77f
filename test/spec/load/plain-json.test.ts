import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDocument } from "../../../generator/spec/load/document.js";
import { loadJson } from "../../../generator/spec/load/load-json.js";

/** The same text with a comment after it, which only the parser that keeps positions reads. */
const withComment = (text: string): ReturnType<typeof loadJson> => loadJson(`${text} // comment`);

function compare(text: string): void {
  const fast = loadJson(text);
  const slow = withComment(text);
  expect(fast.value).toEqual(slow.value);
  expect(fast.problems).toEqual(slow.problems);
  expect(JSON.stringify(fast.value)).toBe(JSON.stringify(slow.value));
}

describe("plain JSON", () => {
  it("reads as JSON with comments does, for random values", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        compare(text);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    '{"a":1,"a":2}',
    '{"a":{"b":1,"\\u0062":2}}',
    '{"a":"\\"b\\":1","a":"x"}',
    '{"a\\\\":1,"a\\\\":2}',
    '{"__proto__":{"a":1},"__proto__":2}',
    '{"a" : ":" , "b" :"\\\\" }',
    '{"a":12345678901234567890}',
    '{"a":1e400}',
    '{"a":-0.0,"b":1e21,"c":[1.5]}',
    `${"[".repeat(64)}${"]".repeat(64)}`,
    `${"[".repeat(65)}${"]".repeat(65)}`,
    `{"${"k".repeat(501)}":1}`,
    `{"a":"${"t".repeat(1_000_001)}"}`,
    '{"2":1,"1":2,"b":3,"a":4}',
  ])("reads %.60s as JSON with comments does", (text) => {
    compare(text);
  });

  it("finds positions when a problem needs them", () => {
    const text = '{\n  "a": { "b": 1 }\n}';
    const document = createDocument({ file: "x.json", text, format: "json" }, loadJson(text));
    expect(document.diagnose({ code: "x", message: "y", path: ["a", "b"], at: "key" })).toMatchObject({
      line: 2,
      column: 10,
    });
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { anyText } from "../../support/any-text.js";
import { loadSpec } from "../../../generator/spec/load/load.js";
import { messagesOf, parseText, pointedAt, shortOf } from "../parse-text.js";

describe("JSON", () => {
  test("comments, trailing commas, a byte order mark and CRLF are accepted", async () => {
    const document = await loadSpec("a.json", '\ufeff// note\r\n{ "a": [1, 2,], /* x */ "b": null, }\r\n');
    expect(document.value).toEqual({ a: [1, 2], b: null });
    expect(document.diagnostics).toEqual([]);
  });

  test.each([
    ['{ "a": 1 "b": 2 }', "1:10 syntax-error"],
    ["{ 'a': 1 }", "1:3 syntax-error"],
    ['{ "a": True }', "1:8 syntax-error"],
    ['{ "a": "x', "1:8 syntax-error"],
    ['{\n  "a": 1', "2:9 syntax-error"],
    ["", "1:1 syntax-error"],
    ['{ "a": 01 }', "1:9 syntax-error"],
    ['{ "a": "\\x" }', "1:8 syntax-error"],
    ["{} {}", "1:4 syntax-error"],
    ['{ "a": 1, "b": 2, "a": 3 }', "1:19 duplicate-key"],
    ['{ "a": 1e999 }', "1:8 invalid-value"],
    ['{ "id": 12345678901234567890 }', "1:9 invalid-value"],
  ])("%j: %s", async (text, want) => {
    expect(shortOf((await loadSpec("a.json", text)).diagnostics)).toContain(want);
  });

  test.each([
    ["a.json", ""],
    ["a.json", " \n\n"],
    ["a.json", "\ufeff"],
    ["a.yaml", ""],
    ["a.yaml", "\n \n"],
  ])("an empty spec is an error that names a command: %s %j", async (file, text) => {
    const { diagnostics } = await loadSpec(file, text);
    expect(diagnostics.map(({ line, column, message }) => [line, column, message])).toEqual([
      [1, 1, 'the spec is empty: "connector-gen init NAME" writes a first spec'],
    ]);
  });

  test.each(["a.json", "a.yaml"])("a merge conflict is one error: %s", async (file) => {
    const text = '{\r\n<<<<<<< HEAD\r\n  "a": 1\r\n=======\r\n  "a": 2\r\n>>>>>>> b\r\n}';
    const { diagnostics } = await loadSpec(file, text);
    expect(shortOf(diagnostics)).toEqual(["2:1 syntax-error"]);
    expect(messagesOf(diagnostics)).toEqual([
      "syntax-error: the spec has a merge conflict: choose one of its sides, and delete the markers",
    ]);
  });

  test("a line with one of the markers is no merge conflict", async () => {
    const { diagnostics } = await loadSpec("a.json", "// =======\n{\n/*\n<<<<<<<\n=======\n*/ }");
    expect(diagnostics).toEqual([]);
  });

  test("every syntax error is reported", async () => {
    const { diagnostics } = await loadSpec("a.json", '{\n  "a": nope,\n  "b": 1 "c": 2\n}');
    expect(shortOf(diagnostics)).toEqual(["2:8 syntax-error", "3:10 syntax-error"]);
  });

  test("__proto__ is a key like any other", async () => {
    const { value } = await loadSpec("a.json", '{ "__proto__": { "polluted": true } }');
    expect(Object.keys(value ?? {})).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  test.each([
    ["a.json", "[".repeat(65)],
    ["a.json", "[".repeat(3_000_000)],
    ["a.json", '{"a":'.repeat(500_000)],
    ["a.yaml", "[".repeat(65)],
    ["a.yaml", "[".repeat(20_000)],
    ["a.yaml", "- ".repeat(20_000)],
    ["a.yaml", "? ".repeat(2_000)],
    ["a.yaml", Array.from({ length: 200 }, (_, depth) => `${" ".repeat(depth)}a:\n`).join("")],
  ])("%s rejects deep nesting", async (file, text) => {
    expect(messagesOf((await loadSpec(file, text)).diagnostics)).toContainEqual(
      expect.stringMatching(/^too-deep|^syntax/),
    );
  });

  test("rejects specs that are too large", async () => {
    const rows = [
      { file: "a.json", length: 64 * 1024 * 1024, values: 9_000_000 },
      { file: "a.yaml", length: 16 * 1024 * 1024, values: 700_000 },
    ];
    for (const { file, length, values } of rows) {
      const long = await loadSpec(file, `"${"x".repeat(length)}"`);
      expect(shortOf(long.diagnostics)).toEqual(["1:1 too-large"]);
      const many = await loadSpec(file, `[${"1,".repeat(values)}1]`);
      expect(many.diagnostics.map((one) => one.code)).toEqual(["too-large"]);
    }
  });

  test("refuses too many values of every kind", async () => {
    const rows = [
      { part: "[]", count: 4_500_000 },
      { part: '{"a":[{}]}', count: 1_300_000 },
      { part: '"",[[1],{}]', count: 1_150_000 },
    ];
    for (const { part, count } of rows) {
      const { diagnostics } = await loadSpec("a.json", `[${`${part},`.repeat(count)}0]`);
      expect(diagnostics.map(({ code }) => code)).toEqual(["too-large"]);
    }
  });

  test("reads ten thousand resources of thirty fields", async () => {
    const schema = { type: "string", description: "x" };
    const fields = Array.from({ length: 30 }, (_, index) => [`field_${index}`, schema] as const);
    const resource = {
      name: "r",
      endpoint: { path: "/r" },
      schema: { properties: Object.fromEntries(fields) },
    };
    const text = JSON.stringify({ resources: Array.from({ length: 10_000 }, () => resource) });
    const { value, diagnostics } = await loadSpec("a.json", text);
    expect(diagnostics).toEqual([]);
    expect(value).toHaveProperty("resources.length", 10_000);
  });
});

describe("YAML", () => {
  test("reads the core schema", async () => {
    const text = "# note\r\na: 1\r\nb: [x, 'y', null, true]\r\nc:\r\nd: 2024-01-01\r\n1: one\r\nno: no\r\n";
    const { value, diagnostics } = await loadSpec("a.yaml", text);
    expect(diagnostics).toEqual([]);
    expect(value).toEqual({
      a: 1,
      b: ["x", "y", null, true],
      c: null,
      d: "2024-01-01",
      "1": "one",
      no: "no",
    });
  });

  test("expands aliases; an expanded value is located at its alias", async () => {
    const document = await loadSpec("a.yml", "base: &b\n  x: 1\none: *b\ntwo: *b\n");
    expect(document.value).toEqual({ base: { x: 1 }, one: { x: 1 }, two: { x: 1 } });
    expect(document.text.slice(document.locate(["two"]).offset).startsWith("*b")).toBe(true);
  });

  test.each([
    { name: "an object", text: "a: &b { x: 1, y: 2 }\nc: { <<: *b }\n", want: { x: 1, y: 2 } },
    { name: "keys before it", text: "a: &b { x: 1, y: 2 }\nc: { x: 3, <<: *b }\n", want: { x: 3, y: 2 } },
    { name: "keys after it", text: "a: &b { x: 1, y: 2 }\nc: { <<: *b, y: 4 }\n", want: { x: 1, y: 4 } },
    {
      name: "a list, whose first object wins",
      text: "a: [&b { x: 1 }, &d { x: 2, y: 2 }]\nc: { <<: [*b, *d] }\n",
      want: { x: 1, y: 2 },
    },
    {
      name: "an object that itself has a merge key",
      text: "a: &b { x: 1 }\nd: &d { <<: *b, y: 2 }\nc: { <<: *d }\n",
      want: { x: 1, y: 2 },
    },
    { name: "a written object", text: "c: { <<: { x: 1 } }\n", want: { x: 1 } },
    { name: "a quoted key", text: 'c: { "<<": { x: 1 } }\n', want: { "<<": { x: 1 } } },
  ])("<< adds missing keys: $name", async ({ text, want }) => {
    const { value, diagnostics } = await loadSpec("a.yaml", text);
    expect(diagnostics).toEqual([]);
    expect(value).toMatchObject({ c: want });
    expect(Object.keys((value as { c: object }).c).sort()).toEqual(Object.keys(want).sort());
  });

  test("a merged value is located where it is written", async () => {
    const document = await loadSpec("a.yaml", "a: &b\n  x: wrong\nc:\n  <<: *b\n");
    expect(document.text.slice(document.locate(["c", "x"]).offset).startsWith("wrong")).toBe(true);
  });

  test.each([
    ["a: 1\nc: { <<: 5 }\n", "2:6 syntax-error"],
    ["a: &b [1]\nc: { <<: *b }\n", "2:6 syntax-error"],
    ["c: { <<: *nope }\n", "1:10 syntax-error"],
    ["c: &c { <<: *c }\n", "1:13 syntax-error"],
    ["c: { x: 1, <<: { y: 1 }, x: 2 }\n", "1:26 duplicate-key"],
    ["a: &x [*x]\n", "1:8 syntax-error"],
    ["a: *nope\n", "1:4 syntax-error"],
    ["a: 1\nb: 2\na: 3\n", "3:1 duplicate-key"],
    ["1: a\n'1': b\n", "2:1 duplicate-key"],
    ["[a]: 1\n", "1:1 syntax-error"],
    ["a: [1\n", "2:1 syntax-error"],
    ["a: 1\n---\nb: 2\n", "2:1 syntax-error"],
    ["a: .inf\n", "1:4 invalid-value"],
    ["a: !!js/function x\n", "1:4 syntax-error"],
    ["a: 1\n b: 2\n", "1:4 syntax-error"],
  ])("%j: %s", async (text, want) => {
    expect(shortOf((await loadSpec("a.yaml", text)).diagnostics)).toContain(want);
  });

  test("__proto__ is a key like any other", async () => {
    const { value } = await loadSpec("a.yaml", "__proto__:\n  polluted: true\n");
    expect(Object.keys(value ?? {})).toEqual(["__proto__"]);
  });

  test("an alias bomb is rejected at once", async () => {
    const lines = Array.from({ length: 12 }, (_, n) => {
      const before = n === 0 ? "x" : `*a${n - 1}`;
      return `a${n}: &a${n} [${Array.from({ length: 10 }, () => before).join(", ")}]`;
    });
    const { diagnostics } = await loadSpec("a.yaml", lines.join("\n"));
    expect(diagnostics.map((one) => one.code)).toEqual(["too-large"]);
  });

  test("standard input may be JSON or YAML", async () => {
    expect((await loadSpec("<stdin>", "client:\n  base_url: x\n")).value).toEqual({
      client: { base_url: "x" },
    });
    expect((await loadSpec("<stdin>", ' { "a": 1 }')).value).toEqual({ a: 1 });
  });
});

describe("locate", () => {
  const text = '{ "a": { "b": [1, { "c": "x\\u0041y" }] } }';

  test.each([
    [["a"], "key", '"a"'],
    [["a", "b", 0], "value", "1"],
    [["a", "b", 1, "c"], "key", '"c"'],
    [["a", "b", 1], "key", "{"],
    [[], "key", "{"],
    [["a", "nope"], "value", '"a"'],
    [["a", "b", 1, "c", "deeper"], "value", '"x\\u0041y"'],
    [["nope"], "key", "{"],
  ] as const)("%j %s is %s", async (path, part, want) => {
    const { offset, length } = (await loadSpec("a.json", text)).locate(path, part);
    expect(text.slice(offset, offset + length)).toBe(want);
  });

  test.each([
    ["a.json", '{ "s": "a\\u0062\\n-->here<" }', "here"],
    ["a.yaml", 's: "ab -->here<"', "here"],
    ["a.yaml", "s: ab -->here<", "here"],
  ])("finds a range inside a string: %s %s", async (file, source, want) => {
    const document = await loadSpec(file, source);
    const value = (document.value as { s: string }).s;
    const range = { offset: value.indexOf("here"), length: 4 };
    const diagnostic = document.diagnose({ code: "x", message: "", path: ["s"], text: range });
    expect(pointedAt(source, diagnostic)).toBe(want);
  });
});

describe("never throws", () => {
  const texts = fc.oneof(
    anyText(200),
    fc
      .array(
        fc.constantFrom(
          "{",
          "}",
          "[",
          "]",
          '"',
          "'",
          ":",
          ",",
          "- ",
          "a",
          "&a",
          "*a",
          "\n",
          "  ",
          "#",
          "|",
          ">",
          "!",
          "1",
          "\\",
        ),
      )
      .map((parts) => parts.join("")),
  );

  test.each(["a.json", "a.yaml", "<stdin>"])("for any text in %s", async (file) => {
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const { spec, diagnostics } = await parseText(text, { file });
        expect(spec === undefined).toBe(diagnostics.some((one) => one.severity === "error"));
      }),
      { numRuns: 400 },
    );
  });
});

import { describe, expect, test } from "vitest";

import {
  createLineIndex,
  type Diagnostic,
  formatDiagnostic,
  summarizeDiagnostics,
} from "../../generator/diagnostics.js";

const base: Diagnostic = {
  severity: "error",
  code: "unknown-key",
  message: 'unknown key "b"',
  file: "a.json",
  line: 3,
  column: 3,
  endLine: 3,
  endColumn: 6,
};
const text = ["{", '  "a": 1,', '  "b": 2,', '  "c": 3', "}"].join("\n");

describe("formatDiagnostic", () => {
  test("prints the location, the message and a frame", () => {
    expect(formatDiagnostic(base, text)).toBe(
      [
        'a.json:3:3 error unknown-key: unknown key "b"',
        "  1 | {",
        '  2 |   "a": 1,',
        '> 3 |   "b": 2,',
        "    |   ^^^",
        '  4 |   "c": 3',
        "  5 | }",
        "",
      ].join("\n"),
    );
  });

  test("uses colours only on request", () => {
    expect(formatDiagnostic(base, text)).not.toContain("\u001b");
    expect(formatDiagnostic(base, text, { color: true })).toContain("\u001b[31m");
  });

  test("frames are the same for every end of line, and with a byte order mark", () => {
    expect(formatDiagnostic(base, `\ufeff${text.replaceAll("\n", "\r\n")}`)).toBe(
      formatDiagnostic(base, text),
    );
  });

  test("marks only the first line of a long range", () => {
    const frame = formatDiagnostic({ ...base, line: 1, column: 1, endLine: 5, endColumn: 2 }, text);
    expect(frame).toContain("> 1 | {\n    | ^\n");
    expect(frame).not.toContain("> 2");
  });

  test("cuts long lines to a window", () => {
    const long = `{ ${'"x": 1, '.repeat(1000)}"here": 2 }`;
    const column = long.indexOf('"here"') + 1;
    const frame = formatDiagnostic({ ...base, line: 1, column, endLine: 1, endColumn: column + 6 }, long);
    const [, shown = "", marks = ""] = frame.split("\n");
    expect(shown.length).toBeLessThan(140);
    expect(shown.slice(marks.indexOf("^"), marks.lastIndexOf("^") + 1)).toBe('"here"');
  });

  test("replaces control characters, so that no spec can control the terminal", () => {
    const hostile = {
      ...base,
      message: "\u001b[2J\u202e",
      file: "a\u0007.json",
      line: 1,
      column: 1,
      endLine: 1,
      endColumn: 2,
    };
    expect(formatDiagnostic(hostile, "\u001b]0;x\u0007\u2028")).not.toMatch(
      /[\u0000-\u0009\u000b-\u001f\u2028\u202e]/,
    );
  });

  test("a location past the end has no frame", () => {
    expect(formatDiagnostic({ ...base, line: 9, endLine: 9 }, text)).toBe(
      'a.json:9:3 error unknown-key: unknown key "b"\n',
    );
  });
});

test.each([
  [[], ""],
  [["error"], "1 error"],
  [["error", "warning", "error"], "2 errors, 1 warning"],
  [["warning", "warning"], "2 warnings"],
] as const)("summarizeDiagnostics %j", (severities, want) => {
  expect(summarizeDiagnostics(severities.map((severity) => ({ ...base, severity })))).toBe(want);
});

test.each([
  ["a\nb", 2, "2:1"],
  ["a\r\nb", 3, "2:1"],
  ["a\rb", 2, "2:1"],
  ["a\u2028b", 2, "1:3"],
  ["a\n\n\nb", 4, "4:1"],
  ["😀x", 2, "1:3"],
  ["", 0, "1:1"],
])("createLineIndex(%j) at %i", (source, offset, want) => {
  const { line, column } = createLineIndex(source).at(offset);
  expect(`${line}:${column}`).toBe(want);
});

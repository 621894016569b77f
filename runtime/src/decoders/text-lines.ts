import { defineKind, type Kind } from "../kind.js";
import type { Decoder } from "./decoder.js";
import { checkEnd, splitLines } from "./lines.js";

/** One line of a text, as a record. */
export interface TextLine {
  readonly line: string;
}

/**
 * Decodes plain text: each line becomes a record `{ line: "…" }`. Lines end with LF or CRLF. Empty lines are records too;
 * a line feed at the end of the body starts no further line.
 */
export function textLines(): Decoder {
  return {
    type: "text",
    options: {},
    accept: "text/plain, */*;q=0.1",
    start: () => {
      const lines: TextLine[] = [];
      return splitLines(
        (text) => lines.push({ line: text.endsWith("\r") ? text.slice(0, -1) : text }),
        (rest, isOpenEnded) => {
          checkEnd(rest, isOpenEnded);
          return lines.at(-1)?.line === "" ? lines.slice(0, -1) : lines;
        },
      );
    },
  };
}

/** The spec's `{"type": "text"}`. */
export const textLinesKind: Kind = /* @__PURE__ */ defineKind<object>(() => ({
  family: "decoder",
  type: "text",
  factory: "textLines",
  summary: 'Plain text: each line is a record `{"line": "…"}`.',
  options: {},
  phrase: () => "lines of text",
  format: {
    contentType: "text/plain; charset=utf-8",
    write: (records) => records.map((record) => `${lineOf(record)}\n`).join(""),
  },
  examples: ["text", { type: "text" }],
}));

/** The text of a record for the mock server: its field `line`, or all of it as JSON. */
function lineOf(record: unknown): string {
  const { line = JSON.stringify(record) } = Object(record) as Partial<TextLine>;
  return line.replaceAll(/[\r\n]+/g, " ");
}

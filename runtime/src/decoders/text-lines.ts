import { DecodeError, ReadFailure } from "../errors.js";
import { defineKind, type Kind } from "../kind.js";
import type { Decoder } from "./decoder.js";
import { titleOf } from "./json.js";
import { payloadRows, toPayload, type PayloadOptions } from "./payload.js";
import { splitLines } from "./lines.js";

/** One line of a text, as a record. */
export interface TextLine {
  readonly line: string;
}

/**
 * Decodes plain text: each line becomes a record `{ line: "…" }`. Lines end with LF or CRLF. Empty lines are records too;
 * a line feed at the end of the body does not start another line.
 */
export function textLines(options: PayloadOptions = {}): Decoder {
  return {
    type: "text",
    options,
    accept: "text/plain, */*;q=0.1",
    ...toPayload(options),
    start: (isFirst) => {
      const lines: TextLine[] = [];
      return splitLines({
        read: (text, number) => {
          if (number === 1) refuseHtml(text, isFirst);
          lines.push({ line: text.endsWith("\r") ? text.slice(0, -1) : text });
        },
        end: () => lines,
      });
    },
  };
}

/** Throws for HTML instead of text, such as the page of a login, a proxy or an error. */
function refuseHtml(line: string, isFirst: boolean | undefined): void {
  if (!/^\s*<(!doctype html|html)/i.test(line)) return;
  const message = `the body is a page of HTML${titleOf(line)}`;
  throw new ReadFailure(DecodeError, "INVALID_BODY", message, { retries: isFirst ? 1 : Infinity });
}

/** The spec's `{"type": "text"}`. */
export const textLinesKind: Kind = /* @__PURE__ */ defineKind<PayloadOptions>(() => ({
  family: "decoder",
  type: "text",
  factory: "textLines",
  summary: 'Plain text: each line is a record `{"line": "…"}`.',
  options: payloadRows(),
  phrase: () => "lines of text",
  format: {
    contentType: "text/plain; charset=utf-8",
    write: (records) => records.map((record) => `${lineOf(record)}\n`).join(""),
  },
  examples: ["text", { type: "text" }],
}));

/** Returns the text of a record for the mock server: its field `line`, or the whole record as JSON. */
function lineOf(record: unknown): string {
  const { line = JSON.stringify(record) } = Object(record) as Partial<TextLine>;
  return line.replaceAll(/[\r\n]+/g, " ");
}

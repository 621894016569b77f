import { DecodeError, ReadFailure } from "../errors.js";
import { containsBigIntegers, hasBigIntegers, parseExact } from "../exact-json.js";
import { defineKind, type Kind } from "../kind.js";
import type { Decoder } from "./decoder.js";
import { splitLines } from "./lines.js";

const accept = "application/x-ndjson, application/jsonl, */*;q=0.1";

/** Decodes one JSON value per line. Blank lines are skipped. The body is the list of values. */
export function jsonLines(): Decoder {
  return {
    type: "jsonl",
    options: {},
    accept,
    start: () => {
      const values: unknown[] = [];
      return splitLines(
        (line, number) => {
          if (!/[^ \t\r]/.test(line)) return;
          const value = parse(line, number);
          values.push(value);
          if (hasBigIntegers(value)) containsBigIntegers(values);
        },
        () => values,
      );
    },
  };
}

/** The message does not quote the body. A truncated line is worth a retry. */
function parse(line: string, number: number): unknown {
  try {
    return parseExact(line);
  } catch {
    const message = `line ${number} of the body is not JSON (${line.length} characters)`;
    throw new ReadFailure(DecodeError, "NOT_JSON", message, { retries: Infinity });
  }
}

/** The spec's `{"type": "jsonl"}`. */
export const jsonLinesKind: Kind = /* @__PURE__ */ defineKind<object>(() => ({
  family: "decoder",
  type: "jsonl",
  factory: "jsonLines",
  summary: "A JSON value per line; each is a record.",
  options: {},
  phrase: () => "JSON Lines",
  format: {
    contentType: "application/x-ndjson",
    write: (records) => records.map((record) => `${JSON.stringify(record)}\n`).join(""),
  },
  examples: ["jsonl", { type: "jsonl" }],
}));

import { DecodeError, ReadFailure } from "../errors.js";
import { containsBigIntegers, hasBigIntegers } from "../exact-json.js";
import { parseJson } from "../json.js";
import { defineKind, type Kind } from "../kind.js";
import type { Decoder } from "./decoder.js";
import { locateError, titleOf } from "./json.js";
import { payloadRows, toPayload, type PayloadOptions } from "./payload.js";
import { splitLines } from "./lines.js";

const accept = "application/x-ndjson, application/jsonl, */*;q=0.1";

/** Decodes one JSON value per line. Blank lines are skipped. The body is the list of values. */
export function jsonLines(options: PayloadOptions = {}): Decoder {
  return {
    type: "jsonl",
    options,
    accept,
    ...toPayload(options),
    start: (isFirst) => {
      const values: unknown[] = [];
      return splitLines({
        read: (line, number) => {
          if (!/[^ \t\r]/.test(line)) return;
          const value = parse(line, number, isFirst);
          values.push(value);
          if (hasBigIntegers(value)) containsBigIntegers(values);
        },
        end: () => values,
        showsEnd: true,
      });
    },
  };
}

/** The message does not quote the body. */
function parse(line: string, number: number, isFirst: boolean | undefined): unknown {
  const value = parseJson(line);
  if (value !== undefined) return value;
  const { column, isCut } = locateError(line);
  const message = `line ${number}, column ${column} of the body is not JSON${titleOf(line)}`;
  // A truncated line and the error page of a proxy are worth a retry; HTML instead of the first page is worth only one.
  const isHtml = number === 1 && line.trimStart().startsWith("<");
  const retries = isHtml && isFirst ? 1 : isCut || isHtml ? Infinity : 0;
  throw new ReadFailure(DecodeError, "NOT_JSON", message, { retries });
}

/** The spec's `{"type": "jsonl"}`. */
export const jsonLinesKind: Kind = /* @__PURE__ */ defineKind<PayloadOptions>(() => ({
  family: "decoder",
  type: "jsonl",
  factory: "jsonLines",
  summary: "A JSON value per line; each is a record.",
  options: payloadRows(),
  phrase: () => "JSON Lines",
  format: {
    contentType: "application/x-ndjson",
    write: (records) => records.map((record) => `${JSON.stringify(record)}\n`).join(""),
  },
  examples: ["jsonl", { type: "jsonl" }],
}));

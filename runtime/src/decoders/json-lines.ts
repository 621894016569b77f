import type { Decoder } from "./decoder.js";
import { receiveAny } from "../http/receive.js";
import { steps } from "../read/steps.js";
import { DecodeError, Fault } from "../errors.js";
import { defineKind, type Kind } from "../kind.js";

const accept = "application/x-ndjson, application/jsonl, */*;q=0.1";

/** Reads a JSON value per line, whatever the line ends with; blank lines are passed over. The body is their list. */
export function jsonLines(): Decoder {
  return {
    type: "jsonl",
    options: {},
    accept,
    [steps]: { accept, receive: receiveAny },
    start: () => {
      const values: unknown[] = [];
      let number = 0;
      let rest = "";
      const read = (line: string): void => {
        number++;
        if (/[^ \t\r]/.test(line)) values.push(parse(line, number));
      };
      return {
        push: (text) => {
          let start = 0;
          // Only what is new is searched: a line may come in many pieces.
          for (let end; (end = text.indexOf("\n", start)) >= 0; start = end + 1) {
            read(rest + text.slice(start, end));
            rest = "";
          }
          rest += text.slice(start);
        },
        end: () => {
          read(rest);
          return values;
        },
      };
    },
  };
}

/** Bodies stay out of messages. A line that was cut is worth another try. */
function parse(line: string, number: number): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    const message = `line ${number} of the body is not JSON (${line.length} characters)`;
    throw new Fault(DecodeError, "NOT_JSON", message, { retries: Infinity });
  }
}

/** The spec's `{"type": "jsonl"}`. */
export const jsonLinesKind: Kind = /* @__PURE__ */ defineKind<object>(() => ({
  family: "decoder",
  type: "jsonl",
  factory: "jsonLines",
  summary: "A JSON value per line; each is a record.",
  options: {},
  phrase: () => "JSON lines",
  format: {
    contentType: "application/x-ndjson",
    write: (records) => records.map((record) => `${JSON.stringify(record)}\n`).join(""),
  },
  examples: ["jsonl", { type: "jsonl" }],
}));

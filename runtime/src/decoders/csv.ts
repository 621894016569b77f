import type { Decoder } from "./decoder.js";
import { receiveAny } from "../http/receive.js";
import type { JsonValue } from "../json.js";
import { defineKind, type Kind } from "../kind.js";
import { steps } from "../read/steps.js";
import { createCsvTable } from "./csv-table.js";

/** What a CSV file does not say of itself. */
export interface CsvOptions {
  /** The character between fields. Default `,`. */
  readonly delimiter?: string;
  /** The names of the columns, where the first line does not hold them. */
  readonly columns?: readonly string[];
}

const accept = "text/csv, */*;q=0.1";

/**
 * Reads CSV (RFC 4180): each row is an object of texts by column, the body their list. Lines end with LF or CRLF; an
 * empty line is passed over where there is more than one column.
 */
export function csv(options: CsvOptions = {}): Decoder {
  const { delimiter = ",", columns } = options;
  return {
    type: "csv",
    options,
    accept,
    [steps]: { accept, receive: receiveAny },
    start: () => {
      const table = createCsvTable(delimiter, columns);
      let rest = "";
      let isQuoted = false;
      return {
        push: (text) => {
          let start = 0;
          for (let end; (end = text.indexOf("\n", start)) >= 0; start = end + 1) {
            const line = text.slice(start, end);
            isQuoted = isQuoted !== hasOddQuotes(line);
            // A line break between quotation marks belongs to the field.
            rest += isQuoted ? `${line}\n` : line;
            if (isQuoted) continue;
            table.read(rest);
            rest = "";
          }
          const tail = text.slice(start);
          isQuoted = isQuoted !== hasOddQuotes(tail);
          rest += tail;
        },
        end: () => {
          if (rest) table.read(rest);
          return table.records();
        },
      };
    },
  };
}

/** Whether what follows is within quotation marks if what comes before is not; doubled ones count as none. */
function hasOddQuotes(text: string): boolean {
  let isOdd = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) isOdd = !isOdd;
  return isOdd;
}

/** The spec's `{"type": "csv"}`. */
export const csvKind: Kind = /* @__PURE__ */ defineKind<CsvOptions>(() => ({
  family: "decoder",
  type: "csv",
  factory: "csv",
  summary: "Comma-separated values; each line is a record.",
  options: {
    delimiter: {
      type: "text",
      default: ",",
      description: "The character between fields.",
      check: (text) =>
        text.length === 1 && !/["\r\n]/.test(text)
          ? undefined
          : "a delimiter is one character, neither a quote nor a line break",
    },
    columns: {
      type: "list",
      items: { type: "text" },
      minimum: 1,
      description: "The names of the columns, where the first line does not hold them.",
    },
  },
  phrase: () => "CSV",
  format: {
    contentType: "text/csv",
    write: (records, { options, sample }) => {
      const { delimiter = ",", columns } = options as CsvOptions;
      // A field may be missing from a record: together, the sample's records have them all, or nearly.
      const names = columns ?? [...new Set([...sample, ...records].map(toRow).flatMap(Object.keys))];
      const rows = records.map((record) => names.map((name) => toRow(record)[name] ?? null));
      return [...(columns ? [] : [names]), ...rows].map((row) => writeRow(row, delimiter)).join("");
    },
  },
  examples: ["csv", { type: "csv", delimiter: ";", columns: ["id", "name"] }],
}));

function toRow(record: JsonValue): Readonly<Record<string, JsonValue>> {
  const isObject = typeof record === "object" && record !== null && !Array.isArray(record);
  return isObject ? (record as Readonly<Record<string, JsonValue>>) : { value: record };
}

function writeRow(row: readonly JsonValue[], delimiter: string): string {
  const cells = row.map((value) => {
    const text = value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);
    return /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${cells.join(delimiter)}\r\n`;
}

import { DecodeError, ReadFailure, isReadFailure } from "../errors.js";
import type { Decoder } from "./decoder.js";
import { titleOf } from "./json.js";
import { splitLines } from "./lines.js";
import { payloadRows, toPayload, type PayloadOptions } from "./payload.js";
import type { JsonValue } from "../json.js";
import { defineKind, type Kind } from "../kind.js";

/** The properties of CSV that the body does not state. */
export interface CsvOptions extends PayloadOptions {
  /** The character between fields. Default `,`. */
  readonly delimiter?: string | undefined;
  /** The names of the columns, if the first line does not contain them. */
  readonly columns?: readonly string[] | undefined;
  /** The text that begins a line without data, such as `#`. */
  readonly comment?: string | undefined;
  /** The number of lines before the header, or before the first row. Default 0. */
  readonly skipLines?: number | undefined;
  /** The number of rows at the end that are not records, such as a total. Default 0. */
  readonly footerRows?: number | undefined;
  /** `fill`: missing fields at the end of a row are empty, and empty fields beyond the header are dropped. Default `error`. */
  readonly ragged?: "error" | "fill" | undefined;
}

const accept = "text/csv, */*;q=0.1";

/**
 * Decodes CSV (RFC 4180): each row becomes an object of texts by column, and the body is their list. Lines end with LF or
 * CRLF. Empty lines are skipped if there is more than one column.
 */
export function csv(options: CsvOptions = {}): Decoder {
  const { comment, skipLines = 0 } = options;
  return {
    type: "csv",
    options,
    accept,
    ...toPayload(options),
    start: (isFirst) => {
      const table = createCsvTable(options, isFirst ? 1 : Infinity);
      let row = "";
      let start = 0;
      const isInside = (): boolean => start > 0;
      const isSkipped = (line: string, number: number): boolean =>
        number <= skipLines || (comment !== undefined && line.startsWith(comment));
      return splitLines({
        read: (line, number) => {
          if (!isInside() && isSkipped(line, number)) return;
          // A line break between quotation marks belongs to the field.
          const isOpen = isInside() !== hasOddQuotes(line);
          row += isOpen ? `${line}\n` : line;
          if (isOpen) start ||= number;
          else {
            table.read(row, start || number);
            row = "";
            start = 0;
          }
        },
        end: () => {
          if (isInside()) table.read(row.slice(0, -1), start);
          return table.records();
        },
      });
    },
  };
}

/** Whether a line ends inside quotation marks if it begins outside. Doubled ones cancel each other. */
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
    comment: { type: "text", description: "The text that begins a line without data.", examples: ["#"] },
    skipLines: {
      type: "whole",
      minimum: 0,
      default: 0,
      description: "The number of lines before the header, such as the title of a report.",
    },
    footerRows: {
      type: "whole",
      minimum: 0,
      default: 0,
      description: "The number of rows at the end that are not records, such as a total.",
    },
    ragged: {
      type: "choice",
      choices: ["error", "fill"],
      default: "error",
      description:
        "What happens if a row has another number of fields than the header. `fill`: missing fields at the end are empty, and empty fields beyond the header are dropped.",
    },
    ...payloadRows(),
  },
  phrase: () => "CSV",
  format: {
    contentType: "text/csv",
    write: (records, { options, sample }) => {
      const { delimiter = ",", columns } = options as CsvOptions;
      // A record may lack a field. All records of the sample together have nearly all fields.
      const names = columns ?? [...new Set([...sample, ...records].map(toRow).flatMap(Object.keys))];
      const rows = records.map((record) => names.map((name) => toRow(record)[name] ?? null));
      return [...(columns ? [] : [names]), ...rows].map((row) => writeRow(row, delimiter)).join("");
    },
  },
  examples: [
    "csv",
    { type: "csv", delimiter: ";", columns: ["id", "name"] },
    { type: "csv", comment: "#", ragged: "fill", encoding: "utf-8" },
  ],
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

/** Turns the rows of a CSV body into records. */
interface CsvTable {
  /** Reads the next row, without its line feed. Throws a `ReadFailure` if the row does not fit the header. */
  readonly read: (row: string, line: number) => void;
  readonly records: () => readonly Readonly<Record<string, string>>[];
}

/**
 * Creates a table without rows. Unless columns are given, the first row names them. `retries` applies to a body that is not
 * CSV.
 */
function createCsvTable(
  { delimiter = ",", columns, footerRows = 0, ragged }: CsvOptions,
  retries: number,
): CsvTable {
  const records: Record<string, string>[] = [];
  const footer: (readonly [row: string, line: number])[] = [];
  let names = columns;
  let blank = toBlank(columns ?? []);
  const toRecord = (row: string, line: number): void => {
    try {
      readRow(row, line);
    } catch (error) {
      // The body is the page of a proxy or an error of the API, instead of CSV.
      if (records.length > 0 || !/^\s*[<{]/.test(row) || !isReadFailure(error)) throw error;
      throw new ReadFailure(DecodeError, error.code, error.message + titleOf(row), { retries });
    }
  };
  const readRow = (row: string, line: number): void => {
    // A copy: a slice would keep the whole received text in memory.
    const text = ` ${row}`.slice(1, row.endsWith("\r") ? -1 : undefined);
    if (!text && names?.length !== 1) return;
    const isFirst = names === columns && records.length === 0;
    if (isFirst && /^\s*<(!|\?xml|html)/i.test(text)) throw notCsv(line, "HTML or XML instead of a header");
    const fields = splitCsvRow(text, delimiter, line);
    if (!names) {
      checkHeader(fields, line);
      names = fields;
      blank = toBlank(names);
      return;
    }
    const isRagged = ragged === "fill" && fields.slice(names.length).every((field) => !field);
    if (fields.length !== names.length && !isRagged) {
      const wanted = columns ? `\`columns\` names ${names.length}` : `the header has ${names.length}`;
      throw notCsv(line, `${fields.length} fields, but ${wanted}`);
    }
    // The record already has the names, so `__proto__` is an ordinary name.
    const record = { ...blank };
    for (const [at, name] of names.entries()) record[name] = fields[at] ?? "";
    records.push(record);
  };
  return {
    read: (row, line) => {
      // Empty lines do not count as rows of the footer.
      if (footerRows && /^\r?$/.test(row)) return;
      footer.push([row, line]);
      for (const each of footer.splice(0, footer.length - footerRows)) toRecord(...each);
    },
    records: () => {
      if (names) return records;
      throw new ReadFailure(DecodeError, "NOT_CSV", "the body is empty: it has no header", {
        retries: Infinity,
      });
    },
  };
}

function toBlank(names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, ""]));
}

function checkHeader(names: readonly string[], line: number): void {
  if (names.length === 1 && /^\w+([;\t|]\w+)+$/.test(names[0] ?? ""))
    throw notCsv(line, "one column whose name holds another delimiter: set `delimiter`");
  const fix = "list the columns in `columns` if the first line does not name them";
  if (names.includes(""))
    throw notCsv(line, `no name for column ${names.indexOf("") + 1} in the header; ${fix}`);
  const twice = names.findIndex((name, at) => names.indexOf(name) < at);
  const first = names.indexOf(names[twice] ?? "") + 1;
  if (twice >= 0) throw notCsv(line, `one name for columns ${first} and ${twice + 1} in the header; ${fix}`);
}

/**
 * Splits a row into fields (RFC 4180 §2). `line` is the number of the line in the body. Throws a `ReadFailure` for misplaced
 * quotes.
 */
function splitCsvRow(row: string, delimiter: string, line: number): readonly string[] {
  if (!/["\r]/.test(row)) return row.split(delimiter);
  const fields: string[] = [];
  for (let at = 0; ;) {
    const here = (what: string, retries = 0): ReadFailure =>
      notCsv(`${line}, column ${at + 1}`, what, retries);
    const isQuoted = row[at] === '"';
    const { field, end } = isQuoted ? readQuoted(row, at) : readPlain(row, at, delimiter);
    if (field === undefined)
      throw isQuoted
        ? here("a quoted field that does not end", Infinity)
        : here("a quotation mark or a carriage return in a field without quotes");
    fields.push(field);
    if (end >= row.length) return fields;
    if (!row.startsWith(delimiter, end)) throw here("text after the quotation mark that ends a field");
    at = end + delimiter.length;
  }
}

/** A field, which is `undefined` if it is malformed, and its end. */
interface Field {
  readonly field: string | undefined;
  readonly end: number;
}

function readQuoted(row: string, at: number): Field {
  let field = "";
  for (let start = at + 1; ;) {
    const end = row.indexOf('"', start);
    if (end < 0) return { field: undefined, end };
    field += row.slice(start, end);
    if (row[end + 1] !== '"') return { field, end: end + 1 };
    field += '"';
    start = end + 2;
  }
}

function readPlain(row: string, at: number, delimiter: string): Field {
  const found = row.indexOf(delimiter, at);
  const end = found < 0 ? row.length : found;
  const field = row.slice(at, end);
  return { field: /["\r]/.test(field) ? undefined : field, end };
}

/** Creates a failure that does not quote the body. Only a truncated body and the page of a proxy are worth a retry. */
function notCsv(line: number | string, what: string, retries = 0): ReadFailure {
  return new ReadFailure(DecodeError, "NOT_CSV", `line ${line} of the body has ${what}`, { retries });
}

import { DecodeError, ReadFailure } from "../errors.js";
import type { Decoder } from "./decoder.js";
import { checkEnd } from "./lines.js";
import type { JsonValue } from "../json.js";
import { defineKind, type Kind } from "../kind.js";

/** The properties of CSV that the body does not state. */
export interface CsvOptions {
  /** The character between fields. Default `,`. */
  readonly delimiter?: string | undefined;
  /** The names of the columns, if the first line does not hold them. */
  readonly columns?: readonly string[] | undefined;
}

const accept = "text/csv, */*;q=0.1";

/**
 * Decodes CSV (RFC 4180): each row becomes an object of texts by column, and the body is their list. Lines end with LF or
 * CRLF. Empty lines are skipped if there is more than one column.
 */
export function csv(options: CsvOptions = {}): Decoder {
  const { delimiter = ",", columns } = options;
  return {
    type: "csv",
    options,
    accept,
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
        end: (isOpenEnded) => {
          if (rest) table.read(rest);
          checkEnd(rest, isOpenEnded);
          return table.records();
        },
      };
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

/** Turns the rows of a CSV body into records. */
interface CsvTable {
  /** Reads the next row, without its line feed. Throws a `ReadFailure` if the row does not fit the header. */
  readonly read: (row: string) => void;
  readonly records: () => readonly Readonly<Record<string, string>>[];
}

/** Creates a table without rows. Unless columns are given, the first row names them. */
function createCsvTable(delimiter: string, columns: readonly string[] | undefined): CsvTable {
  const records: Record<string, string>[] = [];
  let names = columns;
  let blank = toBlank(columns ?? []);
  let count = 0;
  return {
    read: (row) => {
      count++;
      // A copy: a slice would keep the whole received text in memory.
      const text = ` ${row}`.slice(1, row.endsWith("\r") ? -1 : undefined);
      if (!text && names?.length !== 1) return;
      const fields = splitCsvRow(text, delimiter, `row ${count} of the body`);
      if (!names) {
        checkHeader(fields, count);
        names = fields;
        blank = toBlank(names);
      } else if (fields.length === names.length) {
        // The names exist already, so that `__proto__` is an ordinary name.
        const record = { ...blank };
        for (const [at, name] of names.entries()) record[name] = fields[at] ?? "";
        records.push(record);
      } else {
        const wanted = columns ? `\`columns\` names ${names.length}` : `the header has ${names.length}`;
        throw notCsv(`row ${count} of the body has ${fields.length} fields, but ${wanted}`);
      }
    },
    records: () => {
      if (names) return records;
      throw notCsv("the body is empty: it has no header");
    },
  };
}

function toBlank(names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, ""]));
}

function checkHeader(names: readonly string[], row: number): void {
  const header = `the header of the body (row ${row})`;
  if (/^\s*<(!|\?xml|html)/i.test(names[0] ?? "")) throw notCsv(`${header} is not CSV but HTML or XML`);
  const fix = "list the columns in `columns` if the first line does not name them";
  if (names.includes("")) throw notCsv(`${header} has no name for column ${names.indexOf("") + 1}; ${fix}`);
  const twice = names.findIndex((name, at) => names.indexOf(name) < at);
  if (twice >= 0)
    throw notCsv(
      `${header} has one name for columns ${names.indexOf(names[twice] ?? "") + 1} and ${twice + 1}; ${fix}`,
    );
}

/** Splits a row into fields (RFC 4180 §2). `where` names the row in messages. Throws a `ReadFailure` for misplaced quotes. */
function splitCsvRow(row: string, delimiter: string, where: string): readonly string[] {
  if (!/["\r]/.test(row)) return row.split(delimiter);
  const fields: string[] = [];
  for (let at = 0; ;) {
    const { field, end } = row[at] === '"' ? readQuoted(row, at, where) : readPlain(row, at, delimiter);
    if (field === undefined)
      throw notCsv(`${where} has a quotation mark or a carriage return in a field without quotes`);
    fields.push(field);
    if (end >= row.length) return fields;
    if (!row.startsWith(delimiter, end))
      throw notCsv(`${where} has text after the quotation mark that ends a field`);
    at = end + delimiter.length;
  }
}

/** A field, or `undefined` if it is malformed, and its end. */
interface Field {
  readonly field: string | undefined;
  readonly end: number;
}

function readQuoted(row: string, at: number, where: string): Field {
  let field = "";
  for (let start = at + 1; ;) {
    const end = row.indexOf('"', start);
    if (end < 0) throw notCsv(`${where} has a quoted field that does not end`);
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

/** A failure that does not quote the body. A truncated body is worth a retry. */
function notCsv(message: string): ReadFailure {
  return new ReadFailure(DecodeError, "NOT_CSV", message, { retries: Infinity });
}

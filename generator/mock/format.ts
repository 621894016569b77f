import type { CallIr, JsonIr } from "../ir/source-ir.js";
import type { MakeRecord } from "./data/records.js";
import { isList, isObject } from "./json.js";

/** Format of response bodies. */
export interface Format {
  readonly contentType: string;
  readonly print: (body: JsonIr) => string;
}

/** Returns the format for a decoder, or JSON without one. CSV columns come from the first records. Throws for an unknown decoder. */
export function compileFormat(decode: CallIr | undefined, record: MakeRecord): Format {
  if (!decode) return { contentType: "application/json", print: (body) => JSON.stringify(body) };
  if (decode.type === "jsonl") return { contentType: "application/x-ndjson", print: printLines };
  if (decode.type === "csv") {
    // One record may lack fields; together, several records have nearly all of them.
    const rows = Array.from({ length: 20 }, (_, index) => toRow(record(index)));
    const names = [...new Set(rows.flatMap(Object.keys))];
    return { contentType: "text/csv", print: (body) => printCsv(body, { ...decode.options, names }) };
  }
  throw new Error(`the mock server does not know the decoder "${decode.type}"`);
}

/** Returns the rows of a body. A body that is not a list is a single row. */
function rowsOf(body: JsonIr): readonly JsonIr[] {
  return isList(body) ? body : [body];
}

function printLines(body: JsonIr): string {
  return rowsOf(body)
    .map((row) => `${JSON.stringify(row)}\n`)
    .join("");
}

function toRow(record: JsonIr): Readonly<Record<string, JsonIr>> {
  return isObject(record) ? record : { value: record };
}

/** Prints CSV without a header line if the options name the columns. */
function printCsv(
  body: JsonIr,
  { delimiter, columns, names }: CallIr["options"] & { readonly names: readonly string[] },
): string {
  const comma = typeof delimiter === "string" ? delimiter : ",";
  const named = Array.isArray(columns) ? columns.map(String) : undefined;
  const lines = rowsOf(body).map((row) => (named ?? names).map((name) => toRow(row)[name] ?? null));
  const all: readonly (readonly JsonIr[])[] = named ? lines : [names, ...lines];
  return all.map((line) => `${line.map((value) => printCell(value, comma)).join(comma)}\r\n`).join("");
}

function printCell(value: JsonIr, delimiter: string): string {
  const text = value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);
  return /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
}

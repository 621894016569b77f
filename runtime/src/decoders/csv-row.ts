import { DecodeError, Fault } from "../errors.js";

/** The fields of a row (RFC 4180 §2); `where` is the row for messages. Throws a `Fault` where quotes are astray. */
export function splitCsvRow(row: string, delimiter: string, where: string): readonly string[] {
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

/** A field, where it is well-formed, and where it ends. */
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

/** Says what of a body is no CSV, without a word of it. What was cut is worth another try. */
export function notCsv(message: string): Fault {
  return new Fault(DecodeError, "NOT_CSV", message, { retries: Infinity });
}

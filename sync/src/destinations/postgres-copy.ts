import { once } from "node:events";
import type { Writable } from "node:stream";
import type { Cell, ColumnType, RowBatch, TableName, TextPart } from "../destination.js";
import { columnList, tableRef } from "../sql.js";
import { parseTimestamp, toIso } from "../tables/timestamp.js";
import { cellReader, cellWriter } from "./cell-text.js";
import type { Sql } from "./postgres-session.js";

/** A `COPY` whose stream has started. */
type PendingCopy = ReturnType<Sql["unsafe"]> & { reject: (error: unknown) => void };

/** Adds parts to a table. Consecutive parts with the same columns share one `COPY`. */
export async function copyParts(sql: Sql, table: TableName, parts: readonly TextPart[]): Promise<void> {
  let start = 0;
  while (start < parts.length) {
    const columns = namesOf(parts[start]);
    let end = start + 1;
    while (end < parts.length && namesOf(parts[end]) === columns) end++;
    await copyTexts(
      sql,
      `copy ${tableRef(table)} (${columns}) from stdin`,
      parts.slice(start, end).flatMap(({ texts }) => texts),
    );
    start = end;
  }
}

function namesOf(part: TextPart | undefined): string {
  return columnList(part?.columns.map(({ name }) => name) ?? []);
}

async function copyTexts(sql: Sql, command: string, texts: readonly Uint8Array[]): Promise<void> {
  const query = sql.unsafe(command) as PendingCopy;
  const stream: Writable = await query.writable();
  const ended = new Promise<void>((resolve, reject) => {
    stream.once("finish", resolve).once("error", reject);
    // The driver reports errors after the end of the stream to the query only.
    query.reject = reject;
  });
  // The error is thrown below. Without this handler, it would be unhandled until then.
  ended.catch(() => undefined);
  for (const text of texts) {
    if (!stream.write(text)) await Promise.race([once(stream, "drain"), ended]);
  }
  stream.end();
  await ended;
}

/** Writes rows as the text of a `COPY`. */
export function writeLines({ columns, values, count }: RowBatch): readonly [string] {
  const fields = columns.map(({ type }, index) => {
    const write = fieldWriter(type);
    const cells = values[index] ?? [];
    return (row: number): string => {
      const cell = cells[row] ?? null;
      return cell === null ? "\\N" : write(cell);
    };
  });
  let lines = "";
  for (let row = 0; row < count; row++) {
    let field = "";
    for (const fieldOf of fields) {
      lines += field + fieldOf(row);
      field = "\t";
    }
    lines += "\n";
  }
  return [lines];
}

/** Returns the rows that `writeLines` received. */
export function readLines({ columns, count, texts }: TextPart): RowBatch {
  const [text = new Uint8Array()] = texts;
  const lines = Buffer.from(text).toString().split("\n").slice(0, count);
  const fields = lines.map((line) => line.split("\t"));
  const values = columns.map(({ type }, index) => {
    const read = fieldReader(type);
    return fields.map((row): Cell => {
      const field = row[index] ?? "\\N";
      return field === "\\N" ? null : read(field);
    });
  });
  return { columns, count, values };
}

type Write = (cell: Cell) => string;

/** Returns the function that writes a cell as a field. */
function fieldWriter(type: ColumnType): Write {
  switch (type) {
    case "timestamp":
      return (cell) => toIso(cell as bigint);
    case "binary":
      return (cell) => `\\\\x${Buffer.from(cell as Uint8Array).toString("hex")}`;
    default:
      return cellWriter(type) ?? ((cell) => escape(cell as string));
  }
}

/** Returns the function that reads what `fieldWriter` wrote. */
function fieldReader(type: ColumnType): (field: string) => Cell {
  const read = cellReader(type);
  switch (type) {
    case "timestamp":
      return (field) => parseTimestamp(field) ?? null;
    case "binary":
      return (field) => read(field.slice("\\\\x".length));
    default:
      return (field) => read(field.replace(/\\(.)/g, (_, char: string) => unescapes[char] ?? char));
  }
}

function escape(text: string): string {
  return /[\\\n\r\t]/.test(text) ? text.replace(/[\\\n\r\t]/g, (char) => escapes[char] ?? char) : text;
}

const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
const unescapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

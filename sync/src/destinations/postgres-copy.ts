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

/** Memory for the text of some rows. It grows with them, but large memory is not kept for others. */
let memory = Buffer.allocUnsafe(0);
const memorySizes = { least: 512 * 1024, mostKept: 4 * 1024 * 1024 };

const newline = 10;

/** Makes room for a line after the bytes that are in use. */
function makeRoom(line: string, used: number): void {
  // No character has more than three bytes in UTF-8 per unit of its length. To count the bytes takes longer.
  if (used + 3 * line.length < memory.length) return;
  const needed = used + Buffer.byteLength(line) + 1;
  if (needed <= memory.length) return;
  const grown = Buffer.allocUnsafe(Math.max(memorySizes.least, Math.ceil(1.5 * needed)));
  grown.set(memory.subarray(0, used));
  memory = grown;
}

/**
 * Writes rows as the text of a `COPY`. Each row becomes bytes before the next one is written: one text of all rows takes longer. The
 * bytes are valid until the next call.
 */
export function writeLines({ columns, values, count }: RowBatch): readonly [Uint8Array] {
  const fields = columns.map(({ type }, index) => writeColumn(type, values[index] ?? [], count));
  if (memory.length > memorySizes.mostKept) memory = Buffer.allocUnsafe(0);
  // It is filled again for each row.
  const line: string[] = [];
  let size = 0;
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < fields.length; column++) line[column] = fields[column]?.[row] ?? "\\N";
    const text = line.join("\t");
    makeRoom(text, size);
    size += memory.write(text, size);
    memory[size++] = newline;
  }
  return [memory.subarray(0, size)];
}

/** Writes the cells of a column as fields. A hole is a missing value. */
function writeColumn(
  type: ColumnType,
  cells: RowBatch["values"][number],
  count: number,
): readonly (string | null | undefined)[] {
  const write = fieldWriter(type);
  if (!write && !needsEscapes((cells as readonly string[]).join(""))) return cells as readonly string[];
  const fields: (string | null)[] = [];
  for (let row = 0; row < count; row++) {
    const cell = cells[row] ?? null;
    fields.push(cell === null ? null : write ? write(cell) : escape(cell as string));
  }
  return fields;
}

/** Whether a text has one of the characters that `escape` replaces. Four searches are faster than a pattern. */
function needsEscapes(text: string): boolean {
  return text.includes("\\") || text.includes("\n") || text.includes("\r") || text.includes("\t");
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

/** Returns the function that writes a cell as a field, or `undefined` if cells are texts. */
function fieldWriter(type: ColumnType): Write | undefined {
  switch (type) {
    case "bigint":
      return writeInteger;
    case "timestamp":
      return (cell) => toIso(cell as bigint);
    case "binary":
      return (cell) => `\\\\x${Buffer.from(cell as Uint8Array).toString("hex")}`;
    default:
      return cellWriter(type);
  }
}

/** Writes an integer. The digits of a number take less time than those of a `bigint`. */
function writeInteger(cell: Cell): string {
  if (typeof cell === "number") return String(cell);
  const number = Number(cell);
  return Number.isSafeInteger(number) ? String(number) : String(cell);
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
  return text.replace(/[\\\n\r\t]/g, (char) => escapes[char] ?? char);
}

const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
const unescapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

import { once } from "node:events";
import type { Writable } from "node:stream";
import type { Cell, ColumnType, NormalizedRows, RowBatch, TableName, TextPart } from "../destination.js";
import { columnList, tableRef } from "../sql.js";
import { parseTimestamp, toIso } from "../tables/timestamp.js";
import { cellReader, cellWriter, readField, viewOf, writeFields, type Fields } from "../tables/cell-text.js";
import { createRowHasher, hashLength, spareBytes, type RowHasher } from "../tables/row-hash.js";
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
let view = viewOf(memory);

function replaceMemory(next: typeof memory): void {
  memory = next;
  view = viewOf(next);
}

const memorySizes = { least: 512 * 1024, mostKept: 4 * 1024 * 1024 };

const newline = 10;

/** Makes room for a line after the bytes that are in use. */
function makeRoom(line: string, used: number): void {
  // No character has more than three bytes in UTF-8 per unit of its length. To count the bytes takes longer.
  if (used + 3 * line.length + spareBytes < memory.length) return;
  const needed = used + Buffer.byteLength(line) + 1 + spareBytes;
  if (needed <= memory.length) return;
  const grown = Buffer.allocUnsafe(Math.max(memorySizes.least, Math.ceil(1.5 * needed)));
  grown.set(memory.subarray(0, used));
  replaceMemory(grown);
}

/** The field of a missing value. */
const missing = "\\N";

/**
 * Writes rows as the text of a `COPY`, with their hashes. Each row becomes bytes before the next one is written: one text of all rows
 * takes longer. The bytes are valid until the next call.
 */
export function writeLines(rows: RowBatch | NormalizedRows): readonly [Uint8Array] {
  const { columns, values, count } = rows;
  const { technical, hasHashes } = "technical" in rows ? rows : { technical: 0, hasHashes: false };
  const fields = columns.map(({ type }, index) => {
    const cells = values[index] ?? [];
    // The texts of technical columns need no escapes.
    const isField = index < technical && type === "text";
    return isField ? (cells as Fields) : writeFields(cells, count, fieldWriter(type));
  });
  const hasher = hasHashes ? createRowHasher(columns.slice(technical)) : undefined;
  if (memory.length > memorySizes.mostKept) replaceMemory(Buffer.allocUnsafe(0));
  // It is filled again for each row.
  const line: string[] = [];
  let size = 0;
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < fields.length; column++) line[column] = fields[column]?.[row] ?? missing;
    const isHashed = hasher !== undefined && line[technical - 1] === missing;
    if (isHashed) line[technical - 1] = roomForHash;
    const text = line.join("\t");
    makeRoom(text, size);
    const end = size + memory.write(text, size);
    if (isHashed) writeHash(hasher, { line, technical, start: size, isAscii: end - size === text.length });
    size = end;
    memory[size++] = newline;
  }
  return [memory.subarray(0, size)];
}

const roomForHash = " ".repeat(hashLength);

interface Line {
  readonly line: readonly string[];
  readonly technical: number;
  /** The place of the line in `memory`. */
  readonly start: number;
  readonly isAscii: boolean;
}

/** Hashes the fields of a line in `memory`, and writes the hash to the last technical field. */
function writeHash(hasher: RowHasher, { line, technical, start, isAscii }: Line): void {
  let at = start;
  for (let column = 0; column < technical; column++) at += (line[column]?.length ?? 0) + 1;
  const place = at - 1 - hashLength;
  hasher.start(view);
  for (let column = technical; column < line.length; column++) {
    const field = line[column] ?? "";
    const end = at + (isAscii ? field.length : Buffer.byteLength(field));
    if (field !== missing) hasher.add(column - technical, at, end);
    at = end + 1;
  }
  hasher.write(view, place);
}

/** Returns the rows that `writeLines` received. */
export function readLines({ columns, count, texts }: TextPart): RowBatch {
  const [text = new Uint8Array()] = texts;
  const lines = Buffer.from(text).toString().split("\n").slice(0, count);
  const fields = lines.map((line) => line.split("\t"));
  const values = columns.map(({ type }, index) => {
    const read = fieldReader(type);
    return fields.map((row): Cell => {
      const field = row[index] ?? missing;
      return field === missing ? null : read(field);
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
      return (field) => read(readField(field));
  }
}

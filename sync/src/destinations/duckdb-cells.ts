import type { Cell, Column, ColumnType, RowBatch, TextPart } from "../destination.js";
import { cellReader, cellWriter, lengthsOf, viewOf } from "../tables/cell-text.js";

// The cells of a column wait in the form that DuckDB holds in memory: numbers as they are, and texts one after the other.

/** Number of pieces per column: the bytes of its cells, their lengths, and a mark for each missing one. */
const piecesPerColumn = 3;

/** The cells of one column of a part. */
export interface PackedCells {
  /** All cells, or a single one if all are equal and have no lengths. */
  readonly bytes: Uint8Array;
  /** Integers of 32 bits. Empty for numbers, and for equal cells. */
  readonly lengths: Uint8Array;
  /** A byte for each cell, 1 if it is missing. Empty if none is. */
  readonly missing: Uint8Array;
}

/** The number of bytes of a cell, by type of column. The cells of other types are texts or bytes of any length. */
export const cellWidths: Readonly<Partial<Record<ColumnType, number>>> = {
  bigint: 8,
  timestamp: 8,
  double: 8,
  bool: 1,
};

/**
 * Maximum length of the texts of a part, in characters. Rows with longer texts wait as values, because a part must fit
 * into DuckDB's memory.
 */
const maxLength = 8_000_000;

/** Packs the cells of each column. Returns `undefined` for rows that only `load` can add. */
export function writeCells({
  columns,
  values,
  count,
}: RowBatch): readonly (string | Uint8Array)[] | undefined {
  const pieces: (string | Uint8Array)[] = [];
  let length = 0;
  for (const [index, column] of columns.entries()) {
    const cells = values[index] ?? [];
    const missing = markMissing(cells, count);
    const written =
      column.type in cellWidths ? writeNumbers(column, cells, count) : writeTexts(column, cells, count);
    if (!written) return undefined;
    length += written.bytes.length;
    pieces.push(written.bytes, written.lengths, missing);
  }
  return length > maxLength ? undefined : pieces;
}

type Cells = RowBatch["values"][number];

interface Written {
  readonly bytes: string | Uint8Array;
  readonly lengths: Uint8Array;
}

const none = new Uint8Array(0);

function markMissing(cells: Cells, count: number): Uint8Array {
  let marks = none;
  for (let row = 0; row < count; row++) {
    if (cells[row] != null) continue;
    if (marks === none) marks = new Uint8Array(count);
    marks[row] = 1;
  }
  return marks;
}

function writeNumbers({ type }: Column, cells: Cells, count: number): Written {
  if (type === "bool")
    return { bytes: Uint8Array.from({ length: count }, (_, row) => Number(cells[row] ?? 0)), lengths: none };
  if (type === "double") {
    const doubles = new Float64Array(count);
    for (let row = 0; row < count; row++) doubles[row] = (cells[row] ?? 0) as number;
    return { bytes: bytesOf(doubles), lengths: none };
  }
  return { bytes: writeIntegers(cells, count), lengths: none };
}

/** Writes integers of 64 bits. Those that are numbers become two words, which takes less time than a `bigint`. */
function writeIntegers(cells: Cells, count: number): Uint8Array {
  const integers = new BigInt64Array(count);
  const words = new Int32Array(integers.buffer);
  for (let row = 0; row < count; row++) {
    const cell = cells[row] ?? 0;
    if (typeof cell === "number") {
      words[2 * row] = cell;
      words[2 * row + 1] = Math.floor(cell / 2 ** 32);
    } else integers[row] = cell as bigint;
  }
  return bytesOf(integers);
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array | BigInt64Array | Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function writeTexts({ type }: Column, cells: Cells, count: number): Written | undefined {
  if (type === "binary") return writeBinary(cells, count);
  const write = cellWriter(type);
  const texts: string[] = [];
  let areEqual = true;
  for (let row = 0; row < count; row++) {
    const cell = cells[row] ?? null;
    const text = cell === null ? "" : write ? write(cell) : (cell as string);
    texts.push(text);
    areEqual = areEqual && text === texts[0];
  }
  const [first = ""] = texts;
  const bytes = areEqual ? first : texts.join("");
  // DuckDB does not accept all JSON escapes that JavaScript accepts.
  if (type === "json" && bytes.includes("\\u")) return undefined;
  if (areEqual) return { bytes, lengths: none };
  const lengths = lengthsOf(texts, { joined: bytes, missing: 0 });
  return lengths && { bytes, lengths: bytesOf(lengths) };
}

function writeBinary(cells: Cells, count: number): Written {
  const parts = Array.from({ length: count }, (_, row) => (cells[row] ?? none) as Uint8Array);
  return { bytes: Buffer.concat(parts), lengths: bytesOf(Int32Array.from(parts, ({ length }) => length)) };
}

/** Returns the packed cells of each column. */
export function packedCellsOf({ columns, texts }: TextPart): readonly PackedCells[] {
  return columns.map((_, index) => {
    const [bytes = none, lengths = none, missing = none] = texts.slice(index * piecesPerColumn);
    return { bytes, lengths, missing };
  });
}

/** Returns the rows that `writeCells` received. */
export function readCells(part: TextPart): RowBatch {
  const { columns, count } = part;
  const packed = packedCellsOf(part);
  const values = columns.map(({ type }, index): readonly Cell[] => {
    const cells = packed[index];
    if (!cells) return [];
    const read = cellsReader(type, cells);
    return Array.from({ length: count }, (_, row) => (cells.missing[row] === 1 ? null : read(row)));
  });
  return { columns, count, values };
}

/** Returns a function that reads the cells of a column one by one, in order. */
function cellsReader(type: ColumnType, { bytes, lengths }: PackedCells): (row: number) => Cell {
  const view = viewOf(bytes);
  switch (type) {
    case "bigint":
    case "timestamp":
      return (row) => view.getBigInt64(row * 8, true);
    case "double":
      return (row) => view.getFloat64(row * 8, true);
    case "bool":
      return (row) => bytes[row] === 1;
    default:
      return textsReader(type, { bytes, lengths });
  }
}

function textsReader(
  type: ColumnType,
  { bytes, lengths }: Pick<PackedCells, "bytes" | "lengths">,
): (row: number) => Cell {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const view = viewOf(lengths);
  const toCell = cellReader(type);
  let at = 0;
  return (row) => {
    const start = at;
    const end = lengths.length === 0 ? buffer.length : (at += view.getUint32(row * 4, true));
    if (type === "binary") return Buffer.from(buffer.subarray(start, end));
    return toCell(buffer.toString("utf8", start, end));
  };
}

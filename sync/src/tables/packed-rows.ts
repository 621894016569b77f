import { deserialize, serialize } from "node:v8";
import type { ColumnType, NormalizedRows, RowBatch, TextLoader, TextPart } from "../destination.js";
import { withHashes } from "./row-hash.js";
import { takeRows, type TableState } from "./table.js";

/**
 * Rows as bytes outside the JavaScript heap. Rows wait in this form. As objects, they would survive collections of the
 * young generation, and the heap would grow to several times the size of the rows.
 */
export interface PackedRows {
  readonly columns: RowBatch["columns"];
  readonly count: number;
  readonly pages: readonly PageRun[];
  readonly bytes: Uint8Array;
  /** The sizes of the destination's texts in `bytes`. Absent: `bytes` are serialized values. */
  readonly sizes?: readonly number[] | undefined;
}

/** Rows of the same page that follow each other. */
interface PageRun {
  readonly page: number;
  count: number;
}

/** Rows with the page of each row. */
export interface PagedRows {
  readonly rows: RowBatch | NormalizedRows;
  readonly pages: readonly number[];
}

/** Options of packing. */
interface Packing {
  /** Default: rows are packed as values. */
  readonly texts?: TextLoader | undefined;
  /** Returns memory of a size. Default: new memory. */
  readonly take?: (size: number) => Uint8Array;
}

/** Packs rows. */
export function packRows(
  { rows, pages }: PagedRows,
  { texts, take = (size) => new Uint8Array(size) }: Packing = {},
): PackedRows {
  const lacksHashes = "hasHashes" in rows && rows.hasHashes && texts?.addsHashes !== true;
  const complete = lacksHashes ? withHashes(rows) : rows;
  const { columns, count, values } = complete;
  const packed = { columns, count, pages: toRuns(pages) };
  const written = texts?.write(complete);
  if (written) return { ...packed, ...writeTexts(written, take) };
  const serialized = serialize(columns.map(({ type }, index) => toBigints(type, values[index] ?? [])));
  const bytes = take(serialized.length);
  bytes.set(serialized);
  return { ...packed, bytes };
}

/** Makes the cells of a column of integers `bigint`, as destinations expect them. */
function toBigints(type: ColumnType, cells: RowBatch["values"][number]): RowBatch["values"][number] {
  if (type !== "bigint" && type !== "wei") return cells;
  return cells.map((cell) => (typeof cell === "number" ? BigInt(cell) : cell));
}

function writeTexts(
  texts: readonly (string | Uint8Array)[],
  take: (size: number) => Uint8Array,
): Pick<PackedRows, "bytes" | "sizes"> {
  const sizes = texts.map((text) => Buffer.byteLength(text));
  const bytes = take(sizes.reduce((sum, size) => sum + size, 0));
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  for (const [index, text] of texts.entries()) {
    if (typeof text === "string") buffer.write(text, at);
    else buffer.set(text, at);
    at += sizes[index] ?? 0;
  }
  return { bytes, sizes };
}

function toRuns(pages: readonly number[]): readonly PageRun[] {
  const runs: PageRun[] = [];
  for (const page of pages) {
    const last = runs.at(-1);
    if (last?.page === page) last.count++;
    else runs.push({ page, count: 1 });
  }
  return runs;
}

/** A pool of reusable memory. The garbage collector would free it too late. */
interface Pool {
  readonly take: (size: number) => Uint8Array;
  /** Returns memory to the pool. */
  readonly free: (bytes: Uint8Array) => void;
}

/** The unit in which a pool reserves memory, in bytes. */
const poolUnit = 16 * 1024;

function createPool(): Pool {
  const unused: ArrayBuffer[] = [];
  return {
    take: (size) => {
      const place = unused.findIndex(({ byteLength }) => byteLength >= size);
      const [found] = place < 0 ? [] : unused.splice(place, 1);
      const memory = found ?? new ArrayBuffer(Math.ceil(size / poolUnit) * poolUnit);
      return new Uint8Array(memory, 0, size);
    },
    free: ({ buffer }) => {
      unused.push(buffer as ArrayBuffer);
    },
  };
}

/** Counts the rows of parts. */
export function countRows(parts: readonly Pick<PackedRows, "count">[]): number {
  return parts.reduce((sum, { count }) => sum + count, 0);
}

/** Returns the texts of packed rows, or `undefined` if they are packed as values. */
export function textPartOf({ columns, count, bytes, sizes }: PackedRows): TextPart | undefined {
  if (!sizes) return undefined;
  let at = 0;
  const texts = sizes.map((size) => bytes.subarray(at, (at += size)));
  return { columns, count, texts };
}

/** Returns the rows that `packRows` received, without their pages. */
export function unpackRows(packed: PackedRows, loader?: TextLoader): RowBatch {
  const part = textPartOf(packed);
  if (part && loader) return loader.read(part);
  const { columns, count, bytes } = packed;
  return { columns, count, values: deserialize(bytes) as RowBatch["values"] };
}

/** Returns the columns of all parts. */
export function columnsOf(parts: readonly Pick<PackedRows, "columns">[]): RowBatch["columns"] {
  return [...new Set(parts.flatMap(({ columns }) => columns))];
}

/** Returns the rows of all parts as one. A column that a part lacks has no values there. */
export function unpackAll(parts: readonly PackedRows[], loader?: TextLoader): PagedRows {
  const columns = columnsOf(parts);
  const values = columns.map((): RowBatch["values"][number][number][] => []);
  for (const part of parts) {
    const rows = unpackRows(part, loader);
    for (const [index, column] of columns.entries()) {
      const own = rows.values[rows.columns.indexOf(column)] ?? [];
      for (let row = 0; row < rows.count; row++) values[index]?.push(own[row]);
    }
  }
  const pages = parts.flatMap((part) =>
    part.pages.flatMap(({ page, count }) => Array.from({ length: count }, () => page)),
  );
  return { rows: { columns, values, count: pages.length }, pages };
}

/** The rows of the tables of one resource that wait for the next transaction. */
export interface WaitingRows {
  /** Packs the rows of the tables, if there are enough of them, or if they are large. */
  readonly pack: () => void;
  readonly count: () => number;
  /** The number of rows of the table that has most of them. */
  readonly greatest: () => number;
  readonly bytes: () => number;
  /** Returns the rows of each table, and removes them. */
  readonly take: () => ReadonlyMap<TableState, readonly PackedRows[]>;
  /** Frees the memory of rows that have been written. */
  readonly free: (rows: PackedRows) => void;
}

/** Rows are packed once there are so many of them, or once their cells have so many characters and bytes. */
const packAt = { rows: 1000, size: 1024 * 1024 };

/** Creates the waiting rows of tables. The list of tables may grow. */
export function createWaitingRows(tables: readonly TableState[], texts?: TextLoader): WaitingRows {
  const pool = createPool();
  let packed = new Map<TableState, PackedRows[]>();
  let count = 0;
  let bytes = 0;
  const loose = (): number => tables.reduce((sum, table) => sum + table.count, 0);
  const packAll = (): void => {
    for (const table of tables) {
      if (table.count === 0) continue;
      const rows = packRows(takeRows(table), { texts, take: pool.take });
      count += rows.count;
      bytes += rows.bytes.length;
      packed.set(table, [...(packed.get(table) ?? []), rows]);
    }
  };
  return {
    pack: () => {
      const size = tables.reduce((sum, table) => sum + table.size, 0);
      if (loose() >= packAt.rows || size >= packAt.size) packAll();
    },
    count: () => count + loose(),
    greatest: () => Math.max(...tables.map((table) => table.count + countRows(packed.get(table) ?? []))),
    bytes: () => bytes,
    take: () => {
      packAll();
      const all = packed;
      packed = new Map<TableState, PackedRows[]>();
      count = bytes = 0;
      return all;
    },
    free: ({ bytes: memory }) => {
      pool.free(memory);
    },
  };
}

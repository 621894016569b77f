import { deserialize, serialize } from "node:v8";
import type { RowBatch } from "../destination.js";
import { takeRows, type TableState } from "./table.js";

/**
 * Rows as bytes outside the JavaScript heap. Rows wait in this form: as objects, they would outlive the collections of young
 * objects, and the heap would grow to several times the size of the rows.
 */
export interface PackedRows {
  readonly columns: RowBatch["columns"];
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** Rows with the page of each row. */
export interface PagedRows {
  readonly rows: RowBatch;
  readonly pages: readonly number[];
}

/** Packs rows. `keep` moves the bytes to where they wait. */
export function packRows(
  { rows: { columns, count, values }, pages }: PagedRows,
  keep: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes,
): PackedRows {
  return { columns, count, bytes: keep(serialize([values, pages])) };
}

/** Memory that is used again. The garbage collector finds what is free too late. */
interface Pool {
  readonly copy: (bytes: Uint8Array) => Uint8Array;
  /** Takes the memory of a copy back. */
  readonly free: (copy: Uint8Array) => void;
}

/** The unit in which a pool reserves memory, in bytes. */
const poolUnit = 128 * 1024;

function createPool(): Pool {
  const unused: ArrayBuffer[] = [];
  return {
    copy: (bytes) => {
      const place = unused.findIndex(({ byteLength }) => byteLength >= bytes.length);
      const [found] = place < 0 ? [] : unused.splice(place, 1);
      const memory = found ?? new ArrayBuffer(Math.ceil(bytes.length / poolUnit) * poolUnit);
      const copy = new Uint8Array(memory, 0, bytes.length);
      copy.set(bytes);
      return copy;
    },
    free: ({ buffer }) => {
      unused.push(buffer as ArrayBuffer);
    },
  };
}

/** Returns the rows that `packRows` got. */
export function unpackRows({ columns, count, bytes }: PackedRows): PagedRows {
  const [values, pages] = deserialize(bytes) as [RowBatch["values"], readonly number[]];
  return { rows: { columns, count, values }, pages };
}

/** Returns the rows of each part when it is asked for. */
export function* unpackEach(parts: readonly PackedRows[]): Generator<RowBatch> {
  for (const part of parts) yield unpackRows(part).rows;
}

/** Returns the columns of all parts. */
export function columnsOf(parts: readonly PackedRows[]): RowBatch["columns"] {
  return [...new Set(parts.flatMap(({ columns }) => columns))];
}

/** Returns the rows of all parts as one. A column that a part lacks has no values there. */
export function unpackAll(parts: readonly PackedRows[]): PagedRows {
  const columns = columnsOf(parts);
  const values = columns.map((): RowBatch["values"][number][number][] => []);
  const pages: number[] = [];
  for (const part of parts) {
    const { rows, pages: more } = unpackRows(part);
    for (const [index, column] of columns.entries()) {
      const own = rows.values[rows.columns.indexOf(column)] ?? [];
      for (let row = 0; row < rows.count; row++) values[index]?.push(own[row]);
    }
    pages.push(...more);
  }
  return { rows: { columns, values, count: pages.length }, pages };
}

/** The rows of the tables of one resource that wait for the next transaction. */
export interface WaitingRows {
  /** Packs the rows of the tables, if there are enough of them. */
  readonly pack: () => void;
  readonly count: () => number;
  readonly bytes: () => number;
  /** Returns the rows of each table, and begins with none. */
  readonly take: () => ReadonlyMap<TableState, readonly PackedRows[]>;
  /** Takes back the memory of rows that are written. */
  readonly free: (rows: PackedRows) => void;
}

/** Rows that are packed at once. */
const packSize = 2048;

/** Creates the waiting rows of tables, which may become more. */
export function createWaitingRows(tables: readonly TableState[]): WaitingRows {
  const pool = createPool();
  let packed = new Map<TableState, PackedRows[]>();
  let count = 0;
  let bytes = 0;
  const loose = (): number => tables.reduce((sum, table) => sum + table.count, 0);
  const packAll = (): void => {
    for (const table of tables) {
      if (table.count === 0) continue;
      const rows = packRows(takeRows(table), pool.copy);
      count += rows.count;
      bytes += rows.bytes.length;
      packed.set(table, [...(packed.get(table) ?? []), rows]);
    }
  };
  return {
    pack: () => {
      if (loose() >= packSize) packAll();
    },
    count: () => count + loose(),
    bytes: () => bytes,
    take: () => {
      packAll();
      const all = packed;
      packed = new Map<TableState, PackedRows[]>();
      count = bytes = 0;
      return all;
    },
    free: ({ bytes: copy }) => {
      pool.free(copy);
    },
  };
}

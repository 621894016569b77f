import type { Cell, Column, NormalizedRows, RowBatch } from "../destination.js";
import { cellWriter, viewOf } from "./cell-text.js";

// A hash shows whether a row has changed. The hash of a cell is MurmurHash3 of 128 bits, which takes a fraction of the time of a call of
// `node:crypto`. It is not cryptographic.

/** The initial state of a hash: four integers of 32 bits. */
type Seed = Int32Array;

const noSeed: Seed = new Int32Array(4);

/** The number of characters of a hash. */
export const hashLength = 22;

/** The number of bytes that must exist after the last cell. `addCell` reads whole blocks. */
export const spareBytes = 16;

/** The sum of the hashes of the cells of a row. One for all rows, because objects for each cell take longer than the hashes. */
const sum = new Int32Array(4);

/** The bytes of the cells. */
let view: DataView = viewOf(new Uint8Array(0));

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function finish(value: number): number {
  const first = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return second ^ (second >>> 16);
}

/** Returns the mask of the bytes of a word that belong to a cell with this number of bytes left. */
function maskOf(left: number): number {
  return left >= 4 ? -1 : left <= 0 ? 0 : (1 << (8 * left)) - 1;
}

/**
 * Adds the hash of the bytes from `start` to `end` to `sum`. The constants are local, and each result becomes an integer at once: otherwise it takes three times
 * as long.
 */
function addCell(start: number, end: number, seed: Seed): void {
  const mixA = 0x239b961b;
  const mixB = 0xab0e9789;
  const mixC = 0x38b34ae5;
  const mixD = 0xa1e38b93;
  let a = seed[0] ?? 0;
  let b = seed[1] ?? 0;
  let c = seed[2] ?? 0;
  let d = seed[3] ?? 0;
  let at = start;
  for (; at + 16 <= end; at += 16) {
    a ^= Math.imul(rotate(Math.imul(view.getInt32(at, true), mixA), 15), mixB);
    a = (Math.imul(rotate(a, 19) + b, 5) + 0x561ccd1b) | 0;
    b ^= Math.imul(rotate(Math.imul(view.getInt32(at + 4, true), mixB), 16), mixC);
    b = (Math.imul(rotate(b, 17) + c, 5) + 0x0bcaa747) | 0;
    c ^= Math.imul(rotate(Math.imul(view.getInt32(at + 8, true), mixC), 17), mixD);
    c = (Math.imul(rotate(c, 15) + d, 5) + 0x96cd1c35) | 0;
    d ^= Math.imul(rotate(Math.imul(view.getInt32(at + 12, true), mixD), 18), mixA);
    d = (Math.imul(rotate(d, 13) + a, 5) + 0x32ac3b17) | 0;
  }
  const left = end - at;
  if (left > 0) {
    a ^= Math.imul(rotate(Math.imul(view.getInt32(at, true) & maskOf(left), mixA), 15), mixB);
    b ^= Math.imul(rotate(Math.imul(view.getInt32(at + 4, true) & maskOf(left - 4), mixB), 16), mixC);
    c ^= Math.imul(rotate(Math.imul(view.getInt32(at + 8, true) & maskOf(left - 8), mixC), 17), mixD);
    d ^= Math.imul(rotate(Math.imul(view.getInt32(at + 12, true) & maskOf(left - 12), mixD), 18), mixA);
  }
  const length = end - start;
  a ^= length;
  b ^= length;
  c ^= length;
  d ^= length;
  a = (a + b + c + d) | 0;
  b = finish(b + a);
  c = finish(c + a);
  d = finish(d + a);
  a = finish(a);
  a = (a + b + c + d) | 0;
  sum[0] = (sum[0] ?? 0) + a;
  sum[1] = (sum[1] ?? 0) + b + a;
  sum[2] = (sum[2] ?? 0) + c + a;
  sum[3] = (sum[3] ?? 0) + d + a;
}

const digits = Buffer.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", "latin1");

/** Writes `sum` as 22 digits of 6 bits: 30 bits of each integer, and then the two bits that remain of each. */
function writeDigits(target: DataView, start: number): void {
  let at = start;
  let rest = 0;
  for (let index = 0; index < 4; index++) {
    const word = sum[index] ?? 0;
    for (let shift = 0; shift < 30; shift += 6) target.setUint8(at++, digits[(word >>> shift) & 63] ?? 0);
    rest |= (word >>> 30) << (2 * index);
  }
  target.setUint8(at, digits[rest & 63] ?? 0);
  target.setUint8(at + 1, digits[rest >>> 6] ?? 0);
}

/** Sizes of memory for texts, in bytes. Large memory is not kept. */
const memorySizes = { least: 64 * 1024, mostKept: 1024 * 1024 };

/** Memory for what is hashed. */
let memory = Buffer.alloc(memorySizes.least);
let memoryView = viewOf(memory);

/** Writes a text at the start of `memory`, and makes it the bytes to hash. Returns its number of bytes. */
function writeText(text: string): number {
  // No character has more than three bytes in UTF-8 per unit of its length.
  const most = 3 * text.length + spareBytes;
  if (most > memory.length || memory.length > memorySizes.mostKept) {
    memory = Buffer.alloc(Math.max(most, memorySizes.least));
    memoryView = viewOf(memory);
  }
  view = memoryView;
  return memory.write(text);
}

/** Hashes a text. */
export function hashText(text: string): string {
  hashAlone(text);
  writeDigits(memoryView, 0);
  return memory.toString("latin1", 0, hashLength);
}

/** Sets `sum` to the hash of a text. */
function hashAlone(text: string): void {
  const end = writeText(text);
  sum.fill(0);
  addCell(0, end, noSeed);
}

/** Hashes the rows of a table, cell by cell. A row is hashed as a whole before the next one begins. */
export interface RowHasher {
  /** Begins a row whose cells are bytes of `bytes`. */
  readonly start: (bytes: DataView) => void;
  /** Adds a cell: the bytes from `start` to `end`. A missing cell is not added. */
  readonly add: (column: number, start: number, end: number) => void;
  /** Writes the hash of the row. */
  readonly write: (target: DataView, at: number) => void;
}

/**
 * Creates a hasher of rows with these columns. The hash of a row is the sum of the hashes of its cells. Those depend on the names of their
 * columns, so the order of the columns does not matter, nor whether others are known.
 */
export function createRowHasher(columns: readonly Column[]): RowHasher {
  const seeds = columns.map(({ name }) => {
    // Less than a block of bytes would give equal integers.
    hashAlone("column".padEnd(16) + name);
    return sum.slice();
  });
  return {
    start: (bytes) => {
      view = bytes;
      sum[0] = sum[1] = sum[2] = sum[3] = 0;
    },
    add: (column, start, end) => {
      addCell(start, end, seeds[column] ?? noSeed);
    },
    write: writeDigits,
  };
}

/** Completes the hashes of rows. */
export function withHashes(rows: NormalizedRows): RowBatch {
  const { columns, values, count, technical } = rows;
  const data = columns.slice(technical);
  const hasher = createRowHasher(data);
  const writers = data.map(({ type }) => cellWriter(type) ?? String);
  const known = values[technical - 1];
  const all = Buffer.alloc(count * hashLength);
  const target = viewOf(all);
  /** The texts of a row, and the columns to which they belong. */
  const texts: string[] = [];
  const owners: number[] = [];
  for (let row = 0; row < count; row++) {
    if (known?.[row] != null) continue;
    hasher.start(memoryView);
    let used = 0;
    for (let column = 0; column < data.length; column++) {
      const cell = values[technical + column]?.[row] ?? null;
      if (cell === null) continue;
      if (isNumber(cell)) {
        // The bytes of a number take less time than its digits.
        memoryView.setFloat64(0, Number(cell));
        hasher.add(column, 0, 8);
        continue;
      }
      owners[used] = column;
      texts[used++] = typeof cell === "string" ? cell : (writers[column]?.(cell) ?? "");
    }
    // To set the length of an array takes long, even if it stays the same.
    if (used < texts.length) texts.length = used;
    addTexts(hasher, texts, owners);
    hasher.write(target, row * hashLength);
  }
  // One text for all rows, because a text of its own per row takes longer.
  const text = all.toString("latin1");
  const hashes = Array.from(
    { length: count },
    (_, row) => known?.[row] ?? text.slice(row * hashLength, (row + 1) * hashLength),
  );
  return { columns, values: values.map((cells, index) => (index === technical - 1 ? hashes : cells)), count };
}

/** Whether a number has the value of a cell. */
function isNumber(cell: Cell): cell is number | boolean | bigint {
  if (typeof cell === "bigint") return Number.isSafeInteger(Number(cell));
  return typeof cell === "number" || typeof cell === "boolean";
}

/** Adds the texts of a row. */
function addTexts(hasher: RowHasher, texts: readonly string[], owners: readonly number[]): void {
  const joined = texts.join("");
  const isAscii = writeText(joined) === joined.length;
  let start = 0;
  for (let index = 0; index < texts.length; index++) {
    const text = texts[index] ?? "";
    // In the joined text, two halves of a character would be one.
    const end = isAscii ? start + text.length : writeText(text);
    hasher.add(owners[index] ?? 0, start, end);
    if (isAscii) start = end;
  }
}

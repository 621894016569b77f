import type { Column, RowBatch } from "../destination.js";
import { lengthsOf, type Texts } from "./cell-text.js";
import { rowsModule } from "./rows-module.js";

// The functions of `sync/wasm/rows.ts`, and their memory. Rows become bytes column by column: to write the joined texts of a column takes
// less time than to write each text. The functions do the rest row by row.

/** What the WebAssembly exports. Numbers are addresses, or counts. */
interface RowFunctions {
  readonly memory: { readonly buffer: ArrayBuffer; readonly grow: (pages: number) => number };
  readonly start: { readonly value: number };
  readonly sum: { readonly value: number };
  readonly writeHashes: (...input: readonly number[]) => void;
  readonly writeLines: (...input: readonly number[]) => number;
}

/** The part of the standard interface that is used here. */
interface Compiler {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

const { WebAssembly: compiler } = globalThis as unknown as { readonly WebAssembly: Compiler };

/** The number of characters of a hash. */
export const hashLength = 22;

/** The number of bytes that must exist after all others. The functions read and write whole blocks. */
const spareBytes = 16;

const pageSize = 65_536;

/** The most memory that is kept for other rows, in bytes. */
const mostKept = 16 * 1024 * 1024;

let compiled: object | undefined;
let functions: RowFunctions | undefined;
let bytes = Buffer.alloc(0);
let view = new DataView(bytes.buffer);
let words = new Int32Array(0);
/** The address after the bytes that are in use. */
let used = 0;

/** Makes all memory available. */
function clear(): RowFunctions {
  if (!functions || bytes.length > mostKept) {
    compiled ??= new compiler.Module(Buffer.from(rowsModule, "base64"));
    functions = new compiler.Instance(compiled).exports as RowFunctions;
    findMemory(functions);
  }
  used = functions.start.value;
  return functions;
}

function findMemory({ memory: { buffer } }: RowFunctions): void {
  bytes = Buffer.from(buffer);
  view = new DataView(buffer);
  words = new Int32Array(buffer);
}

/** Makes room for bytes after those that are in use. Addresses stay valid. */
function makeRoom(size: number): void {
  const needed = used + size + spareBytes;
  if (!functions || needed <= bytes.length) return;
  functions.memory.grow(Math.ceil((1.5 * needed - bytes.length) / pageSize));
  findMemory(functions);
}

/** Reserves bytes. Returns their address. */
function reserve(size: number): number {
  makeRoom(size);
  const address = used;
  used += size;
  return address;
}

/** Rows whose fields are written column by column. They are valid until those of other rows are begun. */
export interface RowFields {
  readonly functions: RowFunctions;
  readonly columns: readonly Column[];
  readonly count: number;
  /** Addresses of the tables of `sync/wasm/rows.ts`. */
  readonly places: number;
  readonly seeds: number;
  readonly sizes: number;
}

/** Begins the fields of rows. */
export function startFields(columns: readonly Column[], count: number): RowFields {
  const ownSeeds = columns.map(seedOf);
  const functions = clear();
  for (const seed of ownSeeds) {
    const address = reserve(seedSize);
    bytes.set(seed, address);
  }
  const places = reserve(columns.length * 4);
  const sizes = reserve(columns.length * count * 4);
  return { functions, columns, count, seeds: functions.start.value, places, sizes };
}

const seedSize = 16;

const seeds = new WeakMap<Column, Uint8Array>();

/** Returns the seed of the hashes of a column: the hash of its name. */
function seedOf(column: Column): Uint8Array {
  let seed = seeds.get(column);
  if (!seed) {
    // Less than a block of bytes would give equal integers.
    const { sum } = hashAlone("column".padEnd(16) + column.name);
    seed = Uint8Array.from(bytes.subarray(sum, sum + seedSize));
    seeds.set(column, seed);
  }
  return seed;
}

/** Hashes a text. */
export function hashText(text: string): string {
  const { hash } = hashAlone(text);
  return bytes.toString("latin1", hash, hash + hashLength);
}

/** Hashes a text. Returns the addresses of the hash: as characters, and as the sum of hashes. */
function hashAlone(text: string): { readonly hash: number; readonly sum: number } {
  const { writeHashes, sum } = clear();
  const seed = reserve(seedSize);
  bytes.fill(0, seed, seed + seedSize);
  const places = reserve(4);
  const sizes = reserve(4);
  words[places / 4] = used;
  const size = writeText(text);
  words[sizes / 4] = size;
  used += size;
  const hash = reserve(hashLength);
  writeHashes(1, 1, places, sizes, seed, hash);
  return { hash, sum: sum.value };
}

/** Hashes rows whose fields are written. Returns the hashes one after the other, as a text. */
export function hashRows(fields: RowFields): string {
  const address = reserve(fields.count * hashLength);
  fields.functions.writeHashes(
    fields.columns.length,
    fields.count,
    fields.places,
    fields.sizes,
    fields.seeds,
    address,
  );
  return bytes.toString("latin1", address, used);
}

/**
 * Writes rows, whose fields are written, as lines of a `COPY`. The column `hashColumn`, -1 for none, receives the hash of the columns after
 * it, unless it has a field. The bytes are valid until the next call.
 */
export function writeRows(fields: RowFields, hashColumn: number): Uint8Array {
  const { functions, columns, count, places, sizes, seeds: seedTable } = fields;
  const address = used;
  // A missing field and the separator after it have three bytes.
  makeRoom(used + count * (3 * columns.length + hashLength));
  const end = functions.writeLines(columns.length, count, hashColumn, places, sizes, seedTable, address);
  return bytes.subarray(address, end >>> 0);
}

/** The size of a missing field. */
const noField = -1;

/** Writes the fields of a column: texts as UTF-8. `joined` are all texts, one after the other. */
export function writeTexts(
  fields: RowFields,
  column: number,
  { texts, joined = texts.join("") }: { readonly texts: Texts; readonly joined?: string },
): void {
  const lengths = lengthsOf(texts, { joined, missing: noField });
  if (!lengths) {
    // Two halves of a character would become one.
    writeColumn(fields, column, (row) => {
      const text = texts[row] ?? null;
      return text === null ? noField : writeText(text);
    });
    return;
  }
  const first = startColumn(fields, column);
  words.set(lengths, first);
  used += writeText(joined);
}

/** Begins the fields of a column. Returns the place of its sizes in `words`. */
function startColumn({ places, sizes, count }: RowFields, column: number): number {
  words[places / 4 + column] = used;
  const first = sizes / 4 + column * count;
  words.fill(noField, first, first + count);
  return first;
}

/** The most bytes of a number, and of the digits of an integer of 64 bits. */
const maxNumberSize = 20;

/** Writes the fields of a column one by one. `write` writes the number or the text of a row at `used`, and returns its size. */
function writeColumn(fields: RowFields, column: number, write: (row: number) => number): void {
  const first = startColumn(fields, column);
  for (let row = 0; row < fields.count; row++) {
    makeRoom(maxNumberSize);
    const size = write(row);
    words[first + row] = size;
    if (size > 0) used += size;
  }
}

/** Writes a text at `used`. Returns its number of bytes. */
function writeText(text: string): number {
  // No character has more than three bytes in UTF-8 per unit of its length. To count the bytes takes longer.
  if (used + 3 * text.length + spareBytes > bytes.length) makeRoom(Buffer.byteLength(text));
  return bytes.write(text, used);
}

type Cells = RowBatch["values"][number];

/** Writes the fields of a column: integers as decimal digits. Digits take less time than texts. */
export function writeIntegers(fields: RowFields, column: number, cells: Cells): void {
  writeColumn(fields, column, (row) => {
    const cell = cells[row] ?? null;
    if (cell === null) return noField;
    const number = Number(cell);
    return Number.isSafeInteger(number) ? writeInteger(number, used) - used : writeText(String(cell));
  });
}

/** Integers with fewer digits are integers of 32 bits, with which the engine calculates fastest. */
const nineDigits = 1_000_000_000;

/** Writes an integer at an address. Returns the address after it. */
function writeInteger(value: number, address: number): number {
  if (value < 0) {
    view.setUint8(address, minus);
    return writeInteger(-value, address + 1);
  }
  if (value < nineDigits) return writeDigits(value, address, countDigits(value));
  const low = value % nineDigits;
  return writeDigits(low, writeInteger((value - low) / nineDigits, address), 9);
}

/** Numbers with at most six decimals and 15 digits have no shorter text than their digits. */
const sixDecimals = { scale: 1_000_000, limit: 1e15 };

/** Writes the fields of a column: numbers in the shortest decimal form, as `String` does. */
export function writeDoubles(fields: RowFields, column: number, cells: Cells): void {
  const { scale, limit } = sixDecimals;
  writeColumn(fields, column, (row) => {
    const cell = cells[row] ?? null;
    if (cell === null) return noField;
    const value = Number(cell);
    const scaled = value * scale;
    if (!Number.isInteger(scaled) || Math.abs(scaled) >= limit || scaled / scale !== value)
      return writeText(String(value));
    return writeDecimal(scaled, used) - used;
  });
}

/** Writes a number of millionths at an address. Returns the address after it. */
function writeDecimal(scaled: number, address: number): number {
  if (scaled < 0) {
    view.setUint8(address, minus);
    return writeDecimal(-scaled, address + 1);
  }
  let fraction = scaled % sixDecimals.scale;
  const point = writeInteger((scaled - fraction) / sixDecimals.scale, address);
  if (fraction === 0) return point;
  view.setUint8(point, period);
  let digits = 6;
  for (; fraction % 10 === 0; fraction /= 10) digits--;
  return writeDigits(fraction, point + 1, digits);
}

function countDigits(value: number): number {
  let digits = 1;
  for (let limit = 10; value >= limit; limit *= 10) digits++;
  return digits;
}

function writeDigits(value: number, start: number, digits: number): number {
  let rest = value;
  for (let address = start + digits - 1; address >= start; address--) {
    const tenth = (rest / 10) | 0;
    view.setUint8(address, zero + rest - 10 * tenth);
    rest = tenth;
  }
  return start + digits;
}

const [minus = 0, zero = 0, period = 0] = Buffer.from("-0.");

/** Writes the fields of a column: numbers and booleans as the eight bytes of a number, and larger integers as texts. */
export function writeNumbers(fields: RowFields, column: number, cells: Cells): void {
  writeColumn(fields, column, (row) => {
    const cell = cells[row] ?? null;
    if (cell === null) return noField;
    if (typeof cell === "bigint" && !Number.isSafeInteger(Number(cell))) return writeText(String(cell));
    view.setFloat64(used, Number(cell));
    return 8;
  });
}

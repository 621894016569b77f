// Hashes rows and writes them as lines. This is AssemblyScript, a subset of TypeScript, which `scripts/build-wasm.mjs` compiles to
// WebAssembly: it takes a third of the time of the same code in JavaScript.
//
// All pointers are addresses of the memory that the caller fills. The fields of a column follow one another. The table `sizes` has the
// number of bytes of each field, column by column, and -1 for a missing field. The table `places` has the address of the next field of each
// column; it changes with each row. A caller leaves at least 16 bytes after all fields and lines, because cells are read and written in
// blocks.
//
// The hash of a cell is MurmurHash3 of 128 bits (x86), which is not cryptographic. The hash of a row is the sum of the hashes of its cells,
// each of which begins with the seed of its column. So neither the order of the columns matters nor a column without a value.

/** The number of characters of a hash. */
const hashLength: i32 = 22;

/** The address of the first byte that the caller may use. */
export const start: usize = __heap_base;

/** The address of the sum of the hashes of the cells of a row: four integers of 32 bits. */
export const sum = memory.data(16, 8);

const digits = memory.data<u8>([
  65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 97,
  98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119,
  120, 121, 122, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 43, 47,
]);

const tab: u8 = 9;
const newline: u8 = 10;
/** `\N`, the text of a missing field. */
const missing: u16 = 0x4e5c;

function clearSum(): void {
  store<i64>(sum, 0);
  store<i64>(sum, 0, 8);
}

function finish(value: i32): i32 {
  const first = (value ^ (value >>> 16)) * 0x85ebca6b;
  const second = (first ^ (first >>> 13)) * 0xc2b2ae35;
  return second ^ (second >>> 16);
}

/** Returns the mask of the bytes of a word that belong to a cell with this number of bytes left. */
function maskOf(left: i32): i32 {
  return left >= 4 ? -1 : left <= 0 ? 0 : (1 << (8 * left)) - 1;
}

function mixA(word: i32): i32 {
  return rotl(word * 0x239b961b, 15) * 0xab0e9789;
}

function mixB(word: i32): i32 {
  return rotl(word * 0xab0e9789, 16) * 0x38b34ae5;
}

function mixC(word: i32): i32 {
  return rotl(word * 0x38b34ae5, 17) * 0xa1e38b93;
}

function mixD(word: i32): i32 {
  return rotl(word * 0xa1e38b93, 18) * 0x239b961b;
}

/** Copies 16 bytes. */
function copyBlock(from: usize, to: usize): void {
  store<i64>(to, load<i64>(from));
  store<i64>(to, load<i64>(from, 8), 8);
}

/** Adds the hash of a cell to the sum, and copies the cell. `to` may be its own place. */
function addCell(from: usize, size: i32, seed: usize, to: usize): void {
  let a = load<i32>(seed);
  let b = load<i32>(seed, 4);
  let c = load<i32>(seed, 8);
  let d = load<i32>(seed, 12);
  let at: i32 = 0;
  for (; at + 16 <= size; at += 16) {
    copyBlock(from + at, to + at);
    a ^= mixA(load<i32>(from + at));
    a = (rotl(a, 19) + b) * 5 + 0x561ccd1b;
    b ^= mixB(load<i32>(from + at, 4));
    b = (rotl(b, 17) + c) * 5 + 0x0bcaa747;
    c ^= mixC(load<i32>(from + at, 8));
    c = (rotl(c, 15) + d) * 5 + 0x96cd1c35;
    d ^= mixD(load<i32>(from + at, 12));
    d = (rotl(d, 13) + a) * 5 + 0x32ac3b17;
  }
  const left = size - at;
  if (left > 0) {
    copyBlock(from + at, to + at);
    a ^= mixA(load<i32>(from + at) & maskOf(left));
    b ^= mixB(load<i32>(from + at, 4) & maskOf(left - 4));
    c ^= mixC(load<i32>(from + at, 8) & maskOf(left - 8));
    d ^= mixD(load<i32>(from + at, 12) & maskOf(left - 12));
  }
  a ^= size;
  b ^= size;
  c ^= size;
  d ^= size;
  a = a + b + c + d;
  b = finish(b + a);
  c = finish(c + a);
  d = finish(d + a);
  a = finish(a);
  a = a + b + c + d;
  store<i32>(sum, load<i32>(sum) + a);
  store<i32>(sum, load<i32>(sum, 4) + b + a, 4);
  store<i32>(sum, load<i32>(sum, 8) + c + a, 8);
  store<i32>(sum, load<i32>(sum, 12) + d + a, 12);
}

function copyBytes(from: usize, size: i32, to: usize): void {
  for (let at: i32 = 0; at < size; at += 8) store<i64>(to + at, load<i64>(from + at));
}

/** Writes the sum as 22 digits of 6 bits: 30 bits of each integer, and then the two bits that remain of each. */
function writeSum(to: usize): void {
  let at = to;
  let rest: i32 = 0;
  for (let index: i32 = 0; index < 4; index++) {
    const word = load<i32>(sum + 4 * index);
    for (let shift: i32 = 0; shift < 30; shift += 6)
      store<u8>(at++, load<u8>(digits + ((word >>> shift) & 63)));
    rest |= (word >>> 30) << (2 * index);
  }
  store<u8>(at, load<u8>(digits + (rest & 63)));
  store<u8>(at + 1, load<u8>(digits + (rest >>> 6)));
}

/**
 * Writes the hash of each row: 22 characters. `seeds` has 16 bytes per column.
 */
export function writeHashes(
  columns: i32,
  rows: i32,
  places: usize,
  sizes: usize,
  seeds: usize,
  to: usize,
): void {
  for (let row: i32 = 0; row < rows; row++) {
    clearSum();
    for (let column: i32 = 0; column < columns; column++) {
      const size = load<i32>(sizes + 4 * (column * rows + row));
      if (size < 0) continue;
      const place = places + 4 * column;
      const from = load<u32>(place);
      addCell(from, size, seeds + 16 * column, from);
      store<u32>(place, from + size);
    }
    writeSum(to + hashLength * row);
  }
}

/**
 * Writes rows as lines of a `COPY`. Returns the address after the last line. The column `hashColumn`, -1 for none, receives the hash of the
 * columns after it, unless the row has a field there. `seeds` has 16 bytes per column, also for those that are not hashed.
 */
export function writeLines(
  columns: i32,
  rows: i32,
  hashColumn: i32,
  places: usize,
  sizes: usize,
  seeds: usize,
  to: usize,
): usize {
  let at = to;
  for (let row: i32 = 0; row < rows; row++) {
    let hashPlace: usize = 0;
    clearSum();
    for (let column: i32 = 0; column < columns; column++) {
      const size = load<i32>(sizes + 4 * (column * rows + row));
      if (size >= 0) {
        const place = places + 4 * column;
        const from = load<u32>(place);
        if (hashPlace == 0) copyBytes(from, size, at);
        else addCell(from, size, seeds + 16 * column, at);
        store<u32>(place, from + size);
        at += size;
      } else if (column == hashColumn) {
        hashPlace = at;
        at += hashLength;
      } else {
        store<u16>(at, missing);
        at += 2;
      }
      store<u8>(at++, tab);
    }
    if (hashPlace != 0) writeSum(hashPlace);
    store<u8>(at - 1, newline);
  }
  return at;
}

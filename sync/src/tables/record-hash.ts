import { orderOf } from "./sort-keys.js";

// This is MurmurHash3 with 128 bits. A cryptographic hash takes 1.5 times as long, and would protect nobody: an API can only make
// its own records collide, and then they look unchanged.

/** The state of the hash: four words of 32 bits. */
let h1 = 0;
let h2 = 0;
let h3 = 0;
let h4 = 0;

const bytes = Buffer.alloc(16);
const double = new Float64Array(1);
const doubleWords = new Int32Array(double.buffer);

/** The kinds of values. Lists and objects end with theirs and with the number of their items, so that other items make another hash. */
const marks = { null: 1, true: 2, false: 3, number: 4, bigint: 5, text: 6, wideText: 7, list: 8, object: 9 };

/**
 * Returns a hash of 22 characters: that of equal values is equal, whatever the order of their keys, and that of others differs.
 * `undefined` counts like a key that is missing.
 */
export function recordHash(value: unknown): string {
  h1 = h2 = h3 = h4 = 0x5eed;
  addValue(value);
  finish();
  bytes.writeInt32LE(h1, 0);
  bytes.writeInt32LE(h2, 4);
  bytes.writeInt32LE(h3, 8);
  bytes.writeInt32LE(h4, 12);
  return bytes.toString("base64url");
}

function addValue(value: unknown): void {
  switch (typeof value) {
    case "string":
      addText(value);
      break;
    case "number":
      // Zero has no sign in JSON.
      double[0] = value + 0;
      addMark(marks.number, 8);
      addFirstHalf(doubleWords[0] ?? 0, doubleWords[1] ?? 0);
      break;
    case "boolean":
      addMark(value ? marks.true : marks.false, 0);
      break;
    case "object":
      addObject(value);
      break;
    default:
      addMark(marks.bigint, 0);
      addText(String(value));
  }
}

function addObject(value: object | null): void {
  if (value === null) {
    addMark(marks.null, 0);
    return;
  }
  if (Array.isArray(value)) {
    for (const item of value) addValue(item);
    addMark(marks.list, value.length);
    return;
  }
  const object = value as Readonly<Record<string, unknown>>;
  let count = 0;
  for (const key of orderOf(Object.keys(object))) {
    const item = object[key];
    if (item === undefined) continue;
    count++;
    addText(key);
    addValue(item);
  }
  addMark(marks.object, count);
}

/** Adds a text: its length, and one byte of each character; then the other bytes, if some characters have two. */
function addText(text: string): void {
  beyond = 0;
  addMark(marks.text, text.length);
  addBytes(text, 0);
  if (beyond < 256) return;
  addMark(marks.wideText, text.length);
  addBytes(text, 8);
}

/** Adds a byte of each character, the one that begins at a bit, in blocks of 16. */
function addBytes(text: string, bit: 0 | 8): void {
  const { length } = text;
  if (length < 16) {
    addShort(text, bit);
    return;
  }
  // The last block overlaps the one before, so that all are whole.
  for (let place = 0; place < length; place += 16) {
    const at = Math.min(place, length - 16);
    addFirstHalf(wordAt(text, at, bit), wordAt(text, at + 4, bit));
    addSecondHalf(wordAt(text, at + 8, bit), wordAt(text, at + 12, bit));
  }
}

/** Adds less than 16 characters, as words that overlap. */
function addShort(text: string, bit: 0 | 8): void {
  const { length } = text;
  if (length >= 4) {
    const second = (length >> 3) << 2;
    addFirstHalf(wordAt(text, 0, bit), wordAt(text, second, bit));
    addSecondHalf(wordAt(text, length - 4 - second, bit), wordAt(text, length - 4, bit));
    return;
  }
  let word = 0;
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    beyond |= code;
    word = (word << 8) | ((code >> bit) & 255);
  }
  addFirstHalf(word, length);
}

/** All bits of the characters of a text. */
let beyond = 0;

/** A byte of each of four characters. */
function wordAt(text: string, at: number, bit: 0 | 8): number {
  const a = text.charCodeAt(at);
  const b = text.charCodeAt(at + 1);
  const c = text.charCodeAt(at + 2);
  const d = text.charCodeAt(at + 3);
  beyond |= a | b | c | d;
  const low = ((a >> bit) & 255) | (((b >> bit) & 255) << 8);
  return low | (((c >> bit) & 255) << 16) | (((d >> bit) & 255) << 24);
}

const [c1, c2, c3, c4] = [0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93];

/** Adds the kind of a value, with its length. */
function addMark(mark: number, length: number): void {
  h1 = Math.imul(rotate(h1 ^ length, 13) + mark, 0x9e3779b1);
  h3 = (h3 + h1) | 0;
}

/** The step of MurmurHash3 for the first 8 bytes of 16. */
function addFirstHalf(k1: number, k2: number): void {
  h1 ^= Math.imul(rotate(Math.imul(k1, c1), 15), c2);
  h1 = (Math.imul(rotate(h1, 19) + h2, 5) + 0x561ccd1b) | 0;
  h2 ^= Math.imul(rotate(Math.imul(k2, c2), 16), c3);
  h2 = (Math.imul(rotate(h2, 17) + h3, 5) + 0x0bcaa747) | 0;
}

/** The step for the other 8 bytes. */
function addSecondHalf(k3: number, k4: number): void {
  h3 ^= Math.imul(rotate(Math.imul(k3, c3), 17), c4);
  h3 = (Math.imul(rotate(h3, 15) + h4, 5) + 0x96cd1c35) | 0;
  h4 ^= Math.imul(rotate(Math.imul(k4, c4), 18), c1);
  h4 = (Math.imul(rotate(h4, 13) + h1, 5) + 0x32ac3b17) | 0;
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

/** Lets each bit of the state change all others. */
function finish(): void {
  spread();
  h1 = mix(h1);
  h2 = mix(h2);
  h3 = mix(h3);
  h4 = mix(h4);
  spread();
}

function spread(): void {
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
}

function mix(word: number): number {
  const once = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}

import { platform } from "../platform.js";

/** One spelling of a secret, ready for the search. */
export interface SecretForm {
  /** UTF-8, folded. */
  readonly bytes: Uint8Array;
  readonly hash: number;
  /** `factor` to the power of the length, modulo 2^32. */
  readonly power: number;
  /** Characters before and after it that also depend on the secret: those of base64 hold bits of two bytes. */
  readonly before: number;
  readonly after: number;
  /** Whether it is only removed from texts: it may not be a secret. */
  readonly isWeak?: boolean;
}

/** The bytes of a text after escapes were replaced; byte `i` begins at `at[i]` of the original bytes. */
export interface Unescaped {
  readonly bytes: Uint8Array;
  readonly at?: Int32Array;
}

/** The factor of the polynomial hash. */
export const factor = 0x01_00_01_93;

/** How often a text may have been escaped: percent-encoded, then percent-encoded again, then put into JSON. */
export const maxLevels = 3;

const encoder = /* @__PURE__ */ new platform.TextEncoder();

/** Returns the UTF-8 bytes of a text. */
export function toBytes(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Equates letters in both cases, white space with `+` and `-`, and `_` with `/`: forms, base64url. */
export const folded: Uint8Array = /* @__PURE__ */ Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte > 64 && byte < 91) return byte + 32;
  return [9, 10, 13, 43, 45].includes(byte) ? 32 : byte === 95 ? 47 : byte;
});

/** Returns every spelling of a secret that unescaping a text can yield, and its base64 inside of longer texts. */
export function formsOf(secret: string): readonly SecretForm[] {
  const lines = secret.trim();
  const texts = [secret, lines, lines.replace(/\r?\n/g, "\r\n"), lines.replace(/\s+/g, "")];
  const forms = [...new Set(texts)].flatMap((text) => {
    const plain: SecretForm[] = [];
    let level: Unescaped | undefined = { bytes: toBytes(text) };
    // Some programs leave the escapes in a secret alone and escape the rest of it.
    for (let n = 0; level && n <= maxLevels; n++, level = unescapeOnce(level))
      plain.push(toForm(level.bytes));
    return [...plain, ...[0, 1, 2].flatMap((offset) => base64Form(text, offset))];
  });
  return forms.filter(({ bytes }) => bytes.length > 0);
}

/** A secret inside base64 that began `offset` bytes before: the characters that depend on the secret alone. */
function base64Form(text: string, offset: number): readonly SecretForm[] {
  const base64 = toBase64("\0".repeat(offset) + text);
  const bits = (toBytes(text).length + offset) * 8;
  const core = base64.slice(Math.ceil((offset * 8) / 6), Math.floor(bits / 6));
  if (core.length > 7) return [toForm(toBytes(core), offset > 0 ? 1 : 0, bits % 6 ? 1 : 0)];
  return offset > 0 ? [] : [toForm(toBytes(base64))];
}

function toForm(plain: Uint8Array, before = 0, after = 0): SecretForm {
  const bytes = new Uint8Array(plain.length);
  let hash = 0;
  let power = 1;
  for (let i = 0; i < plain.length; i++) {
    const byte = folded[plain[i] ?? 0] ?? 0;
    bytes[i] = byte;
    hash = (Math.imul(hash, factor) + byte) | 0;
    power = Math.imul(power, factor);
  }
  return { bytes, hash, power, before, after };
}

/** Returns the base64 encoding of a text's UTF-8 bytes. */
export function toBase64(text: string): string {
  const bytes = toBytes(text);
  let binary = "";
  // In parts: a call takes a limited number of arguments.
  for (let i = 0; i < bytes.length; i += 4096) binary += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return platform.btoa(binary);
}

const percent = 37;
const ampersand = 38;
const backslash = 92;
const entities: Readonly<Record<string, number>> = { amp: 38, lt: 60, gt: 62, quot: 34, apos: 39 };
/** The letters of `\n`, `\r`, `\t`, `\b`, `\f` and `\v`. */
const controls: ReadonlyMap<number, number> = /* @__PURE__ */ new Map([
  [110, 10],
  [114, 13],
  [116, 9],
  [98, 8],
  [102, 12],
  [118, 11],
]);

/** Replaces percent-encoding, the escapes of JSON and JavaScript, and HTML entities, once. `undefined` if there is none. */
export function unescapeOnce({ bytes, at }: Unescaped): Unescaped | undefined {
  if (![percent, ampersand, backslash].some((byte) => bytes.includes(byte))) return undefined;
  const { length } = bytes;
  const out = new Uint8Array(length);
  const from = new Int32Array(length + 1);
  let size = 0;
  for (let i = 0; i < length;) {
    const byte = bytes[i] ?? 0;
    const start = at ? (at[i] ?? 0) : i;
    from[size] = start;
    if (byte !== percent && byte !== backslash && byte !== ampersand) {
      out[size++] = byte;
      i++;
      continue;
    }
    const [end, point] = readEscape(bytes, i, byte);
    if (point < 128 || byte === percent || end < i + 3) out[size++] = point;
    else
      for (const each of toBytes(String.fromCodePoint(point))) {
        from[size] = start;
        out[size++] = each;
      }
    i = end;
  }
  from[size] = at ? (at[length] ?? 0) : length;
  return size < length ? { bytes: out.subarray(0, size), at: from } : undefined;
}

/**
 * The end of the escape at a position, and what it stands for: a byte where it is percent-encoding or has two characters,
 * else a code point. A character that begins no escape stands for itself.
 */
function readEscape(bytes: Uint8Array, i: number, byte: number): readonly [end: number, point: number] {
  if (byte === ampersand) return readEntity(bytes, i);
  const letter = bytes[i + 1];
  const isUnit = byte === backslash && letter === 117;
  if (byte === backslash && letter !== undefined && !isUnit && letter !== 120)
    return [i + 2, controls.get(letter) ?? letter];
  const end = i + (byte === percent ? 3 : isUnit ? 6 : 4);
  const point = readHex(bytes, end - (isUnit ? 4 : 2), end);
  const isHigh = isUnit && point >> 10 === 0x36 && bytes[end] === backslash && bytes[end + 1] === 117;
  const low = isHigh ? readHex(bytes, end + 2, end + 6) : 0;
  if (low >> 10 === 0x37) return [end + 6, 0x1_0000 + ((point & 0x3ff) << 10) + (low & 0x3ff)];
  return point < 0 ? [i + 1, byte] : [end, point];
}

function readEntity(bytes: Uint8Array, i: number): readonly [end: number, point: number] {
  const text = String.fromCharCode(...bytes.subarray(i, i + 10));
  const [all = "&", hex, decimal = hex && parseInt(hex, 16), name = ""] =
    /^&(?:#x([\da-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/i.exec(text) ?? [];
  const point = Number(decimal ?? entities[name.toLowerCase()] ?? ampersand);
  return point > 0x10_ffff ? [i + 1, ampersand] : [i + all.length, point];
}

function readHex(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) {
    const byte = (bytes[i] ?? 0) | 32;
    const digit = byte > 47 && byte < 58 ? byte - 48 : byte > 96 && byte < 103 ? byte - 87 : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

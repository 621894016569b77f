import { platform } from "../platform.js";

/** One spelling of a secret, ready for the search. */
export interface SecretForm {
  /** Folded bytes. */
  readonly text: string;
  /** Its first characters. */
  readonly head: string;
  /** Whether the characters before and after it also depend on the secret: a character of base64 contains bits of two bytes. */
  readonly before?: boolean;
  readonly after?: boolean;
  /** Whether it may not be a secret: it is removed from texts, and nothing else. */
  readonly isWeak?: boolean;
}

/** Shorter secrets match only as whole values: `orders` may be a secret, but also a word in a message. */
export const shortest = 8;

/** A text after escapes were replaced. */
interface Level {
  /** One character per byte of UTF-8. */
  readonly text: string;
  /** Returns the position of a byte in the bytes of the original text. */
  readonly at: (byte: number) => number;
}

/** The maximum number of times that a text is escaped: for example, percent-encoded twice, then written into JSON. */
const maxLevels = 3;

const encoder = /* @__PURE__ */ new platform.TextEncoder();

/** Returns the UTF-8 bytes of a text. */
export function toBytes(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Returns the UTF-8 bytes of a text, one character per byte. */
function toByteText(text: string): string {
  if (/^[\0-\x7f]*$/.test(text)) return text;
  const bytes = toBytes(text);
  let binary = "";
  // In parts, because the number of arguments of a call is limited.
  for (let i = 0; i < bytes.length; i += 4096) binary += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return binary;
}

/** Returns the base64 encoding of a text's UTF-8 bytes. */
export function toBase64(text: string): string {
  return platform.btoa(toByteText(text));
}

/**
 * Replaces equivalent characters by one of them: letters of both cases; white space, `+` and `-`; `_` and `/` (forms,
 * base64url).
 */
export function fold(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\t\n\r+-]/g, " ")
    .replaceAll("_", "/");
}

/** Returns every spelling of a secret that unescaping a text can yield, and its base64 inside longer texts. */
export function formsOf(secret: string): readonly SecretForm[] {
  const lines = secret.trim();
  const texts = [secret, lines, lines.replace(/\r?\n/g, "\r\n"), lines.replace(/\s+/g, "")];
  const forms = [...new Set(texts)].flatMap((text) => [
    // Some programs keep the escapes in a secret unchanged and escape the rest of it.
    ...levelsOf(text).map((level) => toForm(level.text)),
    ...[0, 1, 2].flatMap((offset) => base64Form(text, offset)),
  ]);
  return forms.filter(({ text }) => text);
}

/** Returns the form of a secret `offset` bytes after the start of base64: the characters that depend only on the secret. */
function base64Form(secret: string, offset: number): readonly SecretForm[] {
  const base64 = toBase64("\0".repeat(offset) + secret);
  const bits = (toBytes(secret).length + offset) * 8;
  const core = base64.slice(Math.ceil((offset * 8) / 6), Math.floor(bits / 6));
  if (core.length >= shortest) return [{ ...toForm(core), before: offset > 0, after: bits % 6 > 0 }];
  return offset > 0 ? [] : [toForm(base64)];
}

function toForm(bytes: string): SecretForm {
  const text = fold(bytes);
  return { text, head: text.slice(0, shortest) };
}

/** Returns a text, and the results of unescaping it up to three times. */
export function levelsOf(text: string): readonly Level[] {
  const levels: Level[] = [];
  let level: Level | undefined = { text: toByteText(text), at: (byte) => byte };
  for (; level && levels.length <= maxLevels; level = unescapeOnce(level)) levels.push(level);
  return levels;
}

/** An escape of percent-encoding, JSON, JavaScript or HTML; otherwise, the text up to the next escape. */
const parts =
  /(%\p{AHex}{2}|(?:\\u[dD][89abAB]\p{AHex}{2}(?=\\u[dD][c-fC-F]))?\\u\p{AHex}{4}|\\x\p{AHex}{2}|\\[^]|&(?:#[xX]\p{AHex}{1,6}|#\d{1,7}|[a-zA-Z]{2,4});)|[^%&\\]+|[^]/gu;

/** Replaces the escapes of a text. Returns `undefined` if there are none. */
function unescapeOnce({ text, at }: Level): Level | undefined {
  if (!/[%\\]|&[^&=]+;/.test(text)) return undefined;
  const from: number[] = [];
  let plain = "";
  let start = 0;
  for (const [part, escape] of text.matchAll(parts)) {
    const meaning = escape ? unescape(escape) : part;
    for (let i = 0; i < meaning.length; i++) from.push(at(escape ? start : start + i));
    plain += meaning;
    start += part.length;
  }
  from.push(at(start));
  return plain.length < text.length ? { text: plain, at: (byte) => from[byte] ?? 0 } : undefined;
}

const named: Readonly<Record<string, string>> = {
  "\\n": "\n",
  "\\r": "\r",
  "\\t": "\t",
  "\\b": "\b",
  "\\f": "\f",
  "\\v": "\v",
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
};

/** Returns the bytes that an escape represents. */
function unescape(escape: string): string {
  if (escape.length < 3) return named[escape] ?? escape.replace(/^\\(?![ux])/, "");
  const known = named[escape.toLowerCase()];
  if (known || /^&[^#]/.test(escape)) return known ?? escape;
  const radix = /^&#\d/.test(escape) ? 10 : 16;
  const points = (escape.match(/[\da-f]+/gi) ?? []).map((digits) => parseInt(digits, radix));
  if (points.some((point) => point > 0x10_ffff)) return escape;
  const text = String.fromCodePoint(...points);
  return escape.startsWith("%") ? text : toByteText(text);
}

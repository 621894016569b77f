import { platform } from "../platform.js";
import {
  factor,
  folded,
  formsOf,
  maxLevels,
  toBytes,
  unescapeOnce,
  type SecretForm,
  type Unescaped,
} from "./secret-forms.js";

/** Replaces a secret in texts. */
export const redacted = "[redacted]";

/** What is known about a secret besides its value. */
export interface SecretOptions {
  /** The name of its placeholder: `secrets.api_key`. */
  readonly name?: string | undefined;
  /** Its group: it is dropped after many newer secrets of the same group. Default: its name. */
  readonly pool?: string;
  /** Whether the user gave it as a value. Other secrets, such as tokens, are dropped after many newer ones. */
  readonly isGiven?: boolean;
  /** Whether it may be something else, such as the name of a tenant: `isSecret` ignores it. */
  readonly isWeak?: boolean;
}

/**
 * Removes secrets from texts by value, in every spelling in which they may occur. Only texts from outside go through it:
 * URLs, headers, bodies, causes, and the parts of messages marked by `foreign`.
 */
export interface Redactor {
  /** Makes a text a secret. */
  readonly add: (secret: string, options?: SecretOptions) => void;
  /** Returns the placeholder of a secret: `secrets.api_key`. */
  readonly nameOf: (secret: string) => string | undefined;
  /** Whether a text holds a secret of at least eight characters. A shorter one may occur by chance. */
  readonly isSecret: (text: string) => boolean;
  /** Returns the text without secrets. A secret under eight characters is removed only where it is a whole value. */
  readonly clean: (text: string) => string;
}

/** Shorter secrets are looked for as whole values only: `orders` may be a secret, but also a word of a message. */
const shortest = 8;

/** Expired tokens and the like, by name. */
const maxForgettable = 256;

/** Creates a redactor that knows no secret yet. */
export function createRedactor(): Redactor {
  const given = new Map<string, readonly SecretForm[]>();
  const pools = new Map<string, Map<string, readonly SecretForm[]>>();
  const names = new Map<string, string>();
  let index = createIndex();
  return {
    nameOf: (secret) => names.get(secret),
    isSecret: (text) => findSecrets(index, text, "first").length > 0,
    clean: (text) => clean(text, findSecrets(index, text, "all")),
    add: (secret, { name = "", isGiven = false, isWeak = false, pool: group } = {}) => {
      if (!secret) return;
      if (name) names.set(secret, name);
      const before = given.get(secret);
      if (before && (isWeak || !before[0]?.isWeak)) return;
      const key = group ?? (isWeak ? "weak" : name);
      const pool = isGiven ? given : (pools.get(key) ?? new Map<string, readonly SecretForm[]>());
      if (!isGiven) pools.set(key, pool);
      const known = isGiven ? undefined : pool.get(secret);
      const forms = known ?? formsOf(secret).map((form) => (isWeak ? { ...form, isWeak } : form));
      // The latest last: current secrets are added again and again.
      pool.delete(secret);
      pool.set(secret, forms);
      if (!known) forms.forEach(index.add);
      if (isGiven || pool.size <= maxForgettable) return;
      for (const old of [...pool.keys()].slice(0, maxForgettable / 2)) {
        pool.delete(old);
        names.delete(old);
      }
      index = createIndex();
      for (const kept of [given, ...pools.values()])
        for (const each of kept.values()) each.forEach(index.add);
    },
  };
}

/** The spellings of all secrets, for one pass over a text. */
interface SecretIndex {
  readonly add: (form: SecretForm) => void;
  readonly short: SecretForm[];
  /** By the hash of their first eight bytes. */
  readonly long: Map<number, SecretForm[]>;
  /** Not 0 for the lower 15 bits of these hashes: most places of a text need no other look. */
  readonly filter: Uint8Array;
}

function createIndex(): SecretIndex {
  const short: SecretForm[] = [];
  const long = new Map<number, SecretForm[]>();
  const filter = new Uint8Array(0x8000);
  const add = (form: SecretForm): void => {
    const { bytes } = form;
    if (bytes.length < shortest) {
      short.push(form);
      return;
    }
    let hash = 0;
    for (let i = 0; i < shortest; i++) hash = (Math.imul(hash, factor) + (bytes[i] ?? 0)) | 0;
    filter[hash & 0x7fff] = 1;
    const same = long.get(hash);
    if (same) same.push(form);
    else long.set(hash, [form]);
  };
  return { add, short, long, filter };
}

/** A part of a text, as positions in its bytes. */
type Span = readonly [start: number, end: number];

/** Finds secrets in a text and in what it stands for: the text without escapes, up to three times. */
function findSecrets(index: SecretIndex, text: string, wanted: "first" | "all"): readonly Span[] {
  const { long, short } = index;
  const spans: Span[] = [];
  if (!text || long.size + short.length === 0) return spans;
  let level: Unescaped | undefined = { bytes: toBytes(text) };
  for (let n = 0; level && n <= maxLevels; n++, level = unescapeOnce(level)) {
    const { at } = level;
    for (const [start, end] of findPlain(index, level.bytes, wanted)) {
      spans.push(at ? [at[start] ?? 0, at[end] ?? 0] : [start, end]);
      if (wanted === "first") return spans;
    }
  }
  return spans;
}

/** Finds the spellings in bytes, in linear time: prefix sums tell the hash of any part. Overlapping matches are one. */
function findPlain({ long, short, filter }: SecretIndex, plain: Uint8Array, wanted: "first" | "all"): Span[] {
  const { length } = plain;
  const bytes = new Uint8Array(length);
  const sums = new Int32Array(length + 1);
  const starts: number[] = [];
  let sum = 0;
  for (let i = 0; i < length;) {
    const byte = folded[plain[i] ?? 0] ?? 0;
    bytes[i] = byte;
    sum = (Math.imul(sum, factor) + byte) | 0;
    sums[++i] = sum;
    if (i < shortest) continue;
    const start = i - shortest;
    if (filter[(sum - Math.imul(sums[start] ?? 0, shortestPower)) & 0x7fff] !== 0) starts.push(start);
  }
  const spans: [number, number][] = [];
  const push = (start: number, end: number): void => {
    const last = spans.at(-1);
    if (!last || start >= last[1]) spans.push([start, end]);
    else if (end > last[1]) last[1] = end;
  };
  const hashOf = (start: number, size: number, power: number): number =>
    ((sums[start + size] ?? 0) - Math.imul(sums[start] ?? 0, power)) | 0;
  let isEndFound = wanted === "first";
  // A secret that repeats itself has many beginnings: without a bound, comparing them would not be linear.
  let work = 8 * length + 4096;
  for (const i of starts) {
    for (const form of long.get(hashOf(i, shortest, shortestPower)) ?? []) {
      if (form.isWeak && wanted === "first") continue;
      const end = i + form.bytes.length;
      const isWhole = end <= length && hashOf(i, form.bytes.length, form.power) === form.hash;
      let isCut = false;
      if (!isWhole && !isEndFound && end > length - longestCut) {
        // What is inside an earlier match matters only if it goes on behind it.
        const from = Math.max(i, spans.at(-1)?.[1] ?? 0);
        const reached = endOfSame(bytes, from, form.bytes.subarray(from - i));
        work -= reached - from;
        const isLast = reached > length - longestCut && isCutAt(bytes[reached]);
        isCut = work < 0 || (isLast && (from === i || endOfSame(bytes, i, form.bytes) >= from));
      }
      isEndFound ||= isCut;
      if (isWhole || isCut)
        push(i - (isBase64(bytes[i - 1]) ? form.before : 0), isCut ? length : endOf(bytes, end, form));
      if (spans.length > 0 && wanted === "first") return spans;
    }
  }
  if (wanted === "all") for (const span of findValues(short, bytes, hashOf)) spans.push([...span]);
  return spans;
}

const shortestPower = Array.from({ length: shortest }).reduce<number>((power) => Math.imul(power, factor), 1);

/** Where a text is no longer the same as a secret. */
function endOfSame(bytes: Uint8Array, start: number, secret: Uint8Array): number {
  let i = start;
  while (i < bytes.length && bytes[i] === secret[i - start]) i++;
  return i;
}

/** Whether a text may have been cut before a byte: there is none, or it begins an escape. */
function isCutAt(byte: number | undefined): boolean {
  return byte === undefined || escapes.includes(byte);
}

/** Base64 also has characters that depend on the secret and on its neighbours, and padding. */
function endOf(bytes: Uint8Array, at: number, { after }: SecretForm): number {
  let end = at;
  if (after && isBase64(bytes[end])) end++;
  while (after && bytes[end] === equals && end < at + 3) end++;
  return end;
}

function isBase64(byte = 0): boolean {
  return (byte > 46 && byte < 58) || (byte > 96 && byte < 123) || byte === 32;
}

const ampersand = 38;
const equals = 61;
/** The first bytes of escapes (`%`, `&`, the backslash) and of the replacement for half a character. */
const escapes = [37, ampersand, 92, 0xef];
/** More than the length of an escape that was cut: `\\u00e`. */
const longestCut = 6;
const quotes = [34, 39];

/** Finds short secrets that are whole values: between quotes, after `=`, before `&`, or the whole text. */
function* findValues(
  short: readonly SecretForm[],
  bytes: Uint8Array,
  hashOf: (start: number, size: number, power: number) => number,
): Generator<Span> {
  const { length } = bytes;
  for (let i = 0; short.length > 0 && i < length; i++) {
    const before = bytes[i - 1] ?? equals;
    if (before !== equals && !quotes.includes(before)) continue;
    for (const form of short) {
      const end = i + form.bytes.length;
      const after = bytes[end] ?? ampersand;
      if (end > length || (after !== ampersand && !quotes.includes(after))) continue;
      if (hashOf(i, form.bytes.length, form.power) === form.hash) yield [i, end];
    }
  }
}

const decoder = /* @__PURE__ */ new platform.TextDecoder("utf-8", { fatal: false, ignoreBOM: true });

function clean(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text;
  const bytes = toBytes(text);
  let result = "";
  let done = 0;
  let end = -1;
  for (const [start, next] of [...spans].sort(([a], [b]) => a - b)) {
    if (start >= end) {
      result += decoder.decode(bytes.subarray(done, start)) + redacted;
    }
    end = Math.max(end, next);
    done = end;
  }
  return result + decoder.decode(bytes.subarray(done));
}

/** Headers that hold no credentials. */
const plainHeader =
  /^(accept|content-|user-agent$|prefer$|if-|cache-|range$|date$|host$|origin$|referer$|traceparent$|x-request-id$)|version/i;
const credentialHeader = /auth|cookie|token|key|secret|session|sid$|pass|cred|sign|jwt/i;

/** Makes the values of headers from options secrets, unless their names say that they are none. */
export function addHeaders(
  { add }: Redactor,
  headers: Readonly<Record<string, unknown>> = {},
  options: SecretOptions = {},
): void {
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value !== "string" || plainHeader.test(name)) continue;
    // `2024-01-01` or the name of a tenant may be part of a link, and a link without it leads to another page.
    const isWeak = !credentialHeader.test(name) && !/^(?=.*\d)(?=.*[a-z]).{16,}$/i.test(value);
    // After the name of a scheme comes the secret: `Bearer …`; a cookie is `name=secret`.
    const parts = [
      value,
      value.replace(/^\S+ +/, ""),
      ...value.split("; ").map((pair) => pair.replace(/^[^=]*=/, "")),
    ];
    for (const part of parts) if (part.length >= shortest) add(part, { ...options, isWeak });
  }
}

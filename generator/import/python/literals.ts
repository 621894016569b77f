/** The parts of a string literal. */
export interface StringLiteral {
  readonly isRaw: boolean;
  /** Offset of the first character after the opening quotes, within the literal. */
  readonly start: number;
  /** Offset of the closing quotes. */
  readonly end: number;
}

/** Finds the prefix and the quotes of a literal such as `rb'x'` or `f"""x"""`. */
export function openString(source: string): StringLiteral {
  const [, prefix = "", quotes = ""] = /^([a-z]*)("""|'''|"|')/i.exec(source) ?? [];
  const start = prefix.length + quotes.length;
  const hasEnd = quotes !== "" && source.length >= start + quotes.length && source.endsWith(quotes);
  return { isRaw: /r/i.test(prefix), start, end: hasEnd ? source.length - quotes.length : source.length };
}

/** Returns the text of a plain string literal. */
export function readString(source: string): string {
  const { isRaw, start, end } = openString(source);
  const text = source.slice(start, end).replaceAll("\r\n", "\n");
  return isRaw ? text : unescape(text);
}

/** Whether a string literal has a character by its name, such as `\N{BULLET}`. */
export function hasNamedCharacter(source: string): boolean {
  return !openString(source).isRaw && /(?:^|[^\\])(?:\\\\)*\\N\{/.test(source);
}

const simpleEscapes: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** Resolves the escape sequences of a string. Keeps unknown sequences, as Python does. */
export function unescape(text: string): string {
  return text.replaceAll(
    /\\(?:[0-7]{1,3}|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[\n\\'"abfnrtv])/g,
    (sequence) => {
      const letter = sequence.charAt(1);
      const simple = simpleEscapes[letter];
      if (simple !== undefined) return simple;
      const isOctal = /[0-7]/.test(letter);
      const code = Number.parseInt(sequence.slice(isOctal ? 1 : 2), isOctal ? 8 : 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : sequence;
    },
  );
}

/** Reads a number. Returns integers that JSON would round as text, and `undefined` for complex numbers. */
export function readNumber(source: string): number | string | undefined {
  const digits = source.replaceAll("_", "");
  if (/j$/i.test(digits)) return undefined;
  if (/^(?:0[xob][\da-f]+|\d+)$/i.test(digits)) {
    const whole = BigInt(digits.replace(/^0+(?=\d)/, ""));
    return whole <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(whole) : String(whole);
  }
  const value = Number(digits);
  return Number.isFinite(value) ? value : undefined;
}

/** A constant of Python. */
interface Constant {
  readonly value: string | number | boolean | null;
  readonly isFloat?: boolean;
}

/** Formats a constant as Python's `str` does. */
export function toPythonText({ value, isFloat }: Constant): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return isFloat === true ? toFloatText(value as number) : String(value);
}

/** Formats a number of the type `float` as Python does: 2.0, 1e+16, 1e-05. */
function toFloatText(value: number): string {
  if (Object.is(value, -0)) return "-0.0";
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e16 || size < 1e-4))
    return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

import { randomUUID } from "node:crypto";
import type { Cell, Column, ColumnType } from "../destination.js";
import { parseTime, parseTimestamp, toIso, toMicros } from "./timestamp.js";

/** A value that a column of this type cannot hold. */
export const noValue: unique symbol = Symbol("no value");

const maxBigint = 2n ** 63n - 1n;
const minBigint = -(2n ** 63n);
/** The limit of 38 digits, the maximum of DuckDB's decimals. */
const maxWei = 10n ** 38n;

/** Returns the type of the column that a value creates, or `undefined` for a value that creates none. */
export function inferType(value: unknown, detectsTimestamps: boolean): ColumnType | undefined {
  switch (typeof value) {
    case "string":
      return detectsTimestamps && parseTimestamp(value) !== undefined ? "timestamp" : "text";
    case "number":
      // An integer beyond 2^53 is a bigint, unless it was written as a decimal: 1e20.
      return Number.isSafeInteger(value) ? "bigint" : "double";
    case "bigint":
      return typeOfInteger(value);
    case "boolean":
      return "bool";
    case "object":
      return value === null ? undefined : "json";
    default:
      return undefined;
  }
}

function typeOfInteger(value: bigint): ColumnType {
  if (value >= minBigint && value <= maxBigint) return "bigint";
  return value > -maxWei && value < maxWei ? "wei" : "text";
}

/** Converts a value to the type of a column. Returns `noValue` if the conversion would lose information. */
export function toCell(value: unknown, column: Digits & Pick<Column, "type">): Cell | typeof noValue {
  if (value === null || value === undefined) return null;
  return converters[column.type](value, column);
}

/** Removes the underscores that group digits, and blanks around the number: ` 1_000 ` becomes `1000`. */
function withoutGroups(text: string): string {
  return text.trim().replaceAll(/(?<=\d)_(?=\d)/g, "");
}

type Digits = Pick<Column, "precision" | "scale">;
type Converter = (value: unknown, digits: Digits) => Cell | typeof noValue;

const converters: Readonly<Record<ColumnType, Converter>> = {
  text: toText,
  bigint: (value) => toInteger(value, minBigint, maxBigint),
  wei: toWei,
  double: toDouble,
  decimal: toDecimal,
  bool: toBool,
  timestamp: toTimestamp,
  date: toDate,
  time: (value) => (typeof value === "string" && parseTime(value)) || noValue,
  json: toJsonText,
  binary: toBinary,
};

function toText(value: unknown): Cell {
  if (typeof value === "string") return value;
  return typeof value === "number" ? numberText(value) : stringify(value);
}

/** Writes a number as Python does: with an exponent below 0.0001 and from 1e16. */
function numberText(value: number): string {
  const size = Math.abs(value);
  if (Number.isSafeInteger(value) || (size >= 1e-4 && size < 1e16)) return String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}

function toInteger(value: unknown, min: bigint, max: bigint): Cell | typeof noValue {
  // `packRows` makes it a `bigint` where a destination needs one. Most need its digits only.
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  const integer = parseInteger(value);
  return integer === undefined || integer < min || integer > max ? noValue : integer;
}

function toWei(value: unknown): Cell | typeof noValue {
  const text = toDecimal(value, { precision: 38, scale: 0 });
  return typeof text === "string" ? BigInt(text) : noValue;
}

function parseInteger(value: unknown): bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : undefined;
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  if (/^0x[\da-fA-F]+$/.test(text)) return BigInt(text);
  return /^[+-]?\d+(?:_\d+)*$/.test(text) ? BigInt(text.replaceAll(/[+_]/g, "")) : undefined;
}

function toDouble(value: unknown): Cell | typeof noValue {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "string") return noValue;
  return parseDecimal(value) ?? noValue;
}

/** Reads a decimal number, or hexadecimal digits; `undefined` for any other text. Digits may be grouped: `1_000`. */
function parseDecimal(value: string): number | undefined {
  const text = withoutGroups(value);
  return /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|0x[\da-fA-F]+)$/.test(text)
    ? Number(text)
    : undefined;
}

/** Reads a decimal number. Further digits after the point are rounded, as databases round them. */
function toDecimal(value: unknown, { precision = 38, scale = 9 }: Digits): Cell | typeof noValue {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "bigint") return noValue;
  // The number that is written as 1.255 is slightly less than 1.255, so it is rounded down.
  const isFraction = typeof value === "number" && !Number.isInteger(value) && Math.abs(value) < 1e21;
  const given = isFraction ? value.toFixed(scale) : withoutGroups(String(value));
  const text = /^0x[\da-fA-F]+$/.test(given) ? String(BigInt(given)) : given;
  const [, sign = "", whole = "", fraction = ""] = /^([+-]?)(\d*)\.?(\d*)$/.exec(expand(text)) ?? [];
  if (whole + fraction === "") return noValue;
  const kept = BigInt(whole + fraction.slice(0, scale).padEnd(scale, "0"));
  const rounded = String(kept + (fraction.charAt(scale) >= "5" ? 1n : 0n));
  if (rounded.length > precision) return noValue;
  const digits = rounded.padStart(scale + 1, "0");
  const point = digits.length - scale;
  const decimals = digits.slice(point).replace(/0+$/, "");
  return `${sign === "-" ? "-" : ""}${digits.slice(0, point)}${decimals && `.${decimals}`}`;
}

/** Writes a number without an exponent: `1e-7` becomes `0.0000001`. */
function expand(text: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = ""] =
    /^([+-]?)(\d+)(?:\.(\d*))?e([+-]?\d+)$/i.exec(text) ?? [];
  if (exponent === "") return text;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  // A text may have any exponent.
  if (Math.abs(point) > 400) return text;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return `${sign}${digits.slice(0, point).padEnd(point, "0")}.${digits.slice(point)}`;
}

function toBool(value: unknown): Cell | typeof noValue {
  if (typeof value === "boolean") return value;
  if (typeof value === "number" || typeof value === "bigint") return Number(value) !== 0;
  if (typeof value !== "string") return noValue;
  const word = value.toLowerCase();
  if (["true", "yes", "t", "y", "1"].includes(word)) return true;
  return ["false", "no", "f", "n", "0"].includes(word) ? false : noValue;
}

/** The years from 1 to 9999, in seconds since 1970. */
const firstSecond = -62_135_596_800;
const lastSecond = 253_402_300_799;

/** Like dlt, reads numbers, and texts of numbers, as seconds since 1970. */
function toTimestamp(value: unknown): Cell | typeof noValue {
  const isText = typeof value === "string";
  const micros = isText ? toMicros(value) : undefined;
  if (micros !== undefined) return micros;
  const seconds = isText && !/^\s*0x/i.test(value) ? parseDecimal(value) : value;
  const isTime = typeof seconds === "number" && seconds >= firstSecond && seconds <= lastSecond;
  return isTime ? BigInt(Math.round(seconds * 1e6)) : noValue;
}

function toDate(value: unknown): Cell | typeof noValue {
  const micros = toTimestamp(value);
  return typeof micros === "bigint" ? toIso(micros).slice(0, 10) : noValue;
}

/**
 * Replaces halves of characters in JSON by U+FFFD, as UTF-8 does in texts. Databases do not accept their escapes: `\ud83d` without
 * `\ude00`.
 */
function withoutHalves(json: string): string {
  if (!/\\ud/i.test(json)) return json;
  return json.replace(/\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u[dD][89a-fA-F]..|\\./g, (escape) =>
    escape.length === 6 && /^\\u[dD]/.test(escape) ? "\ufffd" : escape,
  );
}

/** Like dlt, reads texts as JSON. Other scalars, and texts that are not JSON, do not fit. */
function toJsonText(value: unknown): Cell | typeof noValue {
  if (typeof value === "object") return withoutHalves(stringify(value));
  if (typeof value !== "string") return noValue;
  try {
    return JSON.parse(value) === null ? null : withoutHalves(value.trim());
  } catch {
    return noValue;
  }
}

/** Reads hexadecimal digits after `0x`, base 64, or an integer, whose least significant byte comes first. */
function toBinary(value: unknown): Cell | typeof noValue {
  if (typeof value === "number" || typeof value === "bigint") return toBytes(value);
  if (typeof value !== "string") return noValue;
  if (/^0x(?:[\da-fA-F]{2})*$/.test(value)) return Buffer.from(value.slice(2), "hex");
  const isBase64 = /^[A-Za-z\d+/]*={0,2}$/.test(value) && value.length % 4 === 0 && !value.startsWith("0x");
  return isBase64 ? Buffer.from(value, "base64") : noValue;
}

function toBytes(value: number | bigint): Cell | typeof noValue {
  if (value < 0 || (typeof value === "number" && !Number.isSafeInteger(value))) return noValue;
  const digits = BigInt(value).toString(16);
  const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex");
  return value === 0 || value === 0n ? Buffer.alloc(0) : bytes.reverse();
}

/** Marks a text that holds the digits of a bigint, until they become a number. No text from outside contains it. */
const mark: string = randomUUID();
const marked = new RegExp(`"${mark}(-?\\d+)"`, "g");

/** Writes a value as JSON. Integers of any size stay exact. */
export function stringify(value: unknown): string {
  const found = { bigint: false };
  const text = JSON.stringify(value, (_, each: unknown) => {
    if (typeof each !== "bigint") return each;
    found.bigint = true;
    return mark + String(each);
  });
  return found.bigint ? text.replaceAll(marked, "$1") : text;
}

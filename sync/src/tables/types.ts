import type { Cell, Column, ColumnType } from "../destination.js";
import { parseTimestamp, toIso, toMicros } from "./timestamp.js";

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
      return Number.isInteger(value) ? "bigint" : "double";
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

type Digits = Pick<Column, "precision" | "scale">;
type Converter = (value: unknown, digits: Digits) => Cell | typeof noValue;

const converters: Readonly<Record<ColumnType, Converter>> = {
  text: toText,
  bigint: (value) => toInteger(value, minBigint, maxBigint),
  wei: (value) => toInteger(value, 1n - maxWei, maxWei - 1n),
  double: toDouble,
  decimal: toDecimal,
  bool: toBool,
  timestamp: toTimestamp,
  date: toDate,
  time: (value) =>
    typeof value === "string" && /^\d\d:\d\d(:\d\d(\.\d{1,6})?)?$/.test(value) ? value : noValue,
  json: toJsonText,
  binary: (value) =>
    typeof value === "string" && /^[A-Za-z\d+/]*={0,2}$/.test(value) && value.length % 4 === 0
      ? Buffer.from(value, "base64")
      : noValue,
};

function toText(value: unknown): Cell {
  return typeof value === "string" ? value : stringify(value);
}

function toInteger(value: unknown, min: bigint, max: bigint): Cell | typeof noValue {
  // `packRows` makes it a `bigint` where a destination needs one. Most need its digits only.
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  const integer = parseInteger(value);
  return integer === undefined || integer < min || integer > max ? noValue : integer;
}

function parseInteger(value: unknown): bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : undefined;
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  if (/^0x[\da-f]+$/i.test(text)) return BigInt(text);
  return /^[+-]?\d+$/.test(text) ? BigInt(text.replace(/^\+/, "")) : undefined;
}

function toDouble(value: unknown): Cell | typeof noValue {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") {
    const double = Number(value);
    return BigInt(double) === value ? double : noValue;
  }
  if (typeof value !== "string") return noValue;
  return parseDecimal(value) ?? noValue;
}

/** Reads a decimal number, or hexadecimal digits; `undefined` for any other text. */
function parseDecimal(value: string): number | undefined {
  const text = value.trim();
  return /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|0x[\da-f]+)$/i.test(text) ? Number(text) : undefined;
}

function toDecimal(value: unknown, { precision = 38, scale = 9 }: Digits): Cell | typeof noValue {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "bigint") return noValue;
  const given = String(value).trim();
  const text = /^0x[\da-f]+$/i.test(given) ? String(BigInt(given)) : given;
  const [, sign = "", whole = "", fraction = ""] = /^([+-]?)(\d*)\.?(\d*)$/.exec(expand(text)) ?? [];
  if (whole + fraction === "" || fraction.replace(/0+$/, "").length > scale) return noValue;
  const digits = whole.replace(/^0+(?=\d)/, "") || "0";
  if ((digits === "0" ? 0 : digits.length) > precision - scale) return noValue;
  return `${sign === "-" ? "-" : ""}${digits}${fraction && `.${fraction.slice(0, scale)}`}`;
}

/** Writes a number without an exponent: `1e-7` becomes `0.0000001`. */
function expand(text: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = ""] =
    /^([+-]?)(\d+)(?:\.(\d*))?e([+-]?\d+)$/i.exec(text) ?? [];
  if (exponent === "") return text;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (Math.abs(point) > 80) return text;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return `${sign}${digits.slice(0, point).padEnd(point, "0")}.${digits.slice(point)}`;
}

function toBool(value: unknown): Cell | typeof noValue {
  if (typeof value === "boolean") return value;
  if (typeof value === "number" || typeof value === "bigint") return Number(value) !== 0;
  if (typeof value !== "string") return noValue;
  const word = value.trim().toLowerCase();
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

/** Like dlt, reads texts as JSON. Other scalars, and texts that are not JSON, do not fit. */
function toJsonText(value: unknown): Cell | typeof noValue {
  if (typeof value === "object") return stringify(value);
  if (typeof value !== "string") return noValue;
  try {
    return JSON.parse(value) === null ? null : value.trim();
  } catch {
    return noValue;
  }
}

/** Writes a value as JSON. Integers of any size stay exact. */
export function stringify(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === "bigint" ? ((JSON as unknown as RawJson).rawJSON?.(String(each)) ?? String(each)) : each,
  );
}

/** The raw JSON of a value; available since Node 22. */
interface RawJson {
  readonly rawJSON?: (text: string) => unknown;
}

import { toPythonText } from "./literals.js";
import type { PyConstant } from "./values.js";

const specPattern =
  /^(?:(?<fill>.)?(?<align>[<>^=]))?(?<sign>[+ -])?(?<zero>0)?(?<width>\d+)?(?<comma>[,_])?(?:\.(?<digits>\d+))?(?<type>[sdfFxXob%])?$/u;

type Parts = Readonly<Record<string, string | undefined>>;

/** Formats a constant by a format specifier such as `02d`, `>10` or `.2f`. Returns `undefined` for other specifiers. */
export function formatConstant(value: PyConstant, spec: string): string | undefined {
  if (value.isTime || value.isDuration) return undefined;
  if (spec === "") return toPythonText(value);
  const parts: Parts | undefined = specPattern.exec(spec)?.groups;
  if (!parts) return undefined;
  if (typeof value.value === "string") return formatText(value.value, parts);
  return typeof value.value === "number" ? formatNumber(value.value, value, parts) : undefined;
}

function formatText(text: string, parts: Parts): string | undefined {
  const { type, digits, sign, comma, align } = parts;
  if ((type ?? "s") !== "s" || sign || comma || align === "=") return undefined;
  const cut = digits === undefined ? text : Array.from(text).slice(0, Number(digits)).join("");
  return pad(cut, parts, "<");
}

function formatNumber(number: number, value: PyConstant, parts: Parts): string | undefined {
  const size = digitsOf(Math.abs(number), value, parts);
  if (size === undefined) return undefined;
  const { comma, zero, width, align } = parts;
  const [whole = "", rest] = size.split(".");
  const grouped = comma ? whole.replaceAll(/\B(?=(?:\d{3})+$)/g, comma) : whole;
  const digits = rest === undefined ? grouped : `${grouped}.${rest}`;
  const plus = parts["sign"] === "+" || parts["sign"] === " " ? parts["sign"] : "";
  const sign = number < 0 ? "-" : plus;
  if (zero && comma) return undefined;
  if (zero && !align) return sign + digits.padStart(Number(width ?? 0) - sign.length, "0");
  return align === "=" ? undefined : pad(sign + digits, parts, ">");
}

function digitsOf(size: number, value: PyConstant, { type, digits }: Parts): string | undefined {
  const isWhole = Number.isInteger(size) && value.isFloat !== true;
  switch (type) {
    case "f":
    case "F":
      return toFixed(size, Number(digits ?? 6));
    case "%":
      return `${toFixed(size * 100, Number(digits ?? 6)) ?? ""}%`;
    case "x":
      return isWhole ? size.toString(16) : undefined;
    case "X":
      return isWhole ? size.toString(16).toUpperCase() : undefined;
    case "o":
      return isWhole ? size.toString(8) : undefined;
    case "b":
      return isWhole ? size.toString(2) : undefined;
    case "d":
      return isWhole ? String(size) : undefined;
    case undefined:
      return digits === undefined ? toPythonText({ ...value, value: size }) : undefined;
    default:
      return undefined;
  }
}

/** Rounds as Python does, with halves to the even digit. Returns `undefined` for more than 20 digits. */
export function toFixed(size: number, digits: number): string | undefined {
  if (digits < 0 || digits > 20 || size >= 1e21) return undefined;
  const exact = size.toFixed(digits + moreDigits);
  const kept = exact.slice(0, exact.length - moreDigits).replace(/\.$/, "");
  const isHalf = /^50*$/.test(exact.slice(-moreDigits));
  return isHalf && Number(kept.at(-1)) % 2 === 0 ? kept : size.toFixed(digits);
}

/** Number of further digits that distinguish an exact half from a number close to it. */
const moreDigits = 30;

function pad(text: string, { fill = " ", align, zero, width }: Parts, usual: "<" | ">"): string | undefined {
  if (zero) return undefined;
  const missing = Number(width ?? 0) - Array.from(text).length;
  if (missing <= 0) return text;
  const side = align ?? usual;
  const left = side === "<" ? 0 : side === ">" ? missing : Math.floor(missing / 2);
  return fill.repeat(left) + text + fill.repeat(missing - left);
}

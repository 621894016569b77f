import type { Row, Value } from "./read-value.js";

/** The width of a line. */
export const lineWidth = 80;

/** Prettier keeps a string on the line of a key that is shorter than this. */
const shortKey = 5;

/** The place at which a value is printed. */
interface Place {
  /** Spaces before its line. */
  readonly indent: number;
  /** Columns that the text before the value and the text after it take on the line. */
  readonly taken: number;
}

/**
 * Prints `key: value,` as prettier does, over several lines if it is too long for one. Returns `undefined` if only
 * prettier can lay it out.
 */
export function printRow({ key, value }: Row, indent: number): string | undefined {
  const spaces = " ".repeat(indent);
  const taken = indent + key.length + 3;
  if (value.kind === "text" && taken + value.flat.length > lineWidth && key.length >= shortKey)
    return `${spaces}${key}:\n${spaces}  ${value.flat},`;
  if (taken + value.flat.length > lineWidth && !canBreak(value, taken)) return undefined;
  const printed = printValue(value, { indent, taken });
  return printed === undefined ? undefined : `${spaces}${key}: ${printed},`;
}

/**
 * Whether the value after a key can break inside. Prettier moves other values to the next line as a whole: those without
 * room for a bracket, and calls that could break only at a short argument.
 */
function canBreak(value: Value, taken: number): boolean {
  if (value.kind === "text") return true;
  if (value.kind === "number" || value.kind === "name" || taken > lineWidth) return false;
  if (value.kind !== "call") return true;
  if (taken + value.name.length > lineWidth) return false;
  return (
    value.items.length > 1 ||
    value.items.some(({ kind }) => kind === "list" || kind === "object" || kind === "call")
  );
}

function printValue(value: Value, place: Place): string | undefined {
  if (isForced(value)) return undefined;
  if (place.taken + value.flat.length <= lineWidth) return value.flat;
  switch (value.kind) {
    case "text":
    case "number":
    case "name":
      return value.flat;
    case "list":
      return isNumbers(value) ? undefined : printItems(value.items, ["[", "]"], place.indent);
    case "object":
      return value.rows.length === 0 ? undefined : printRows(value.rows, place.indent);
    case "call":
      return printCall(value, place);
    default:
      return value satisfies never;
  }
}

/** Whether prettier breaks a list even if it fits: several objects or lists, each with several parts. */
function isForced(value: Value): boolean {
  if (value.kind === "object") return value.rows.some((row) => isForced(row.value));
  if (value.kind !== "list" && value.kind !== "call") return false;
  const { items } = value;
  if (items.some(isForced)) return true;
  return value.kind === "list" && items.length > 1 && items.every((item) => partsOf(item) > 1);
}

function partsOf(value: Value): number {
  if (value.kind === "list") return value.items.length;
  return value.kind === "object" ? value.rows.length : 0;
}

/** Prints a call. An object or a list as the last argument stays on the line of the call if the text before it fits. */
function printCall({ name, items }: Extract<Value, { kind: "call" }>, place: Place): string | undefined {
  const last = items.at(-1);
  if (!last) return `${name}()`;
  const others = items
    .slice(0, -1)
    .map(({ flat }) => `${flat}, `)
    .join("");
  const before = `${name}(${others}`;
  if (isNumbers(last)) return undefined;
  const isHugged = partsOf(last) > 0 && items.at(-2)?.kind !== last.kind;
  // The text after the value takes one more column than the text before it.
  if (!isHugged || place.taken - 1 + before.length + 1 > lineWidth)
    return prefix(name, printItems(items, ["(", ")"], place.indent));
  const broken =
    last.kind === "list"
      ? printItems(last.items, ["[", "]"], place.indent)
      : last.kind === "object"
        ? printRows(last.rows, place.indent)
        : undefined;
  return broken === undefined ? undefined : `${before}${broken})`;
}

/** Whether a value is an empty list or a list of numbers, which prettier fills line by line. */
function isNumbers(value: Value): boolean {
  return value.kind === "list" && value.items.every(({ kind }) => kind === "number");
}

function prefix(name: string, text: string | undefined): string | undefined {
  return text === undefined ? undefined : name + text;
}

function printItems(
  items: readonly Value[],
  [open, close]: readonly [string, string],
  indent: number,
): string | undefined {
  const inner = indent + 2;
  const lines = items.map((item) =>
    prefix(" ".repeat(inner), printValue(item, { indent: inner, taken: inner + 1 })),
  );
  return lines.includes(undefined)
    ? undefined
    : `${open}\n${lines.map((line) => `${line ?? ""},\n`).join("")}${" ".repeat(indent)}${close}`;
}

function printRows(rows: readonly Row[], indent: number): string | undefined {
  const lines = rows.map((row) => printRow(row, indent + 2));
  return lines.includes(undefined)
    ? undefined
    : `{\n${lines.map((line) => `${line ?? ""}\n`).join("")}${" ".repeat(indent)}}`;
}

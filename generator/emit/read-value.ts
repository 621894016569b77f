import {
  accept,
  createTextReader,
  expect,
  isComplete,
  match,
  matchNumber,
  matchString,
  type TextReader,
} from "./text-reader.js";

/** A value in a printed constant. `flat` is its text on one line. */
export type Value =
  | { readonly kind: "text" | "number" | "name"; readonly flat: string }
  | { readonly kind: "list"; readonly flat: string; readonly items: readonly Value[] }
  | { readonly kind: "object"; readonly flat: string; readonly rows: readonly Row[] }
  | { readonly kind: "call"; readonly flat: string; readonly name: string; readonly items: readonly Value[] };

/** A property: `key: value`. */
export interface Row {
  readonly key: string;
  readonly value: Value;
}

/**
 * Reads `key: value,`. Returns `undefined` for text that prettier might print differently: texts with escaped quotes,
 * numbers with an exponent, methods and functions.
 */
export function readRow(text: string): Row | undefined {
  const reader = createTextReader(text);
  const row = nextRow(reader);
  expect(reader, ",");
  return isComplete(reader) ? row : undefined;
}

/** The pattern of a key without quotes. */
export const plainKey: string = String.raw`[A-Za-z_$][\w$]*`;

/** The pattern of a key in quotes. Prettier removes unnecessary quotes. */
export const quotedKey: string = String.raw`"(?!${plainKey}")[ !#-[\]-~]*"`;

const keyForm = new RegExp(String.raw`(?:${plainKey}|${quotedKey}|\["__proto__"\]): `, "y");
const nameForm = /[A-Za-z_$][\w$]*/y;

function nextRow(reader: TextReader): Row {
  const key = match(reader, keyForm) ?? unknown(reader);
  return { key: key.slice(0, -2), value: nextValue(reader) };
}

function nextValue(reader: TextReader): Value {
  const start = reader.at;
  const flat = (): string => reader.text.slice(start, reader.at);
  const first = reader.text[start];
  if (first === '"') return { kind: "text", flat: matchString(reader) ?? unknown(reader) };
  if (first === "[") {
    const items = nextItems(reader, ["[", "]"]);
    return { kind: "list", items, flat: flat() };
  }
  if (first === "{") {
    const rows = nextRows(reader);
    return { kind: "object", rows, flat: flat() };
  }
  const number = matchNumber(reader);
  if (number !== undefined) return { kind: "number", flat: number };
  const name = match(reader, nameForm) ?? unknown(reader);
  if (reader.text[reader.at] !== "(") return { kind: "name", flat: name };
  const items = nextItems(reader, ["(", ")"]);
  return { kind: "call", name, items, flat: flat() };
}

function nextItems(reader: TextReader, [open, close]: readonly [string, string]): readonly Value[] {
  const items: Value[] = [];
  expect(reader, open);
  while (reader.isKnown && reader.text[reader.at] !== close) {
    if (items.length > 0) expect(reader, ", ");
    items.push(nextValue(reader));
  }
  expect(reader, close);
  return items;
}

function nextRows(reader: TextReader): readonly Row[] {
  const rows: Row[] = [];
  if (accept(reader, "{}")) return rows;
  expect(reader, "{ ");
  while (reader.isKnown && reader.text[reader.at] !== " ") {
    if (rows.length > 0) expect(reader, ", ");
    rows.push(nextRow(reader));
  }
  expect(reader, " }");
  return rows;
}

function unknown(reader: TextReader): string {
  reader.isKnown = false;
  return "";
}

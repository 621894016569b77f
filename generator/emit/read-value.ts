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

/** The position in the text. `isKnown` becomes false at the first unknown text. */
interface Reader {
  readonly text: string;
  at: number;
  isKnown: boolean;
}

/**
 * Reads `key: value,`. Returns `undefined` for text that prettier might print differently: texts with escaped quotes,
 * numbers with an exponent, methods and functions.
 */
export function readRow(text: string): Row | undefined {
  const reader: Reader = { text, at: 0, isKnown: true };
  const row = nextRow(reader);
  skip(reader, ",");
  return reader.isKnown && reader.at === text.length ? row : undefined;
}

/** The pattern of a key without quotes. */
export const plainKey: string = String.raw`[A-Za-z_$][\w$]*`;

/** The pattern of a key in quotes. Prettier removes unnecessary quotes. */
export const quotedKey: string = String.raw`"(?!${plainKey}")[ !#-[\]-~]*"`;

const keyForm = new RegExp(String.raw`(?:${plainKey}|${quotedKey}|\["__proto__"\]): `, "y");
const textForm = /"(?:[^"\\]|\\(?:[\\bfnrt]|u[\da-fA-F]{4}))*"/y;
const numberForm = /-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?(?![\w.])/y;
const nameForm = /[A-Za-z_$][\w$]*/y;

function nextRow(reader: Reader): Row {
  const key = match(reader, keyForm) ?? unknown(reader);
  return { key: key.slice(0, -2), value: nextValue(reader) };
}

function nextValue(reader: Reader): Value {
  const start = reader.at;
  const flat = (): string => reader.text.slice(start, reader.at);
  const first = reader.text[start];
  if (first === '"') return { kind: "text", flat: match(reader, textForm) ?? unknown(reader) };
  if (first === "[") {
    const items = nextItems(reader, ["[", "]"]);
    return { kind: "list", items, flat: flat() };
  }
  if (first === "{") {
    const rows = nextRows(reader);
    return { kind: "object", rows, flat: flat() };
  }
  const number = match(reader, numberForm);
  if (number !== undefined) return { kind: "number", flat: number };
  const name = match(reader, nameForm) ?? unknown(reader);
  if (reader.text[reader.at] !== "(") return { kind: "name", flat: name };
  const items = nextItems(reader, ["(", ")"]);
  return { kind: "call", name, items, flat: flat() };
}

function nextItems(reader: Reader, [open, close]: readonly [string, string]): readonly Value[] {
  const items: Value[] = [];
  skip(reader, open);
  while (reader.isKnown && reader.text[reader.at] !== close) {
    if (items.length > 0) skip(reader, ", ");
    items.push(nextValue(reader));
  }
  skip(reader, close);
  return items;
}

function nextRows(reader: Reader): readonly Row[] {
  const rows: Row[] = [];
  if (reader.text.startsWith("{}", reader.at)) {
    reader.at += 2;
    return rows;
  }
  skip(reader, "{ ");
  while (reader.isKnown && reader.text[reader.at] !== " ") {
    if (rows.length > 0) skip(reader, ", ");
    rows.push(nextRow(reader));
  }
  skip(reader, " }");
  return rows;
}

function match(reader: Reader, form: RegExp): string | undefined {
  form.lastIndex = reader.at;
  const found = form.exec(reader.text)?.[0];
  if (found !== undefined) reader.at += found.length;
  return found;
}

function skip(reader: Reader, text: string): void {
  if (reader.text.startsWith(text, reader.at)) reader.at += text.length;
  else reader.isKnown = false;
}

function unknown(reader: Reader): string {
  reader.isKnown = false;
  return "";
}

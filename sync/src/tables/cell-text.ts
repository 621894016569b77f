import type { Cell, ColumnType, RowBatch } from "../destination.js";

/**
 * Returns the function that writes cells of a type as text, or `undefined` if they are already texts. Times are
 * microseconds.
 */
export function cellWriter(type: ColumnType): ((cell: Cell) => string) | undefined {
  switch (type) {
    case "text":
    case "json":
      return undefined;
    case "binary":
      return (cell) => Buffer.from(cell as Uint8Array).toString("hex");
    default:
      return String;
  }
}

/** Returns the function that reads the texts of `cellWriter`. */
export function cellReader(type: ColumnType): (text: string) => Cell {
  switch (type) {
    case "bigint":
    case "wei":
    case "timestamp":
      return BigInt;
    case "double":
      return Number;
    case "bool":
      return (text) => text === "true";
    case "binary":
      return (text) => Buffer.from(text, "hex");
    default:
      return (text) => text;
  }
}

/** Returns a view of bytes. */
export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** The texts of the cells of a column, by row. A hole or `null` is a missing value. */
export type Texts = readonly (string | null | undefined)[];

/** Returns the texts of the cells of a column. `write` writes a cell as a text; it is absent if the cells are texts. */
export function textsOf(
  cells: RowBatch["values"][number],
  count: number,
  write: ((cell: Cell) => string) | undefined,
): Texts {
  if (!write) return cells as Texts;
  const texts: (string | null)[] = [];
  for (let row = 0; row < count; row++) {
    const cell = cells[row] ?? null;
    texts.push(cell === null ? null : write(cell));
  }
  return texts;
}

/** Returns the lengths of texts in bytes, or `undefined` if two halves of a character become one in the joined text. */
export function lengthsOf(
  texts: Texts,
  { joined, missing }: { readonly joined: string; readonly missing: number },
): Int32Array | undefined {
  const lengths = new Int32Array(texts.length);
  const total = Buffer.byteLength(joined);
  const isAscii = total === joined.length;
  let sum = 0;
  for (let row = 0; row < texts.length; row++) {
    const text = texts[row] ?? null;
    const length = text === null ? 0 : isAscii ? text.length : Buffer.byteLength(text);
    lengths[row] = text === null ? missing : length;
    sum += length;
  }
  return sum === total ? lengths : undefined;
}

/** Whether a text has one of the characters that `escapeField` replaces. Four searches are faster than a pattern. */
export function needsEscapes(text: string): boolean {
  return text.includes("\\") || text.includes("\n") || text.includes("\r") || text.includes("\t");
}

/** Replaces the tabs, line ends and backslashes of a text by escapes. */
export function escapeField(text: string): string {
  return text.replace(/[\\\n\r\t]/g, (char) => escapes[char] ?? char);
}

const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Returns the text that `escapeField` received. */
export function readField(field: string): string {
  return field.replace(/\\(.)/g, (_, char: string) => unescapes[char] ?? char);
}

const unescapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

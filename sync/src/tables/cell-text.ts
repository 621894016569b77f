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
export type Fields = readonly (string | null | undefined)[];

/**
 * Writes the cells of a column as fields of a row: as texts in which escapes replace tabs, line ends and backslashes. `write` writes a
 * cell as text; it is absent if the cells are texts.
 */
export function writeFields(
  cells: RowBatch["values"][number],
  count: number,
  write: ((cell: Cell) => string) | undefined,
): Fields {
  if (!write && !needsEscapes((cells as readonly string[]).join(""))) return cells as Fields;
  const fields: (string | null)[] = [];
  for (let row = 0; row < count; row++) {
    const cell = cells[row] ?? null;
    fields.push(cell === null ? null : write ? write(cell) : escape(cell as string));
  }
  return fields;
}

/** Whether a text has one of the characters that `escape` replaces. Four searches are faster than a pattern. */
function needsEscapes(text: string): boolean {
  return text.includes("\\") || text.includes("\n") || text.includes("\r") || text.includes("\t");
}

function escape(text: string): string {
  return text.replace(/[\\\n\r\t]/g, (char) => escapes[char] ?? char);
}

const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Returns the text that `writeFields` wrote as a field. */
export function readField(field: string): string {
  return field.replace(/\\(.)/g, (_, char: string) => unescapes[char] ?? char);
}

const unescapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

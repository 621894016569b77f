import type { Cell, ColumnType } from "../destination.js";

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

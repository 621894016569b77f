import type { Cell, ColumnType, NormalizedRows, RowBatch, TextPart } from "../destination.js";
import {
  cellReader,
  cellWriter,
  escapeField,
  needsEscapes,
  readField,
  textsOf,
} from "../tables/cell-text.js";
import { startFields, writeDoubles, writeIntegers, writeRows, writeTexts } from "../tables/row-memory.js";
import { parseTimestamp, toIso } from "../tables/timestamp.js";

/** Writes rows as the text of a `COPY`, with their hashes. The bytes are valid until the next call. */
export function writeLines(rows: RowBatch | NormalizedRows): readonly [Uint8Array] {
  const { columns, values, count } = rows;
  const { technical, hasHashes } = "technical" in rows ? rows : { technical: 0, hasHashes: false };
  const fields = startFields(columns, count);
  for (const [index, { type }] of columns.entries()) {
    const cells = values[index] ?? [];
    if (type === "bigint") writeIntegers(fields, index, cells);
    else if (type === "double") writeDoubles(fields, index, cells);
    else {
      const texts = textsOf(cells, count, fieldWriter(type));
      const joined = texts.join("");
      // The texts of technical columns need no escapes.
      if (index < technical || !needsEscapes(joined)) writeTexts(fields, index, { texts, joined });
      else writeTexts(fields, index, { texts: texts.map((text) => text && escapeField(text)) });
    }
  }
  return [writeRows(fields, hasHashes ? technical - 1 : -1)];
}

/** The text of a missing field. */
const missing = "\\N";

/** Returns the rows that `writeLines` received. */
export function readLines({ columns, count, texts }: TextPart): RowBatch {
  const [text = new Uint8Array()] = texts;
  const lines = Buffer.from(text).toString().split("\n").slice(0, count);
  const fields = lines.map((line) => line.split("\t"));
  const values = columns.map(({ type }, index) => {
    const read = fieldReader(type);
    return fields.map((row): Cell => {
      const field = row[index] ?? missing;
      return field === missing ? null : read(field);
    });
  });
  return { columns, count, values };
}

type Write = (cell: Cell) => string;

/** Returns the function that writes a cell as a text without escapes, or `undefined` if cells are texts. */
function fieldWriter(type: ColumnType): Write | undefined {
  switch (type) {
    case "timestamp":
      return (cell) => toIso(cell as bigint);
    case "binary":
      return (cell) => `\\x${Buffer.from(cell as Uint8Array).toString("hex")}`;
    default:
      return cellWriter(type);
  }
}

/** Returns the function that reads what `fieldWriter` wrote. */
function fieldReader(type: ColumnType): (field: string) => Cell {
  const read = cellReader(type);
  switch (type) {
    case "timestamp":
      return (field) => parseTimestamp(field) ?? null;
    case "binary":
      return (field) => read(readField(field).slice("\\x".length));
    default:
      return (field) => read(readField(field));
  }
}

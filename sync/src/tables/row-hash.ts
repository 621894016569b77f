import type { Cell, ColumnType, NormalizedRows, RowBatch } from "../destination.js";
import { cellWriter, textsOf } from "./cell-text.js";
import { hashLength, hashRows, startFields, writeNumbers, writeTexts } from "./row-memory.js";

/** The columns whose cells are numbers, booleans and integers. */
const numeric: ReadonlySet<ColumnType> = new Set(["bigint", "wei", "double", "bool", "timestamp"]);

/** Completes the hashes of rows. */
export function withHashes(rows: NormalizedRows): RowBatch {
  const { columns, values, count, technical } = rows;
  const data = columns.slice(technical);
  const fields = startFields(data, count);
  for (const [index, { type }] of data.entries()) {
    const cells = values[technical + index] ?? [];
    // The bytes of a number take less time than its digits.
    if (numeric.has(type)) writeNumbers(fields, index, cells);
    else writeTexts(fields, index, { texts: textsOf(cells, count, cellWriter(type)) });
  }
  const all = hashRows(fields);
  const known = values[technical - 1];
  const hashes = Array.from(
    { length: count },
    (_, row): Cell => known?.[row] ?? all.slice(row * hashLength, (row + 1) * hashLength),
  );
  return { columns, values: values.map((cells, index) => (index === technical - 1 ? hashes : cells)), count };
}

import type * as DuckDb from "@duckdb/node-api";
import type { Cell, Column, Dialect, RowBatch, TableName } from "../destination.js";
import { convertRows, needsConversion, type AppendRows } from "./duckdb-convert.js";
import { tableRef } from "../sql.js";

type Driver = typeof DuckDb;
type Chunk = DuckDb.DuckDBDataChunk;

/** Number of rows in a data chunk of DuckDB. */
export const chunkSize = 2048;

/** Maximum number of chunks that are kept for reuse. */
const maxChunks = 8;

/** Returns the function that adds the parts of rows to a table of DuckDB, chunk by chunk. */
export function createRowAppender(
  driver: Driver,
  connection: DuckDb.DuckDBConnection,
  dialect: Dialect,
): AppendRows {
  const takeChunk = createChunks(driver);
  const append: AppendRows = async (table, columns, parts) => {
    const order = [...(await typesOf(connection, table)).keys()];
    const appender = await connection.createAppender(table.name, table.schema);
    try {
      const types = order.map((_, index) => appender.columnType(index));
      const named = new Map(order.map((name, index) => [name, String(types[index])]));
      // The appender would write `null` into other columns of the user, not their default values.
      if (columns.length < order.length || needsConversion(columns, named)) {
        appender.closeSync();
        await convertRows(connection, { dialect, append }, { table, columns, parts, types: named });
        return;
      }
      const chunk = takeChunk(types);
      for (const part of parts) {
        const fills = order.map((name, index) => fillOf(driver, part, { name, type: types[index] }));
        appendPart({ appender, chunk }, fills, part.count);
      }
      // Frees the memory of the texts.
      chunk.reset();
      appender.flushSync();
    } catch (error) {
      closeQuietly(appender);
      throw error;
    }
    appender.closeSync();
  };
  return append;
}

function appendPart(
  { appender, chunk }: { readonly appender: DuckDb.DuckDBAppender; readonly chunk: Chunk },
  fills: readonly Fill[],
  count: number,
): void {
  for (let start = 0; start < count; start += chunkSize) {
    chunk.reset();
    chunk.rowCount = Math.min(chunkSize, count - start);
    for (const [index, fill] of fills.entries()) fill(chunk.getColumnVector(index), start);
    appender.appendDataChunk(chunk);
  }
}

/** Keeps recent chunks for reuse, because DuckDB's memory for a chunk is freed only by the garbage collector. */
function createChunks(driver: Driver): (types: readonly DuckDb.DuckDBType[]) => Chunk {
  const chunks = new Map<string, Chunk>();
  return (types) => {
    const key = types.join();
    const chunk = chunks.get(key) ?? driver.DuckDBDataChunk.create(types);
    // Reinsert the chunk, so it becomes the most recent.
    chunks.delete(key);
    chunks.set(key, chunk);
    const [oldest] = chunks.keys();
    if (chunks.size > maxChunks && oldest !== undefined) chunks.delete(oldest);
    return chunk;
  };
}

/** Returns the types of a table's columns by name, in the order of the table. */
export async function typesOf(
  connection: DuckDb.DuckDBConnection,
  table: TableName,
): Promise<ReadonlyMap<string, string>> {
  // The function `duckdb_columns()` takes four times as long.
  const reader = await connection.runAndReadAll(`describe ${tableRef(table)}`);
  return new Map(reader.getRows().map(([column, type]) => [String(column).toLowerCase(), String(type)]));
}

/** Writes the values of a column into a vector, starting with the row `start`. */
type Fill = (vector: DuckDb.DuckDBVector, start: number) => void;

function fillOf(
  driver: Driver,
  batch: RowBatch,
  { name, type }: { readonly name: string; readonly type: DuckDb.DuckDBType | undefined },
): Fill {
  const source = batch.columns.findIndex((each) => each.name === name);
  const column = batch.columns[source];
  const values = batch.values[source] ?? [];
  const convert = column && converterOf(driver, column, type);
  return (vector, start) => {
    const { itemCount } = vector;
    for (let row = 0; row < itemCount; row++) {
      const cell = values[start + row] ?? null;
      vector.setItem(row, cell === null || !convert ? (cell as DuckDb.DuckDBValue) : convert(cell));
    }
    vector.flush();
  };
}

/** Closes a failed appender. Ignores the error of closing, which repeats the first one. */
function closeQuietly(appender: DuckDb.DuckDBAppender): void {
  try {
    // Otherwise the garbage collector would write the refused rows again, in the middle of another transaction.
    appender.clear();
    appender.closeSync();
  } catch {
    // The first error has the reason.
  }
}

type Convert = (cell: Cell) => DuckDb.DuckDBValue;

/** Returns the conversion of cells to DuckDB's values, or `undefined` if both are the same. */
function converterOf(
  driver: Driver,
  { type }: Column,
  target: DuckDb.DuckDBType | undefined,
): Convert | undefined {
  switch (type) {
    case "timestamp":
      return String(target) === "TIMESTAMP"
        ? (cell) => new driver.DuckDBTimestampValue(cell as bigint)
        : (cell) => new driver.DuckDBTimestampTZValue(cell as bigint);
    case "decimal":
    case "wei": {
      const [, width = "38", scale = "0"] = /(\d+),\s*(\d+)/.exec(String(target)) ?? [];
      return (cell) =>
        new driver.DuckDBDecimalValue(toScaled(String(cell), Number(scale)), Number(width), Number(scale));
    }
    case "date":
      return (cell) => new driver.DuckDBDateValue(Date.parse(`${String(cell)}T00:00:00Z`) / 86_400_000);
    case "time":
      return (cell) => new driver.DuckDBTimeValue(microsOfDay(String(cell)));
    case "binary":
      return (cell) => new driver.DuckDBBlobValue(cell as Uint8Array);
    default:
      return undefined;
  }
}

/** Converts a decimal to an integer: `1.5` with scale 3 is 1500. */
function toScaled(decimal: string, scale: number): bigint {
  const [whole = "", fraction = ""] = decimal.split(".");
  return BigInt(whole + fraction.padEnd(scale, "0").slice(0, scale));
}

/** Converts a time such as `10:00:00.5` to microseconds since midnight. */
function microsOfDay(time: string): bigint {
  const [hour = "0", minute = "0", second = "0"] = time.split(":");
  const [whole = "0", fraction = ""] = second.split(".");
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(whole);
  return BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(6, "0").slice(0, 6));
}

import { once } from "node:events";
import type { Writable } from "node:stream";
import type { Cell, Column, ColumnType, RowBatch, TableName } from "../destination.js";
import { columnList, tableRef } from "../sql.js";
import { toIso } from "../tables/timestamp.js";
import type { Sql } from "./postgres-session.js";

/** A `COPY` whose stream has begun. */
type PendingCopy = ReturnType<Sql["unsafe"]> & { reject: (error: unknown) => void };

/** The size of the pieces that are sent to the server, in characters. */
const pieceSize = 262_144;

/** The table and the columns that a `COPY` fills. */
interface CopyTarget {
  readonly table: TableName;
  readonly columns: readonly Column[];
}

/** Adds rows to a table by one `COPY`. A column that a part lacks is null there. */
export async function copyRows(
  sql: Sql,
  { table, columns }: CopyTarget,
  parts: Iterable<RowBatch>,
): Promise<void> {
  const names = columnList(columns.map(({ name }) => name));
  const query = sql.unsafe(`copy ${tableRef(table)} (${names}) from stdin`) as PendingCopy;
  const stream: Writable = await query.writable();
  const ended = new Promise<void>((resolve, reject) => {
    stream.once("finish", resolve).once("error", reject);
    // The driver tells the stream nothing of errors after its end, only the query.
    query.reject = reject;
  });
  // The error is thrown below; without this it would count as unhandled in between.
  ended.catch(() => undefined);
  for (const piece of piecesOf(columns, parts)) {
    if (!stream.write(piece)) await Promise.race([once(stream, "drain"), ended]);
  }
  stream.end();
  await ended;
}

/** Writes rows as text of `COPY`, in pieces of whole rows. */
function* piecesOf(columns: readonly Column[], parts: Iterable<RowBatch>): Generator<string> {
  let piece = "";
  for (const part of parts) {
    const cells = columns.map((column) => textsOf(part, column));
    for (let row = 0; row < part.count; row++) {
      let separator = "";
      for (const texts of cells) {
        piece += separator + (texts?.[row] ?? "\\N");
        separator = "\t";
      }
      piece += "\n";
      if (piece.length < pieceSize) continue;
      yield piece;
      piece = "";
    }
  }
  yield piece;
}

/** The texts of a column; a hole is null. */
function textsOf(
  { columns, values }: RowBatch,
  { name, type }: Column,
): readonly (string | null)[] | undefined {
  const write = writerOf(type);
  return values[columns.findIndex((column) => column.name === name)]?.map((cell) =>
    cell === null || cell === undefined ? null : write(cell),
  );
}

type Write = (cell: Cell) => string;

/** Returns the function that writes a cell as text of `COPY`. */
function writerOf(type: ColumnType): Write {
  switch (type) {
    case "timestamp":
      return (cell) => toIso(cell as bigint);
    case "binary":
      return (cell) => `\\\\x${Buffer.from(cell as Uint8Array).toString("hex")}`;
    case "text":
    case "json":
      return (cell) => escape(cell as string);
    default:
      return String;
  }
}

function escape(text: string): string {
  return /[\\\n\r\t]/.test(text) ? text.replace(/[\\\n\r\t]/g, (char) => escapes[char] ?? char) : text;
}

const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

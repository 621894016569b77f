import { once } from "node:events";
import type { Writable } from "node:stream";
import type { TableName, TextPart } from "../destination.js";
import { columnList, tableRef } from "../sql.js";
import type { Sql } from "./postgres-session.js";

/** A `COPY` whose stream has started. */
type PendingCopy = ReturnType<Sql["unsafe"]> & { reject: (error: unknown) => void };

/** Adds parts to a table. Consecutive parts with the same columns share one `COPY`. */
export async function copyParts(sql: Sql, table: TableName, parts: readonly TextPart[]): Promise<void> {
  let start = 0;
  while (start < parts.length) {
    const columns = namesOf(parts[start]);
    let end = start + 1;
    while (end < parts.length && namesOf(parts[end]) === columns) end++;
    await copyTexts(
      sql,
      `copy ${tableRef(table)} (${columns}) from stdin`,
      parts.slice(start, end).flatMap(({ texts }) => texts),
    );
    start = end;
  }
}

function namesOf(part: TextPart | undefined): string {
  return columnList(part?.columns.map(({ name }) => name) ?? []);
}

/** The most bytes that the driver receives at once. It copies them, and large copies would need new memory each time. */
const pieceSize = 60_000;

async function copyTexts(sql: Sql, command: string, texts: readonly Uint8Array[]): Promise<void> {
  const query = sql.unsafe(command) as PendingCopy;
  const stream: Writable = await query.writable();
  const ended = new Promise<void>((resolve, reject) => {
    stream.once("finish", resolve).once("error", reject);
    // The driver reports errors after the end of the stream to the query only.
    query.reject = reject;
  });
  // The error is thrown below. Without this handler, it would be unhandled until then.
  ended.catch(() => undefined);
  for (const text of texts) {
    let isFree = true;
    for (let at = 0; at < text.length; at += pieceSize)
      isFree = stream.write(text.subarray(at, at + pieceSize));
    if (!isFree) await Promise.race([once(stream, "drain"), ended]);
  }
  stream.end();
  await ended;
}

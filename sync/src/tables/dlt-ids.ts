import type { Disposition } from "../report.js";
import { separator, shake, toFieldName } from "./names.js";
import { sortKeys } from "./sort-keys.js";
import { stringify } from "./types.js";

/** Number of bytes in dlt's ids, which have 14 characters. */
const idBytes = 10;

/** Returns the id of a root row as dlt computes it, or `undefined` if it is random. */
export function dltRowId(
  disposition: Disposition,
  { keys, maxNameLength }: { readonly keys: readonly string[]; readonly maxNameLength: number },
): ((record: RecordObject) => string) | undefined {
  if (disposition === "scd2") return (record) => hashOf(record);
  if (disposition !== "upsert" && disposition !== "insert-only") return undefined;
  const columns = keys.map((field) => ({ field, column: toFieldName(field, maxNameLength) }));
  const valueOf = (record: RecordObject, column: string): unknown => {
    for (const [key, value] of Object.entries(record)) {
      const name = toFieldName(key, maxNameLength);
      if (name === column) return value;
      const isInside = typeof value === "object" && value !== null && column.startsWith(name + separator);
      if (isInside) return valueOf(value as RecordObject, column.slice(name.length + separator.length));
    }
    return undefined;
  };
  return (record) =>
    // A key may also be the name of its column.
    hashOf(
      Object.fromEntries(
        columns.map(({ field, column }) => [column, record[field] ?? valueOf(record, column)]),
      ),
    );
}

type RecordObject = Readonly<Record<string, unknown>>;

/** Returns the id of a child row as dlt computes it. */
export function dltChildId(parentId: string, table: string, index: number): string {
  return shake(`${parentId}_${table}_${index}`, idBytes);
}

/** Returns the hash that identifies a record in dlt's cursors. */
export function dltDigest(value: unknown): string {
  return shake(stringify(sortKeys(value)), 15);
}

function hashOf(value: unknown): string {
  return shake(stringify(sortKeys(value)), idBytes);
}

import type { Disposition } from "../report.js";
import { shake } from "./names.js";
import { sortKeys } from "./sort-keys.js";
import { stringify } from "./types.js";

/** Number of bytes in dlt's ids, which have 14 characters. */
const idBytes = 10;

/** Returns the id of a root row as dlt computes it, or `undefined` if it is random. */
export function dltRowId(
  disposition: Disposition,
  keys: readonly { readonly field: string; readonly column: string }[],
): ((record: Readonly<Record<string, unknown>>) => string) | undefined {
  if (disposition === "scd2") return (record) => hashOf(record);
  if (disposition !== "upsert" && disposition !== "insert-only") return undefined;
  return (record) => hashOf(Object.fromEntries(keys.map(({ field, column }) => [column, record[field]])));
}

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

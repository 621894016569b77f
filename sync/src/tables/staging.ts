import { createHash } from "node:crypto";

/** Returns the name of the table that holds staged rows of a table. It is short, whatever the table's name. */
export function stagingName(table: string): string {
  return `_cg_staging_${createHash("sha256").update(table).digest("hex").slice(0, 16)}`;
}

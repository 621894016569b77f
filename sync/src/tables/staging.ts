import { createHash } from "node:crypto";
import type { Column } from "../destination.js";

const prefix = "_cg_staging_";

/** Returns the name of the table that holds staged rows of a table. It is short, whatever the table's name. */
export function stagingName(table: string): string {
  return prefix + createHash("sha256").update(table).digest("hex").slice(0, 16);
}

/** Whether a table holds staged rows, or their pages. */
export function isStaging(table: string): boolean {
  return table.startsWith(prefix);
}

/** Returns the name of the table that records the pages of the staged rows of a root table. */
export function pagesName(root: string): string {
  // The name cannot clash, because no table has a name with a space.
  return stagingName(`${root} pages`);
}

/** The columns of that table: a page, its redacted request, and the sequence number of its first record in the run. */
export const pageColumns: readonly Column[] = [
  { name: "page", type: "bigint" },
  { name: "request", type: "text" },
  { name: "sequence", type: "bigint" },
];

/** Returns the names of all tables in which a resource stages rows. `tables` begins with the root table. */
export function stagedTables(tables: readonly string[]): readonly string[] {
  const [root] = tables;
  return root === undefined ? [] : [...tables.map(stagingName), pagesName(root)];
}

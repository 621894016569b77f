import type { Connection } from "../destination.js";
import { noRows } from "../progress.js";
import type { RowCounts } from "../report.js";
import { stagingName } from "../tables/staging.js";
import { sharedKey, type Merge } from "./merge.js";
import { countUnique } from "./statements.js";

/**
 * Makes the staging tables the tables of the resource, so no row is copied. Requires that the resource has no tables yet
 * and that every staged row stays; otherwise resolves to `undefined`.
 */
export async function adoptStaged(connection: Connection, merge: Merge): Promise<RowCounts | undefined> {
  const { catalog, tables, stagingOnly } = merge;
  if (!areNew(merge)) return undefined;
  const inserted = await countDistinct(connection, merge);
  if (inserted === undefined) return undefined;
  for (const name of tables) {
    const staging = stagingName(name);
    if (catalog.tables.has(staging)) await catalog.rename(staging, name, stagingOnly);
  }
  return { ...noRows, inserted };
}

/** Whether the database has no table of the resource, and no rule depends on single rows. */
function areNew({ catalog, tables: [root = ""], plan }: Merge): boolean {
  const isTable = (name: string): boolean => name === root || name.startsWith(`${root}__`);
  const marksRows = Object.values(plan.hints.columns ?? {}).some(({ hardDelete }) => hardDelete);
  return plan.disposition !== "scd2" && !marksRows && ![...catalog.tables.keys()].some(isTable);
}

/** Resolves to the number of staged root rows, or to `undefined` if several share a key and only one of them is kept. */
async function countDistinct(connection: Connection, merge: Merge): Promise<number | undefined> {
  const {
    catalog,
    plan,
    tables: [root = ""],
  } = merge;
  const { disposition, hints } = plan;
  const isMerge = disposition !== "append" && disposition !== "replace";
  const keys = isMerge && hints.deduplicated !== true ? sharedKey(merge) : [];
  return countUnique(connection, catalog.ref(stagingName(root)), { keys, count: merge.stagedCount });
}

import type { Connection } from "../destination.js";
import { noRows } from "../progress.js";
import type { RowCounts } from "../report.js";
import { stagingName } from "../tables/staging.js";
import type { Merge } from "./merge.js";
import { countUnique } from "./statements.js";

/**
 * Makes the staging tables the tables of the resource, if it has none yet and every staged row stays: no row is copied then.
 * Returns `undefined` if a merge has to choose rows.
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

/** Whether the database has no table of the resource, and no rule looks at single rows. */
function areNew({ catalog, tables: [root = ""], plan }: Merge): boolean {
  const isTable = (name: string): boolean => name === root || name.startsWith(`${root}__`);
  const marksRows = Object.values(plan.hints.columns ?? {}).some(({ hardDelete }) => hardDelete);
  return plan.disposition !== "scd2" && !marksRows && ![...catalog.tables.keys()].some(isTable);
}

/** Returns the number of staged root rows, or `undefined` if some share a key of which one is kept. */
async function countDistinct(
  connection: Connection,
  { catalog, tables: [root = ""], plan, columnOf }: Merge,
): Promise<number | undefined> {
  const { disposition, hints } = plan;
  const isMerge = disposition !== "append" && disposition !== "replace";
  const keys = isMerge && hints.deduplicated !== true ? plan.primaryKey.map(columnOf) : [];
  return countUnique(connection, catalog.ref(stagingName(root)), keys);
}

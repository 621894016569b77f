import type { ResourceLoad, RunContext } from "./load-resource.js";
import type { Connection } from "./destination.js";
import { adoptStaged } from "./merge/adopt.js";
import { comparedTables, ensureTargets, mergeStaged, type Merge } from "./merge/merge.js";
import { noRows } from "./progress.js";
import { rejectStaged } from "./reject-staged.js";
import type { RowCounts } from "./report.js";
import type { StoredState } from "./store.js";
import { tableRef } from "./sql.js";
import { stagedTables, stagingName } from "./tables/staging.js";
import { sequenceColumn } from "./tables/technical.js";

/** Merges the staged rows of a resource into its tables, and marks the run as complete, in one transaction. */
export async function finishResource(
  context: RunContext,
  load: ResourceLoad,
  isComplete: boolean,
): Promise<void> {
  const { writer, store } = context;
  const { plan, progress } = load;
  const resource = plan.resource.name;
  progress.tell("merge");
  const describe = async (): Promise<Merge> =>
    describeMerge(context, load, { saved: await store.load(resource), isComplete });
  const { analyze } = writer.connection;
  // In a transaction of its own, because its locks would make a `vacuum` wait for the merge.
  if (analyze) {
    const work = async (): Promise<void> => analyze(comparedTables(await describe()));
    await writer.transaction("query", work, progress.reconnect);
  }
  const merge = (): Promise<RowCounts> =>
    writer.transaction(
      "merge",
      async () => {
        // Inside the transaction, because the connection runs one statement at a time.
        const counts = await mergeAndDrop(context, load, await describe());
        const saved = await store.load(resource);
        // A run that ends before all pages are read does not change the cursor.
        const checkpoint = isComplete ? saved.checkpoint : (saved.previous ?? saved.base);
        await store.save(resource, { ...saved, phase: "complete", checkpoint, added: undefined });
        return counts;
      },
      progress.reconnect,
    );
  progress.merge(
    await mergeOrReject(context, {
      merge,
      reject: async () => rejectStaged(context, load, await writer.transaction("query", describe)),
    }),
  );
  progress.commit(0);
}

/** Merges the staged rows. If the tables refuse some of them, rejects these and merges again. */
async function mergeOrReject(
  { catalog: { dialect }, writer }: RunContext,
  { merge, reject }: { readonly merge: () => Promise<RowCounts>; readonly reject: () => Promise<boolean> },
): Promise<RowCounts> {
  for (;;) {
    try {
      return await merge();
    } catch (error) {
      if (!dialect.isRefusal?.(error)) throw error;
      const connections = writer.connections();
      try {
        // Each pass rejects at least one row, so the loop ends.
        if (!(await reject())) throw error;
      } catch (failure) {
        // Its temporary tables may have been lost with a connection.
        if (writer.connections() === connections) throw failure;
      }
    }
  }
}

function describeMerge(
  { catalog, technical, startedAt }: RunContext,
  { plan, normalizer, state }: ResourceLoad,
  { saved, isComplete }: { readonly saved: StoredState; readonly isComplete: boolean },
): Merge {
  const { rules } = normalizer;
  return {
    ...{ plan, catalog, technical, isComplete },
    tables: [...new Set([rules.name, ...normalizer.tables.map(({ name }) => name), ...saved.tables])],
    stagingOnly: new Set([sequenceColumn, ...(rules.hasRootIds ? [] : [technical.rootId])]),
    isRefresh: state.isRefresh && isComplete,
    time: startedAt.toISOString(),
    columnOf: normalizer.columnOf,
    hasOrderedKeys: saved.keyOrder != null,
    stagedCount: saved.staged,
    added: saved.added ?? [],
  };
}

async function mergeAndDrop(context: RunContext, load: ResourceLoad, merge: Merge): Promise<RowCounts> {
  const { catalog, writer, options } = context;
  const [root] = load.normalizer.tables;
  if (!root) return noRows;
  const staging = stagingName(root.name);
  // Without records there is nothing to stage, but rows of an existing table may have to go.
  if (!catalog.tables.has(staging)) {
    if (!catalog.tables.has(root.name)) return noRows;
    const columns = [...root.columns.values()].map(({ column }) => column);
    await catalog.ensure(staging, columns, root.name);
  }
  await options.failpoint?.("merge.before_swap");
  const counts = (await keepTables(context, load, merge))
    ? noRows
    : ((await adoptStaged(writer.connection, merge)) ?? (await mergeIntoTargets(writer.connection, merge)));
  await options.failpoint?.("merge.after_swap");
  for (const table of stagedTables(merge.tables)) await catalog.drop(table);
  return counts;
}

/** Whether the tables stay unchanged, because a read that ended early must not replace all rows. */
async function keepTables(
  { catalog, writer }: RunContext,
  { progress }: ResourceLoad,
  { plan, isComplete, tables: [root = ""] }: Merge,
): Promise<boolean> {
  const replaces = plan.disposition === "replace" || plan.disposition === "append";
  if (isComplete || !replaces || !catalog.tables.has(root)) return false;
  const { rows } = await writer.connection.run(`select 1 from ${tableRef(catalog.ref(root))} limit 1`);
  if (rows.length === 0) return false;
  progress.tell(
    "notice",
    "the limit ended the read early, so its rows replace nothing: the tables are unchanged",
  );
  return true;
}

async function mergeIntoTargets(connection: Connection, merge: Merge): Promise<RowCounts> {
  return mergeStaged(connection, { ...merge, added: await ensureTargets(connection, merge) });
}

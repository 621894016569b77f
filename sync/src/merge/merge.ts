import type { ComparedTable, Connection, TableName } from "../destination.js";
import type { ResourcePlan } from "../plan.js";
import type { RowCounts } from "../report.js";
import { quoteName, tableRef } from "../sql.js";
import type { Catalog } from "../tables/catalog.js";
import { stagingName } from "../tables/staging.js";
import { sequenceColumn, type TechnicalNames } from "../tables/technical.js";
import { toIso, toMicros } from "../tables/timestamp.js";
import { prepareReconcile, type ReconcileRules } from "./reconcile.js";
import { prepareVersions, type Scd2Rules } from "./scd2.js";
import { createSession, type MergeSteps, type MergeTables, type StagedTable } from "./statements.js";

/** The input of a merge. */
export interface Merge {
  readonly plan: ResourcePlan;
  readonly catalog: Catalog;
  readonly technical: TechnicalNames;
  /** The tables that have staged rows, root table first. */
  readonly tables: readonly string[];
  /** The columns of staging tables that the target tables lack. */
  readonly stagingOnly: ReadonlySet<string>;
  /** Whether all rows are replaced, whatever the disposition. */
  readonly isRefresh: boolean;
  /** Whether all pages were read. */
  readonly isComplete: boolean;
  /** The time of the run, for versions. */
  readonly time: string;
  /** Returns the column of a field of the records. */
  readonly columnOf: (path: string) => string;
  /** Whether the order of the only field of the primary key shows that no two staged rows share it. */
  readonly hasOrderedKeys: boolean;
  /** The number of staged root rows, unless they must be counted. */
  readonly stagedCount: number | undefined;
  /** What the run has added beside existing rows. */
  readonly added: readonly Added[];
}

/** A column, or without `column` a table, that was added although the root table has rows: these lack its values. */
export interface Added {
  readonly table: string;
  readonly column?: string | undefined;
}

/** The columns of the primary key by which staged rows may be equal. Integers in order differ, unless their column changes them. */
export function sharedKey({
  plan,
  columnOf,
  catalog,
  tables: [root = ""],
  hasOrderedKeys,
}: Merge): readonly string[] {
  const keys = plan.primaryKey.map(columnOf);
  const isExact = (key: string): boolean =>
    catalog.tables.get(stagingName(root))?.find(({ name }) => name === key)?.type === "bigint";
  return hasOrderedKeys && keys.every(isExact) ? [] : keys;
}

/** A merge whose temporary tables are ready. */
export interface PreparedMerge {
  readonly tables: MergeTables;
  readonly steps: MergeSteps;
  readonly dropTemporary: () => Promise<void>;
  /** Indexes the temporary tables by their identities. */
  readonly index: () => Promise<void>;
}

/** Merges the staged rows of a resource into its tables. Runs inside a transaction. */
export async function mergeStaged(connection: Connection, merge: Merge): Promise<RowCounts> {
  const { tables, steps, dropTemporary } = await prepareMerge(connection, merge);
  const deleted = await steps.clear();
  const inserted = await steps.insertRoot("true");
  for (const child of tables.children) await steps.insertChild(child, "true");
  await dropTemporary();
  return steps.count({ inserted, deleted });
}

/** Creates the temporary tables of a merge. */
export async function prepareMerge(connection: Connection, merge: Merge): Promise<PreparedMerge> {
  const tables = describeTables(merge);
  const session = createSession(connection, tables.root.staging.name.slice(-8));
  const steps =
    merge.plan.disposition === "scd2"
      ? await prepareVersions(session, tables, scd2Rules(merge))
      : await prepareReconcile(session, tables, reconcileRules(merge, tables));
  return { tables, steps, dropTemporary: session.dropTemporary, index: session.index };
}

/** Returns all tables that a merge compares, as far as they exist. */
export function comparedTables({
  catalog,
  technical,
  plan,
  columnOf,
  tables,
}: Merge): readonly ComparedTable[] {
  const keys = [...plan.primaryKey, ...plan.mergeKey].map(columnOf);
  const compared = new Set([technical.id, technical.rootId, technical.hash, ...keys]);
  const children = childTables(catalog, tables[0] ?? "", technical).map(({ name }) => name);
  return [...new Set([...tables.map(stagingName), ...tables, ...children])]
    .map((name) => ({
      table: catalog.ref(name),
      columns: (catalog.tables.get(name) ?? [])
        .map((column) => column.name)
        .filter((column) => compared.has(column)),
    }))
    .filter(({ columns }) => columns.length > 0);
}

function describeTables(merge: Merge): MergeTables {
  const { catalog, technical, tables, isRefresh } = merge;
  const staged = tables.filter((name) => catalog.tables.has(stagingName(name)));
  const [root, ...children] = staged.map((name): StagedTable => {
    const target = catalog.tables.get(name) ?? [];
    const staging = new Set(catalog.tables.get(stagingName(name))?.map((column) => column.name));
    const columns = target.map((column) => column.name).filter((column) => staging.has(column));
    return { target: catalog.ref(name), staging: catalog.ref(stagingName(name)), columns };
  });
  if (!root) throw new Error("the root table is staged before a merge");
  return {
    root,
    children,
    allChildren: childTables(catalog, root.target.name, technical),
    ...{ id: technical.id, parentId: technical.parentId, rootId: technical.rootId, sequence: sequenceColumn },
    rowPlace: catalog.dialect.rowPlace,
    // A full refresh writes all rows, whatever has happened to those of the table.
    hash: technical.hash && !isRefresh && root.columns.includes(technical.hash) ? technical.hash : undefined,
    isWhole: lacksAdded(merge, { root, children }),
  };
}

/** Returns the condition that a staged row, `s`, has no values in what was added, so rows with its hash lack nothing. */
function lacksAdded(
  { added, technical }: Merge,
  { root, children }: Pick<MergeTables, "root" | "children">,
): string | undefined {
  const conditions = added.flatMap(({ table, column }) => {
    const { staging, columns = [] } = [root, ...children].find(({ target }) => target.name === table) ?? {};
    if (!staging || (column !== undefined && !columns.includes(column))) return [];
    const value = (alias: string): string => `${alias}.${quoteName(column ?? technical.id)}`;
    if (table === root.target.name) return [`${value("s")} is null`];
    const isBelow = `c.${quoteName(technical.rootId)} = s.${quoteName(technical.id)}`;
    return [
      `not exists (select 1 from ${tableRef(staging)} c where ${isBelow} and ${value("c")} is not null)`,
    ];
  });
  return conditions.length > 0 ? conditions.join(" and ") : undefined;
}

/** Returns the existing child tables of a root table. */
function childTables(catalog: Catalog, root: string, technical: TechnicalNames): readonly TableName[] {
  const isChild = ([name, columns]: readonly [string, readonly { readonly name: string }[]]): boolean =>
    name.startsWith(`${root}__`) && columns.some((column) => column.name === technical.parentId);
  return [...catalog.tables].filter(isChild).map(([name]) => catalog.ref(name));
}

function reconcileRules(merge: Merge, { root }: MergeTables): ReconcileRules {
  const { plan, isRefresh, columnOf } = merge;
  const { disposition, hints } = plan;
  const columns = Object.entries(hints.columns ?? {});
  // No record of the run has a value in a column that is not staged.
  const [sorted] = columns.filter(
    ([field, { dedupSort }]) => dedupSort !== undefined && root.columns.includes(columnOf(field)),
  );
  const isMerge = disposition !== "append" && disposition !== "replace";
  const replaces = { "insert-only": "none", replace: "all", append: "all" } as const;
  return {
    stagedCount: merge.stagedCount,
    primaryKey: isMerge ? plan.primaryKey.map(columnOf) : [],
    sharedKey: isMerge ? sharedKey(merge) : [],
    mergeKey: disposition === "delete-insert" ? plan.mergeKey.map(columnOf) : [],
    replaces: isRefresh
      ? "all"
      : ((replaces as Partial<Record<string, "all" | "none">>)[disposition] ?? "matching"),
    isDeduplicated: hints.deduplicated === true,
    // Without a sort column, `upsert` keeps the last version of a row; the other strategies keep the first.
    order: sorted
      ? { column: columnOf(sorted[0]), direction: sorted[1].dedupSort ?? "asc" }
      : { direction: disposition === "upsert" ? "desc" : "asc" },
    deletes: isMerge ? hardDelete(merge, root) : undefined,
  };
}

/** Returns the condition under which a staged row deletes the rows with its key. */
function hardDelete(
  { plan, columnOf, catalog }: Merge,
  { staging, columns }: StagedTable,
): string | undefined {
  const found = Object.entries(plan.hints.columns ?? {}).find(([, { hardDelete: isMark }]) => isMark);
  if (!found) return undefined;
  const name = columnOf(found[0]);
  if (!columns.includes(name)) return undefined;
  const type = catalog.tables.get(staging.name)?.find((column) => column.name === name)?.type;
  return type === "bool" ? `coalesce(s.${quoteName(name)}, false)` : `s.${quoteName(name)} is not null`;
}

function scd2Rules(merge: Merge): Scd2Rules {
  const { plan, technical, catalog, isComplete, isRefresh, time, columnOf } = merge;
  const { hints, mergeKey } = plan;
  const [validFrom, validTo] = validityColumns(merge);
  const literal = (text: string): string => {
    // The plan has validated the text.
    return `cast('${toIso(toMicros(text) ?? 0n)}' as ${catalog.dialect.typeOf({ name: validFrom, type: "timestamp" })})`;
  };
  return {
    validFrom,
    validTo,
    version: hints.rowVersionColumnName
      ? columnOf(hints.rowVersionColumnName)
      : (technical.hash ?? technical.id),
    mergeKey: mergeKey.map(columnOf),
    boundary: literal(hints.boundaryTimestamp ?? time),
    activeEnd: hints.activeRecordTimestamp ? literal(hints.activeRecordTimestamp) : "null",
    retires: isComplete,
    isRefresh,
  };
}

/** Returns the columns of the period in which a version is valid. */
function validityColumns({ plan, technical, columnOf }: Merge): readonly [string, string] {
  const [from = technical.validFrom, to = technical.validTo] =
    plan.hints.validityColumnNames?.map(columnOf) ?? [];
  return [from, to];
}

/**
 * Creates the tables of a resource with the columns of the staged rows. Resolves to all that the run has added. If another program
 * has dropped the root table, deletes the child rows that are left.
 */
export async function ensureTargets(connection: Connection, merge: Merge): Promise<readonly Added[]> {
  const { catalog, technical, tables, plan, stagingOnly } = merge;
  const [root = ""] = tables;
  const added = [...merge.added];
  const isNew = !catalog.tables.has(root);
  for (const child of isNew ? childTables(catalog, root, technical) : [])
    await connection.run(`delete from ${tableRef(child)}`);
  for (const [index, name] of tables.entries()) {
    const staged = catalog.tables.get(stagingName(name));
    if (!staged) continue;
    const validity = index === 0 && plan.disposition === "scd2" ? validityColumns(merge) : [];
    const versions = validity.map((each) => ({ name: each, type: "timestamp" }) as const);
    const before = catalog.tables.get(name)?.map((column) => column.name);
    await catalog.ensure(name, [...versions, ...staged.filter((column) => !stagingOnly.has(column.name))]);
    if (isNew) continue;
    if (!before) added.push({ table: name });
    for (const { name: column } of before ? (catalog.tables.get(name) ?? []) : [])
      if (!before?.includes(column)) added.push({ table: name, column });
  }
  return added;
}

import { readerKey, type GeneratedClient, type Reader } from "@connector-gen/runtime";
import type { Connection, Destination } from "./destination.js";
import { readDltCursors, startFromDlt, type DltStart } from "./dlt-state.js";
import { SyncError } from "./errors.js";
import type { ResourceLoad, RunContext } from "./load-resource.js";
import type { SyncOptions } from "./options.js";
import type { ResourcePlan } from "./plan.js";
import { createProgress, emptyReport } from "./progress.js";
import {
  createStateTables,
  createStore,
  findUnfinishedRun,
  readStates,
  readUnfinished,
  stateTables,
  type Store,
  type StoredState,
  type UnfinishedResource,
} from "./store.js";
import { readCatalog, type Catalog } from "./tables/catalog.js";
import { dltChildId, dltRowId } from "./tables/dlt-ids.js";
import type { ExistingTable, TableRules } from "./tables/fields.js";
import { toFieldName } from "./tables/names.js";
import { watchKeys } from "./tables/key-order.js";
import { createNormalizer } from "./tables/normalize.js";
import { isStaging, stagedTables, stagingName } from "./tables/staging.js";
import { technicalNames } from "./tables/technical.js";
import { createWriter } from "./writer.js";

/** Returns the reader of a generated client. */
export function readerOf(client: GeneratedClient): Reader {
  const reader = (client as Partial<GeneratedClient>)[readerKey];
  if (reader) return reader;
  const message =
    "this is not a generated client: pass the result of the generated factory; if its module is old, generate it again";
  throw new SyncError("INVALID_OPTIONS", message);
}

/** The input of a run. */
export interface RunStart {
  readonly reader: Reader;
  readonly runId: string;
  readonly startedAt: Date;
  readonly options: SyncOptions;
  readonly connection: Connection;
  readonly destination: Destination;
  readonly schema: string | undefined;
}

/** A run that is ready to read. */
export interface PreparedRun {
  readonly context: RunContext;
  readonly loads: readonly ResourceLoad[];
}

/**
 * Reads the state and the tables, and prepares every resource. Throws a `SyncError` before any request if a resource
 * cannot be loaded.
 */
export async function prepareRun(start: RunStart, plans: readonly ResourcePlan[]): Promise<PreparedRun> {
  const { connection, destination, schema, options, reader } = start;
  const { dialect } = destination;
  const source = reader.source.name;
  // Both are read through the writer, which uses them later.
  const known: { catalog?: Catalog; store?: Store } = {};
  const writer = createWriter(connection, {
    label: destination.label,
    failpoint: options.failpoint ?? (() => undefined),
    snapshot: () => known.catalog?.snapshot() ?? (() => undefined),
    verify: async () => known.store?.verify(),
  });
  const read = <T>(work: () => Promise<T>): Promise<T> => writer.transaction("query", work);
  const catalog = (known.catalog = await read(() => readCatalog(connection, schema, dialect)));
  for (const name of Object.values(stateTables)) catalog.refuseView(name);
  const existing = new Set(catalog.tables.keys());
  await writer.transaction("setup", () => createStateTables(connection, { schema, dialect, existing }));
  const store = (known.store = await read(() => createStore(connection, schema, source)));
  const states = await read(() => readStates(connection, schema, source));
  // A killed run continues. Resources that it has completed are not read again.
  const unfinished = startsOver(options)
    ? undefined
    : await read(() => findUnfinishedRun(connection, schema, source));
  const { runId, startedAt } = unfinished ?? start;
  const technical = technicalNames(options.naming ?? "default");
  const cursors = options.naming === "dlt" ? await read(() => readDltCursors(connection, catalog)) : [];
  const concurrency = Math.min(options.concurrency ?? 4, plans.length);
  const run = { reader, runId, startedAt, options, concurrency };
  const context: RunContext = { ...run, writer, catalog, store, technical };
  const loads = plans.map((plan) => {
    const stored = states.get(plan.resource.name);
    const dlt = stored || isReadFromStart(options, plan) ? undefined : startFromDlt(cursors, source, plan);
    return prepareLoad(context, plan, { stored, dlt });
  });
  await writer.transaction("start", async () => {
    await dropStaging(context, loads, await readUnfinished(connection, schema));
    for (const { plan, isDone } of loads) {
      if (isDone) continue;
      const report = emptyReport(plan.disposition);
      await store.saveRun(plan.resource.name, {
        runId,
        status: "running",
        startedAt,
        finishedAt: null,
        report,
      });
    }
  });
  return { context, loads };
}

/** Drops the staged rows that no run continues, also those whose state was removed. */
async function dropStaging(
  { catalog, reader }: RunContext,
  loads: readonly ResourceLoad[],
  unfinished: readonly UnfinishedResource[],
): Promise<void> {
  const isContinued = ({ source, resource }: UnfinishedResource): boolean =>
    source !== reader.source.name ||
    (loads.find(({ plan }) => plan.resource.name === resource)?.isResumed ?? true);
  const kept = new Set(unfinished.filter(isContinued).flatMap(({ tables }) => stagedTables(tables)));
  for (const name of [...catalog.tables.keys()])
    if (isStaging(name) && !kept.has(name)) await catalog.drop(name);
}

/** Whether the run ignores cursors of earlier runs. */
function startsOver({ fullRefresh, restart }: SyncOptions): boolean {
  return fullRefresh === true || restart === true;
}

/** Whether a resource is read from the start. Like dlt, `replace` always is: otherwise its table would lose the rows before the cursor. */
function isReadFromStart(options: SyncOptions, { disposition }: ResourcePlan): boolean {
  return startsOver(options) || disposition === "replace";
}

function prepareLoad(
  context: RunContext,
  plan: ResourcePlan,
  { stored, dlt }: { readonly stored: StoredState | undefined; readonly dlt: DltStart | undefined },
): ResourceLoad {
  const { options, runId, catalog } = context;
  const isDone = stored?.phase === "complete" && stored.runId === runId;
  const { disposition, resource } = plan;
  const isRefresh = options.fullRefresh === true;
  // An unfinished run continues only with the tables with which it began.
  const isResumed =
    stored?.phase === "loading" &&
    stored.disposition === disposition &&
    !options.restart &&
    (!isRefresh || stored.isRefresh);
  const base = isReadFromStart(options, plan)
    ? null
    : stored?.phase === "loading"
      ? stored.base
      : (stored?.checkpoint ?? dlt?.checkpoint ?? null);
  const previous = (stored?.phase === "loading" ? stored.previous : stored?.checkpoint) ?? base;
  // Only dlt's cursor has no fingerprint.
  const seen = base && base.fingerprint === undefined ? (stored ?? dlt)?.seen : undefined;
  const counts = { pages: 0, records: 0, staged: 0 };
  const fresh = { checkpoint: base, base, previous, ...counts, tables: [], isRefresh, loadId: runId, seen };
  const state: StoredState = { ...(isResumed ? stored : fresh), runId, phase: "loading", disposition };
  const isStaged = disposition !== "append" || state.isRefresh;
  const rejected = isResumed || isDone ? (stored.rejected ?? 0) : 0;
  const rules = tableRules(context, plan, { loadId: state.loadId, isStaged, catalog });
  catalog.refuseView(rules.name);
  return {
    plan,
    normalizer: createNormalizer(rules, state.records),
    keys: watchKeys(onlyKey(plan), isResumed ? (stored.keyOrder ?? null) : undefined),
    state,
    notice: dlt?.notice,
    isResumed: isResumed || isDone,
    isDone,
    isStaged,
    progress: createProgress({ resource: resource.name, disposition, rejected }, options.onEvent),
  };
}

/** The field of a primary key that has only one. */
function onlyKey({ primaryKey: [first, ...others] }: ResourcePlan): string | undefined {
  return others.length === 0 ? first : undefined;
}

function tableRules(
  { options, technical }: RunContext,
  plan: ResourcePlan,
  {
    loadId,
    isStaged,
    catalog,
  }: { readonly loadId: string; readonly isStaged: boolean; readonly catalog: Catalog },
): TableRules {
  const { resource, disposition, hints, contract, described, maxNesting } = plan;
  const { maxNameLength } = catalog.dialect;
  const isDlt = options.naming === "dlt";
  const isMerge = disposition !== "append" && disposition !== "replace" && disposition !== "skip";
  return {
    name: toFieldName(hints.tableName ?? resource.name, maxNameLength),
    ...{ technical, maxNameLength, maxNesting, contract, described, loadId, isStaged },
    existing: (table) => knownTable(catalog, table, isStaged),
    detectsTimestamps: hints.detectTimestamps === true,
    // dlt's tables have root identities only if a merge deletes rows by them.
    hasRootIds: !isDlt || (isMerge && disposition !== "scd2"),
    hasHashes: disposition !== "append",
    // As with dlt, a record with other JSON begins a version, even if its stored values are equal.
    hashesRecords: disposition === "scd2",
    ...(isDlt && {
      rowId: dltRowId(disposition, { keys: plan.primaryKey, maxNameLength }),
      childId: dltChildId,
    }),
  };
}

/** Finds the columns of a table, including those of a staging table that an unfinished run left. */
function knownTable(catalog: Catalog, name: string, isStaged: boolean): ExistingTable | undefined {
  const known = catalog.tables.get(name);
  const staged = isStaged ? catalog.tables.get(stagingName(name)) : undefined;
  return known || staged
    ? { columns: [...(known ?? []), ...(staged ?? [])], isKnown: known !== undefined }
    : undefined;
}

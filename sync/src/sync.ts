import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { readerKey, type GeneratedClient, type Reader } from "@connector-gen/runtime";
import type { Connection, Destination } from "./destination.js";
import { toDestination } from "./destinations/open.js";
import { SyncError } from "./errors.js";
import { loadResource, type ResourceLoad, type RunContext } from "./load-resource.js";
import type { SyncOptions } from "./options.js";
import { planResources, type ResourcePlan } from "./plan.js";
import { createProgress } from "./progress.js";
import type { ResourceReport, SyncReport } from "./report.js";
import { createStateTables, createStore, readStates, type StoredState } from "./store.js";
import { readCatalog } from "./tables/catalog.js";
import { createNormalizer } from "./tables/normalize.js";
import { technicalNames } from "./tables/technical.js";
import { createWriter } from "./writer.js";

/**
 * Loads the records of a generated client into a database. Each batch of pages and its checkpoint are one transaction: a run
 * that ends early continues where it was, and no record is lost or loaded twice.
 *
 * Resources that fail do not stop the others; the report names them. Throws a `SyncError` if the sync cannot begin.
 */
export async function sync(client: GeneratedClient, options: SyncOptions): Promise<SyncReport> {
  const started = new Date();
  const reader = readerOf(client);
  const plans = planResources(reader.source, options);
  const destination = toDestination(options.to);
  const runId = `${started.toISOString()}-${randomBytes(3).toString("hex")}`;
  const schema = options.schema ?? destination.defaultSchema;
  const holder = `process ${process.pid} on ${hostname()}, since ${started.toISOString()}`;
  const connection = await destination.connect({ schema, holder });
  try {
    const run = await prepare({ reader, runId, options, connection, destination, schema }, plans);
    const reports = await loadAll(run.context, run.loads);
    return summarize({ reader, destination, runId, started }, reports);
  } finally {
    await connection.close();
  }
}

function readerOf(client: GeneratedClient): Reader {
  const reader = (client as Partial<GeneratedClient>)[readerKey];
  if (reader) return reader;
  const message =
    "this is no generated client: pass the result of the generated factory, and generate its module again if it is old";
  throw new SyncError("INVALID_OPTIONS", message);
}

interface Setting {
  readonly reader: Reader;
  readonly runId: string;
  readonly options: SyncOptions;
  readonly connection: Connection;
  readonly destination: Destination;
  readonly schema: string | undefined;
}

/** Reads the state and the tables, and prepares every resource, before any request. */
async function prepare(
  { reader, runId, options, connection, destination, schema }: Setting,
  plans: readonly ResourcePlan[],
): Promise<{ readonly context: RunContext; readonly loads: readonly ResourceLoad[] }> {
  const { dialect } = destination;
  const { source } = reader;
  const catalog = await readCatalog(connection, schema, dialect);
  const writer = createWriter(connection, options.failpoint ?? (() => undefined));
  await writer.transaction("setup", () =>
    createStateTables(connection, { schema, dialect, existing: new Set(catalog.tables.keys()) }),
  );
  const states = await readStates(connection, schema, source.name);
  const technical = technicalNames(options.naming ?? "default");
  const loads = plans.map((plan): ResourceLoad => {
    const { resource, disposition, hints, contract, described, maxNesting } = plan;
    const stored = states.get(resource.name);
    const isResumed = stored?.phase === "loading";
    const state: StoredState = {
      ...{ runId, phase: "loading", disposition, isRefresh: false, pages: 0, records: 0, tables: [] },
      ...{ checkpoint: null, base: null, ...stored },
      ...(!isResumed && { runId, base: stored?.checkpoint ?? null, pages: 0, records: 0 }),
      phase: "loading",
    };
    const normalizer = createNormalizer({
      ...{ name: hints.tableName ?? resource.name, technical, contract, described, maxNesting },
      ...{ maxNameLength: dialect.maxNameLength, existing: catalog.tables, loadId: state.runId },
      ...{
        detectsTimestamps: hints.types === undefined,
        isStaged: false,
        hasRootIds: false,
        hasHashes: false,
      },
    });
    return {
      plan,
      normalizer,
      state,
      isResumed,
      progress: createProgress(resource.name, disposition, options.onEvent),
    };
  });
  return {
    context: { reader, runId, options, writer, catalog, store: createStore(connection, schema, source.name) },
    loads,
  };
}

/** Loads resources, `concurrency` at a time. */
async function loadAll(
  context: RunContext,
  loads: readonly ResourceLoad[],
): Promise<ReadonlyMap<string, ResourceReport>> {
  const reports = new Map<string, ResourceReport>();
  const queue = [...loads];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      reports.set(next.plan.resource.name, await loadResource(context, next));
    }
  };
  await Promise.all(Array.from({ length: context.options.concurrency ?? 1 }, work));
  return new Map(
    loads.flatMap(({ plan }) => {
      const report = reports.get(plan.resource.name);
      return report ? [[plan.resource.name, report] as const] : [];
    }),
  );
}

function summarize(
  {
    reader,
    destination,
    runId,
    started,
  }: {
    readonly reader: Reader;
    readonly destination: Destination;
    readonly runId: string;
    readonly started: Date;
  },
  reports: ReadonlyMap<string, ResourceReport>,
): SyncReport {
  const all = [...reports.values()];
  const has = (status: SyncReport["status"]): boolean => all.some((report) => report.status === status);
  return {
    source: reader.source.name,
    destination: destination.label,
    runId,
    status: has("interrupted") ? "interrupted" : has("failed") ? "failed" : "complete",
    startedAt: started.toISOString(),
    durationMs: Date.now() - started.getTime(),
    resources: Object.fromEntries(reports),
    rejected: all.reduce((sum, { rejected }) => sum + rejected, 0),
  };
}

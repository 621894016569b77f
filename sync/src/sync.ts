import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout } from "node:timers/promises";
import type { GeneratedClient, Reader } from "@connector-gen/runtime";
import type { Connection, ConnectOptions, Destination } from "./destination.js";
import { toDestination } from "./destinations/open.js";
import { isSyncError, SyncError } from "./errors.js";
import { loadResource, type ResourceLoad, type RunContext } from "./load-resource.js";
import type { SyncOptions } from "./options.js";
import { planResources } from "./plan.js";
import { prepareRun, readerOf } from "./prepare.js";
import type { ResourceReport, SyncReport } from "./report.js";
import { addDltLoad } from "./store.js";

/**
 * Loads the records of a generated client into a database. Each batch of pages and its checkpoint are one transaction. A
 * run that ended early continues where it stopped, and no record is lost or loaded twice.
 *
 * A failed resource does not stop the others; the report contains its error. Throws a `SyncError` if the sync cannot begin.
 */
export async function sync(client: GeneratedClient, options: SyncOptions): Promise<SyncReport> {
  const startedAt = new Date();
  const reader = readerOf(client);
  const plans = planResources(reader.source, options);
  const destination = toDestination(options.to);
  if (options.schema === "") throw new SyncError("INVALID_OPTIONS", "the name of the schema is empty");
  const runId = createRunId(startedAt, options);
  const schema = options.schema ?? destination.defaultSchema;
  const holder = `process ${process.pid} on ${hostname()}, since ${startedAt.toISOString()}`;
  const { reconnectTimeoutMs } = options;
  const connection = await connectWhenFree(destination, { schema, holder, reconnectTimeoutMs }, options);
  try {
    const start = { reader, runId, startedAt, options, connection, destination, schema };
    const { context, loads } = await prepareRun(start, plans);
    const reports = await loadAll(context, loads);
    await recordDltLoad(context, reports);
    await publish(destination, context);
    return summarize({ reader, destination, runId: context.runId, startedAt }, reports);
  } catch (error) {
    if (isSyncError(error)) throw error;
    const { message } = error as Error;
    throw new SyncError("DATABASE", `${destination.label}: ${message}`, { cause: error });
  } finally {
    await connection.close();
  }
}

/** Connects. Waits for another run that holds the lock, unless the signal is aborted. */
async function connectWhenFree(
  destination: Destination,
  options: ConnectOptions,
  { lockTimeoutMs = 0, signal }: SyncOptions,
): Promise<Connection> {
  const end = performance.now() + lockTimeoutMs;
  for (;;) {
    try {
      return await destination.connect(options);
    } catch (error) {
      const isOver = performance.now() >= end || signal?.aborted === true;
      if (!isSyncError(error) || error.code !== "LOCKED" || isOver) throw error;
      await setTimeout(Math.min(250, lockTimeoutMs));
    }
  }
}

/** Returns the id of a run. dlt's ids are seconds since 1970, with a fraction. */
function createRunId(startedAt: Date, { naming }: SyncOptions): string {
  const random = randomBytes(3);
  if (naming !== "dlt") return `${startedAt.toISOString()}-${random.toString("hex")}`;
  const micros = String(random.readUIntBE(0, 3) % 1000).padStart(3, "0");
  return `${(startedAt.getTime() / 1000).toFixed(3)}${micros}`;
}

/** Adds the run to dlt's table of loads, which lists complete runs. */
async function recordDltLoad(
  { options, writer, catalog, reader, runId }: RunContext,
  reports: ReadonlyMap<string, ResourceReport>,
): Promise<void> {
  const isComplete = [...reports.values()].every(({ status }) => status === "complete");
  if (options.naming !== "dlt" || !isComplete) return;
  const load = { loadId: runId, source: reader.source.name };
  await writer.transaction("loads", () => addDltLoad(writer.connection, catalog, load));
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
      const report = await loadResource(context, next);
      reports.set(next.plan.resource.name, report);
      await endRun(context, next, report);
    }
  };
  await Promise.all(Array.from({ length: context.concurrency }, work));
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
    startedAt,
  }: {
    readonly reader: Reader;
    readonly destination: Destination;
    readonly runId: string;
    readonly startedAt: Date;
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
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    resources: Object.fromEntries(reports),
    rejected: all.reduce((sum, { rejected }) => sum + rejected, 0),
  };
}

/** Records the end of a resource's part. If the database is unreachable, the part stays recorded as running. */
async function endRun(
  { runId, startedAt, store, writer }: RunContext,
  { plan, isDone }: ResourceLoad,
  report: ResourceReport,
): Promise<void> {
  const run = { runId, status: report.status, startedAt, finishedAt: new Date(), report };
  const { name } = plan.resource;
  const work = (): Promise<void> => (isDone ? store.closeRun(name, runId) : store.saveRun(name, run));
  await writer.transaction("end", work).catch(() => undefined);
}

/** Passes the tables to the destination, for example to write files. */
async function publish(destination: Destination, { catalog, writer }: RunContext): Promise<void> {
  if (!destination.publish) return;
  // The tables of the state and of staged rows are not published.
  const names = [...catalog.tables.keys()].filter((name) => !name.startsWith("_cg_"));
  await destination.publish(writer.connection, names.map(catalog.ref));
}

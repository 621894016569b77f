import type { Checkpoint, JsonObject, Page, Reader, Resource } from "@connector-gen/runtime";
import { isConnectorError } from "@connector-gen/runtime";
import { isSyncError } from "./errors.js";
import type { RowBatch } from "./destination.js";
import type { SyncOptions } from "./options.js";
import type { ResourcePlan } from "./plan.js";
import type { Progress } from "./progress.js";
import type { ResourceReport } from "./report.js";
import type { Store, StoredState } from "./store.js";
import type { Catalog } from "./tables/catalog.js";
import type { Normalizer } from "./tables/normalize.js";
import { takeRows } from "./tables/table.js";
import type { Writer } from "./writer.js";

/** What the resources of one run share. */
export interface RunContext {
  readonly reader: Reader;
  readonly runId: string;
  readonly options: SyncOptions;
  readonly writer: Writer;
  readonly catalog: Catalog;
  readonly store: Store;
}

/** One resource of a run. */
export interface ResourceLoad {
  readonly plan: ResourcePlan;
  readonly normalizer: Normalizer;
  readonly progress: Progress;
  /** The state at the start: what an earlier run left, under this run's plan. */
  readonly state: StoredState;
  readonly isResumed: boolean;
}

/** Loads one resource. Never throws: the report says what happened. */
export async function loadResource(context: RunContext, load: ResourceLoad): Promise<ResourceReport> {
  const { progress, normalizer, isResumed } = load;
  progress.tell("start");
  const end = await endOf(context, load);
  progress.tell(end.status, end.error?.message);
  return progress.report({
    ...end,
    tables: normalizer.tables.map(({ name }) => name),
    discarded: normalizer.discarded(),
    resumed: isResumed,
  });
}

type End = Pick<ResourceReport, "status" | "error">;

async function endOf(context: RunContext, load: ResourceLoad): Promise<End> {
  try {
    await readAndWrite(context, load);
    return { status: "complete" };
  } catch (error) {
    const { signal } = context.options;
    if (signal?.aborted) return { status: "interrupted" };
    const message = error instanceof Error ? error.message : String(error);
    const code = isSyncError(error) || isConnectorError(error) ? error.code : "DATABASE";
    return { status: "failed", error: { code, message } };
  }
}

/** Reads pages, and writes them in batches of whole pages while the next ones are read. */
async function readAndWrite(context: RunContext, load: ResourceLoad): Promise<void> {
  const { options, reader } = context;
  const { plan, normalizer, progress, state } = load;
  const resource = plan.resource as Resource<JsonObject>;
  const stream = reader.read(resource, undefined, {
    from: state.checkpoint ?? undefined,
    signal: options.signal,
    onEvent: progress.onRead,
  });
  let writing: Promise<void> = Promise.resolve();
  let last: Page<unknown> | undefined;
  const flush = async (phase: StoredState["phase"]): Promise<void> => {
    await writing;
    const batch = takeBatch(load, { phase, checkpoint: last?.checkpoint ?? state.checkpoint });
    writing = writeBatch(context, load, batch);
    // Its error is thrown when the next batch is ready.
    writing.catch(() => undefined);
  };
  try {
    for await (const page of stream.pages()) {
      for (const record of page.records) normalizer.add(record);
      last = page;
      progress.page(page.records.length);
      if (normalizer.waiting() >= (options.batchRows ?? 20_000)) await flush("loading");
    }
    await flush("complete");
  } catch (error) {
    // Pages that are complete are kept, whatever ended the read.
    if (normalizer.waiting() > 0 && !isSyncError(error)) await flush("loading");
    await writing;
    throw error;
  }
  await writing;
}

interface Batch {
  readonly tables: readonly { readonly name: string; readonly rows: RowBatch }[];
  readonly state: StoredState;
}

function takeBatch(
  { normalizer, state, progress }: ResourceLoad,
  at: { readonly phase: StoredState["phase"]; readonly checkpoint: Checkpoint | null },
): Batch {
  const { pages, records } = progress.counts();
  return {
    tables: normalizer.tables.map((table) => ({ name: table.name, rows: takeRows(table) })),
    state: { ...state, ...at, pages: state.pages + pages, records: state.records + records },
  };
}

async function writeBatch(context: RunContext, load: ResourceLoad, batch: Batch): Promise<void> {
  const { writer, catalog, store } = context;
  const { plan, progress } = load;
  let written = 0;
  await writer.transaction("batch", async () => {
    for (const { name, rows } of batch.tables) {
      if (rows.count === 0) continue;
      await catalog.ensure(name, rows.columns);
      await writer.connection.load(catalog.ref(name), rows);
      written += rows.count;
    }
    await store.save(plan.resource.name, batch.state);
  });
  progress.merge({ inserted: batch.tables[0]?.rows.count ?? 0, updated: 0, deleted: 0, unchanged: 0 });
  progress.commit(written);
}

import { setImmediate } from "node:timers/promises";
import type { Checkpoint, JsonObject, Page, Reader, Resource } from "@connector-gen/runtime";
import { isConnectorError } from "@connector-gen/runtime";
import { isSeen } from "./dlt-state.js";
import { isSyncError, messageOf } from "./errors.js";
import { finishResource } from "./finish-resource.js";
import type { SyncOptions } from "./options.js";
import type { ResourcePlan } from "./plan.js";
import type { Progress } from "./progress.js";
import type { ResourceReport } from "./report.js";
import type { Store, StoredState } from "./store.js";
import type { Catalog } from "./tables/catalog.js";
import type { KeyWatch } from "./tables/key-order.js";
import type { Normalizer } from "./tables/normalize.js";
import { createWaitingRows, type WaitingRows } from "./tables/packed-rows.js";
import { stagedTables } from "./tables/staging.js";
import { usedColumns } from "./tables/table.js";
import type { TechnicalNames } from "./tables/technical.js";
import { writeOrReject, type Batch, type BatchPage } from "./write-batch.js";
import { writeComments } from "./write-comments.js";
import type { Writer } from "./writer.js";

/** State that the resources of one run share. */
export interface RunContext {
  readonly reader: Reader;
  readonly runId: string;
  readonly startedAt: Date;
  readonly options: SyncOptions;
  readonly writer: Writer;
  readonly catalog: Catalog;
  readonly store: Store;
  readonly technical: TechnicalNames;
  /** The greatest number of resources that are read at a time. */
  readonly concurrency: number;
}

/** One resource of a run. */
export interface ResourceLoad {
  readonly plan: ResourcePlan;
  readonly normalizer: Normalizer;
  readonly keys: KeyWatch;
  readonly progress: Progress;
  /** The state at the start: that of an earlier run, under this run's plan. */
  readonly state: StoredState;
  /** A notice for the user, emitted before the read. */
  readonly notice?: string | undefined;
  readonly isResumed: boolean;
  /** Whether the continued run has already completed it. */
  readonly isDone: boolean;
  /** Whether rows wait in staging tables until the read is complete. */
  readonly isStaged: boolean;
}

/** Loads one resource. Never throws; the report contains the error. */
export async function loadResource(context: RunContext, load: ResourceLoad): Promise<ResourceReport> {
  const { progress, normalizer, isResumed, plan } = load;
  progress.tell("start");
  if (load.notice !== undefined) progress.tell("notice", load.notice);
  const isNothing = plan.disposition === "skip" || load.isDone;
  const end = isNothing ? { status: "complete" as const } : await endOf(context, load);
  progress.tell(end.status, end.error?.message);
  return progress.report({
    ...end,
    tables: plan.disposition === "skip" ? [] : normalizer.tables.map(({ name }) => name),
    discarded: normalizer.discarded(),
    resumed: isResumed,
  });
}

type End = Pick<ResourceReport, "status" | "error">;

async function endOf(context: RunContext, load: ResourceLoad): Promise<End> {
  try {
    await readAndWrite(context, load);
    await writeComments(context, load);
    return { status: "complete" };
  } catch (error) {
    if (context.options.signal?.aborted) return { status: "interrupted" };
    const code = isSyncError(error) || isConnectorError(error) ? error.code : "DATABASE";
    return { status: "failed", error: { code, message: messageOf(error) } };
  }
}

/** The number of records after which other work has its turn: a database that asks for the next rows of a batch must not wait long. */
const recordsPerTurn = 250;

/** Reads pages, and writes them in batches of whole pages while the next ones are read. */
async function readAndWrite(context: RunContext, load: ResourceLoad): Promise<void> {
  const { options } = context;
  const { normalizer, keys, progress, state, isStaged } = load;
  const waiting = createWaitingRows(normalizer.tables, context.writer.connection.texts);
  const batches = createBatches(context, load, waiting);
  const limit = options.limit ?? Infinity;
  let last: Page<unknown> | undefined;
  let added = 0;
  const checkpoint = (): Checkpoint | null => last?.checkpoint ?? state.checkpoint;
  try {
    for await (const page of readPages(context, load, batches.restart)) {
      batches.pages.push(describePage(load, page));
      for (const record of page.records) {
        if (state.seen && isSeen(record, state.seen)) {
          normalizer.skip();
          continue;
        }
        normalizer.add(record, page.number);
        keys.add(record);
        if (++added % recordsPerTurn === 0) await setImmediate();
      }
      waiting.pack();
      last = page;
      progress.page(page.records.length);
      if (page.isLast) continue;
      if (progress.counts().records >= limit) break;
      if (isFull(waiting, context, page.records.length)) await batches.write("loading", checkpoint());
    }
  } catch (error) {
    // Keep complete pages, whatever ended the read, but not pages with a record that no table accepts.
    if (last && !isSyncError(error)) await batches.write("loading", checkpoint());
    await batches.idle();
    throw error;
  }
  const isComplete = last === undefined || last.isLast;
  // The next run continues a read that a limit ended, but not one that began at another place than the cursor.
  const isOver = isComplete || options.restart === true;
  const phase = isStaged || !isOver ? "loading" : "complete";
  await batches.write(phase, isStaged || isComplete || !isOver ? checkpoint() : (state.previous ?? null));
  await batches.idle();
  if (isStaged) await finishResource(context, load, isComplete);
}

/**
 * Reads pages. If the requests have changed since the run began, its position is lost: the read begins again, without the staged
 * rows.
 */
async function* readPages(
  context: RunContext,
  load: ResourceLoad,
  restart: () => void,
): AsyncGenerator<Page<JsonObject>> {
  const { state, isStaged, plan } = load;
  const isContinued = state.pages > 0;
  // The run ended between its last page and the merge. The checkpoint after the last page would start another read.
  if (isContinued && state.checkpoint?.position === null) return;
  for await (const page of readFrom(context, load, state.checkpoint)) {
    if (isContinued && page.checkpoint.fingerprint !== state.checkpoint?.fingerprint) {
      if (isStaged) await dropStaged(context, load);
      restart();
      const isFromStart = state.isRefresh || plan.disposition === "replace";
      yield* readFrom(context, load, isFromStart ? null : (state.previous ?? state.base));
      return;
    }
    yield page;
  }
}

async function dropStaged({ writer, catalog }: RunContext, { state }: ResourceLoad): Promise<void> {
  await writer.transaction("restart", async () => {
    for (const table of stagedTables(state.tables)) await catalog.drop(table);
  });
}

function readFrom(
  { reader, options }: RunContext,
  { plan, progress }: ResourceLoad,
  from: Checkpoint | null,
): AsyncIterable<Page<JsonObject>> {
  // Columns hold integers of any size, so only a spec that says so treats those beyond 2^53 as errors.
  const bigIntegers = plan.resource.bigIntegers ?? reader.source.bigIntegers ?? "bigint";
  const resource = { ...plan.resource, bigIntegers } as Resource<JsonObject>;
  const stream = reader.read(resource, undefined, {
    from: from ?? undefined,
    signal: options.signal,
    onEvent: progress.onRead,
  });
  return stream.pages();
}

/** Describes a page before its records are counted. */
function describePage({ plan, progress, state }: ResourceLoad, { number, url }: Page<unknown>): BatchPage {
  const request = `${plan.resource.method ?? "GET"} ${url}`;
  return { number, request, sequence: state.records + progress.counts().records };
}

/** Writes one batch at a time while the next one is filled. */
interface Batches {
  /** Waits for the previous batch, and starts to write the waiting rows. */
  readonly write: (phase: StoredState["phase"], checkpoint: Checkpoint | null) => Promise<void>;
  readonly idle: () => Promise<void>;
  /** Forgets the staged rows of earlier runs. */
  readonly restart: () => void;
  /** The pages of the next batch. */
  readonly pages: BatchPage[];
}

/** Limits of the size of a batch, in bytes: of one resource, and of all that are read at a time. A page may exceed them. */
const batchBytes = { most: 8 * 1024 * 1024, least: 1024 * 1024, all: 16 * 1024 * 1024 };

/** The default of `batchRows`. */
const defaultRows = 50_000;

/** Whether the waiting rows are a batch. `added` is the number of records of the last page. */
function isFull(waiting: WaitingRows, { options, concurrency, writer }: RunContext, added: number): boolean {
  const { most, least, all } = batchBytes;
  const limit = Math.min(most, Math.max(least, all / concurrency));
  const bytes = waiting.bytes();
  if (options.batchRows !== undefined && waiting.count() >= options.batchRows) return true;
  if (waiting.count() < defaultRows && bytes < limit) return false;
  const { rowGroupSize } = writer.connection;
  const rows = waiting.greatest();
  if (rowGroupSize === undefined || rows === 0) return true;
  // Whole row groups take less time, but must not take more than twice the memory.
  const end = Math.ceil(rows / rowGroupSize) * rowGroupSize;
  return rows % rowGroupSize < added || (bytes * end) / rows > 2 * limit;
}

function createBatches(context: RunContext, load: ResourceLoad, waiting: WaitingRows): Batches {
  let writing: Promise<void> = Promise.resolve();
  let staged = load.state.staged;
  const pages: BatchPage[] = [];
  return {
    pages,
    write: async (phase, checkpoint) => {
      await writing;
      const taken = takeBatch(load, waiting, { phase, checkpoint });
      const batch = { ...taken, pages: pages.splice(0), stagedBefore: staged };
      writing = writeOrReject(context, load, batch).then((count) => {
        if (staged !== undefined) staged += count;
        for (const { parts } of batch.tables) parts.forEach(waiting.free);
      });
      // The error is thrown when the next batch is ready.
      writing.catch(() => undefined);
    },
    idle: () => writing,
    restart: () => {
      staged = 0;
    },
  };
}

function takeBatch(
  { normalizer, keys, state, progress }: ResourceLoad,
  waiting: WaitingRows,
  at: { readonly phase: StoredState["phase"]; readonly checkpoint: Checkpoint | null },
): Omit<Batch, "pages" | "stagedBefore"> {
  const { pages, records } = progress.counts();
  const parts = waiting.take();
  const tables = normalizer.tables.flatMap((table) => {
    const own = parts.get(table);
    return own ? [{ name: table.name, columns: usedColumns(table), parts: own }] : [];
  });
  const names = [...new Set([...state.tables, ...normalizer.tables.map(({ name }) => name)])];
  const counts = { pages: state.pages + pages, records: state.records + records };
  return { tables, state: { ...state, ...at, ...counts, tables: names, keyOrder: keys.order() } };
}

import { createReader, readerKey, type GeneratedClient, type Source } from "@connector-gen/runtime";
import type { SyncEvent, SyncReport } from "@connector-gen/sync";
import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { describeFields } from "../ir/load-types.js";
import type { KindIr, ResourceIr, SourceIr } from "../ir/source-ir.js";
import { toLiveSource } from "../live/live-source.js";
import { collectDeclarations } from "../mock/data/types.js";
import { list } from "../spec/wording.js";
import { toClientOptions, toSyncOptions, type SyncFlags, type SyncJob } from "./sync-job.js";
import { loadSyncPackage, resolveUrl } from "./sync-package.js";
import { loadEnvironment, openSpec } from "./spec-session.js";
import { createSyncView, formatSummary } from "./sync-view.js";
import type { Terminal } from "./terminal.js";

/**
 * Runs `connector-gen sync`, which loads the records of a spec's resources into a database. Resolves to the exit code: 1
 * if a resource failed or rows were rejected, 130 after Ctrl-C.
 */
export async function runSync(terminal: Terminal, path: string, flags: SyncFlags): Promise<number> {
  const loaded = await openSpec(terminal, path, flags);
  if (!loaded) return 1;
  const { source } = loaded;
  await loadEnvironment(flags.envFile);
  const problem = problemOf(source, flags);
  if (problem !== undefined) return terminal.misuse(problem);
  const { to = "duckdb" } = flags;
  const url = to === "duckdb" ? `duckdb:${source.names.file}.duckdb` : resolveUrl(to);
  const syncPackage = await loadSyncPackage();
  const job = { source, to: url, flags, syncPackage };
  if (flags.dryRun) {
    const { describeRun } = await import("./sync-dry-run.js");
    terminal.print(await describeRun(terminal, job));
    return 0;
  }
  const log = flags.events === undefined ? undefined : await openLog(flags.events);
  const interrupt = watchInterrupt();
  let code = 0;
  let logProblem: string | undefined;
  try {
    const report = await load(terminal, job, { signal: interrupt.signal, onEvent: log?.write });
    code = conclude(terminal, report, interrupt.signal.aborted);
  } finally {
    interrupt.stop();
    logProblem = await log?.close();
  }
  if (logProblem === undefined) return code;
  terminal.warn(`connector-gen: ${logProblem}: the file lacks events, but not the destination`);
  return code === 0 ? 2 : code;
}

/** Returns the problem if the resources need code of the app; `undefined` if they need none. */
function problemOf(source: SourceIr, flags: SyncFlags): string | undefined {
  const chosen = chooseResources(source, flags);
  const hooked = chosen.filter(({ hooks }) => hooks !== undefined).map(({ name }) => name);
  if (hooked.length === 0) return undefined;
  return `the hooks of ${list(hooked)} are functions of an app: pass --exclude ${hooked.join(" ")}, or call sync() of @connector-gen/sync in the app`;
}

async function load(
  terminal: Terminal,
  job: SyncJob,
  {
    signal,
    onEvent: logEvent,
  }: { readonly signal: AbortSignal; readonly onEvent: EventLog["write"] | undefined },
): Promise<SyncReport> {
  const { source, flags, syncPackage } = job;
  const client = createClient(source, flags);
  const names = chooseResources(source, flags).map(({ name }) => name);
  const isSilent = terminal.isQuiet || terminal.isJson;
  const view = isSilent
    ? undefined
    : createSyncView(names, { stream: process.stderr, color: terminal.color });
  const onEvent = (event: SyncEvent): void => {
    view?.onEvent(event);
    logEvent?.(event);
  };
  try {
    return await syncPackage.sync(client, { ...toSyncOptions(job), signal, onEvent });
  } finally {
    view?.stop();
  }
}

/** The file of `--events`. */
interface EventLog {
  readonly write: (event: SyncEvent) => void;
  /** Resolves to the reason why events could not be written. */
  readonly close: () => Promise<string | undefined>;
}

/** Opens the file of `--events`. Rejects with an error that names it if it cannot be written. */
async function openLog(file: string): Promise<EventLog> {
  const stream = createWriteStream(file, { flags: "a" });
  let problem: string | undefined;
  try {
    await once(stream, "open");
  } catch (cause) {
    const reason = "its folder does not exist, or you may not write there";
    throw new Error(`cannot write ${file}: ${reason}: choose another file with --events`, { cause });
  }
  // For example, the disk is full. A run does not end because of its log.
  stream.on("error", ({ message }) => (problem ??= `cannot write ${file}: ${message}`));
  return {
    write: (event) => {
      if (problem === undefined) stream.write(`${JSON.stringify(event)}\n`);
    },
    close: async () => {
      // An error has already closed it.
      if (!stream.closed) await new Promise<void>((resolve) => stream.once("close", resolve).end());
      return problem;
    },
  };
}

/** Returns the resources that the sync loads. */
function chooseResources(
  { resources }: SourceIr,
  { select, exclude = [] }: SyncFlags,
): readonly ResourceIr[] {
  return resources.filter(
    ({ name, selected }) => (select?.includes(name) ?? selected) && !exclude.includes(name),
  );
}

/** Creates the client that the spec's generated module would create. Secrets come from the environment. */
function createClient(source: SourceIr, flags: SyncFlags): GeneratedClient {
  const live = withDescriptions(toLiveSource(startAt(source, flags.since)), source);
  return { [readerKey]: createReader(live, toClientOptions(source, flags)) };
}

/** Adds the descriptions of resources and fields to a source. They become comments of tables and columns. */
function withDescriptions(live: Source, source: SourceIr): Source {
  const declarations = collectDeclarations(source);
  const resources = source.resources.flatMap(({ name, record, description }) => {
    const shape = live.resources[name];
    if (!shape) return [];
    const fields = describeFields(record, (each) => declarations.get(each));
    const descriptions = { ...(description && { "": description }), ...Object.fromEntries(fields) };
    return [[name, { ...shape, load: { ...shape.load, descriptions } }] as const];
  });
  return { ...live, resources: Object.fromEntries(resources) };
}

/** Sets the first value of all cursors of a source. A value that replaces a number is a number. */
function startAt(source: SourceIr, since: string | undefined): SourceIr {
  if (since === undefined) return source;
  const withInitial = (part: KindIr): KindIr => {
    const { initial } = part.options;
    const value = typeof initial === "number" ? Number(since) : since;
    return part.type === "incremental" ? { ...part, options: { ...part.options, initial: value } } : part;
  };
  const resources = source.resources.map((each) => ({ ...each, plan: each.plan.map(withInitial) }));
  return { ...source, resources };
}

function conclude(terminal: Terminal, report: SyncReport, isInterrupted: boolean): number {
  if (terminal.isJson) terminal.print(`${JSON.stringify(report, null, 2)}\n`);
  else terminal.print(formatSummary(report));
  const failed = Object.entries(report.resources).filter(([, { status }]) => status === "failed");
  for (const [name, { error }] of failed)
    terminal.warn(`${name} failed: ${error?.message ?? "unknown error"}`);
  if (report.rejected > 0) {
    terminal.warn(
      `The database rejected ${report.rejected.toLocaleString("en")} rows: connector-gen state ${report.destination} shows them.`,
    );
  }
  if (isInterrupted || failed.length > 0)
    terminal.info("Complete pages are in the database. Run the same command again to continue after them.");
  if (isInterrupted) return 130;
  return report.status === "complete" && report.rejected === 0 ? 0 : 1;
}

/**
 * Creates a signal that the first Ctrl-C aborts. The second Ctrl-C ends the process. `SIGTERM` has the same effect,
 * because container runtimes send it.
 */
function watchInterrupt(): { readonly signal: AbortSignal; readonly stop: () => void } {
  const controller = new AbortController();
  const signals = ["SIGINT", "SIGTERM"] as const;
  const stop = (): void => {
    for (const name of signals) process.off(name, abort);
  };
  const abort = (): void => {
    stop();
    controller.abort(new Error("interrupted"));
  };
  for (const name of signals) process.on(name, abort);
  return { signal: controller.signal, stop };
}

/**
 * From a spec to records, all of it in one run: starts a mock server from `specs/analytics.json`, generates the client
 * of that spec, reads its eleven resources at once through rate limits, server errors and broken connections, and
 * compares what arrived with what the server has.
 */
import { setMaxListeners } from "node:events";
import { mkdir, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { loadSources, startMock, type Mock, type SourceIr } from "connector-gen";
import { createClientFromSpec, type AnyClient } from "./client.js";
import { findDifference } from "./compare.js";
import { parseFlags, usage, type DemoFlags } from "./flags.js";
import { formatCount } from "./format.js";
import { countLines, writeLines } from "./json-lines.js";
import { createProgress } from "./progress.js";
import type { Row } from "./rows.js";
import { summaryTable } from "./summary.js";

// This file runs as build/demo/demo.js.
const root = fileURLToPath(new URL("../..", import.meta.url));
const spec = join(root, "specs", "analytics.json");
/** Inside the repository, so that the generated module finds the runtime. */
const folder = join(root, ".scratch", "demo");

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  const flags = parseFlags(argv);
  if ("problem" in flags) {
    console.error(`${flags.problem}\nUsage: ${usage}`);
    return 2;
  }
  const { sources, diagnostics } = await loadSources([spec]);
  const source = sources[0]?.source;
  if (!source) {
    console.error(diagnostics.map(({ message }) => message).join("\n"));
    return 1;
  }
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const mock = await startMock([source], flags);
  try {
    return await play(source, mock, flags);
  } finally {
    await mock.close();
  }
}

/** Generates, reads, compares. Returns the exit code. */
async function play(source: SourceIr, mock: Mock, flags: DemoFlags): Promise<number> {
  const interrupt = watchInterrupt();
  console.log(`Generating the client of ${relative(process.cwd(), spec)}`);
  const client = await createClientFromSpec(spec, source, { folder, options: { baseUrl: mock.url } });
  const { length } = source.resources;
  console.log(`${length} resources, ${formatCount(length * flags.records)} records, from ${mock.url}\n`);

  const { failures, rows } = await readAll(source, client, interrupt.signal);
  interrupt.stop();
  console.log(`\n${summaryTable(rows)}`);
  console.log(`Written to ${relative(process.cwd(), folder) || "."}`);
  if (interrupt.signal.aborted) {
    const counts = await Promise.all(source.resources.map(({ name }) => countLines(fileOf(name))));
    // Fewer than in the table: a page that was read ahead is not written.
    console.log(
      `Interrupted: ${formatCount(counts.reduce((sum, count) => sum + count, 0))} records are written.`,
    );
    return 130;
  }
  const differences = failures.length > 0 ? failures : await compareAll(source, mock);
  console.log(
    differences.length > 0 ? differences.join("\n") : "Every record of the server was read once, in order.",
  );
  return differences.length > 0 ? 1 : 0;
}

interface Outcome {
  /** Why reads ended before their time. */
  readonly failures: readonly string[];
  readonly rows: readonly Row[];
}

/** Reads all resources at the same time, each into a file of its own, and shows how they get on. */
async function readAll(source: SourceIr, client: AnyClient, signal: AbortSignal): Promise<Outcome> {
  const names = source.resources.map(({ name }) => name);
  const progress = createProgress(names, { stream: process.stdout });
  const reads = source.resources.map(async ({ name, names: { method } }) => {
    const stream = client[method]?.({ signal, onEvent: progress.onEvent });
    if (stream) await writeLines(fileOf(name), stream);
  });
  const results = await Promise.allSettled(reads);
  const rows = progress.stop();
  const failures = results.flatMap((result) => (result.status === "rejected" ? [String(result.reason)] : []));
  return { failures, rows };
}

/** What differs between the files and the server, a line for each resource that does. */
async function compareAll(source: SourceIr, mock: Mock): Promise<readonly string[]> {
  const found = source.resources.map(({ name }) =>
    findDifference(fileOf(name), mock, { source, resource: name }),
  );
  return (await Promise.all(found)).filter((difference) => difference !== undefined);
}

function fileOf(resource: string): string {
  return join(folder, `${resource}.jsonl`);
}

/** A signal that Ctrl-C aborts, once; a second Ctrl-C ends the process at once. */
function watchInterrupt(): { readonly signal: AbortSignal; readonly stop: () => void } {
  const controller = new AbortController();
  // Every read listens to it, and Node takes more than ten listeners for a leak.
  setMaxListeners(0, controller.signal);
  const abort = (): void => {
    stop();
    controller.abort(new Error("interrupted"));
  };
  const stop = (): void => {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.off(name, abort);
  };
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, abort);
  return { signal: controller.signal, stop };
}

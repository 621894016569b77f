import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { SpecJob, SpecResult } from "./generate-spec.js";

/** Set when the command line is bundled. */
declare const workerOfConnectorGen: string | undefined;

/** Number of characters of specs above which a second thread saves more time than it takes to start. */
const worthwhile = 2_000_000;

/** Returns the number of threads for specs: the wanted number, or as many as save time. Sources without a build use one. */
export function threadsFor(jobs: readonly SpecJob[], wanted: number | undefined): number {
  if (typeof workerOfConnectorGen === "undefined") return 1;
  const length = jobs.reduce((sum, { text }) => sum + text.length, 0);
  const most = wanted ?? (length < worthwhile ? 1 : availableParallelism());
  return Math.min(most, jobs.length);
}

/** Generates specs in threads. Resolves to their results, in order. */
export async function runInThreads(
  jobs: readonly SpecJob[],
  threads: number,
  onStart: (job: SpecJob) => void,
): Promise<readonly SpecResult[]> {
  const results: SpecResult[] = [];
  const rest = jobs.entries();
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL(workerOfConnectorGen ?? "", import.meta.url));
    try {
      for (const [index, job] of rest) {
        onStart(job);
        results[index] = await ask(worker, job);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: threads }, work));
  return results;
}

async function ask(worker: Worker, job: SpecJob): Promise<SpecResult> {
  worker.postMessage(job);
  const [{ result, error }] = (await once(worker, "message")) as [{ result?: SpecResult; error?: unknown }];
  if (!result) throw error;
  return result;
}

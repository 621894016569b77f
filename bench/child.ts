import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import { programOf, root } from "./scratch.js";

/** The cost and the output of a process. */
export interface Outcome {
  /** Elapsed time from the call to the end of the process. */
  readonly seconds: number;
  readonly stdout: string;
}

/** The outcome of a process that reports its own usage. */
export interface MeasuredOutcome extends Outcome {
  /** Peak of resident memory, in bytes. */
  readonly peakRss: number;
  /** Processor time (user and system) of all threads, in seconds. */
  readonly cpu: number;
}

/** Maximum time of one process, in milliseconds. */
const timeout = 540_000;

/** Runs `node` with these arguments in a fresh process, by default in the repository. Rejects if it fails. */
export async function runNode(args: readonly string[], folder = root): Promise<Outcome> {
  const { seconds, stdout } = await run(args, folder);
  return { seconds, stdout };
}

/** Runs `node` likewise, and measures its peak memory and processor time. The measurement costs about two milliseconds. */
export async function measureNode(args: readonly string[]): Promise<MeasuredOutcome> {
  const preload = pathToFileURL(programOf("report-usage")).href;
  const { seconds, stdout, report } = await run(["--import", preload, ...args], root);
  const { peakRss, cpu } = JSON.parse(report) as Pick<MeasuredOutcome, "peakRss" | "cpu">;
  return { seconds, stdout, peakRss, cpu };
}

async function run(args: readonly string[], folder: string): Promise<Outcome & { readonly report: string }> {
  const started = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    timeout,
    killSignal: "SIGKILL",
  });
  // If the bench ends, the measured process ends too.
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  const read = (descriptor: 1 | 2 | 3): Promise<string> => text(child.stdio[descriptor] as Readable);
  const exit = once(child, "exit").then(() => (performance.now() - started) / 1000);
  const [seconds, stdout, stderr, report] = await Promise.all([exit, read(1), read(2), read(3)]);
  process.off("exit", kill);
  if (child.exitCode === 0) return { seconds, stdout, report };
  const how = child.signalCode ?? `exit code ${String(child.exitCode)}`;
  throw new Error(`node ${args.join(" ")}: ${how}\n${stderr.trim().slice(-2000)}`);
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import { programOf, root } from "./scratch.js";

/** What a process cost and said. */
export interface Outcome {
  /** From the call to its end. */
  readonly seconds: number;
  readonly stdout: string;
}

/** What a process that reports on itself cost and said. */
export interface MeasuredOutcome extends Outcome {
  /** Bytes of resident memory at most. */
  readonly peakRss: number;
  /** Seconds of processor time, of the user and the system, in all threads. */
  readonly cpu: number;
}

/** No single process takes longer, whatever hangs. */
const timeout = 540_000;

/** Runs `node` with these arguments in a fresh process, by default in the repository; rejects if it fails. */
export async function runNode(args: readonly string[], folder = root): Promise<Outcome> {
  const { seconds, stdout } = await run(args, folder);
  return { seconds, stdout };
}

/** The same, with the peak of its memory and its processor time; the report costs about two milliseconds. */
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
  // Whatever ends the bench ends the process that it measures.
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

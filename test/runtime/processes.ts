import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { onTestFinished } from "vitest";
import { nodeRuntimeSources, root } from "../support/paths.js";

/** The entry point of a platform: `index.ts`, or on Node `node.ts`. */
export type Entry = "index" | "node";

/** Bundles the runtime for another process, or as a second copy in this one. */
export function bundleRuntime(entry: Entry): Promise<{ readonly file: string }> {
  return bundle(join(root, `runtime/src/${entry}.ts`));
}

/** Bundles a TypeScript module and the runtime's sources into one file for another process. */
export async function bundle(entryPoint: string): Promise<{ readonly file: string }> {
  const folder = await mkdtemp(join(tmpdir(), "connector-gen-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, `${basename(entryPoint, ".ts")}.mjs`);
  await build({
    entryPoints: [entryPoint],
    alias: nodeRuntimeSources,
    bundle: true,
    format: "esm",
    target: "es2022",
    platform: "node",
    outfile: file,
    logLevel: "error",
  });
  return { file };
}

/** The end of a process. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds from its last output to its end. */
  readonly lingering: number;
}

/**
 * Runs a module in a separate process and waits until it ends by itself; after `timeout` milliseconds, by default 20,000, it
 * is killed.
 *
 * In the module, `runtime` is the whole package and `input` the value given.
 */
export async function runChild(
  module: string,
  input: unknown,
  {
    flags = [],
    entry = "node",
    timeout = 20_000,
  }: { flags?: readonly string[]; entry?: Entry; timeout?: number } = {},
): Promise<Ended> {
  const { file } = await bundleRuntime(entry);
  const prelude = `import * as runtime from ${JSON.stringify(file)};\nconst input = ${JSON.stringify(input)};\n`;
  const child = spawn(process.execPath, [...flags, "--input-type=module", "-e", prelude + module], {
    stdio: ["ignore", "pipe", "pipe"],
    timeout,
    killSignal: "SIGKILL",
  });
  const texts = { stdout: "", stderr: "" };
  let lastOutput = performance.now();
  child.stdout.on("data", (chunk) => {
    texts.stdout += String(chunk);
    lastOutput = performance.now();
  });
  child.stderr.on("data", (chunk) => (texts.stderr += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, ...texts, lingering: performance.now() - lastOutput };
}

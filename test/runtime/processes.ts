import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { onTestFinished } from "vitest";

/** What a platform gets of the package: `index.ts`, or on Node `node.ts`. */
export type Entry = "index" | "node";

/** Bundles the runtime for another process, or as another copy beside this one's. */
export async function bundleRuntime(entry: Entry): Promise<{ readonly file: string }> {
  const folder = await mkdtemp(join(tmpdir(), "connector-gen-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "runtime.mjs");
  const source = fileURLToPath(new URL(`../../runtime/src/${entry}.ts`, import.meta.url));
  await build({
    entryPoints: [source],
    bundle: true,
    format: "esm",
    target: "es2022",
    platform: "node",
    outfile: file,
    logLevel: "error",
  });
  return { file };
}

/** How a process ended, and how long it took. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

/**
 * Runs a module in a process of its own and waits until it ends by itself; after ten seconds it is killed.
 *
 * In the module, `runtime` is the whole package and `input` the value given.
 */
export async function runChild(
  module: string,
  input: unknown,
  { flags = [], entry = "node" }: { flags?: readonly string[]; entry?: Entry } = {},
): Promise<Ended> {
  const { file } = await bundleRuntime(entry);
  const prelude = `import * as runtime from ${JSON.stringify(file)};\nconst input = ${JSON.stringify(input)};\n`;
  const start = performance.now();
  const child = spawn(process.execPath, [...flags, "--input-type=module", "-e", prelude + module], {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 10_000,
    killSignal: "SIGKILL",
  });
  const texts = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => (texts.stdout += String(chunk)));
  child.stderr.on("data", (chunk) => (texts.stderr += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, ...texts, milliseconds: performance.now() - start };
}

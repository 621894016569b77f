#!/usr/bin/env node
import { readFileSync } from "node:fs";
import * as nodeModule from "node:module";

endQuietly(process.stdout);
endQuietly(process.stderr);
const version = readVersion();

// Installers and diagnostic scripts call --version often: print it before loading anything else.
if (process.argv.length === 3 && ["--version", "-V"].includes(process.argv[2] ?? "")) {
  console.log(version);
} else {
  useCompileCache();
  process.exitCode = await run(process.argv.slice(2));
}

/**
 * Ignores output after the reader of a pipe has ended, as in `connector-gen schema | head`. A command that ends by
 * itself keeps its exit code: `generate` still writes its files. Other commands end as after Ctrl-C.
 */
function endQuietly(stream: NodeJS.WriteStream): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" || error.code === "EOF") process.emit("SIGINT");
    else {
      process.exitCode = 2;
      if (stream !== process.stderr) process.stderr.write(`connector-gen: ${error.message}\n`);
    }
  });
}

function readVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

/**
 * Caches compiled code between runs, from Node 22.1 on. The environment variable `NODE_DISABLE_COMPILE_CACHE` prevents
 * this.
 */
function useCompileCache(): void {
  const { enableCompileCache } = nodeModule as { readonly enableCompileCache?: () => unknown };
  enableCompileCache?.();
}

/** Runs the command line. Exit codes: 0 success, 1 findings, 2 wrong usage or tool failure, 130 interrupted. */
async function run(args: readonly string[]): Promise<number> {
  const { createProgram } = await import("./program.js");
  return await createProgram(version, args).run();
}

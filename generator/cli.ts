#!/usr/bin/env node
import { readFileSync } from "node:fs";

const version = readVersion();

// Asked on every install and by every doctor script: answered before anything else is loaded.
if (process.argv.length === 3 && ["--version", "-V"].includes(process.argv[2] ?? "")) {
  console.log(version);
} else {
  process.exitCode = await run(process.argv);
}

function readVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

/** Runs the command line; 0 fine, 1 findings, 2 wrong usage or failure of the tool, 130 interrupted. */
async function run(argv: readonly string[]): Promise<number> {
  const { createProgram } = await import("./program.js");
  return await createProgram(version).run(argv);
}

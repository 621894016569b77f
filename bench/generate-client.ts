import { transform } from "esbuild";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runNode } from "./child.js";
import { benchSpec } from "./records.js";
import { cli } from "./scratch.js";

/** Generates the client of the bench's server. Resolves to the path of a JavaScript module. */
export async function generateClient(scratch: string): Promise<string> {
  const spec = join(scratch, "bench.json");
  await writeFile(spec, JSON.stringify(benchSpec));
  await runNode([cli, "generate", spec, "-o", scratch]);
  const source = await readFile(join(scratch, "bench.ts"), "utf8");
  const { code } = await transform(source, { loader: "ts", format: "esm", target: "es2022" });
  const path = join(scratch, "bench.mjs");
  await writeFile(path, code);
  return path;
}

import { build } from "esbuild";
import { gzipSync } from "node:zlib";
import { root, runtimeSources } from "./paths.js";

/** Bundles a module with the runtime's sources and minifies it, as an app does. */
export async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    alias: runtimeSources,
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

/** Returns the size of a text after gzip, in bytes. */
export function gzippedSize(text: string): number {
  return gzipSync(text, { level: 9 }).length;
}

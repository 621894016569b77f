import { build } from "esbuild";
import { gzipSync } from "node:zlib";
import { root, runtimeSources } from "./paths.js";

/** Bundles a module and minifies it, as an app does. Default of `alias`: the runtime's sources. */
export async function bundle(
  contents: string,
  alias: Readonly<Record<string, string>> = runtimeSources,
): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    alias: { ...alias },
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

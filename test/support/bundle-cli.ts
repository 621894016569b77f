import { cpSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin } from "esbuild";
import { nodeRuntimeSources, root } from "./paths.js";

const runtimeFromSources: Plugin = {
  name: "sources of the runtime",
  setup: (steps) => {
    steps.onResolve({ filter: /^@connector-gen\/runtime/ }, ({ path }) => ({
      path: nodeRuntimeSources[path] ?? "",
    }));
  },
};

/** Bundles the command line from the sources, as the build does; returns the path of `cli.js`. */
export async function bundleCli(folder: string): Promise<string> {
  // The script of the build has no types.
  const script = (await import(pathToFileURL(join(root, "scripts/bundle.mjs")).href)) as {
    readonly bundle: (folder: string, plugins: readonly Plugin[]) => Promise<void>;
  };
  await script.bundle(join(folder, "dist"), [runtimeFromSources]);
  // The command finds its version beside its folder.
  cpSync(join(root, "package.json"), join(folder, "package.json"));
  return join(folder, "dist/cli.js");
}

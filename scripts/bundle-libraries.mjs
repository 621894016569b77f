// Bundles the packages that apps import: the runtime and sync. Node needs half a millisecond and 100 kB of memory for
// each file that it loads. The compiler emits their declarations.
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { build, transform } from "esbuild";

/** Code that the entry points of a package share goes into separate files, so a class is the same in all of them. */
async function bundleEntries(sources, entries, folder) {
  const { outputFiles } = await build({
    entryPoints: entries.map((name) => join(sources, `${name}.ts`)),
    outdir: folder,
    outbase: sources,
    bundle: true,
    splitting: true,
    chunkNames: "shared/[name]-[hash]",
    format: "esm",
    platform: "node",
    packages: "external",
    target: "es2022",
    write: false,
    logLevel: "warning",
  });
  // Bare imports of shared files have no effect, but other bundlers warn about them.
  const clean = (text) => text.replace(/^import "\.{1,2}\/.*";\n/gm, "");
  return outputFiles.map(({ path, text }) => ({ path: relative(folder, path), text: clean(text) }));
}

/** Writes the files of a bundle, and removes files of earlier builds. */
function writeFiles(folder, files) {
  const kept = new Set(files.map(({ path }) => path));
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  for (const path of readdirSync(folder, { recursive: true }))
    if (path.endsWith(".js") && !kept.has(path)) rmSync(join(folder, path));
}

/** Bundles the runtime as ESM and as CommonJS, with the same files and declarations. */
async function bundleRuntime() {
  const [esm, cjs] = ["runtime/dist/esm", "runtime/dist/cjs"];
  const files = await bundleEntries("runtime/src", ["index", "node", "kinds", "plugin", "schemas"], esm);
  writeFiles(esm, files);
  rmSync(cjs, { recursive: true, force: true });
  const isFolder = (path) => !/\.[a-z]+$/.test(path);
  cpSync(esm, cjs, { recursive: true, filter: (path) => isFolder(path) || path.endsWith(".d.ts") });
  const convert = async ({ path, text }) => ({
    path,
    text: (await transform(text, { format: "cjs", platform: "node", target: "es2022" })).code,
  });
  writeFiles(cjs, await Promise.all(files.map(convert)));
  // The package's type is "module".
  writeFileSync(join(cjs, "package.json"), '{ "type": "commonjs" }\n');
}

async function bundleSync() {
  writeFiles("sync/dist", await bundleEntries("sync/src", ["index"], "sync/dist"));
}

/** Bundles both packages. The working folder must be the root of the repository. */
export async function bundleLibraries() {
  await Promise.all([bundleRuntime(), bundleSync()]);
}

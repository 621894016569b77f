import { fileURLToPath } from "node:url";

/** The repository's root folder. */
export const root: string = fileURLToPath(new URL("../..", import.meta.url));

/** The package that generated modules import. */
export const runtimePackage = "@connector-gen/runtime";

/** The sources of the runtime's entry points, by import specifier. The main entry is the portable one. */
export const runtimeSources: Readonly<Record<string, string>> = {
  [runtimePackage]: sourceOf("index"),
  [`${runtimePackage}/kinds`]: sourceOf("kinds"),
  [`${runtimePackage}/plugin`]: sourceOf("plugin"),
  [`${runtimePackage}/schemas`]: sourceOf("schemas"),
};

/** The same sources, with the main entry that the package's `node` condition selects. */
export const nodeRuntimeSources: Readonly<Record<string, string>> = {
  ...runtimeSources,
  [runtimePackage]: sourceOf("node"),
};

/** The sources that tests import instead of the packages. */
export const packageSources: Readonly<Record<string, string>> = {
  ...nodeRuntimeSources,
  "@connector-gen/sync": fileURLToPath(new URL("../../sync/src/index.ts", import.meta.url)),
};

/** The compiler that tests import as `typescript`. */
export const typescript: string = fileURLToPath(new URL("typescript.ts", import.meta.url));

function sourceOf(entry: string): string {
  return fileURLToPath(new URL(`../../runtime/src/${entry}.ts`, import.meta.url));
}

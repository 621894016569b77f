import { createRequire } from "node:module";

/** Set when the command line is bundled. */
declare const buildOfConnectorGen: string | undefined;

/**
 * Returns the identity of this build of connector-gen, the packages in it, and the compiler that it loads. Returns
 * `undefined` if the sources run without a build, because they may change between runs.
 */
export function buildId(): string | undefined {
  if (typeof buildOfConnectorGen === "undefined") return undefined;
  const compiler = createRequire(import.meta.url)("ts-morph/package.json") as { readonly version: string };
  return `${buildOfConnectorGen} ${compiler.version}`;
}

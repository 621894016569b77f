import { createRequire } from "node:module";
import type typescript from "typescript";

/**
 * The compiler inside ts-morph, which tests get in place of the package `typescript`, as in the bundle. Each of the two
 * takes half a second to load and much memory. This one has no files of libraries.
 */
const compiler = (createRequire(import.meta.url)("ts-morph") as { readonly ts: typeof typescript }).ts;

/** Makes nodes. zod-to-ts imports it by name. */
export const { factory } = compiler;

export { compiler as default };

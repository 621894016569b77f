import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { SourceIr } from "../../generator/ir/source-ir.js";
import { loadSources } from "../../generator/load-sources.js";
import { root } from "./paths.js";

/** The paths of the specs of all cases, and of the integrations. */
const allSpecs: readonly string[] = [
  ...readdirSync(join(root, "test/cases")).flatMap((name) =>
    ["spec.json", "spec.yaml"].map((file) => join(root, "test/cases", name, file)),
  ),
  ...readdirSync(join(root, "specs")).map((file) => join(root, "specs", file)),
].filter((path) => existsSync(path));

/** Loads the sources of these specs, without the invalid ones. */
export async function loadAllSources(): Promise<readonly SourceIr[]> {
  const { sources } = await loadSources(allSpecs, { literalSecrets: "extract" });
  return sources.map(({ source }) => source);
}

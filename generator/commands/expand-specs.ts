import { resolve } from "node:path";

/**
 * Expands the patterns among specs, and removes repeated files. A shell does not expand patterns in quotes; Windows shells
 * expand none.
 */
export async function expandSpecs(specs: readonly string[]): Promise<readonly string[]> {
  const hasPatterns = specs.some((spec) => /[*?]/.test(spec));
  const paths = hasPatterns ? await (await import("./find-files.js")).expandPatterns(specs) : specs;
  const seen = new Set<string>();
  return paths.filter((path) => {
    const file = path === "-" || path === "" ? path : resolve(path);
    const isNew = !seen.has(file);
    seen.add(file);
    return isNew;
  });
}

/** Expands the patterns among specs. A shell does not expand patterns in quotes; Windows shells expand none. */
export async function expandSpecs(specs: readonly string[]): Promise<readonly string[]> {
  if (!specs.some((spec) => /[*?]/.test(spec))) return specs;
  return await (await import("./find-files.js")).expandPatterns(specs);
}

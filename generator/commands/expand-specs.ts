/** Expands the patterns among specs: a shell leaves those in quotes, and on Windows all of them. */
export async function expandSpecs(specs: readonly string[]): Promise<readonly string[]> {
  if (!specs.some((spec) => /[*?]/.test(spec))) return specs;
  return await (await import("./find-files.js")).expandPatterns(specs);
}

import type { Diagnostic } from "./diagnostics.js";
import { buildSource } from "./ir/build.js";
import type { SourceIr } from "./ir/source-ir.js";
import { readSpec } from "./read-spec.js";
import { loadSpec } from "./spec/load/load.js";
import { parseSpec, type ParseOptions } from "./spec/parse.js";

/** A valid spec and its file. */
export interface LoadedSource {
  readonly file: string;
  readonly source: SourceIr;
}

/** Result of `loadSources`: the sources without errors, and all diagnostics. */
export interface LoadResult {
  readonly sources: readonly LoadedSource[];
  readonly diagnostics: readonly Diagnostic[];
  /** The text of each spec by file, for code frames. Literal secrets are masked. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Loads, parses and builds each spec; `-` is standard input. Loads no compiler. Rejects if a spec cannot be read; errors in
 * specs are diagnostics of the result.
 */
export async function loadSources(
  specs: readonly string[],
  options: ParseOptions = { literalSecrets: "error" },
): Promise<LoadResult> {
  const sources: LoadedSource[] = [];
  const diagnostics: Diagnostic[] = [];
  const texts = new Map<string, string>();
  for (const path of specs) {
    const { file, text, problem } = await readSpec(path);
    if (problem) {
      texts.set(file, text);
      diagnostics.push(problem);
      continue;
    }
    const parsed = parseSpec(await loadSpec(file, text), options);
    texts.set(file, parsed.frameText);
    diagnostics.push(...parsed.diagnostics);
    if (parsed.spec) sources.push({ file, source: buildSource(parsed.spec) });
  }
  return { sources, diagnostics, texts };
}

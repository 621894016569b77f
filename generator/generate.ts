import { basename } from "node:path";
import { isError, type Diagnostic } from "./diagnostics.js";
import { buildSource } from "./ir/build.js";
import type { SourceIr } from "./ir/source-ir.js";
import { loadSpec } from "./spec/load/load.js";
import { parseSpec, type ParseOptions } from "./spec/parse.js";
import { updateFolder, type FileChange, type OutputFile } from "./output/output.js";
import { stampModule } from "./output/stamp.js";
import { readInput } from "./read-input.js";

/** Options of `generate`. */
export interface GenerateOptions extends ParseOptions {
  /** Output folder. */
  readonly out: string;
  /** `write` updates the output folder; `plan` only returns the changes. */
  readonly mode: "write" | "plan";
  /** Overwrites and removes files that were edited or that connector-gen did not write. */
  readonly force?: boolean;
  /** Also writes `<name>.schemas.ts`. */
  readonly schemas?: boolean;
  /** Called before each module is generated. */
  readonly onProgress?: (done: number, total: number, name: string) => void;
}

/** Result of `generate`. */
export interface GenerateResult {
  /** Diagnostics of all specs, in order. If any is an error, nothing was changed. */
  readonly diagnostics: readonly Diagnostic[];
  /** Text of each spec by file, for code frames. Literal secrets are masked. */
  readonly texts: ReadonlyMap<string, string>;
  /** The generated files. */
  readonly files: readonly OutputFile[];
  /** Changes of the output folder, made or planned. */
  readonly changes: readonly FileChange[];
}

/** Reads and checks all specs, and updates the output folder only if none has an error. */
export async function generate(specs: readonly string[], options: GenerateOptions): Promise<GenerateResult> {
  const { sources, diagnostics, texts } = await loadSources(specs, options);
  const clashes = findClashes(sources);
  const all = [...diagnostics, ...clashes];
  if (all.some(isError)) return { diagnostics: all, texts, files: [], changes: [] };
  const files: OutputFile[] = [];
  for (const [index, { source, file }] of sources.entries()) {
    options.onProgress?.(index, sources.length, source.name);
    files.push(...(await renderFiles(source, { schemas: options.schemas ?? false, spec: basename(file) })));
  }
  const { mode, force = false } = options;
  const update = await updateFolder(options.out, files, { mode, force });
  return {
    diagnostics: [...all, ...update.diagnostics],
    texts: new Map([...texts, [update.manifest.file, update.manifest.text ?? ""]]),
    files,
    changes: update.changes,
  };
}

/** A valid spec and its file. */
export interface LoadedSource {
  readonly file: string;
  readonly source: SourceIr;
}

/** Result of `loadSources`: the sources without errors, and all diagnostics. */
export interface LoadResult {
  readonly sources: readonly LoadedSource[];
  readonly diagnostics: readonly Diagnostic[];
  readonly texts: ReadonlyMap<string, string>;
}

/** Loads, parses and builds each spec; `-` is standard input. Loads no compiler. */
export async function loadSources(
  specs: readonly string[],
  options: ParseOptions = { literalSecrets: "error" },
): Promise<LoadResult> {
  const sources: LoadedSource[] = [];
  const diagnostics: Diagnostic[] = [];
  const texts = new Map<string, string>();
  for (const path of specs) {
    const file = path === "-" ? "<stdin>" : path;
    const text = await readInput(path);
    const parsed = parseSpec(await loadSpec(file, text), options);
    texts.set(file, parsed.frameText);
    diagnostics.push(...parsed.diagnostics);
    if (parsed.spec) sources.push({ file, source: buildSource(parsed.spec) });
  }
  return { sources, diagnostics, texts };
}

/** Renders, verifies and formats a module. Loads the compiler and the formatter only now. */
async function renderFiles(
  source: SourceIr,
  { schemas, spec }: { schemas: boolean; spec: string },
): Promise<readonly OutputFile[]> {
  const { printSource, printSchemas } = await import("./emit/print.js");
  const { file } = source.names;
  const files = [{ name: `${file}.ts`, text: stampModule(await printSource(source)), spec }];
  if (schemas)
    files.push({ name: `${file}.schemas.ts`, text: stampModule(await printSchemas(source)), spec });
  return files;
}

/** Reports specs that generate the same file. Ignores case, because some file systems do. */
function findClashes(sources: readonly LoadedSource[]): readonly Diagnostic[] {
  const first = new Map<string, string>();
  return sources.flatMap(({ file, source }): readonly Diagnostic[] => {
    const key = source.names.file.toLowerCase();
    const other = first.get(key);
    first.set(key, other ?? file);
    if (other === undefined) return [];
    const message = `${other} also generates ${source.names.file}.ts; give one of the specs another "name"`;
    return [
      {
        severity: "error",
        code: "duplicate-source",
        message,
        file,
        line: 1,
        column: 1,
        endLine: 1,
        endColumn: 1,
      },
    ];
  });
}

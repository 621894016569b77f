import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { isError, type Diagnostic } from "./diagnostics.js";
import { buildSource } from "./ir/build.js";
import type { SourceIr } from "./ir/source-ir.js";
import { loadSpec } from "./spec/load/load.js";
import { parseSpec, type ParseOptions } from "./spec/parse.js";
import { applyChanges, planChanges, type FileChange, type OutputFile } from "./write.js";

/** What a run is to do. */
export interface GenerateOptions extends ParseOptions {
  /** Output folder. */
  readonly out: string;
  /** `write` brings the folder up to date; `plan` only says what that would change. */
  readonly mode: "write" | "plan";
  /** Overwrites and removes files that were edited by hand. */
  readonly force?: boolean;
  /** Also writes `<name>.schemas.ts`. */
  readonly schemas?: boolean;
  /** Told before each spec is turned into a module. */
  readonly onProgress?: (done: number, total: number, name: string) => void;
}

/** The outcome of a run. */
export interface GenerateResult {
  /** Of all specs, in order; errors mean that nothing was changed. */
  readonly diagnostics: readonly Diagnostic[];
  /** The specs' texts by file, for code frames; literal secrets are masked. */
  readonly texts: ReadonlyMap<string, string>;
  /** The files the specs make. */
  readonly files: readonly OutputFile[];
  /** What became, or would become, of the output folder. */
  readonly changes: readonly FileChange[];
}

/** Reads specs, checks them all, and only if none has an error brings the output folder up to date. */
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
  const changes = await planChanges(options.out, files, options);
  const isBlocked = changes.some(({ status }) => status === "refused");
  if (options.mode === "write" && !isBlocked) await applyChanges(options.out, changes, files);
  return { diagnostics: all, texts, files, changes };
}

/** A checked spec with the file it came from. */
export interface LoadedSource {
  readonly file: string;
  readonly source: SourceIr;
}

/** What reading specs brings: sources for those without errors, and all diagnostics. */
export interface LoadResult {
  readonly sources: readonly LoadedSource[];
  readonly diagnostics: readonly Diagnostic[];
  readonly texts: ReadonlyMap<string, string>;
}

/** load → parse → build, for each spec; `-` is standard input. No compiler is loaded for this. */
export async function loadSources(
  specs: readonly string[],
  options: ParseOptions = { literalSecrets: "error" },
): Promise<LoadResult> {
  const sources: LoadedSource[] = [];
  const diagnostics: Diagnostic[] = [];
  const texts = new Map<string, string>();
  for (const path of specs) {
    const file = path === "-" ? "<stdin>" : path;
    const text = await readSpec(path);
    const parsed = parseSpec(await loadSpec(file, text), options);
    texts.set(file, parsed.frameText);
    diagnostics.push(...parsed.diagnostics);
    if (parsed.spec) sources.push({ file, source: buildSource(parsed.spec) });
  }
  return { sources, diagnostics, texts };
}

async function readSpec(path: string): Promise<string> {
  if (path !== "-") return await readFile(path, "utf8");
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** render → verify → format. The compiler and the formatter are loaded here, not before they are needed. */
async function renderFiles(
  source: SourceIr,
  { schemas, spec }: { schemas: boolean; spec: string },
): Promise<readonly OutputFile[]> {
  const { printSource, printSchemas } = await import("./emit/print.js");
  const { file } = source.names;
  const files = [{ name: `${file}.ts`, text: await printSource(source), spec }];
  if (schemas) files.push({ name: `${file}.schemas.ts`, text: await printSchemas(source), spec });
  return files;
}

/** Two specs must not make the same file; case counts for nothing on some systems. */
function findClashes(sources: readonly LoadedSource[]): readonly Diagnostic[] {
  const first = new Map<string, string>();
  return sources.flatMap(({ file, source }): readonly Diagnostic[] => {
    const key = source.names.file.toLowerCase();
    const other = first.get(key);
    first.set(key, other ?? file);
    if (other === undefined) return [];
    const message = `${source.names.file}.ts is also made by ${other}; give one of them another "name"`;
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

import { isError, type Diagnostic } from "./diagnostics.js";
import type { SpecJob, SpecResult } from "./generate-spec.js";
import {
  openCache,
  type Cache,
  type CachedResult,
  type CacheInput,
  type CacheOptions,
} from "./output/cache.js";
import { updateFolder, type FileChange, type FindGone, type OutputFile } from "./output/output.js";
import { readSpec } from "./read-spec.js";
import type { ParseOptions } from "./spec/parse.js";

/** Options of `generate`. */
export interface GenerateOptions extends ParseOptions {
  /** Output folder. */
  readonly out: string;
  /** `write` updates the output folder; `plan` only returns the changes. */
  readonly mode: "write" | "plan";
  /** Overwrites and removes files that were edited or that connector-gen did not write. */
  readonly force?: boolean | undefined;
  /** Also writes `<name>.schemas.ts`. */
  readonly schemas?: boolean | undefined;
  /** Called before the modules of a spec are generated; not for specs whose modules are up to date. */
  readonly onProgress?: ((done: number, total: number, file: string) => void) | undefined;
  /** Specs to generate at the same time, in threads. Default: one, or more if that saves time. */
  readonly jobs?: number | undefined;
  /** Returns those of the specs, named by earlier runs, that no longer exist: their modules are removed. Default: keeps all. */
  readonly findGone?: FindGone | undefined;
  /** Generates only specs that changed since this build generated them. Default: generates all. */
  readonly cache?: CacheOptions | undefined;
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

/**
 * Reads and checks all specs, and updates the output folder only if none has an error. Rejects if a spec cannot be read, or
 * the output folder cannot be written; errors in specs are diagnostics of the result.
 */
export async function generate(specs: readonly string[], options: GenerateOptions): Promise<GenerateResult> {
  const { mode, out, force = false, findGone } = options;
  const cache = options.cache && openCache(out, options.cache);
  const found: Spec[] = [];
  for (const path of specs) found.push(await findSpec(path, cache, options));
  const results = await generateOthers(found, options);
  const diagnostics = [...results.flatMap((result) => result.diagnostics), ...findClashes(found, results)];
  const texts = new Map(found.map(({ job }, index) => [job.file, results[index]?.frameText ?? job.text]));
  if (diagnostics.some(isError)) return { diagnostics, texts, files: [], changes: [] };
  const files = results.flatMap((result) => result.files);
  const update = await updateFolder(out, files, { mode, force, findGone });
  found.forEach((spec, index) => {
    const result = results[index];
    // Do not cache a spec with masked secrets: it must be parsed again to show its warnings.
    if (!spec.known && result?.frameText === spec.job.text) cache?.keep(inputOf(spec.job), result);
  });
  await cache?.save();
  return {
    diagnostics: [...diagnostics, ...update.diagnostics],
    texts: new Map([...texts, [update.manifest.file, update.manifest.text ?? ""]]),
    files,
    changes: update.changes,
  };
}

/** A spec, and its result if its modules are up to date or it cannot be read. */
interface Spec {
  readonly job: SpecJob;
  readonly known: CachedResult | undefined;
}

async function findSpec(path: string, cache: Cache | undefined, options: GenerateOptions): Promise<Spec> {
  const { schemas = false, literalSecrets } = options;
  const { file, text, problem } = await readSpec(path);
  const job = { file, text, schemas, literalSecrets, isCheckOnly: false };
  if (problem) return { job, known: { files: [], diagnostics: [problem] } };
  return { job, known: path === "-" ? undefined : cache?.find(inputOf(job)) };
}

function inputOf({ file, text, schemas, literalSecrets }: SpecJob): CacheInput {
  return { file, text, options: JSON.stringify({ schemas, literalSecrets }) };
}

/** Generates the specs whose modules are not up to date. Resolves to the results of all specs, in order. */
async function generateOthers(
  specs: readonly Spec[],
  { jobs: wanted, onProgress }: GenerateOptions,
): Promise<readonly SpecResult[]> {
  const jobs = specs.filter(({ known }) => !known).map(({ job }) => job);
  const total = jobs.length;
  let done = 0;
  const generated =
    jobs.length === 0
      ? []
      : await runJobs(jobs, { wanted, onStart: ({ file }) => onProgress?.(done++, total, file) });
  const resultOf = new Map(jobs.map((job, index) => [job, generated[index]]));
  return specs.flatMap(({ job, known }) => (known ? reuse(job, known) : (resultOf.get(job) ?? [])));
}

function reuse({ text }: SpecJob, known: CachedResult): SpecResult {
  const base = known.files[0]?.name.replace(/\.ts$/, "");
  return { ...known, frameText: text, ...(base !== undefined && { base }) };
}

async function runJobs(
  jobs: readonly SpecJob[],
  { wanted, onStart }: { readonly wanted: number | undefined; readonly onStart: (job: SpecJob) => void },
): Promise<readonly SpecResult[]> {
  const { threadsFor, runInThreads } = await import("./run-jobs.js");
  const threads = threadsFor(jobs, wanted);
  if (threads > 1) return await runInThreads(jobs, threads, onStart);
  const { generateSpec } = await import("./generate-spec.js");
  const results: SpecResult[] = [];
  for (const job of jobs) {
    onStart(job);
    // After an error, nothing is written, but every spec is still checked.
    const isCheckOnly = results.some(({ diagnostics }) => diagnostics.some(isError));
    results.push(await generateSpec({ ...job, isCheckOnly }));
  }
  return results;
}

/** Reports specs that generate the same file. Ignores case, because some file systems do. */
function findClashes(specs: readonly Spec[], results: readonly SpecResult[]): readonly Diagnostic[] {
  const first = new Map<string, string>();
  return results.flatMap(({ base }, index): readonly Diagnostic[] => {
    const file = specs[index]?.job.file ?? "";
    if (base === undefined) return [];
    const other = first.get(base.toLowerCase());
    first.set(base.toLowerCase(), other ?? file);
    if (other === undefined) return [];
    const message = `${other} also generates ${base}.ts; give one of the specs another "name"`;
    const place = { line: 1, column: 1, endLine: 1, endColumn: 1 };
    return [{ severity: "error", code: "duplicate-source", message, file, ...place }];
  });
}

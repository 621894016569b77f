import { join } from "node:path";
import { buildId } from "../build-id.js";
import { isError, printable } from "../diagnostics.js";
import { generate, type GenerateResult } from "../generate.js";
import { cacheFolder, type CacheOptions } from "../output/cache.js";
import type { FileChange } from "../output/output.js";
import { expandSpecs } from "./expand-specs.js";
import { toCommand, type Terminal } from "./terminal.js";

/** The flags of `generate` and `check`. */
export interface GenerateFlags {
  readonly out: string;
  readonly stdout?: boolean;
  readonly dryRun?: boolean;
  readonly check?: boolean;
  readonly watch?: boolean;
  readonly schemas?: boolean;
  readonly force?: boolean;
  readonly literalSecrets?: "error" | "extract";
  readonly jobs?: number;
  /** False with `--no-cache`. */
  readonly cache?: boolean;
}

/** The flags on the command line. Without `-o`, the output folder is that of the project, or `generated`. */
export type GivenFlags = Omit<GenerateFlags, "out"> & { readonly out?: string };

/** What a run reads, and where it writes. */
export interface Target {
  /** Spec files, and patterns of spec files. */
  readonly patterns: readonly string[];
  /** The spec files that exist. */
  readonly specs: readonly string[];
  /** The output folder. */
  readonly out: string;
  /** The `package.json` that names the specs, if one does. */
  readonly config?: string;
}

/**
 * Runs `connector-gen generate` and `connector-gen check`. Without specs, reads them from `package.json`. Resolves to
 * the exit code.
 */
export async function runGenerate(
  terminal: Terminal,
  specs: readonly string[],
  flags: GivenFlags,
): Promise<number> {
  const read =
    specs.length > 0
      ? async (): Promise<Target> => ({
          patterns: specs,
          specs: await expandSpecs(specs),
          out: flags.out ?? "generated",
        })
      : (): Promise<Target | undefined> => readTarget(terminal, flags.out);
  const run = ({ specs: found, out, config }: Target): Promise<number> =>
    generateOnce(terminal, {
      specs: found,
      flags: { ...flags, out },
      given: config === undefined ? undefined : flags,
    });
  if (!flags.watch) {
    const target = await read();
    return target ? await run(target) : 1;
  }
  if (specs.includes("-")) return terminal.misuse("--watch cannot watch standard input; pass spec files");
  const { watchSpecs } = await import("./watch.js");
  return await watchSpecs(terminal, { read, run });
}

/** Returns the target that `package.json` names. Reports its problems, if there are any. */
async function readTarget(terminal: Terminal, out: string | undefined): Promise<Target | undefined> {
  const { readProject } = await import("./project.js");
  const { project, diagnostics, texts } = await readProject();
  if (project) {
    const { patterns, specs, output, file } = project;
    return { patterns, specs, out: out ?? output, config: file };
  }
  terminal.report(diagnostics, texts);
  terminal.info("Nothing was written.");
  terminal.reportJson({ ok: false, diagnostics, files: [] });
  return undefined;
}

async function generateOnce(terminal: Terminal, job: Run): Promise<number> {
  const { specs, flags } = job;
  const writes = !flags.stdout && !flags.dryRun && !flags.check;
  const result = await generate(specs, {
    out: flags.out,
    mode: writes ? "write" : "plan",
    force: flags.force ?? false,
    schemas: flags.schemas ?? false,
    literalSecrets: flags.literalSecrets ?? "error",
    jobs: flags.jobs,
    findGone: async (names) => (await import("./gone-specs.js")).findGone(names, { specs, out: flags.out }),
    cache: flags.cache === false ? undefined : cacheOptions(),
    ...(terminal.isInteractive && specs.length > 3 && { onProgress: showProgress }),
  });
  terminal.report(result.diagnostics, result.texts);
  const code = await conclude(terminal, result, job);
  terminal.reportJson({
    ok: code === 0,
    diagnostics: result.diagnostics,
    files: result.changes.map(({ name, status, reason }) => ({
      path: join(flags.out, name),
      status,
      reason,
    })),
  });
  return code;
}

/** Returns the options of the cache; `undefined` if the sources run without a build. */
function cacheOptions(): CacheOptions | undefined {
  const folder = cacheFolder(process.env, process.platform);
  const build = folder === undefined ? undefined : buildId();
  return folder === undefined || build === undefined ? undefined : { folder, build };
}

interface Run {
  readonly specs: readonly string[];
  readonly flags: GenerateFlags;
  /** The flags on the command line, if `package.json` names the specs. */
  readonly given: GivenFlags | undefined;
}

async function conclude(terminal: Terminal, result: GenerateResult, run: Run): Promise<number> {
  const { flags } = run;
  if (result.diagnostics.some(isError)) {
    terminal.info("Nothing was written.");
    return 1;
  }
  if (flags.stdout) {
    for (const { text } of result.files) terminal.print(text);
    return 0;
  }
  if (flags.check) return await concludeCheck(terminal, result.changes, run);
  return concludeWrite(terminal, result.changes, flags);
}

function concludeWrite(terminal: Terminal, changes: readonly FileChange[], flags: GenerateFlags): number {
  const isBlocked = changes.some(({ status }) => status === "refused");
  for (const { name, status, reason } of changes) {
    const path = join(flags.out, name);
    if (status === "refused") terminal.warn(`${path}: not written: ${reason ?? ""}`);
    else {
      const outcome = flags.dryRun ? `would be ${status}` : isBlocked ? "left unchanged" : status;
      terminal.info(`${path} ${terminal.style("dim", reason ? `${outcome}: ${reason}` : outcome)}`);
    }
  }
  if (isBlocked) terminal.info("Nothing was written.");
  return isBlocked ? 1 : 0;
}

async function concludeCheck(
  terminal: Terminal,
  changes: readonly FileChange[],
  { specs, flags, given }: Run,
): Promise<number> {
  const stale = changes.filter(({ status }) => status !== "unchanged");
  if (stale.length === 0) {
    terminal.info(`${changes.length} ${changes.length === 1 ? "module is" : "modules are"} up to date.`);
    return 0;
  }
  const { shortDiff } = await import("./short-diff.js");
  for (const change of stale) {
    const path = join(flags.out, change.name);
    terminal.warn(`${path} ${describe(change)}`);
    // Never show text that connector-gen did not write, because it may be secret.
    const isShown = change.before !== undefined || change.status === "created";
    if (!terminal.isJson && isShown) terminal.warn(shortDiff(path, change));
  }
  const isForced = stale.some(({ reason }) => reason?.includes("--force"));
  const options = [...(flags.schemas ? ["--schemas"] : []), ...(isForced ? ["--force"] : [])];
  const out = given && given.out === undefined ? [] : ["-o", flags.out];
  terminal.warn(`Run: ${toCommand("generate", ...(given ? [] : specs), ...out, ...options)}`);
  return 1;
}

function describe({ status, before, reason = "" }: FileChange): string {
  if (status === "created") return "is missing";
  if (status === "removed") return `is an orphan: ${reason}`;
  if (status === "updated") return "is out of date";
  return before !== undefined && reason.startsWith("it was edited")
    ? "was edited"
    : `cannot be updated: ${reason}`;
}

function showProgress(done: number, total: number, name: string): void {
  const line = `[${done + 1}/${total}] ${printable(name)}`.slice(0, (process.stderr.columns || 80) - 1);
  process.stderr.write(`\r\u001b[2K${line}${done + 1 === total ? "\r\u001b[2K" : ""}`);
}

import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { JsonObject } from "@connector-gen/runtime";
import { isError } from "../diagnostics.js";
import { readInput } from "../read-input.js";
import { importDlt, type DltImport, type DltImports } from "../import/dlt.js";
import { checkSourceName } from "../spec/grammar/spec-grammar.js";
import { didYouMean, list } from "../spec/wording.js";
import { existsMessage, formatSpec, writeNewSpec } from "./new-spec.js";
import { toCommand, type Terminal } from "./terminal.js";

/** The flags of `import dlt`. */
export interface ImportFlags {
  readonly out?: string;
  readonly name?: string;
  readonly config?: string;
  readonly force?: boolean;
}

/** An imported spec and its output path. */
interface Target {
  readonly path: string;
  readonly spec: JsonObject;
}

/** Runs `connector-gen import dlt`, which converts dlt `rest_api` configurations into specs. Resolves to the exit code. */
export async function runImportDlt(terminal: Terminal, path: string, flags: ImportFlags): Promise<number> {
  const file = path === "-" ? "<stdin>" : path;
  const text = await readInput(path);
  if (/\.(?:jsonc?|ya?ml)$/i.test(path))
    return terminal.misuse(
      `${path} is not Python: a configuration in JSON or YAML is a spec; connector-gen generate reads it`,
    );
  const result = importDlt(file, text);
  const chosen = choose(result, flags);
  if (typeof chosen === "string") return terminal.misuse(chosen);
  const diagnostics = [...result.diagnostics, ...chosen.flatMap((one) => one.diagnostics)];
  terminal.report(diagnostics, new Map([[file, result.frameText]]));
  const isOk = !diagnostics.some(isError);
  if (isOk) for (const note of chosen.flatMap((one) => one.notes)) terminal.info(terminal.style("dim", note));
  const targets = isOk && flags.out !== undefined ? await chooseTargets(chosen, flags.out) : [];
  const code = isOk ? await write(terminal, { chosen, targets, isForced: flags.force ?? false }) : 1;
  terminal.reportJson({ ok: code === 0, diagnostics, files: targets.map((target) => target.path) });
  return code;
}

/** Returns the configurations to import, or the problem with the flags. */
function choose({ imports }: DltImports, { out, name, config }: ImportFlags): readonly DltImport[] | string {
  const names = imports.map((one) => one.name);
  const chosen = config === undefined ? imports : imports.filter((one) => one.name === config);
  if (imports.length > 0 && config !== undefined && chosen.length === 0)
    return `unknown configuration ${config}; the file has ${list(names)}${didYouMean(config, names)}`;
  if (chosen.length > 1) {
    const found = chosen.map((one) => `  ${one.name} (${one.what}, line ${one.line})`).join("\n");
    if (name !== undefined) return `--name applies to one configuration; select it with --config\n${found}`;
    if (out === undefined || /\.jsonc?$/i.test(out))
      return `the file has ${chosen.length} configurations; select one with --config, or pass a folder to --out\n${found}`;
  }
  const [problem] = name === undefined ? [] : checkSourceName(name);
  if (problem) return problem.message;
  return chosen.map((one) => (name === undefined ? one : { ...one, name, spec: { ...one.spec, name } }));
}

async function chooseTargets(chosen: readonly DltImport[], out: string): Promise<readonly Target[]> {
  const isFolder = chosen.length > 1 || /[/\\]$/.test(out) || (await isDirectory(out));
  return chosen.map(({ name, spec }) => ({ path: isFolder ? join(out, `${name}.json`) : out, spec }));
}

async function write(
  terminal: Terminal,
  run: { chosen: readonly DltImport[]; targets: readonly Target[]; isForced: boolean },
): Promise<number> {
  const { chosen, targets, isForced } = run;
  if (targets.length === 0) {
    for (const { spec } of chosen) terminal.print(await formatSpec(spec, "."));
    return 0;
  }
  if (!isForced) {
    // Write all specs or none.
    const existing: string[] = [];
    for (const { path } of targets) if (await statOf(path)) existing.push(path);
    for (const path of existing) terminal.warn(existsMessage(path));
    if (existing.length > 0) return 1;
  }
  for (const { path, spec } of targets) {
    const text = await formatSpec(spec, dirname(path));
    const isWritten = await writeNewSpec({ path, text, isForced, option: "-o" });
    if (!isWritten) {
      terminal.warn(existsMessage(path));
      return 1;
    }
  }
  const paths = targets.map((target) => target.path);
  terminal.info(`Wrote ${paths.join(", ")}. Next:\n  ${toCommand("generate", ...paths)}`);
  return 0;
}

async function isDirectory(path: string): Promise<boolean> {
  return (await statOf(path))?.isDirectory() ?? false;
}

async function statOf(path: string): Promise<Awaited<ReturnType<typeof stat>> | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

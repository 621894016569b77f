import { realpath } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { applyFindings, type AppliedFindings, type Target } from "../detect/apply-findings.js";
import { detectResource, type Detection, type ResourceReport } from "../detect/detect-resource.js";
import { findGaps, type Gaps } from "../detect/gaps.js";
import { createRecordingTransport, createReplayTransport } from "../detect/recording-transport.js";
import { toLiveSource } from "../live/live-source.js";
import { formatReport } from "../detect/report.js";
import { isError } from "../diagnostics.js";
import { readInput } from "../read-input.js";
import { buildSource } from "../ir/build.js";
import type { SourceIr } from "../ir/source-ir.js";
import { loadSpec } from "../spec/load/load.js";
import { parseSpec, type ParseOptions } from "../spec/parse.js";
import { didYouMean, list } from "../spec/wording.js";
import { writeWhole } from "../output/files.js";
import type { Terminal } from "./terminal.js";

/** The flags of `detect`. */
export interface DetectFlags {
  readonly resource?: readonly string[];
  readonly from?: string;
  /** `name=value` */
  readonly config?: readonly string[];
  /** `name=value` */
  readonly param?: readonly string[];
  readonly write?: boolean;
  readonly literalSecrets?: ParseOptions["literalSecrets"];
}

/**
 * Runs `connector-gen detect`, which sends one or two requests per resource, infers the missing keys of the spec, and
 * writes them after confirmation; resolves to the exit code.
 */
export async function runDetect(terminal: Terminal, path: string, flags: DetectFlags): Promise<number> {
  const loaded = await load(terminal, path, flags);
  if (!loaded) return 1;
  const { target, source, gaps } = loaded;
  const chosen = choose(gaps, path, flags);
  if (typeof chosen === "string") {
    terminal.warn(`connector-gen: ${chosen}`);
    return 2;
  }
  const detection = await prepare(source, flags);
  const reports: ResourceReport[] = [];
  for (const each of chosen) {
    const report = await detectResource(detection, each);
    reports.push(report);
  }
  const applied = await applyFindings(target, reports);
  if (!terminal.isJson) terminal.print(formatReport(applied.reports, terminal.style));
  const outcome = await writeFindings(terminal, { path, target, applied, flags });
  const hasProblem = outcome.hasFailed || reports.some(({ problem }) => problem !== undefined);
  if (terminal.isJson) {
    const resources = applied.reports.map(({ index: _index, ...report }) => report);
    const document = { ok: !hasProblem, spec: path, written: outcome.isWritten, resources };
    terminal.print(`${JSON.stringify(document, null, 2)}\n`);
  }
  return hasProblem ? 1 : 0;
}

interface Loaded {
  readonly target: Target;
  readonly source: SourceIr;
  readonly gaps: readonly Gaps[];
}

/** Loads the spec. Reports its errors and returns `undefined` if it has any. */
async function load(terminal: Terminal, path: string, flags: DetectFlags): Promise<Loaded | undefined> {
  const file = path === "-" ? "<stdin>" : path;
  const parse: ParseOptions = { literalSecrets: flags.literalSecrets ?? "error" };
  const document = await loadSpec(file, await readInput(path));
  const { spec, diagnostics, frameText } = parseSpec(document, parse);
  const errors = diagnostics.filter(isError);
  terminal.report(errors, new Map([[file, frameText]]));
  if (!spec || document.value === undefined) {
    terminal.reportJson({ ok: false, diagnostics: errors });
    return undefined;
  }
  const { text, value } = document;
  // The same rule as in the loader.
  const isYaml = /\.ya?ml$/i.test(file) || (path === "-" && /^\s*[A-Za-z#%-]/.test(text));
  const format = isYaml ? "yaml" : "json";
  return {
    target: { file, parse, spec: { text, format, value } },
    source: buildSource(spec),
    gaps: findGaps(value),
  };
}

/** Returns the resources to inspect, or the problem with the flags. */
function choose(gaps: readonly Gaps[], path: string, flags: DetectFlags): readonly Gaps[] | string {
  const { resource = [], from, write = false } = flags;
  if (write && path === "-") return "--write cannot write to standard input; pass a spec file";
  if (from === "-" && path === "-") return "standard input cannot be both the spec and the response";
  const names = gaps.map(({ name }) => name);
  const unknown = resource.find((name) => !names.includes(name));
  if (unknown !== undefined)
    return `unknown resource ${unknown}; the spec has ${list(names)}${didYouMean(unknown, names)}`;
  const malformed = [...(flags.config ?? []), ...(flags.param ?? [])].find((pair) => !/^[^=]+=/.test(pair));
  if (malformed !== undefined) return `invalid value "${malformed}": expected name=value`;
  const chosen = resource.length > 0 ? gaps.filter(({ name }) => resource.includes(name)) : gaps;
  if (from !== undefined && chosen.length !== 1)
    return `--from applies to one resource; select it with --resource (the spec has ${list(names)})`;
  return chosen;
}

async function prepare(source: SourceIr, flags: DetectFlags): Promise<Detection> {
  const { from, config = [], param = [] } = flags;
  const isReplay = from !== undefined;
  const given = new Map(config.map(toPair));
  const options = source.config.flatMap(({ name, option, isList }) => {
    const text = given.get(name) ?? given.get(option) ?? (isReplay ? "x" : undefined);
    return text === undefined ? [] : [[option, isList ? text.split(",") : text] as const];
  });
  // A replay needs no credentials. The placeholders must not match any text of the response, or redaction would alter it.
  const secrets = isReplay ? source.secrets.map(({ option }) => [option, `unused-${option}`] as const) : [];
  const live = toLiveSource(source);
  return {
    source,
    // A replay needs no values for the base URL either.
    live: isReplay && source.baseUrl.includes("{") ? { ...live, baseUrl: "https://api.example.com" } : live,
    transport: isReplay ? createReplayTransport(await readInput(from)) : createRecordingTransport(),
    options: Object.fromEntries([...options, ...secrets]),
    params: Object.fromEntries(param.map(toPair)),
    isReplay,
  };
}

function toPair(pair: string): readonly [string, string] {
  const separator = pair.indexOf("=");
  return [pair.slice(0, separator), pair.slice(separator + 1)];
}

interface Outcome {
  readonly isWritten: boolean;
  readonly hasFailed: boolean;
}

interface Findings {
  readonly path: string;
  readonly target: Target;
  readonly applied: AppliedFindings;
  readonly flags: DetectFlags;
}

/** Writes the findings into the spec if the flags or the user allow it. */
async function writeFindings(
  terminal: Terminal,
  { path, target, applied, flags }: Findings,
): Promise<Outcome> {
  const nothing: Outcome = { isWritten: false, hasFailed: false };
  const { edits, text, obstacle } = applied;
  if (edits.length === 0) {
    terminal.info("Nothing to write.");
    return nothing;
  }
  if (text === undefined) {
    terminal.warn(`connector-gen: cannot edit ${path} (${obstacle ?? ""}); add the values by hand`);
    return { isWritten: false, hasFailed: flags.write === true };
  }
  const count = edits.length === 1 ? "1 finding" : `${edits.length} findings`;
  const canAsk = terminal.isInteractive && !terminal.isJson && path !== "-" && flags.from !== "-";
  if (flags.write !== true && !canAsk) {
    terminal.info(
      path === "-" ? "Nothing was written." : "Nothing was written. To write the findings, pass --write.",
    );
    return nothing;
  }
  if (flags.write !== true && !(await confirm(`Write ${count} to ${path}? (y/N) `))) {
    terminal.info("Nothing was written.");
    return nothing;
  }
  const now = await readInput(path);
  const mark = now.startsWith("\ufeff") ? "\ufeff" : "";
  if (now !== mark + target.spec.text) {
    terminal.warn(`connector-gen: ${path} changed in the meantime, so nothing was written; run detect again`);
    return { isWritten: false, hasFailed: true };
  }
  // Writing to the real path keeps a symbolic link.
  await writeWhole(await realpath(path), mark + text);
  terminal.info(`Wrote ${path}. Next:\n  connector-gen generate ${path}`);
  return { isWritten: true, hasFailed: false };
}

/** Asks a question. Any answer other than `y` or `yes` means no. */
async function confirm(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(question)).trim());
  } finally {
    lines.close();
  }
}

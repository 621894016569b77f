import { readFile, realpath } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { detectResource, type Detection, type ResourceReport } from "../detect/detect-resource.js";
import { findGaps, type Gaps } from "../detect/gaps.js";
import { toLiveSource } from "../live/live-source.js";
import { formatReport } from "../detect/report.js";
import { settle, type Settled, type Target } from "../detect/settle.js";
import { createReplay, createWire } from "../detect/wire.js";
import { isError } from "../diagnostics.js";
import { buildSource } from "../ir/build.js";
import type { SourceIr } from "../ir/source-ir.js";
import { loadSpec } from "../spec/load/load.js";
import { parseSpec, type ParseOptions } from "../spec/parse.js";
import { didYouMean, list } from "../spec/wording.js";
import { writeWhole } from "../write.js";
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
 * `connector-gen detect`: asks the API once or twice per resource, proposes what the spec leaves open, and writes it down
 * after a yes.
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
  const settled = await settle(target, reports);
  if (!terminal.isJson) terminal.print(formatReport(settled.reports, terminal.style));
  const end = await conclude(terminal, { path, target, settled, flags });
  const hasProblem = end.hasFailed || reports.some(({ problem }) => problem !== undefined);
  if (terminal.isJson) {
    const resources = settled.reports.map(({ index: _index, ...report }) => report);
    const document = { ok: !hasProblem, spec: path, written: end.isWritten, resources };
    terminal.print(`${JSON.stringify(document, null, 2)}\n`);
  }
  return hasProblem ? 1 : 0;
}

interface Loaded {
  readonly target: Target;
  readonly source: SourceIr;
  readonly gaps: readonly Gaps[];
}

/** Reads the spec; nothing when it has errors, which are reported. */
async function load(terminal: Terminal, path: string, flags: DetectFlags): Promise<Loaded | undefined> {
  const file = path === "-" ? "<stdin>" : path;
  const parse: ParseOptions = { literalSecrets: flags.literalSecrets ?? "error" };
  const document = await loadSpec(file, await readText(path));
  const { spec, diagnostics, frameText } = parseSpec(document, parse);
  const errors = diagnostics.filter(isError);
  terminal.report(errors, new Map([[file, frameText]]));
  if (!spec || document.value === undefined) {
    terminal.reportJson({ ok: false, diagnostics: errors });
    return undefined;
  }
  const { text, value } = document;
  // As the loader decides.
  const isYaml = /\.ya?ml$/i.test(file) || (path === "-" && /^\s*[A-Za-z#%-]/.test(text));
  const format = isYaml ? "yaml" : "json";
  return {
    target: { file, parse, spec: { text, format, value } },
    source: buildSource(spec),
    gaps: findGaps(value),
  };
}

/** The resources to look at, or what is wrong with the flags. */
function choose(gaps: readonly Gaps[], path: string, flags: DetectFlags): readonly Gaps[] | string {
  const { resource = [], from, write = false } = flags;
  if (write && path === "-") return "--write needs a file: standard input cannot be written to";
  if (from === "-" && path === "-") return "standard input cannot be both the spec and the response";
  const names = gaps.map(({ name }) => name);
  const unknown = resource.find((name) => !names.includes(name));
  if (unknown !== undefined)
    return `there is no resource ${unknown}: there are ${list(names)}${didYouMean(unknown, names)}`;
  const malformed = [...(flags.config ?? []), ...(flags.param ?? [])].find((pair) => !/^[^=]+=/.test(pair));
  if (malformed !== undefined) return `"${malformed}" is no name and value: write ${malformed}=…`;
  const chosen = resource.length > 0 ? gaps.filter(({ name }) => resource.includes(name)) : gaps;
  if (from !== undefined && chosen.length !== 1)
    return `--from holds the response of one resource: name it with --resource (there are ${list(names)})`;
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
  // A response that is there needs no credentials; what stands for them must not look like any text of it.
  const secrets = isReplay ? source.secrets.map(({ option }) => [option, `unused-${option}`] as const) : [];
  const live = toLiveSource(source);
  return {
    source,
    // No value for the base URL is needed either.
    live: isReplay && source.baseUrl.includes("{") ? { ...live, baseUrl: "https://api.example.com" } : live,
    wire: isReplay ? createReplay(await readText(from)) : createWire(),
    options: Object.fromEntries([...options, ...secrets]),
    params: Object.fromEntries(param.map(toPair)),
    isReplay,
  };
}

function toPair(pair: string): readonly [string, string] {
  const at = pair.indexOf("=");
  return [pair.slice(0, at), pair.slice(at + 1)];
}

interface End {
  readonly isWritten: boolean;
  readonly hasFailed: boolean;
}

/** Writes what is settled, if the flags or the user say so. */
async function conclude(
  terminal: Terminal,
  { path, target, settled, flags }: { path: string; target: Target; settled: Settled; flags: DetectFlags },
): Promise<End> {
  const nothing: End = { isWritten: false, hasFailed: false };
  const { edits, text, obstacle } = settled;
  if (edits.length === 0) {
    terminal.tell("There is nothing to write.");
    return nothing;
  }
  if (text === undefined) {
    terminal.warn(
      `connector-gen: ${path} cannot be edited here (${obstacle ?? ""}): write the values by hand`,
    );
    return { isWritten: false, hasFailed: flags.write === true };
  }
  const what = edits.length === 1 ? "this" : `these ${edits.length}`;
  const canAsk = terminal.isInteractive && !terminal.isJson && path !== "-" && flags.from !== "-";
  if (flags.write !== true && !canAsk) {
    terminal.tell(path === "-" ? "Nothing is written." : "Nothing is written; --write does it.");
    return nothing;
  }
  if (flags.write !== true && !(await confirm(`Write ${what} into ${path}? (y/N) `))) {
    terminal.tell("Nothing is written.");
    return nothing;
  }
  const now = await readText(path);
  const mark = now.startsWith("\ufeff") ? "\ufeff" : "";
  if (now !== mark + target.spec.text) {
    terminal.warn(`connector-gen: ${path} has changed meanwhile; nothing is written, run detect again`);
    return { isWritten: false, hasFailed: true };
  }
  // A link stays one.
  await writeWhole(await realpath(path), mark + text);
  terminal.tell(`${path} is written. Next:\n  connector-gen generate ${path}`);
  return { isWritten: true, hasFailed: false };
}

/** Anything but a yes is a no. */
async function confirm(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(question)).trim());
  } finally {
    lines.close();
  }
}

async function readText(path: string): Promise<string> {
  if (path !== "-") return await readFile(path, "utf8");
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

import { realpath } from "node:fs/promises";
import { parseEnv } from "node:util";
import type { Target } from "../detect/apply-findings.js";
import { findGaps, type Gaps } from "../detect/gaps.js";
import { createRecordingTransport, createReplayTransport } from "../detect/recording-transport.js";
import type { Detection } from "../detect/resource-requests.js";
import { isError } from "../diagnostics.js";
import { buildSource } from "../ir/build.js";
import type { SourceIr } from "../ir/source-ir.js";
import { toLiveSource } from "../live/live-source.js";
import { writeWhole } from "../output/files.js";
import { readInput } from "../read-input.js";
import { readSpec } from "../read-spec.js";
import { loadSpec } from "../spec/load/load.js";
import { parseSpec, type ParseOptions } from "../spec/parse.js";
import { didYouMean, list } from "../spec/wording.js";
import type { Terminal } from "./terminal.js";

/** The flags of the commands that call the API of a spec. */
export interface SessionFlags {
  readonly resource?: readonly string[];
  readonly from?: string;
  /** `name=value` */
  readonly config?: readonly string[];
  /** `name=value` */
  readonly param?: readonly string[];
  readonly envFile?: string;
  readonly literalSecrets?: ParseOptions["literalSecrets"];
}

/** A spec that a command reads, completes and edits. */
export interface LoadedSpec {
  readonly target: Target;
  readonly source: SourceIr;
  readonly gaps: readonly Gaps[];
}

/** Loads the spec. Reports its errors and returns `undefined` if it has any. */
export async function openSpec(
  terminal: Terminal,
  path: string,
  flags: Pick<SessionFlags, "literalSecrets">,
): Promise<LoadedSpec | undefined> {
  const { file, text, problem } = await readSpec(path);
  if (problem) {
    terminal.report([problem], new Map([[file, text]]));
    terminal.reportJson({ ok: false, diagnostics: [problem] });
    return undefined;
  }
  const parse: ParseOptions = { literalSecrets: flags.literalSecrets ?? "error" };
  return await parseTarget(terminal, { file, text, parse });
}

/** Parses the text of a spec. Reports its errors and returns `undefined` if it has any. */
export async function parseTarget(
  terminal: Terminal,
  {
    file,
    text: given,
    parse,
  }: { readonly file: string; readonly text: string; readonly parse: ParseOptions },
): Promise<LoadedSpec | undefined> {
  const document = await loadSpec(file, given);
  const { spec, diagnostics, frameText } = parseSpec(document, parse);
  const errors = diagnostics.filter(isError);
  terminal.report(errors, new Map([[file, frameText]]));
  if (!spec || document.value === undefined) {
    terminal.reportJson({ ok: false, diagnostics: errors });
    return undefined;
  }
  const { text, format, value } = document;
  return {
    target: { file, parse, spec: { text, format, value } },
    source: buildSource(spec),
    gaps: findGaps(value),
  };
}

/** Returns the names of the resources that the flags select, or the problem with the flags. */
export function chooseResources(
  gaps: readonly Gaps[],
  path: string,
  { resource = [], from }: SessionFlags,
): readonly Gaps[] | string {
  if (from === "-" && path === "-") return "standard input cannot be both the spec and the response";
  const names = gaps.map(({ name }) => name);
  const unknown = resource.find((name) => !names.includes(name));
  if (unknown !== undefined)
    return `unknown resource ${unknown}; the spec has ${list(names)}${didYouMean(unknown, names)}`;
  const chosen = resource.length > 0 ? gaps.filter(({ name }) => resource.includes(name)) : gaps;
  if (from !== undefined && chosen.length !== 1)
    return `--from applies to one resource; select it with --resource (the spec has ${list(names)})`;
  return chosen;
}

/** Values that a session adds to the flags. */
export interface SessionValues {
  /** Content of a saved response, which replaces the API. */
  readonly saved?: string;
  /** Secrets by option name, for requests only. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Called before each wait that a 429 response asks for. */
  readonly onWait?: (delayMs: number) => void;
}

/** Prepares requests to the API of a spec, or the replay of a saved response. */
export function prepareRequests(
  source: SourceIr,
  { config = [], param = [] }: Pick<SessionFlags, "config" | "param">,
  { saved, secrets: given, onWait }: SessionValues,
): Detection {
  const isReplay = saved !== undefined;
  // A replay needs no credentials. The placeholders must not match any text of the response, because redaction would
  // change it.
  const secrets = isReplay
    ? source.secrets.map(({ option }) => [option, `unused-${option}`] as const)
    : Object.entries(given ?? {});
  const live = toLiveSource(source);
  return {
    source,
    // Nor does a replay need values for the base URL.
    live: isReplay && source.baseUrl.includes("{") ? { ...live, baseUrl: "https://api.example.com" } : live,
    transport: isReplay ? createReplayTransport(saved) : createRecordingTransport(onWait),
    options: { ...configOptions(source, config, isReplay ? "x" : undefined), ...Object.fromEntries(secrets) },
    params: Object.fromEntries(param.map(toPair)),
    isReplay,
    ...(given && { given: namesOf(source, given) }),
  };
}

/** Returns the names of secrets whose options have a value. */
function namesOf({ secrets }: SourceIr, values: Readonly<Record<string, string>>): readonly string[] {
  return secrets.filter(({ option }) => Object.hasOwn(values, option)).map(({ name }) => name);
}

/** Returns the client options for `name=value` pairs. A name is that of a config value or of its option. */
export function configOptions(
  { config }: Pick<SourceIr, "config">,
  pairs: readonly string[],
  fallback?: string,
): Readonly<Record<string, string | readonly string[]>> {
  const values = new Map(pairs.map(toPair));
  return Object.fromEntries(
    config.flatMap(({ name, option, isList }) => {
      const text = values.get(name) ?? values.get(option) ?? fallback;
      return text === undefined ? [] : [[option, isList ? text.split(",") : text] as const];
    }),
  );
}

function toPair(pair: string): readonly [string, string] {
  const separator = pair.indexOf("=");
  return [pair.slice(0, separator), pair.slice(separator + 1)];
}

/** Writes an edited spec. Prints a message and resolves to false if the file has changed since it was read. */
export async function saveSpec(
  terminal: Terminal,
  path: string,
  { before, after, command }: { readonly before: string; readonly after: string; readonly command: string },
): Promise<boolean> {
  const now = await readInput(path);
  const mark = now.startsWith("\ufeff") ? "\ufeff" : "";
  if (now !== mark + before) {
    terminal.warn(
      `connector-gen: ${path} changed in the meantime, so nothing was written; run ${command} again`,
    );
    return false;
  }
  // Write to the real path, because that keeps a symbolic link.
  await writeWhole(await realpath(path), mark + after);
  return true;
}

/** Returns a function that prints how long a 429 response asks to wait. */
export function announceWaits({ info }: Terminal): (delayMs: number) => void {
  return (delayMs) => info(`429: waiting ${Math.max(1, Math.ceil(delayMs / 1000))} s, as the API asks …`);
}

/** Sets the variables of a `.env` file that the environment lacks, so clients find their secrets. */
export async function loadEnvironment(path: string | undefined): Promise<void> {
  if (path === undefined) return;
  for (const [name, value] of Object.entries(parseEnv(await readInput(path)))) process.env[name] ??= value;
}

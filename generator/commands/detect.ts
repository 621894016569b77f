import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { applyFindings, detect, type Finding } from "../detect/detect.js";
import type { Response } from "../detect/propose.js";
import { isError } from "../diagnostics.js";
import { loadSources } from "../generate.js";
import { writeWhole } from "../write.js";
import type { Terminal } from "./terminal.js";

/** The flags of `detect`. */
export interface DetectFlags {
  readonly resource?: readonly string[];
  readonly from?: string;
  readonly config?: readonly string[];
  readonly write?: boolean;
}

/** `connector-gen detect`: finds out what a spec leaves to guessing, and writes it down. */
export async function runDetect(terminal: Terminal, spec: string, flags: DetectFlags): Promise<number> {
  const { sources, diagnostics, texts } = await loadSources([spec]);
  const [loaded] = sources;
  if (!loaded) {
    terminal.report(diagnostics.filter(isError), texts);
    terminal.reportJson({ ok: false, diagnostics });
    return 1;
  }
  const { source } = loaded;
  const { resource: resources = [] } = flags;
  const unknown = resources.find((name) => source.resources.every((each) => each.name !== name));
  const choices = source.resources.map(({ name }) => name).join(", ");
  if (unknown !== undefined) {
    terminal.warn(`connector-gen: there is no resource "${unknown}": there are ${choices}`);
    return 2;
  }
  if (flags.from !== undefined && resources.length !== 1 && source.resources.length !== 1) {
    terminal.warn(`connector-gen: --from needs --resource: there are ${choices}`);
    return 2;
  }
  const text = await readFile(spec, "utf8");
  const from = flags.from === undefined ? undefined : await readResponse(flags.from);
  const config = Object.fromEntries((flags.config ?? []).map(splitPair));
  const findings = await detect({
    file: spec,
    text,
    source,
    resources,
    config,
    ...(from && { from }),
  });
  for (const finding of findings) tellFinding(terminal, finding);
  const isWritten = await write(terminal, { spec, text, findings, flags });
  terminal.reportJson({ ok: findings.every(({ error }) => error === undefined), isWritten, findings });
  return findings.some(({ error }) => error !== undefined) ? 1 : 0;
}

function splitPair(pair: string): readonly [name: string, value: string] {
  const [name = "", ...value] = pair.split("=");
  return [name, value.join("=")];
}

/** A bare body, or a response with status, headers and body. */
async function readResponse(file: string): Promise<Response> {
  const value = JSON.parse(await readFile(file, "utf8")) as unknown;
  const { headers, body, url } = Object(value) as { headers?: unknown; body?: unknown; url?: unknown };
  const isResponse = typeof headers === "object" && headers !== null && body !== undefined;
  return {
    body: isResponse ? body : value,
    headers: new Headers(isResponse ? (headers as Record<string, string>) : {}),
    url: typeof url === "string" ? url : "http://localhost/",
  };
}

function tellFinding(terminal: Terminal, { resource, seen, proposals, error }: Finding): void {
  terminal.tell(`${terminal.style("bold", resource)}  ${seen ?? ""}`.trimEnd());
  if (error !== undefined) terminal.tell(`  ${terminal.style("red", "not read")}: ${error}`);
  else if (proposals.length === 0) terminal.tell("  nothing to add");
  for (const { key, value, reason, isSure } of proposals) {
    const doubt = isSure ? "" : ` ${terminal.style("yellow", "(uncertain, not written)")}`;
    terminal.tell(
      `  ${key.padEnd(13)}  ${JSON.stringify(value)}${doubt}\n  ${" ".repeat(13)}  ${terminal.style("dim", reason)}`,
    );
  }
}

interface Writing {
  readonly spec: string;
  readonly text: string;
  readonly findings: readonly Finding[];
  readonly flags: DetectFlags;
}

/** Writes what is sure, after a yes or with `--write`. */
async function write(terminal: Terminal, { spec, text, findings, flags }: Writing): Promise<boolean> {
  const sure = findings.map((finding) => ({
    ...finding,
    proposals: finding.proposals.filter(({ isSure }) => isSure),
  }));
  const count = sure.reduce((sum, { proposals }) => sum + proposals.length, 0);
  if (count === 0) return false;
  if (
    !flags.write &&
    !(terminal.isInteractive && (await confirm(`Write these ${count} into ${spec}? (y/N) `)))
  ) {
    terminal.tell(`Nothing is written; --write writes these ${count} into ${spec}.`);
    return false;
  }
  await writeWhole(spec, await applyFindings(spec, text, sure));
  terminal.tell(`${spec} is written. Next:\n  connector-gen generate ${spec}`);
  return true;
}

async function confirm(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(question)).trim());
  } finally {
    lines.close();
  }
}

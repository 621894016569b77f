import { applyFindings, type AppliedFindings, type Target } from "../detect/apply-findings.js";
import { detectResource, type ResourceReport } from "../detect/detect-resource.js";
import { printJson } from "../spec/print-json.js";
import { formatReport } from "../detect/report.js";
import { readInput } from "../read-input.js";
import { confirm } from "./ask.js";
import {
  announceWaits,
  chooseResources,
  loadEnvironment,
  openSpec,
  prepareRequests,
  saveSpec,
  type SessionFlags,
} from "./spec-session.js";
import { toCommand, type Terminal } from "./terminal.js";

/** The flags of `detect`. */
export interface DetectFlags extends SessionFlags {
  readonly write?: boolean;
}

/**
 * Runs `connector-gen detect`, which sends a few requests per resource, infers the missing keys of the spec, and writes
 * them after confirmation. Resolves to the exit code.
 */
export async function runDetect(terminal: Terminal, path: string, flags: DetectFlags): Promise<number> {
  const loaded = await openSpec(terminal, path, flags);
  if (!loaded) return 1;
  const { target, source, gaps } = loaded;
  const chosen =
    flags.write && path === "-"
      ? "--write cannot write to standard input; pass a spec file"
      : chooseResources(gaps, path, flags);
  if (typeof chosen === "string") return terminal.misuse(chosen);
  await loadEnvironment(flags.envFile);
  const { from } = flags;
  const detection = prepareRequests(source, flags, {
    ...(from !== undefined && { saved: await readInput(from) }),
    onWait: announceWaits(terminal),
  });
  const reports: ResourceReport[] = [];
  for (const each of chosen) {
    const report = await detectResource(detection, each);
    reports.push(report);
    const alone = await applyFindings(target, [report]);
    if (!terminal.isJson) terminal.print(formatReport(alone.reports, terminal.style));
  }
  const applied = await applyFindings(target, reports);
  const shared = applied.edits.find(({ index }) => index === "client");
  if (shared)
    terminal.info(`All resources share the paginator ${printJson(shared.value)}, so it goes into client.`);
  const outcome = await writeFindings(terminal, { path, target, applied, flags });
  const hasProblem = outcome.hasFailed || reports.some(({ problem }) => problem !== undefined);
  if (terminal.isJson) {
    const resources = applied.reports.map(({ index: _index, ...report }) => report);
    const document = { ok: !hasProblem, spec: path, written: outcome.isWritten, resources };
    terminal.print(`${JSON.stringify(document, null, 2)}\n`);
  }
  return hasProblem ? 1 : 0;
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
  if (flags.write !== true && (await confirm(`Write ${count} to ${path}?`, false)) !== true) {
    terminal.info("Nothing was written.");
    return nothing;
  }
  if (!(await saveSpec(terminal, path, { before: target.spec.text, after: text, command: "detect" })))
    return { isWritten: false, hasFailed: true };
  terminal.info(`Wrote ${path}. Next:\n  ${toCommand("generate", path)}`);
  return { isWritten: true, hasFailed: false };
}

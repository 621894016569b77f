import { isError } from "../diagnostics.js";
import { loadSources } from "../load-sources.js";
import { parseFaults } from "../mock/faults.js";
import { runMock } from "../mock/mock-command.js";
import { chooseSpecs } from "./project.js";
import type { Terminal } from "./terminal.js";

/** The flags of `mock`. */
export interface MockFlags {
  readonly records: number;
  readonly latency: number;
  readonly port: number;
  readonly seed: number;
  readonly fault?: string;
  readonly log?: boolean;
}

/**
 * Runs `connector-gen mock`, which serves the APIs of specs until Ctrl-C. Without specs, reads them from `package.json`.
 * Resolves to the exit code.
 */
export async function runMockCommand(
  terminal: Terminal,
  given: readonly string[],
  flags: MockFlags,
): Promise<number> {
  const specs = await chooseSpecs(terminal, given);
  if (!specs) return 1;
  const { sources, diagnostics, texts } = await loadSources(specs);
  terminal.report(diagnostics.filter(isError), texts);
  if (diagnostics.some(isError)) return 1;
  const faults = parseFaults(flags.fault ?? "");
  if ("problem" in faults) return terminal.misuse(`--fault: ${faults.problem}`);
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort());
  process.once("SIGTERM", () => controller.abort());
  const options = { ...flags, faults: faults.faults };
  const io = { stdout: process.stdout, signal: controller.signal, log: flags.log };
  await runMock(
    sources.map(({ source }) => source),
    options,
    io,
  );
  return 130;
}

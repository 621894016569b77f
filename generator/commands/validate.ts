import { isError } from "../diagnostics.js";
import { loadSources } from "../load-sources.js";
import { chooseSpecs } from "./project.js";
import type { Terminal } from "./terminal.js";

/** The flags of `validate`. */
export interface ValidateFlags {
  readonly literalSecrets?: "error" | "extract";
}

/**
 * Runs `connector-gen validate`, which only reports problems. Without specs, reads them from `package.json`. Resolves to
 * the exit code.
 */
export async function runValidate(
  terminal: Terminal,
  given: readonly string[],
  flags: ValidateFlags,
): Promise<number> {
  const specs = await chooseSpecs(terminal, given);
  if (!specs) return 1;
  const { diagnostics, texts, sources } = await loadSources(specs, {
    literalSecrets: flags.literalSecrets ?? "error",
  });
  terminal.report(diagnostics, texts);
  const isValid = !diagnostics.some(isError);
  terminal.reportJson({ ok: isValid, diagnostics });
  const resources = sources.reduce((sum, { source }) => sum + source.resources.length, 0);
  if (isValid)
    terminal.info(
      `${specs.length === 1 ? "The spec is" : `${specs.length} specs are`} valid: ${resources} ${resources === 1 ? "resource" : "resources"}.`,
    );
  return isValid ? 0 : 1;
}

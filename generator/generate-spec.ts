import { basename } from "node:path";
import type { Diagnostic } from "./diagnostics.js";
import { buildSource } from "./ir/build.js";
import type { OutputFile } from "./output/output.js";
import { stampModule } from "./output/stamp.js";
import { loadSpec } from "./spec/load/load.js";
import { parseSpec, type ParseOptions } from "./spec/parse.js";

/** A spec to generate. */
export interface SpecJob extends ParseOptions {
  /** Path as the user gave it; `<stdin>` for standard input. */
  readonly file: string;
  readonly text: string;
  /** Whether to generate `<name>.schemas.ts` too. */
  readonly schemas: boolean;
  /** Whether to only check the spec, because another one has an error. */
  readonly isCheckOnly: boolean;
}

/** The result for one spec: its modules, or its errors. */
export interface SpecResult {
  readonly diagnostics: readonly Diagnostic[];
  /** The text for code frames. Literal secrets are masked. */
  readonly frameText: string;
  /** The base of the names of its files; absent if there are errors. */
  readonly base?: string;
  readonly files: readonly OutputFile[];
}

/** Parses a spec, and renders, verifies and formats its modules. */
export async function generateSpec(job: SpecJob): Promise<SpecResult> {
  const { file, text, schemas, isCheckOnly } = job;
  const { spec, diagnostics, frameText } = parseSpec(await loadSpec(file, text), job);
  if (!spec) return { diagnostics, frameText, files: [] };
  const source = buildSource(spec);
  const base = source.names.file;
  if (isCheckOnly) return { diagnostics, frameText, base, files: [] };
  const { printSource, printSchemas } = await import("./emit/print.js");
  const origin = { spec: basename(file) };
  const files = [{ name: `${base}.ts`, text: stampModule(await printSource(source)), ...origin }];
  if (schemas)
    files.push({ name: `${base}.schemas.ts`, text: stampModule(await printSchemas(source)), ...origin });
  return { diagnostics, frameText, base, files };
}

import type { Diagnostic } from "../../generator/diagnostics.js";
import { loadSpec } from "../../generator/spec/load/load.js";
import { parseSpec, type ParsedSpec } from "../../generator/spec/parse.js";
import type { KindUse, Spec, SpecResource } from "../../generator/spec/spec.js";

/** Parses a text under a file name. */
export async function parseText(
  text: string,
  {
    file = "spec.json",
    literalSecrets = "error",
  }: { file?: string; literalSecrets?: "error" | "extract" } = {},
): Promise<ParsedSpec> {
  return parseSpec(await loadSpec(file, text), { literalSecrets });
}

/** Parses a value as its JSON text. */
export async function parseValue(value: unknown): Promise<ParsedSpec> {
  return await parseText(JSON.stringify(value, null, 2));
}

/** Parses a value that must be valid. */
export async function specOf(value: unknown): Promise<Spec> {
  const { spec, diagnostics } = await parseValue(value);
  if (!spec) throw new Error(`not valid: ${shortOf(diagnostics).join("\n")}`);
  return spec;
}

/** A spec with one resource and no diagnostics, with the given changes. */
export function specWith(
  changes: { root?: object; client?: object; resource?: object; endpoint?: object } = {},
): Record<string, unknown> {
  return {
    client: { base_url: "https://api.example.com", ...changes.client },
    resources: [
      {
        name: "items",
        endpoint: { path: "/items", data_selector: "items", paginator: "single_page", ...changes.endpoint },
        schema: true,
        ...changes.resource,
      },
    ],
    ...changes.root,
  };
}

/** The only resource of a spec from `specWith`. */
export async function resourceWith(changes: Parameters<typeof specWith>[0]): Promise<SpecResource> {
  const [resource] = (await specOf(specWith(changes))).resources;
  if (!resource) throw new Error("no resource");
  return resource;
}

/** A use of a kind as its word and options in one object. */
export function plainUse({ kind, options }: KindUse): object {
  return { type: kind.type, ...options };
}

/** Diagnostics as `line:column code`. */
export function shortOf(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ line, column, code }) => `${line}:${column} ${code}`);
}

/** Codes and messages only. */
export function messagesOf(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ code, message }) => `${code}: ${message}`);
}

/** The source text that a diagnostic points at, on its first line. */
export function pointedAt(text: string, { line, column, endLine, endColumn }: Diagnostic): string {
  const source = text.split(/\r\n|\n|\r/)[line - 1] ?? "";
  return source.slice(column - 1, line === endLine ? endColumn - 1 : undefined);
}

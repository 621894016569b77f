import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject, JsonValue } from "@connector-gen/runtime";
import { importDlt, type DltImport } from "../../generator/import/dlt.js";
import { own } from "../../generator/spec/values.js";
import { root } from "../support/paths.js";

/** Reads a file of this folder. */
export function readFixture(name: string): string {
  return readFileSync(join(root, "test/import", name), "utf8");
}

/** Imports a file with one configuration. */
export function importOne(text: string, file = "source.py"): DltImport {
  const { imports, diagnostics } = importDlt(file, text);
  const [first, ...others] = imports;
  if (!first || others.length > 0)
    throw new Error(`${imports.length} configurations: ${JSON.stringify(diagnostics)}`);
  return first;
}

/** Imports one resource, given as Python. Returns its entry in the spec and the messages. */
export function importResource(
  resource: string,
  preamble = "",
): { readonly resource: JsonObject; readonly messages: readonly string[] } {
  const text = `${preamble}\nrest_api_source({"client": {"base_url": "https://api.test"}, "resources": [${resource}]})\n`;
  const { spec, diagnostics } = importOne(text);
  return {
    resource: (spec["resources"] as JsonObject[])[0] as JsonObject,
    messages: diagnostics.map(({ code, message }) => `${code}: ${message}`),
  };
}

/** Imports one parameter, given as a Python expression. */
export function importParam(
  expression: string,
  preamble = "",
): { readonly value: JsonValue | undefined; readonly messages: readonly string[] } {
  const { resource, messages } = importResource(
    `{"name": "r", "endpoint": {"params": {"v": ${expression}}}}`,
    preamble,
  );
  const value = own(own(own(resource, "endpoint"), "params"), "v");
  return { value: value as JsonValue | undefined, messages };
}

/** Imports an endpoint, given as the entries of its dict. */
export function importEndpoint(
  entries: string,
  preamble = "",
): { readonly endpoint: unknown; readonly messages: readonly string[] } {
  const { resource, messages } = importResource(`{"name": "r", "endpoint": {${entries}}}`, preamble);
  return { endpoint: resource["endpoint"], messages };
}

import type { JsonObject } from "@connector-gen/runtime";

import { formatDiagnostic, isError } from "../diagnostics.js";
import { buildSource } from "../ir/build.js";
import type { SourceIr } from "../ir/source-ir.js";
import { loadSpec } from "../spec/load/load.js";
import { parseSpec } from "../spec/parse.js";

/** The base URL of every example. */
export const exampleOrigin = "https://api.example.com";

/** Reads an example's spec as a command would. Throws an error that lists all its problems if it has any. */
export async function readSpec(spec: JsonObject): Promise<SourceIr> {
  const document = await loadSpec("example.json", JSON.stringify(spec, null, 2));
  const parsed = parseSpec(document, { literalSecrets: "error" });
  if (parsed.spec) return buildSource(parsed.spec);
  const errors = parsed.diagnostics.filter(isError).map((each) => formatDiagnostic(each, parsed.frameText));
  throw new Error(`an example has errors:\n${errors.join("\n")}`);
}

/** An example's spec of one resource, `items`, with changes. */
export function exampleSpec(changes: {
  readonly client?: JsonObject;
  readonly endpoint?: JsonObject;
}): JsonObject {
  return {
    name: "example",
    client: { base_url: exampleOrigin, ...changes.client },
    resources: [
      {
        name: "items",
        primary_key: "id",
        endpoint: { path: "/items", data_selector: "items", paginator: "single_page", ...changes.endpoint },
        schema: { type: "object", required: ["id"], properties: { id: { type: "integer" } } },
      },
    ],
  };
}

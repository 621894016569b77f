import type { JsonObject } from "@connector-gen/runtime";

import { clientHeaderTemplate, literalBraces } from "../template/client-headers.js";
import { doubledPlaceholders } from "../template/placeholders.js";
import type { Report } from "../load/document.js";
import type { MergedResource } from "./merged-resource.js";
import type { TemplateReader } from "../template/template-reader.js";
import { objectOf, own } from "../values.js";
import { describe, quote } from "../wording.js";

type Headers = Readonly<Record<string, string>>;

/** Reads the client's headers. Only `{secrets.name}` and `{config.name}` are placeholders in them. */
export function readClientHeaders(root: unknown, report: Report): Headers {
  const entries = Object.entries(objectOf(own(own(root, "client"), "headers")) as JsonObject);
  return Object.fromEntries(
    entries.flatMap(([name, value]) => {
      if (typeof value !== "string") return [];
      const path = ["client", "headers", name];
      for (const expression of literalBraces(value)) {
        const message = `${describe(root, path)}: ${quote(`{${expression}}`)} is sent unchanged: the client's headers support only {secrets.name} and {config.name}`;
        report({ severity: "warning", code: "literal-braces", message, path });
      }
      for (const { code, message, offset = 0, length = 1 } of doubledPlaceholders(value))
        report({ severity: "warning", code, message, path, text: { offset, length } });
      return [[name, clientHeaderTemplate(value)] as const];
    }),
  );
}

/** Reads the headers of a resource. Their names and values are templates. */
export function readHeaders(
  merged: MergedResource,
  { client, reader, report }: { client: Headers; reader: TemplateReader; report: Report },
): Headers {
  const entries = Object.entries(objectOf(own(own(merged.value, "endpoint"), "headers")));
  return Object.fromEntries(
    entries.flatMap(([name, value]) => {
      const path = merged.at("endpoint", "headers", name);
      if (typeof value === "string") {
        return [[reader.readText(name, { path, at: "key" }), reader.readText(value, { path })] as const];
      }
      const inherited = Object.keys(client).find((other) => other.toLowerCase() === name.toLowerCase());
      if (value === null && inherited !== undefined) {
        const message = `null cannot remove the client's header ${quote(inherited)}: move the header to the resources that need it, or to resource_defaults`;
        report({ code: "conflicting-options", message, path });
      }
      return [];
    }),
  );
}

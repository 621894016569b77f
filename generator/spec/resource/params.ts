import type { JsonObject, JsonValue } from "@connector-gen/runtime";

import type { Path, Report } from "../load/document.js";
import type { BoundPath } from "./path.js";
import type { JsonSchema, SpecInput } from "../spec.js";
import type { TemplateReader } from "../template/template-reader.js";
import { isObject, own, type Raw } from "../values.js";
import { quote } from "../wording.js";

/** Where the params of a resource stand in the spec, and who reads their templates. */
export interface ParamsPlace {
  readonly param: (name: string) => Path;
  /** Whether a parameter comes from `resource_defaults`, where not every resource needs it. */
  readonly isDefault: (name: string) => boolean;
  readonly reader: TemplateReader;
  readonly report: Report;
}

/** A resource's parameters, sorted out. */
export interface SortedParams {
  readonly query: JsonObject;
  readonly inputs: readonly SpecInput[];
}

/** Sorts the parameters that the path has not used up into query and inputs. */
export function sortParams(params: Raw, path: BoundPath, place: ParamsPlace): SortedParams {
  const query: Record<string, JsonValue> = {};
  const inputs: SpecInput[] = [];
  for (const [name, value] of Object.entries(params)) {
    switch (isObject(value) ? own(value, "type") : undefined) {
      case "input":
        inputs.push(...readInput(name, value, { inPath: path.named.has(name), place }));
        break;
      case "resolve":
        if (!path.named.has(name) && !place.isDefault(name)) reportUnusedField(name, value, place);
        break;
      case "incremental":
        if (path.named.has(name)) break;
        query[keyOf(name, place)] = place.reader.readText("{incremental.start_value}", {
          path: place.param(name),
        });
        break;
      default:
        if (path.named.has(name)) break;
        query[keyOf(name, place)] = place.reader.readValue(value as JsonValue, { path: place.param(name) });
    }
  }
  return { query, inputs };
}

/** Names of query parameters are templates as well. */
function keyOf(name: string, { param, reader }: ParamsPlace): string {
  return reader.readText(name, { path: param(name), at: "key" });
}

function readInput(
  name: string,
  value: unknown,
  { inPath, place }: { inPath: boolean; place: ParamsPlace },
): SpecInput[] {
  const wanted = own(value, "in") ?? undefined;
  const where = wanted ?? (inPath ? "path" : "query");
  if (where === "path" && !inPath) {
    // A default for all resources may be of use to some.
    if (!place.isDefault(name)) reportUnused(name, place);
    return [];
  }
  if (inPath && where !== "path") {
    const message = `the path names {${name}}, so ${quote(name)} goes into the path: leave "in" out`;
    place.report({ code: "conflicting-options", message, path: [...place.param(name), "in"] });
  }
  if (inPath && own(value, "required") === false) {
    const message = `${quote(name)} is a parameter of the path: it cannot be left out`;
    place.report({ code: "conflicting-options", message, path: [...place.param(name), "required"] });
  }
  if (where !== "path" && where !== "query" && where !== "header" && where !== "body") return [];
  const schema = (own(value, "schema") ?? { type: "string" }) as JsonSchema & JsonValue;
  return [{ name, in: where, required: inPath || own(value, "required") === true, schema }];
}

function reportUnused(name: string, { param, report }: ParamsPlace): void {
  const message = `${quote(name)} is a parameter of the path, but the path does not name {${name}}`;
  report({ code: "unbound-path-param", message, path: param(name), at: "key" });
}

function reportUnusedField(name: string, value: unknown, { param, report }: ParamsPlace): void {
  const [parent, field] = [own(value, "resource"), own(value, "field")];
  const mend =
    typeof parent === "string" && typeof field === "string"
      ? `; elsewhere write ${quote(`{resources.${parent}.${field}}`)} for it`
      : "";
  const message = `${quote(name)} of type "resolve" is a parameter of the path, but the path does not name {${name}}${mend}`;
  report({ code: "unbound-path-param", message, path: param(name), at: "key" });
}

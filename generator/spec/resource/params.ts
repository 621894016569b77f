import type { JsonObject, JsonValue } from "@connector-gen/runtime";

import type { Path, Report } from "../load/document.js";
import type { JsonSchema, SpecInput } from "../spec.js";
import type { TemplateReader } from "../template/template-reader.js";
import { isObject, own, type Raw } from "../values.js";
import { quote } from "../wording.js";

/** The location of a resource's params in the spec, and the reader of their templates. */
export interface ParamsLocation {
  /** Returns the location of a parameter. */
  readonly param: (name: string) => Path;
  /** Returns whether a parameter comes from `resource_defaults`. Not every resource uses such a parameter. */
  readonly isDefault: (name: string) => boolean;
  readonly reader: TemplateReader;
  readonly report: Report;
}

/** The parameters of a resource: fixed values and templates of the query, and inputs of the method. */
export interface SortedParams {
  readonly query: JsonObject;
  readonly inputs: readonly SpecInput[];
}

/** Sorts the parameters into query and inputs. Fixed values that the path uses, by name, are in neither. */
export function sortParams(params: Raw, named: ReadonlySet<string>, location: ParamsLocation): SortedParams {
  // A map, because an assignment to `__proto__` would set the prototype of an object.
  const query = new Map<string, JsonValue>();
  const inputs: SpecInput[] = [];
  for (const [name, value] of Object.entries(params)) {
    switch (isObject(value) ? own(value, "type") : undefined) {
      case "input":
        inputs.push(...readInput(name, value, { inPath: named.has(name), location }));
        break;
      case "resolve":
        if (!named.has(name) && !location.isDefault(name)) reportUnusedField(name, value, location);
        break;
      case "incremental":
        if (named.has(name)) break;
        query.set(
          keyOf(name, location),
          location.reader.readText("{incremental.start_value}", { path: location.param(name) }),
        );
        break;
      default:
        if (named.has(name)) break;
        query.set(
          keyOf(name, location),
          location.reader.readValue(value as JsonValue, { path: location.param(name) }),
        );
    }
  }
  return { query: Object.fromEntries(query), inputs };
}

/** Returns the name of a query parameter, which is a template like its value. */
function keyOf(name: string, { param, reader }: ParamsLocation): string {
  return reader.readText(name, { path: param(name), at: "key" });
}

function readInput(
  name: string,
  value: unknown,
  { inPath, location }: { inPath: boolean; location: ParamsLocation },
): SpecInput[] {
  const wanted = own(value, "in") ?? undefined;
  const where = wanted ?? (inPath ? "path" : "query");
  if (where === "path" && !inPath) {
    // Other resources may use a parameter of the defaults.
    if (!location.isDefault(name)) reportUnused(name, location);
    return [];
  }
  if (inPath && where !== "path") {
    const message = `the path contains {${name}}, so ${quote(name)} is a path parameter: remove "in"`;
    location.report({ code: "conflicting-options", message, path: [...location.param(name), "in"] });
  }
  if (inPath && own(value, "required") === false) {
    const message = `the path parameter ${quote(name)} is always required: remove "required"`;
    location.report({ code: "conflicting-options", message, path: [...location.param(name), "required"] });
  }
  if (where !== "path" && where !== "query" && where !== "header" && where !== "body") return [];
  const schema = (own(value, "schema") ?? { type: "string" }) as JsonSchema & JsonValue;
  return [{ name, in: where, required: inPath || own(value, "required") === true, schema }];
}

function reportUnused(name: string, { param, report }: ParamsLocation): void {
  const message = `${quote(name)} is a path parameter, but the path does not contain {${name}}`;
  report({ code: "unbound-path-param", message, path: param(name), at: "key" });
}

function reportUnusedField(name: string, value: unknown, { param, report }: ParamsLocation): void {
  const [parent, field] = [own(value, "resource"), own(value, "field")];
  const fix =
    typeof parent === "string" && typeof field === "string"
      ? `; outside the path, write ${quote(`{resources.${parent}.${field}}`)} instead`
      : "";
  const message = `${quote(name)} of type "resolve" is a path parameter, but the path does not contain {${name}}${fix}`;
  report({ code: "unbound-path-param", message, path: param(name), at: "key" });
}

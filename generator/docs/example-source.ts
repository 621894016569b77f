import * as runtime from "@connector-gen/runtime";
import type { Auth, OptionSource, Paginator, ResourceShape } from "@connector-gen/runtime/plugin";
import type { JsonObject, Source } from "@connector-gen/runtime";
import type { Path, Query, QuerySegment } from "@connector-gen/runtime/kinds";

import { formatDiagnostic, isError } from "../diagnostics.js";
import { buildSource } from "../ir/build.js";
import type { KindIr, ResourceIr, SourceIr } from "../ir/source-ir.js";
import { loadSpec } from "../spec/load/load.js";
import { parseSpec } from "../spec/parse.js";
import { parseSelector } from "../spec/selector/selector.js";

/** The base URL of every example. */
export const EXAMPLE_ORIGIN = "https://api.example.com";

/** Reads an example's spec as a command would. Throws with all its errors when it has some. */
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
    client: { base_url: EXAMPLE_ORIGIN, ...changes.client },
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

/** The source as the runtime takes it: what a generated module would say, made by the same factories. */
export function toSource(source: SourceIr): Source {
  const options = [
    ...source.secrets.map(({ name, option, env }) => [`secrets.${name}`, { option, env }] as const),
    ...source.config.map(({ name, option }) => [`config.${name}`, { option }] as const),
  ] satisfies readonly (readonly [string, OptionSource])[];
  return {
    name: source.name,
    baseUrl: source.baseUrl,
    options: Object.fromEntries(options),
    ...(source.auth && { auth: call(source.auth) as Auth }),
    resources: Object.fromEntries(source.resources.map((resource) => [resource.name, toResource(resource)])),
  };
}

function toResource({
  name,
  method,
  path,
  select = "$",
  paginator,
  primaryKey,
  body,
}: ResourceIr): ResourceShape {
  return {
    name,
    method,
    path,
    select: toPath(select),
    paginator: call(paginator) as Paginator,
    primaryKey,
    ...(body && { body: runtime.jsonBody(body.options) }),
  };
}

/** Calls the factory of a kind, as a generated module does. */
function call({ factory, options, selectors, calls = {} }: KindIr): Auth | Paginator {
  const given = Object.entries(options).map(([name, value]) => [
    name,
    selectors.includes(name) && typeof value === "string" ? toPath(value) : value,
  ]);
  const inner = Object.entries(calls).map(([name, each]) => [name, call(each)]);
  const make = (runtime as unknown as Readonly<Record<string, (options: object) => Auth | Paginator>>)[
    factory
  ];
  if (!make) throw new Error(`the runtime exports no ${factory}`);
  return make(Object.fromEntries([...given, ...inner]) as object);
}

/** A normalised selector as a path or a query. */
function toPath(selector: string): Path | Query {
  if (selector.startsWith("[")) return runtime.query(JSON.parse(selector) as QuerySegment[]);
  const read = parseSelector(selector);
  if (!read.ok) throw new Error(read.message);
  return read.segments as Path;
}

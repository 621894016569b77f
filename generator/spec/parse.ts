import type { JsonValue } from "@connector-gen/runtime";

import { type Diagnostic, isError } from "../diagnostics.js";
import { checkBaseUrl } from "./resource/base-url.js";
import type { Path, Problem, Report, SpecDocument } from "./load/document.js";
import { hashSpec } from "./hash.js";
import { toProblems } from "./grammar/issues.js";
import { checkCircles, checkSchema } from "./record/json-schema-check.js";
import { scopeOf } from "./record/json-schema-refs.js";
import { readKindUse } from "./kinds.js";
import { type LiteralSecrets, maskByKeys, maskText, takeSecretsOut } from "./secrets.js";
import { checkRelations } from "./resource/relations.js";
import { readClientHeaders } from "./resource/headers.js";
import { listConfigs } from "./resource/partitions.js";
import { readRateLimit, readRetry } from "./resource/policies.js";
import { collectReferences, namesIn } from "./template/references.js";
import { readResource, type ResourceContext } from "./resource/resource.js";
import { specGrammar } from "./grammar/spec-grammar.js";
import { shareSchemas } from "./record/shared-schemas.js";
import type { Spec } from "./spec.js";
import { millisecondsOf } from "./grammar/durations.js";
import { given, isObject, listOf, objectOf, own, type Raw, textOf } from "./values.js";
import { quote } from "./wording.js";

/** How a spec is read. */
export interface ParseOptions {
  /** Whether a secret that stands in the spec is an error, or becomes an option of the generated factory. */
  readonly literalSecrets: LiteralSecrets;
}

/** A spec, if nothing is wrong with it, and everything that was found. */
export interface ParsedSpec {
  readonly spec?: Spec;
  /** In the order of their places. */
  readonly diagnostics: readonly Diagnostic[];
  /** The source text for code frames: literal secrets are masked. */
  readonly frameText: string;
}

/** Checks and normalises a spec. Reports every problem at once and never throws for bad input. */
export function parseSpec(document: SpecDocument, options: ParseOptions): ParsedSpec {
  const { value } = document;
  if (value === undefined) return { diagnostics: document.diagnostics, frameText: maskByKeys(document.text) };
  const disclosed = takeSecretsOut(value, options.literalSecrets);
  const problems: Problem[] = [...disclosed.problems];
  const report: Report = (problem) => problems.push(problem);
  const shape = specGrammar.safeParse(disclosed.value);
  for (const problem of toProblems(disclosed.value, shape.error?.issues ?? [])) report(problem);
  const spec = readSpec(disclosed.value, document.file, report);
  const found = withoutEchoes(problems).map((problem) => document.diagnose(problem));
  const diagnostics = inOrder([...document.diagnostics, ...found]);
  const spans = disclosed.masked.map((path) => document.locate(path));
  return {
    ...(!diagnostics.some(isError) && { spec }),
    diagnostics,
    frameText: maskText(document.text, spans, disclosed.secrets),
  };
}

/** One mistake is told once: who wrote `data_selectr` need not hear that there is no `data_selector`. */
function withoutEchoes(problems: readonly Problem[]): readonly Problem[] {
  const meant = new Set(
    problems.flatMap((one) => (one.meant === undefined ? [] : [idOf(one.path, one.meant)])),
  );
  return problems.filter(
    ({ missing, path }) =>
      missing === undefined || !(meant.has(idOf(path, missing)) || meant.has(idOf([], missing))),
  );
}

/** A key of a resource; one of the client or the defaults, which may speak for every resource, has no owner. */
function idOf(path: Path, key: string): string {
  return JSON.stringify([path[0] === "resources" ? path[1] : undefined, key]);
}

/** Sorts by place; a problem that several resources have in common, from their defaults, is told once. */
function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const distinct = new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic]));
  return [...distinct.values()].sort((a, b) => a.line - b.line || a.column - b.column);
}

/** Reads whatever can be read; values of a wrong type, which the grammar reports, count as left out. */
function readSpec(value: JsonValue, file: string, report: Report): Spec {
  const root = objectOf(value);
  const client = objectOf(own(root, "client"));
  const schemas = objectOf(own(root, "schemas"));
  const used = new Set<string>();
  const auth = readKindUse("auth", own(client, "auth"), { path: ["client", "auth"], report });
  const paginator = readKindUse("paginator", own(client, "paginator"), {
    path: ["client", "paginator"],
    report,
  });
  const context: ResourceContext = {
    root,
    report,
    schemas,
    fields: { known: new Map(), depth: 0 },
    onRef: (name) => used.add(name),
    names: namesOf(root),
    paginator,
    auth,
    headers: readClientHeaders(root, report),
  };
  const read = listOf(own(root, "resources")).flatMap((raw, index) =>
    typeof raw === "string" || isObject(raw) ? [readResource(index, context)] : [],
  );
  checkRelations(read, context);
  checkNames(root, report);
  checkBaseQuery(client, report);
  checkSchemas(context, used);
  const shared = shareSchemas(
    read.map(({ resource }) => resource),
    schemas,
  );
  checkCircles(shared.schemas, report);
  const source = {
    baseUrl: textOf(own(client, "base_url")) ?? "",
    headers: context.headers,
    ...given({
      auth,
      rateLimit: readRateLimit(own(client, "rate_limit"), { path: ["client", "rate_limit"], report }),
      retry: readRetry(own(client, "retry")),
      timeoutMs: millisecondsOf(own(client, "timeout")),
    }),
    resources: shared.resources,
  };
  checkLists(source, report);
  return {
    name: textOf(own(root, "name")) ?? nameOfFile(file),
    ...given({
      typeName: textOf(own(root, "type_name")),
      description: textOf(own(root, "description")),
      docsUrl: textOf(own(root, "docs_url")),
    }),
    file: baseName(file),
    hash: hashSpec(value),
    ...source,
    ...collectReferences(source),
    ...shared,
  };
}

function namesOf(root: Raw): readonly string[] {
  const names = listOf(own(root, "resources")).map((raw) => (isObject(raw) ? own(raw, "name") : raw));
  return [...new Set(names.filter((name) => typeof name === "string" && name !== ""))] as readonly string[];
}

/** dlt appends paths to a base URL as they are, behind its query too: few mean that. */
function checkBaseQuery(client: Raw, report: Report): void {
  const url = textOf(own(client, "base_url"));
  if (!url?.includes("?") || checkBaseUrl(url).length > 0) return;
  const message =
    "base_url has a query, and paths go behind it: a parameter of every request belongs in resource_defaults.endpoint.params";
  report({ severity: "warning", code: "base-url-query", message, path: ["client", "base_url"] });
}

/** An option of the factory is a list or a text, not both. */
function checkLists(source: Parameters<typeof namesIn>[0], report: Report): void {
  const texts = namesIn(source, "config");
  source.resources.forEach(({ plan }, index) => {
    for (const name of listConfigs(plan).filter((name) => texts.includes(name))) {
      const message = `{config.${name}} is a list of partitions: it cannot stand in a text as well; give one of them another name`;
      report({ code: "conflicting-options", message, path: ["resources", index, "partitions"], at: "key" });
    }
  });
}

function checkNames(root: Raw, report: Report): void {
  const resources = own(root, "resources");
  if (Array.isArray(resources) && resources.length === 0) {
    const message = "resources is empty: the module will read nothing; add at least one";
    report({ severity: "warning", code: "no-resources", message, path: ["resources"], at: "key" });
  }
  const claim = createClaims(report);
  listOf(own(root, "resources")).forEach((resource, index) => {
    const path: Path = ["resources", index];
    const name = typeof resource === "string" ? resource : own(resource, "name");
    claim(name, { what: "resource", path: [...path, "name"] });
    claim(own(resource, "method_name"), { what: "method", path: [...path, "method_name"] });
  });
}

/** Takes names down and reports each that is there already. */
function createClaims(
  report: Report,
): (name: unknown, claim: { what: "resource" | "method"; path: Path }) => void {
  const taken = new Set<string>();
  return (name, { what, path }) => {
    if (typeof name !== "string" || name === "") return;
    const id = `${what} ${quote(name)}`;
    if (taken.has(id))
      report({ code: `duplicate-${what}`, message: `there is a ${id} already: names are unique`, path });
    taken.add(id);
  };
}

/** Checks the shared schemas; one that no resource leads to is told, as it is likely meant for one. */
function checkSchemas({ root, schemas, report }: ResourceContext, used: Set<string>): void {
  const refs = new Map<string, string[]>();
  for (const [name, schema] of Object.entries(schemas)) {
    const found: string[] = [];
    const scope = scopeOf(schema, schemas);
    checkSchema(schema, ["schemas", name], { root, report, scope, onRef: (ref) => found.push(ref) });
    refs.set(name, found);
  }
  for (const name of used) for (const ref of refs.get(name) ?? []) used.add(ref);
  for (const name of Object.keys(schemas).filter((name) => !used.has(name))) {
    const message = `no resource uses the schema ${quote(name)}`;
    report({ severity: "warning", code: "unused-schema", message, path: ["schemas", name], at: "key" });
  }
}

function baseName(file: string): string {
  return file.split(/[/\\]/).at(-1) ?? file;
}

/** dlt's own default stands in for a spec that has neither a name nor a file. */
function nameOfFile(file: string): string {
  if (file === "<stdin>") return "rest_api";
  return (
    baseName(file)
      .replace(/\.(?:jsonc?|ya?ml)$/i, "")
      .replace(/\.connector$/i, "") || "rest_api"
  );
}

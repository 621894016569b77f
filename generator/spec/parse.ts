import type { JsonValue } from "@connector-gen/runtime";
import { type Diagnostic, isError, limitDiagnostics } from "../diagnostics.js";
import { checkBaseUrl } from "./resource/base-url.js";
import type { Path, Problem, Report, SpecDocument } from "./load/document.js";
import { hashSpec } from "./hash.js";
import { toProblems } from "./grammar/issues.js";
import { checkCircles, checkSchema } from "./record/json-schema-check.js";
import { scopeOf } from "./record/json-schema-refs.js";
import { kindOf, readKindUse } from "./kinds.js";
import { extractLiteralSecrets, type LiteralSecrets, maskByKeys, maskText } from "./secrets.js";
import { checkRelations } from "./resource/relations.js";
import { readClientHeaders } from "./resource/headers.js";
import { listConfigs } from "./resource/partitions.js";
import { readBigIntegers, readForeignOrigins, readRateLimit, readRetry } from "./resource/policies.js";
import { collectReferences, namesIn } from "./template/references.js";
import { readResource, type ResourceContext } from "./resource/resource.js";
import { createQuickCheck } from "./grammar/quick-check.js";
import { jsonSchemaGrammar } from "./grammar/record-schema.js";
import { dateForms, specGrammar } from "./grammar/spec-grammar.js";
import { shareSchemas } from "./record/shared-schemas.js";
import type { Spec } from "./spec.js";
import { millisecondsOf } from "./grammar/durations.js";
import { given, isObject, listOf, objectOf, own, type Raw, textOf } from "./values.js";
import { limitSuggestions, quote } from "./wording.js";

/** Options of `parseSpec`. */
export interface ParseOptions {
  /** How to treat a literal secret: as an error, or as an option of the generated factory. */
  readonly literalSecrets: LiteralSecrets;
}

/** The result of `parseSpec`. */
export interface ParsedSpec {
  /** Absent if there are errors. */
  readonly spec?: Spec;
  /** Sorted by position. */
  readonly diagnostics: readonly Diagnostic[];
  /** The source text for code frames, with literal secrets masked. */
  readonly frameText: string;
}

/** Checks and normalises a spec. Reports every problem and never throws for bad input. */
export function parseSpec(document: SpecDocument, options: ParseOptions): ParsedSpec {
  return limitSuggestions(() => parse(document, options));
}

function parse(document: SpecDocument, options: ParseOptions): ParsedSpec {
  const { value } = document;
  if (value === undefined) {
    const diagnostics = limitDiagnostics(document.diagnostics);
    return { diagnostics, frameText: maskByKeys(document.text) };
  }
  const foreign = findForeignFormat(value);
  if (foreign) return { diagnostics: [document.diagnose(foreign)], frameText: maskByKeys(document.text) };
  const extracted = extractLiteralSecrets(value, options.literalSecrets);
  const problems: Problem[] = [...extracted.problems];
  const report: Report = (problem) => problems.push(problem);
  const shape = specGrammar.safeParse(withoutValidSchemas(extracted.value));
  for (const problem of toProblems(extracted.value, shape.error?.issues ?? [])) report(problem);
  const spec = readSpec(extracted.value, document.file, report);
  const unread = new Set(document.diagnostics.filter(({ code }) => code === "invalid-value").map(placeOf));
  const found = withoutConsequences(problems)
    .map((problem) => document.diagnose(problem))
    // A number that cannot be read also breaks the rules of its key.
    .filter((diagnostic) => !unread.has(placeOf(diagnostic)));
  const diagnostics = limitDiagnostics(distinctDiagnostics([...document.diagnostics, ...found]));
  const spans = extracted.masked.map((path) => document.locate(path));
  return {
    ...(!diagnostics.some(isError) && { spec }),
    diagnostics,
    frameText: maskText(document.text, spans, extracted.secrets),
  };
}

/** Reports a document of another format, instead of all keys that a spec does not have. */
function findForeignFormat(value: JsonValue): Problem | undefined {
  if (!isObject(value) || "resources" in value || "client" in value) return undefined;
  const found = [
    { key: "openapi", what: "an OpenAPI document", is: typeof own(value, "openapi") === "string" },
    { key: "swagger", what: "a Swagger document", is: own(value, "swagger") !== undefined },
    {
      key: "item",
      what: "a Postman collection",
      is: isObject(own(value, "info")) && Array.isArray(own(value, "item")),
    },
    { key: "log", what: "a HAR recording", is: Array.isArray(own(own(value, "log"), "entries")) },
    { key: "streams", what: "an Airbyte manifest", is: own(value, "type") === "DeclarativeSource" },
  ].find(({ is }) => is);
  if (!found) return undefined;
  const flags = found.key === "log" ? "URL --from FILE" : "URL";
  const message = `this is ${found.what}, not a spec: "connector-gen init ${flags}" writes a spec from the responses of an API`;
  return { code: "not-a-spec", message, path: found.key in value ? [found.key] : [], at: "key" };
}

function placeOf({ line, column }: Diagnostic): string {
  return `${line}:${column}`;
}

/** Creates the check at its first use, because the grammar is large. */
const isValidSchema = createQuickCheck(jsonSchemaGrammar);

/**
 * Replaces every schema that certainly matches the grammar by `true`, which matches too. Schemas are most of a large spec, and
 * the grammar copies what it parses.
 */
function withoutValidSchemas(value: JsonValue): JsonValue {
  const replaced = (schema: JsonValue): JsonValue =>
    isObject(schema) && isValidSchema(schema) ? true : schema;
  const withoutOwn = (resource: JsonValue): JsonValue =>
    isObject(resource) && isObject(own(resource, "schema")) && isValidSchema(resource["schema"])
      ? { ...resource, schema: true }
      : resource;
  if (!isObject(value)) return value;
  const { resources, schemas, ...others } = value;
  return {
    ...others,
    ...(resources !== undefined && {
      resources: Array.isArray(resources) ? resources.map(withoutOwn) : resources,
    }),
    ...(schemas !== undefined && {
      schemas: isObject(schemas)
        ? Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, replaced(schema)]))
        : schemas,
    }),
  };
}

/** Removes the consequences of other problems: if `data_selectr` is reported, a missing `data_selector` is not. */
function withoutConsequences(problems: readonly Problem[]): readonly Problem[] {
  const meant = new Set(
    problems.flatMap((one) => (one.meant === undefined ? [] : [idOf(one.path, one.meant)])),
  );
  // One of these is enough, because a spec is usually written in one style.
  const implied = problems.find(({ code }) => code === "implied-type");
  const others = problems.filter((problem) => problem.code !== "implied-type" || problem === implied);
  return others.filter(
    ({ missing, path }) =>
      missing === undefined || !(meant.has(idOf(path, missing)) || meant.has(idOf([], missing))),
  );
}

/** Identifies a key by its resource; keys of the client and the defaults apply to every resource and have no owner. */
function idOf(path: Path, key: string): string {
  return JSON.stringify([path[0] === "resources" ? path[1] : undefined, key]);
}

/** Removes duplicates: every resource reports the problems of its defaults. */
function distinctDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic])).values()];
}

/** Reads every valid part. Values of a wrong type, which the grammar reports, count as omitted. */
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
      cookies: own(client, "cookies") === true ? { kind: kindOf("cookies"), options: {} } : undefined,
      rateLimit: readRateLimit(own(client, "rate_limit"), { path: ["client", "rate_limit"], report }),
      retry: readRetry(own(client, "retry")),
      timeoutMs: millisecondsOf(own(client, "timeout")),
      bigIntegers: readBigIntegers(own(client, "big_integers")),
      foreignOrigins: readForeignOrigins(own(client, "foreign_origins")),
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
      dates: dateForms.find((form) => form === own(own(root, "output"), "dates")),
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

/** Warns about a query in the base URL: dlt appends paths after it, which is rarely intended. */
function checkBaseQuery(client: Raw, report: Report): void {
  const url = textOf(own(client, "base_url"));
  if (!url?.includes("?") || checkBaseUrl(url).length > 0) return;
  const message =
    "base_url has a query, and paths are appended after it: move its parameters to resource_defaults.endpoint.params";
  report({ severity: "warning", code: "base-url-query", message, path: ["client", "base_url"] });
}

/** Reports config values that are used both as a list of partitions and in a text. */
function checkLists(source: Parameters<typeof namesIn>[0], report: Report): void {
  const texts = namesIn(source, "config");
  source.resources.forEach((resource, index) => {
    for (const name of listConfigs(resource).filter((name) => texts.includes(name))) {
      const message = `{config.${name}} is a list of partitions and cannot be used in a text as well: rename one of them`;
      report({ code: "conflicting-options", message, path: ["resources", index, "partitions"], at: "key" });
    }
  });
}

function checkNames(root: Raw, report: Report): void {
  const resources = own(root, "resources");
  if (Array.isArray(resources) && resources.length === 0) {
    const message = "resources is empty: add at least one resource";
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

/** Creates a function that reports names that it has been called with before. */
function createClaims(
  report: Report,
): (name: unknown, claim: { what: "resource" | "method"; path: Path }) => void {
  const taken = new Set<string>();
  return (name, { what, path }) => {
    if (typeof name !== "string" || name === "") return;
    const id = `${what} ${quote(name)}`;
    const message = `duplicate ${id}: ${what} names must be unique`;
    if (taken.has(id)) report({ code: `duplicate-${what}`, message, path });
    taken.add(id);
  };
}

/** Checks the shared schemas, and warns about unused ones: a reference to them is probably missing. */
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
    const message = `no resource uses the schema ${quote(name)}: refer to it, or remove it`;
    report({ severity: "warning", code: "unused-schema", message, path: ["schemas", name], at: "key" });
  }
}

function baseName(file: string): string {
  return file.split(/[/\\]/).at(-1) ?? file;
}

/** Derives the name of a spec from its file; standard input gets dlt's default name. */
function nameOfFile(file: string): string {
  if (file === "<stdin>") return "rest_api";
  return (
    baseName(file)
      .replace(/\.(?:jsonc?|ya?ml)$/i, "")
      .replace(/\.connector$/i, "") || "rest_api"
  );
}

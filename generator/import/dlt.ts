import type { JsonObject, JsonValue } from "@connector-gen/runtime";
import { createLineIndex, type Diagnostic } from "../diagnostics.js";
import { maskText } from "../spec/secrets.js";
import { objectOf, own } from "../spec/values.js";
import { convertClient } from "./dlt/client.js";
import { createConverter, type Converter, type Target } from "./dlt/converter.js";
import { findSecretLiterals } from "./dlt/credentials.js";
import { type ConfigSite, findConfigs } from "./dlt/find-configs.js";
import { reportForeignOrigins } from "./dlt/foreign-origins.js";
import { nameConfigs } from "./dlt/names.js";
import { applyLaterChanges } from "./dlt/later-changes.js";
import { convertDefaults, convertResources } from "./dlt/resource.js";
import { redactSpec, type RedactedSpec, describeLosses, describeComposed } from "./dlt/report.js";
import { readNotebook } from "./notebook.js";
import { formatOf, isPython, readCodeBlocks } from "./markdown.js";
import type { Evaluator } from "./python/evaluator.js";
import { isInside, type Span } from "./python/nodes.js";
import { findSyntaxErrors, parsePython, type PythonSource, type SyntaxProblem } from "./python/parse.js";
import { isWhole, type PyDict, type PyValue } from "./python/values.js";

/** A configuration converted to a spec. */
export interface DltImport {
  readonly name: string;
  /** The spec without `$schema`, which depends on the output path. */
  readonly spec: JsonObject;
  /** The call or type that introduces the configuration in the file, such as `rest_api_source`. */
  readonly what: string;
  /** Line of the configuration in the file, from 1. */
  readonly line: number;
  /** Warnings about values that could not be converted. */
  readonly diagnostics: readonly Diagnostic[];
  /** Values that were computed from several parts of the source, one line each. */
  readonly notes: readonly string[];
}

/** The result of an import. If it has no specs, the diagnostics contain an error. */
export interface DltImports {
  readonly imports: readonly DltImport[];
  /** Diagnostics about the whole file. */
  readonly diagnostics: readonly Diagnostic[];
  /** Text for code frames, in which literal secrets are masked. */
  readonly frameText: string;
}

/** A configuration during its conversion. */
interface Draft {
  readonly name: string;
  readonly site: ConfigSite;
  readonly converter: Converter;
  readonly redacted: RedactedSpec;
}

/**
 * Converts the dlt `rest_api` configurations in Python source, or in the Python blocks of a Markdown document, to specs.
 * Never runs Python. A value that depends on running code becomes an option or a typed function of the generated
 * factory, or is omitted; each such value is reported with its position.
 */
export function importDlt(file: string, content: string): DltImports {
  const text = readSource(file, content.startsWith("\ufeff") ? content.slice(1) : content);
  const source = parseBlocks(file, text);
  const { sites, evaluator } = findConfigs(source);
  const known = sites.filter((site): site is Site => site.config.kind === "dict");
  const names = nameConfigs(known, file);
  const drafts = evaluator.isExhausted()
    ? []
    : known.map((site, index) => draftSpec(site, names[index] ?? "rest_api", evaluator));
  const spans = [...findSecretLiterals(source), ...drafts.flatMap(({ redacted }) => redacted.hidden)];
  const secrets = drafts.flatMap(({ redacted }) => redacted.secrets);
  const frameText = maskText(text, spans.map(toSpan), secrets);
  const found = findProblems({ source, evaluator, sites, file });
  const isFatal = found.some(({ severity }) => severity === "error");
  const problems = isFatal ? found : [...findEmpty(drafts), ...found];
  const diagnose = createDiagnose(file, frameText);
  const hasError = problems.some(({ severity }) => severity === "error");
  const whole = drafts.filter((draft) => !isEmpty(draft));
  const imports = whole.map((draft) => finishImport(draft, { file, frameText, diagnose }));
  return { imports: hasError ? [] : imports, diagnostics: problems.map(diagnose), frameText };
}

type Site = ConfigSite & { readonly config: PyDict };

/** Returns the source of a file; for a notebook, its code cells. */
function readSource(file: string, content: string): string {
  const isNotebook = /\.ipynb$/i.test(file) || /^\s*\{\s*"(?:cells|metadata|nbformat)"/.test(content);
  return (isNotebook ? readNotebook(content) : undefined) ?? content;
}

/** A problem with its offsets in the file. */
interface FileProblem extends Span {
  readonly severity: Diagnostic["severity"];
  readonly code: string;
  readonly message: string;
}

/** Parses a file. A file with an ambiguous name is Python if all of it is valid Python, otherwise a document. */
function parseBlocks(file: string, text: string): PythonSource {
  const whole = parsePython(text, [[{ from: 0, to: text.length }]]);
  const format = formatOf(file, text);
  const isValid = whole.trees.every((tree) => findSyntaxErrors(tree.topNode, text).length === 0);
  if (format === "python" || (format === "either" && isValid)) return whole;
  const blocks = readCodeBlocks(text).filter(isPython);
  return parsePython(
    text,
    blocks.map(({ ranges }) => ranges),
  );
}

function draftSpec(site: Site, name: string, evaluator: Evaluator): Draft {
  const converter = createConverter(evaluator);
  const { config } = site;
  const target = (key: string): Target => ({ path: [key], text: "plain" });
  const valueOf = (key: string): PyValue | undefined => config.entries.get(key)?.value;
  converter.recordOrigin([], site.origin);
  const client = convertClient(converter, valueOf("client"), target("client"));
  const defaults = valueOf("resource_defaults");
  const resources = valueOf("resources");
  const convertedDefaults = defaults && convertDefaults(converter, defaults, target("resource_defaults"));
  const others = new Map([...config.entries].filter(([key]) => !ownKeys.has(key)));
  const inherited = new Set([
    ...Object.keys(objectOf(own(convertedDefaults, "endpoint"))),
    ...("paginator" in client ? ["paginator"] : []),
  ]);
  const converted = resources
    ? convertResources(converter, resources, { ...target("resources"), inherited })
    : [];
  const spec: Record<string, JsonValue> = {
    name,
    ...(site.description !== undefined && { description: site.description }),
    client,
    ...(convertedDefaults !== undefined && { resource_defaults: convertedDefaults }),
    resources: applyLaterChanges(converter, converted, site.changes),
    ...converter.convertDict({ ...config, entries: others }, { path: [], text: "plain" }, (value, own) =>
      converter.convert(value, own),
    ),
  };
  for (const [key, value] of site.others) {
    const isOff = value.kind === "constant" && !value.value;
    if (!isOff)
      converter.omit(value, target(key), "it controls how records are loaded, not how they are read");
  }
  for (const { from, to, parameter, outcome } of site.assumptions) {
    const what = parameter === undefined ? {} : { what: parameter };
    converter.report({ code: "assumed", path: [], ...what, instead: outcome, from, to });
  }
  reportForeignOrigins(converter, spec);
  return { name, site, converter, redacted: redactSpec(converter, spec) };
}

function isEmpty({ redacted }: Draft): boolean {
  const { resources } = redacted.spec;
  return Array.isArray(resources) && resources.length === 0;
}

/** Reports configurations without resources. This is an error if all configurations lack them. */
function findEmpty(drafts: readonly Draft[]): readonly FileProblem[] {
  const isError = drafts.every(isEmpty);
  return drafts.filter(isEmpty).map(({ site }) => {
    const resources = site.config.kind === "dict" ? site.config.entries.get("resources")?.value : undefined;
    const { from, to } = resources?.origin ?? site.origin;
    const reason = !resources
      ? 'the configuration has no "resources"'
      : isWhole(resources) && resources.items.length === 0
        ? "the list of resources is empty"
        : "the resources are not known without running the code";
    const message = `no resource can be imported: ${reason}; write them in this file as a list of dicts`;
    return { severity: isError ? "error" : "warning", code: "no-resources", message, from, to };
  });
}

/** Keys with their own conversion. */
const ownKeys = new Set(["client", "resources", "resource_defaults"]);

function finishImport(
  { name, site, converter, redacted }: Draft,
  context: { file: string; frameText: string; diagnose: (problem: FileProblem) => Diagnostic },
): DltImport {
  const { file, frameText, diagnose } = context;
  const lines = createLineIndex(frameText);
  const warnings = describeLosses(converter, redacted, frameText).map((problem): FileProblem => ({
    ...problem,
    severity: "warning",
  }));
  return {
    name,
    spec: redacted.spec,
    what: site.what,
    line: lines.at(site.origin.from).line,
    diagnostics: warnings.sort((a, b) => a.from - b.from).map(diagnose),
    notes: describeComposed(converter, redacted).map(({ from, message }) => {
      const { line, column } = lines.at(from);
      return `${file}:${line}:${column} note: ${message}`;
    }),
  };
}

function createDiagnose(file: string, text: string): (problem: FileProblem) => Diagnostic {
  const lines = createLineIndex(text);
  return ({ severity, code, message, from, to }) => {
    const end = lines.at(to);
    return { severity, code, message, file, ...lines.at(from), endLine: end.line, endColumn: end.column };
  };
}

interface Found {
  readonly source: PythonSource;
  readonly evaluator: Evaluator;
  readonly sites: readonly ConfigSite[];
  readonly file: string;
}

/** Finds syntax errors that affect a configuration, and configurations that are not dicts. */
function findProblems({ source, evaluator, sites, file }: Found): readonly FileProblem[] {
  const errors = source.trees.flatMap((tree) => findSyntaxErrors(tree.topNode, source.text));
  const isFatal = (error: SyntaxProblem): boolean =>
    sites.length === 0 ||
    sites.some((site) => isInside(error, site.statement)) ||
    evaluator.hasEvaluatedAround(error);
  const fatal = errors.find(isFatal);
  // A document may contain invalid blocks; only those with a configuration matter.
  const isDocument = source.trees.length !== 1 || formatOf(file, source.text) === "markdown";
  if (fatal && (sites.length > 0 || !isDocument)) return [{ ...fatal, severity: "error", code: "syntax" }];
  if (evaluator.isExhausted()) return [tooComplex(sites)];
  if (sites.length === 0) return [noConfig(source)];
  const severity = sites.some(({ config }) => config.kind === "dict") ? "warning" : "error";
  const others = sites.filter(({ config }) => config.kind !== "dict");
  const first = errors[0];
  return [
    ...others.map((site) => notADict(site, severity)),
    ...(first ? [{ ...first, severity: "warning" as const, code: "syntax" }] : []),
  ];
}

function noConfig({ text, trees }: PythonSource): FileProblem {
  const problem =
    trees.length === 0
      ? "the document has no Python code block"
      : /\bRESTClient\(/.test(text)
        ? "found no dlt configuration, only code that calls RESTClient"
        : /:\s*EndpointResource\b/.test(text)
          ? "found no dlt configuration, only resources without a client"
          : "found no dlt configuration: no rest_api_source(…), rest_api_resources(…) or RESTAPIConfig";
  return {
    severity: "error",
    code: "no-config",
    message: `${problem}; import a file that contains the configuration as a dict`,
    from: 0,
    to: Math.min(1, text.length),
  };
}

function tooComplex([site]: readonly ConfigSite[]): FileProblem {
  const message = "the configuration has too many expressions; write out its lists, or import it in parts";
  const { from, to } = site?.origin ?? { from: 0, to: 1 };
  return { severity: "error", code: "too-complex", message, from, to };
}

function notADict({ config, what, origin }: ConfigSite, severity: Diagnostic["severity"]): FileProblem {
  const noun =
    config.kind === "unknown" ? config.what : config.kind === "reference" ? "external value" : config.kind;
  const message = `cannot resolve the ${noun} passed to ${what}; the configuration must be a dict in this file`;
  const { from, to } = origin;
  return { severity, code: "not-a-dict", message, from, to };
}

function toSpan({ from, to }: Span): { readonly offset: number; readonly length: number } {
  return { offset: from, length: to - from };
}

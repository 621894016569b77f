import type { JsonObject, JsonValue } from "@connector-gen/runtime";
import { createLineIndex, type Diagnostic } from "../diagnostics.js";
import { maskText } from "../spec/secrets.js";
import { Carrier } from "./dlt/carrier.js";
import { carryClient } from "./dlt/client.js";
import { hiddenLiterals } from "./dlt/hide.js";
import { type ConfigSite, findConfigs } from "./dlt/find.js";
import { nameConfigs } from "./dlt/name.js";
import { carryDefaults, carryResources } from "./dlt/resource.js";
import { disclose, type Disclosed, explain, noteComposed } from "./dlt/report.js";
import { formatOf, isPython, readCodeBlocks } from "./markdown.js";
import { createEvaluator, type Evaluator } from "./python/evaluate.js";
import { isInside, type Span } from "./python/nodes.js";
import { findFaults, parsePython, type PythonSource, type SyntaxFault } from "./python/parse.js";
import type { PyDict } from "./python/values.js";

/** One configuration as a spec. */
export interface DltImport {
  readonly name: string;
  /** Without `$schema`, which depends on where it is written. */
  readonly spec: JsonObject;
  /** What the configuration is in the file, as `rest_api_source`, and its line. */
  readonly what: string;
  readonly line: number;
  /** Warnings: what could not be carried over as it was. */
  readonly diagnostics: readonly Diagnostic[];
  /** What was put together while it was read, in sentences with places. */
  readonly notes: readonly string[];
}

/** What a file gives. Without configurations, the diagnostics have an error. */
export interface DltImports {
  readonly imports: readonly DltImport[];
  /** About the file as a whole. */
  readonly diagnostics: readonly Diagnostic[];
  /** The text for code frames: literal secrets are masked. */
  readonly frameText: string;
}

/** A configuration that is being carried over. */
interface Draft {
  readonly name: string;
  readonly site: ConfigSite;
  readonly carrier: Carrier;
  readonly disclosed: Disclosed;
}

/**
 * Reads dlt's `rest_api` configurations out of Python source, or out of the Python blocks of a Markdown document, as
 * specs. Nothing is run: what only Python knows becomes an option or a typed function of the generated factory, or is
 * left out, and is reported with its place.
 */
export function importDlt(file: string, content: string): DltImports {
  const text = content.startsWith("\ufeff") ? content.slice(1) : content;
  const source = parseBlocks(file, text);
  const evaluator = createEvaluator(source);
  const sites = findConfigs(source, evaluator);
  const known = sites.filter((site): site is Site => site.config.kind === "dict");
  const names = nameConfigs(known, file);
  const drafts = evaluator.hasGivenUp()
    ? []
    : known.map((site, index) => draftSpec(site, names[index] ?? "rest_api", text));
  const spans = [...hiddenLiterals(source), ...drafts.flatMap(({ disclosed }) => disclosed.hidden)];
  const secrets = drafts.flatMap(({ disclosed }) => disclosed.secrets);
  const frameText = maskText(text, spans.map(toSpan), secrets);
  const problems = findProblems({ source, evaluator, sites, file });
  const diagnose = createDiagnose(file, frameText);
  const hasError = problems.some(({ severity }) => severity === "error");
  const imports = drafts.map((draft) => finish(draft, { file, frameText, diagnose }));
  return { imports: hasError ? [] : imports, diagnostics: problems.map(diagnose), frameText };
}

type Site = ConfigSite & { readonly config: PyDict };

/** A problem of the file by its offsets. */
interface FileProblem extends Span {
  readonly severity: Diagnostic["severity"];
  readonly code: string;
  readonly message: string;
}

/** A file whose name does not say what it is may hold either: what is Python throughout is Python. */
function parseBlocks(file: string, text: string): PythonSource {
  const whole = parsePython(text, [[{ from: 0, to: text.length }]]);
  const format = formatOf(file, text);
  const isPlain = whole.trees.every((tree) => findFaults(tree.topNode, text).length === 0);
  if (format === "python" || (format === "either" && isPlain)) return whole;
  const blocks = readCodeBlocks(text).filter(isPython);
  return parsePython(
    text,
    blocks.map(({ ranges }) => ranges),
  );
}

function draftSpec(site: Site, name: string, text: string): Draft {
  const carrier = new Carrier(text);
  const { config } = site;
  const spot = (key: string): { path: [string]; text: "plain" } => ({ path: [key], text: "plain" });
  const valueOf = (key: string): Parameters<Carrier["carry"]>[0] | undefined =>
    config.entries.get(key)?.value;
  carrier.place([], site.place);
  const client = carryClient(carrier, valueOf("client"), spot("client"));
  const defaults = valueOf("resource_defaults");
  const resources = valueOf("resources");
  const carriedDefaults = defaults && carryDefaults(carrier, defaults, spot("resource_defaults"));
  const others = new Map([...config.entries].filter(([key]) => !OWN.has(key)));
  const spec: Record<string, JsonValue> = {
    name,
    ...(site.description !== undefined && { description: site.description }),
    client,
    ...(carriedDefaults !== undefined && { resource_defaults: carriedDefaults }),
    resources: resources ? carryResources(carrier, resources, spot("resources")) : [],
    ...carrier.carryDict({ ...config, entries: others }, { path: [], text: "plain" }, (value, own) =>
      carrier.carry(value, own),
    ),
  };
  for (const [key, value] of site.others) {
    const isOff = value.kind === "constant" && !value.value;
    if (!isOff) carrier.leaveOut(value, spot(key), "it says how records are loaded, not how they are read");
  }
  return { name, site, carrier, disclosed: disclose(carrier, spec) };
}

const OWN = new Set(["client", "resources", "resource_defaults"]);

function finish(
  { name, site, carrier, disclosed }: Draft,
  context: { file: string; frameText: string; diagnose: (problem: FileProblem) => Diagnostic },
): DltImport {
  const { file, frameText, diagnose } = context;
  const lines = createLineIndex(frameText);
  const warnings = explain(carrier, disclosed, frameText).map((problem): FileProblem => ({
    ...problem,
    severity: "warning",
  }));
  return {
    name,
    spec: disclosed.spec,
    what: site.what,
    line: lines.at(site.place.from).line,
    diagnostics: warnings.sort((a, b) => a.from - b.from).map(diagnose),
    notes: noteComposed(carrier, disclosed).map(({ from, message }) => {
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

/** Faults of the syntax that matter, and configurations that are none. */
function findProblems({ source, evaluator, sites, file }: Found): readonly FileProblem[] {
  const faults = source.trees.flatMap((tree) => findFaults(tree.topNode, source.text));
  const isFatal = (fault: SyntaxFault): boolean =>
    sites.length === 0 ||
    sites.some((site) => isInside(fault, site.statement)) ||
    evaluator.hasReadAround(fault);
  const fatal = faults.find(isFatal);
  // A document has blocks of many kinds: one that is broken matters when a configuration is in it.
  const isDocument = source.trees.length !== 1 || formatOf(file, source.text) === "markdown";
  if (fatal && (sites.length > 0 || !isDocument)) return [{ ...fatal, severity: "error", code: "syntax" }];
  if (evaluator.hasGivenUp()) return [tooComplex(sites)];
  if (sites.length === 0) return [noConfig(source)];
  const isAny = sites.some(({ config }) => config.kind === "dict");
  const others = sites.filter(({ config }) => config.kind !== "dict");
  const first = faults[0];
  return [
    ...others.map((site) => noDict(site, isAny)),
    ...(first ? [{ ...first, severity: "warning" as const, code: "syntax" }] : []),
  ];
}

function noConfig({ text, trees }: PythonSource): FileProblem {
  const what =
    trees.length === 0
      ? "there is no Python code block in this document"
      : "there is no dlt configuration here: no rest_api_source(…), rest_api_resources(…) or RESTAPIConfig";
  const mend = "give a file that spells the configuration out as a dict";
  return {
    severity: "error",
    code: "no-config",
    message: `${what}; ${mend}`,
    from: 0,
    to: Math.min(1, text.length),
  };
}

function tooComplex([site]: readonly ConfigSite[]): FileProblem {
  const message =
    "this configuration is made of too many expressions: write its lists out, or import it in parts";
  const { from, to } = site?.place ?? { from: 0, to: 1 };
  return { severity: "error", code: "too-complex", message, from, to };
}

function noDict({ config, what, place }: ConfigSite, isWarning: boolean): FileProblem {
  const noun =
    config.kind === "unknown"
      ? config.what
      : config.kind === "reference"
        ? "value from outside"
        : config.kind;
  const message = `${what} takes a ${noun} here, which cannot be followed: the configuration must be a dict that this file spells out`;
  return {
    severity: isWarning ? "warning" : "error",
    code: "not-a-dict",
    message,
    from: place.from,
    to: place.to,
  };
}

function toSpan({ from, to }: Span): { readonly offset: number; readonly length: number } {
  return { offset: from, length: to - from };
}

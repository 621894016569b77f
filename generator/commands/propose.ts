import { applyFindings, tryEdits } from "../detect/apply-findings.js";
import { detectWithSamples, type ResourceReport } from "../detect/detect-resource.js";
import { count, findingKeys, type Finding, type FindingKey } from "../detect/finding.js";
import { printable, printValue } from "../detect/report.js";
import type { Detection } from "../detect/resource-requests.js";
import { inferSchema } from "../infer/infer-schema.js";
import { describeFields, formatNotes } from "../infer/report.js";
import { sampleRecords } from "../infer/sample-records.js";
import type { KindIr, SourceIr } from "../ir/source-ir.js";
import { parseTarget, prepareRequests, type LoadedSpec, type SessionFlags } from "./spec-session.js";
import type { Terminal } from "./terminal.js";

/** A spec with resources that nothing is known of but their requests. */
export interface Draft {
  readonly file: string;
  readonly text: string;
  /** Names of the resources to ask for. */
  readonly resources: readonly string[];
  /** Values of secrets by name, for requests only. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Saved responses by the name of the resource, in place of requests. */
  readonly saved?: Readonly<Record<string, string>>;
  readonly flags: SessionFlags;
}

/** A draft with everything that the responses show. */
export interface Proposal {
  readonly text: string;
  readonly resources: readonly ProposedResource[];
}

/** What was found for one resource. */
export interface ProposedResource {
  readonly name: string;
  readonly report: ResourceReport;
  readonly records: number;
  readonly problem?: string;
}

/** Most pages to infer fields from, and the number of requests of a resource that ends them. Some parents have no children. */
const sampleLimits = { own: { pages: 3, requests: 3 }, child: { pages: 10, requests: 8 } };

/**
 * Asks the API for each resource of a draft, detects its paging and infers its fields. Prints the evidence per resource as
 * soon as it is known. Returns `undefined` if the draft is invalid; its errors are reported.
 */
export async function propose(terminal: Terminal, draft: Draft): Promise<Proposal | undefined> {
  let { text } = draft;
  const resources: ProposedResource[] = [];
  for (const name of draft.resources) {
    const step = await proposeResource(terminal, { ...draft, text }, name);
    if (!step) return undefined;
    text = step.text;
    resources.push(step.resource);
  }
  return { text, resources };
}

interface Step {
  readonly text: string;
  readonly resource: ProposedResource;
}

async function proposeResource(terminal: Terminal, draft: Draft, name: string): Promise<Step | undefined> {
  const loaded = await open(terminal, draft, draft.text);
  const gaps = loaded?.gaps.find((each) => each.name === name);
  if (!loaded || !gaps) return undefined;
  const session = startSession(loaded, draft, name);
  const { report, samples } = await detectWithSamples(session, gaps);
  if (report.problem !== undefined) {
    const hint = credentialsHint(session, loaded.source);
    const problem = hint === undefined ? report.problem : `${report.problem.split("\n")[0] ?? ""}\n${hint}`;
    if (!terminal.isJson)
      terminal.print(printable(`${name}  ${terminal.style("red", problem.replaceAll("\n", "\n  "))}\n`));
    return { text: draft.text, resource: { name, report, records: 0, problem } };
  }
  const written = { ...report, findings: report.findings.filter(({ key }) => !isLeftOut(key)) };
  const applied = await applyFindings(loaded.target, [written]);
  const detected = applied.text ?? draft.text;
  const inference = await inferFields(
    terminal,
    { draft, session, name, index: gaps.index, samples },
    detected,
  );
  const [shown = report] = applied.reports;
  const lines = describe({ ...shown, findings: mergeFindings(shown, report) }, loaded.source, terminal);
  if (!terminal.isJson) terminal.print(printable([...lines, ...inference.lines, ""].join("\n")));
  return { text: inference.text, resource: { name, report: shown, records: inference.records } };
}

/**
 * Whether a finding is not written: the parameter that asks for newer records is unknown, and the schema says which fields
 * hold integers beyond 2^53.
 */
function isLeftOut(key: FindingKey): boolean {
  return key === "incremental" || key === "big_integers";
}

function open(terminal: Terminal, { file, flags }: Draft, text: string): Promise<LoadedSpec | undefined> {
  return parseTarget(terminal, { file, text, parse: { literalSecrets: flags.literalSecrets ?? "error" } });
}

function startSession({ source }: LoadedSpec, { flags, saved, secrets }: Draft, name: string): Detection {
  const content = saved?.[name];
  const byOption = source.secrets.flatMap(({ name: secret, option }) =>
    Object.hasOwn(secrets, secret) ? [[option, secrets[secret] ?? ""] as const] : [],
  );
  const values = { secrets: Object.fromEntries(byOption), ...(content !== undefined && { saved: content }) };
  return prepareRequests(source, flags, values);
}

function mergeFindings(shown: ResourceReport, report: ResourceReport): readonly Finding[] {
  return [...shown.findings, ...report.findings.filter(({ key }) => key === "incremental")];
}

interface Inferring {
  readonly draft: Draft;
  readonly session: Detection;
  readonly name: string;
  readonly index: number;
  /** Records that detection saw. */
  readonly samples: readonly unknown[];
}

interface Inference {
  readonly text: string;
  readonly lines: readonly string[];
  readonly records: number;
}

async function inferFields(
  terminal: Terminal,
  { draft, session, name, index, samples }: Inferring,
  text: string,
): Promise<Inference> {
  const label = `  ${"fields".padEnd(labelWidth)}`;
  const loaded = await open(terminal, draft, text);
  const resource = loaded?.source.resources.find((each) => each.name === name);
  if (!loaded || !resource) return { text, lines: [], records: 0 };
  const again = startSession(loaded, draft, name);
  // The same transport: it has the first two pages.
  const sampling: Detection = session.isReplay ? again : { ...again, transport: session.transport };
  const limits = resource.plan.length > 0 ? sampleLimits.child : sampleLimits.own;
  const isSpent = samples.length > 0 && session.transport.count() >= limits.requests;
  const { records: read, problem } = isSpent
    ? { records: [], problem: undefined }
    : await sampleRecords(sampling, resource, { records: 500, ...limits });
  const records = union(read, samples);
  const inferred = inferSchema(records);
  if (!inferred) {
    const why = problem ?? (records.length === 0 ? "no records" : "not every record is an object");
    return {
      text,
      lines: [`${label}${terminal.style("yellow", "unknown")}  ${why}`],
      records: records.length,
    };
  }
  const edited = await tryEdits(loaded.target, [{ index, key: "schema", value: inferred.schema }]);
  const lines = [
    `${label}${describeFields(inferred)}`,
    ...formatNotes(inferred.notes).map((note) => `  ${" ".repeat(labelWidth)}${terminal.style("dim", note)}`),
  ];
  if (typeof edited === "string") return { text: edited, lines, records: records.length };
  return { text, lines: [`${label}not written: ${edited.problem}`], records: records.length };
}

/** Joins lists of records without repetitions: detection may have seen other pages. */
function union(a: readonly unknown[], b: readonly unknown[]): readonly unknown[] {
  const idOf = (record: unknown): string =>
    JSON.stringify(record, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
  return [...new Map([...a, ...b].map((record) => [idOf(record), record])).values()];
}

const titles: Readonly<Record<FindingKey, string>> = {
  decoder: "decoder",
  data_layout: "layout",
  data_selector: "records",
  paginator: "paginator",
  primary_key: "primary key",
  big_integers: "big integers",
  incremental: "incremental",
};

const labelWidth = 14;

function describe(
  { name, request, findings }: ResourceReport,
  source: SourceIr,
  terminal: Terminal,
): readonly string[] {
  const head = request
    ? `${terminal.style("bold", `${request.method} ${request.url}`)}  ${request.status ?? ""}, ${count(request.records, "record")}`
    : terminal.style("bold", name);
  const selector = findings.find(({ key }) => key === "data_selector");
  const at = selector?.value === undefined ? "" : ` at ${JSON.stringify(selector.value)}`;
  const rows = findingKeys
    .filter((key) => key !== "data_selector" || selector?.value === undefined)
    .flatMap((key) => findings.filter((finding) => finding.key === key))
    .flatMap((finding) => describeFinding(finding, terminal));
  return [`${head}${at}`, ...rows, ...describeAuth(source, name)];
}

function describeFinding(
  { key, value, reasons, alternatives }: Finding,
  { style }: Terminal,
): readonly string[] {
  const label = `  ${titles[key].padEnd(labelWidth)}`;
  const why = style("dim", `(${reasons.join("; ")})`);
  if (key === "incremental") {
    const field = (value ?? alternatives[0]?.value) as { readonly cursor_path?: string } | undefined;
    return [
      `${label}${field?.cursor_path ?? "unknown"}, not written: the parameter for newer records is unknown`,
    ];
  }
  if (value !== undefined) return [`${label}${style("green", printValue(value))}  ${why}`];
  const choices = alternatives
    .slice(0, 5)
    .map((each) => `  ${" ".repeat(labelWidth)}possibly ${printValue(each.value)}`);
  return [`${label}${style("yellow", "unknown")}  ${why}`, ...choices];
}

function describeAuth(source: SourceIr, name: string): readonly string[] {
  const own = source.resources.find((each) => each.name === name)?.auth;
  const auth = own === undefined ? source.auth : own;
  if (!auth) return [];
  const secrets = secretsOf(auth, source);
  const from = secrets.map((each) => `{secrets.${each.name}}`).join(" and ");
  return [
    `  ${"auth".padEnd(labelWidth)}${auth.type}, from ${from}  (${secrets.map(({ env }) => env).join(" and ")} in the environment)`,
  ];
}

function secretsOf(auth: KindIr, { secrets }: SourceIr): SourceIr["secrets"] {
  const text = JSON.stringify(auth);
  return secrets.filter(({ name }) => text.includes(`{secrets.${name}}`));
}

/** Says which credentials a server asks for and how to pass them, after a 401 or 403 without credentials. */
function credentialsHint({ transport }: Detection, { auth }: SourceIr): string | undefined {
  const status = transport.lastStatus();
  if (status !== 401 || auth) return undefined;
  const challenge = transport.lastHeader("www-authenticate");
  const scheme = /^\s*([A-Za-z][\w-]*)/.exec(challenge ?? "")?.[1]?.toLowerCase();
  if (scheme === "basic")
    return 'The server asks for a user name and a password (Basic): pass --user "$NAME:$PASSWORD"';
  if (scheme === "bearer")
    return 'The server asks for a token (Bearer): pass --header "Authorization: Bearer $TOKEN"';
  const asked =
    challenge === undefined
      ? "does not say which credentials it accepts"
      : `asks for ${challenge.slice(0, 100)}`;
  return `The server ${asked}: pass the header of its documentation, such as --header "Authorization: Bearer $TOKEN" or --header "X-API-Key: $KEY"`;
}

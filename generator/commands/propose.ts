import { applyFindings, tryEdits } from "../detect/apply-findings.js";
import { detectWithSamples, type ResourceReport } from "../detect/detect-resource.js";
import type { Finding, FindingKey } from "../detect/finding.js";
import type { Detection } from "../detect/resource-requests.js";
import { printableReport } from "../diagnostics.js";
import { describeChallenge, readChallenge, type Challenge } from "../infer/challenge.js";
import { inferSchema } from "../infer/infer-schema.js";
import { describeFields, formatNotes } from "../infer/report.js";
import { sampleRecords } from "../infer/sample-records.js";
import type { SourceIr } from "../ir/source-ir.js";
import { describeResource, labelWidth, sinceOf, type Since } from "./describe-resource.js";
import {
  announceWaits,
  parseTarget,
  prepareRequests,
  type LoadedSpec,
  type SessionFlags,
} from "./spec-session.js";
import type { Terminal } from "./terminal.js";

/** A spec whose resources contain only their requests. */
export interface Draft {
  readonly file: string;
  readonly text: string;
  /** Names of the resources to request. */
  readonly resources: readonly string[];
  /** Values of secrets by name, for requests only. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Saved responses by the name of the resource; they replace requests. */
  readonly saved?: Readonly<Record<string, string>>;
  /** Whether the saved responses are files of records, which do not show how the API responds. */
  readonly isRecords?: boolean;
  readonly flags: SessionFlags;
  /** The query parameter that selects records since a time. */
  readonly since?: string;
}

/** A draft, completed with the facts that the responses show. */
export interface Proposal {
  readonly text: string;
  readonly resources: readonly ProposedResource[];
}

/** The findings for one resource. */
export interface ProposedResource {
  readonly name: string;
  readonly report: ResourceReport;
  readonly records: number;
  readonly problem?: string;
  /** The credentials that the server asks for, if it rejected a request without credentials. */
  readonly challenge?: Challenge;
}

/** Maximum number of pages from which fields are inferred, and of requests for them. Some parents have no children. */
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
  const session = startSession(terminal, { loaded, draft, name });
  const { report, samples } = await detectWithSamples(session, gaps);
  if (report.problem !== undefined) {
    const challenge = challengeOf(session, loaded.source);
    const problem = challenge
      ? `${report.problem.split("\n")[0] ?? ""}\n${describeChallenge(challenge)}`
      : report.problem;
    if (!terminal.isJson)
      terminal.print(
        printableReport(`${name}  ${terminal.style("red", problem.replaceAll("\n", "\n  "))}\n`),
      );
    const resource = { name, report, records: 0, problem, ...(challenge && { challenge }) };
    return { text: draft.text, resource };
  }
  const written = { ...report, findings: report.findings.filter(({ key }) => !isLeftOut(key, draft)) };
  const applied = await applyFindings(loaded.target, [written]);
  const since = sinceOf(report, draft.since);
  const detected = await writeSince(
    terminal,
    { draft, index: gaps.index, since },
    applied.text ?? draft.text,
  );
  const inference = await inferFields(
    terminal,
    { draft, session, name, index: gaps.index, samples },
    detected,
  );
  const [shown = report] = applied.reports;
  const found = { ...shown, findings: mergeFindings(shown, report) };
  const lines = describeResource(found, { source: loaded.source, terminal, since });
  if (!terminal.isJson) terminal.print(printableReport([...lines, ...inference.lines, ""].join("\n")));
  return { text: inference.text, resource: { name, report: shown, records: inference.records } };
}

interface SinceEdit {
  readonly draft: Draft;
  readonly index: number;
  readonly since: Since | undefined;
}

/** Lets later runs request only newer records. */
async function writeSince(
  terminal: Terminal,
  { draft, index, since }: SinceEdit,
  text: string,
): Promise<string> {
  const loaded = since && (await open(terminal, draft, text));
  if (!loaded) return text;
  const edited = await tryEdits(loaded.target, [
    { index, key: "incremental", value: { cursor_path: since.field } },
    { index, key: "params", within: [since.param], value: "{incremental.start_value}" },
  ]);
  return typeof edited === "string" ? edited : text;
}

/**
 * Whether a finding is not written. The parameter for newer records is unknown, the schema already marks the fields with
 * integers beyond 2^53, or a file of records does not show how the API responds.
 */
function isLeftOut(key: FindingKey, { isRecords = false }: Draft): boolean {
  const isOfResponse = key === "decoder" || key === "data_selector" || key === "paginator";
  return key === "incremental" || key === "big_integers" || (isRecords && isOfResponse);
}

function open(terminal: Terminal, { file, flags }: Draft, text: string): Promise<LoadedSpec | undefined> {
  return parseTarget(terminal, { file, text, parse: { literalSecrets: flags.literalSecrets ?? "error" } });
}

interface SessionInput {
  readonly loaded: LoadedSpec;
  readonly draft: Draft;
  readonly name: string;
}

function startSession(
  terminal: Terminal,
  { loaded: { source }, draft: { flags, saved, secrets }, name }: SessionInput,
): Detection {
  const content = saved?.[name];
  const byOption = source.secrets.flatMap(({ name: secret, option }) =>
    Object.hasOwn(secrets, secret) ? [[option, secrets[secret] ?? ""] as const] : [],
  );
  const values = {
    secrets: Object.fromEntries(byOption),
    onWait: announceWaits(terminal),
    ...(content !== undefined && { saved: content }),
  };
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
  /** Records that detection has read. */
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
  const again = startSession(terminal, { loaded, draft, name });
  // The same transport, because it has recorded the first two pages.
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

/** Joins lists of records without duplicates. Detection may have read other pages. */
function union(a: readonly unknown[], b: readonly unknown[]): readonly unknown[] {
  const idOf = (record: unknown): string =>
    JSON.stringify(record, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
  return [...new Map([...a, ...b].map((record) => [idOf(record), record])).values()];
}

/** Returns the credentials that the server asks for after a 401 without credentials. */
function challengeOf({ transport }: Detection, { auth }: SourceIr): Challenge | undefined {
  if (transport.lastStatus() !== 401 || auth) return undefined;
  return readChallenge(transport.lastHeader("www-authenticate"), transport.lastText());
}

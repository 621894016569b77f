import type { JsonValue } from "@connector-gen/runtime";
import { tryEdits, type Target } from "../detect/apply-findings.js";
import type { SpecEdit } from "../detect/edit.js";
import { count } from "../detect/finding.js";
import type { Gaps } from "../detect/gaps.js";
import type { Detection } from "../detect/resource-requests.js";
import { compareSchema, type SchemaComparison } from "../infer/compare-schema.js";
import { inferSchema, type InferredSchema } from "../infer/infer-schema.js";
import { describeFields, formatNotes } from "../infer/report.js";
import { readRecordFile, sampleRecords, type Sample } from "../infer/sample-records.js";
import type { Note } from "../infer/to-schema.js";
import { readInput } from "../read-input.js";
import { own, valueAt } from "../spec/values.js";
import { messageOf } from "../spec/wording.js";
import {
  chooseResources,
  loadEnvironment,
  openSpec,
  prepareRequests,
  saveSpec,
  type SessionFlags,
} from "./spec-session.js";
import { shortDiff } from "./short-diff.js";
import { toCommand, type Terminal } from "./terminal.js";

/** The flags of `infer`. */
export interface InferFlags extends SessionFlags {
  readonly records?: number;
  readonly dryRun?: boolean;
}

/** The result of `infer` for one resource. */
interface Inference {
  readonly name: string;
  readonly index: number;
  readonly sample: Sample;
  readonly inferred?: InferredSchema;
  /** Differences from the schema; absent if the resource has none. */
  readonly comparison?: SchemaComparison;
  readonly problem?: string;
}

/** Maximum number of pages that a sample reads. */
const maxPages = 50;

/**
 * Runs `connector-gen infer`, which reads records of the resources, infers their schemas, and writes these into the
 * spec. Resolves to the exit code.
 */
export async function runInfer(terminal: Terminal, path: string, flags: InferFlags): Promise<number> {
  const loaded = await openSpec(terminal, path, flags);
  if (!loaded) return 1;
  const { target, gaps, source } = loaded;
  const chosen = chooseResources(gaps, path, flags);
  if (typeof chosen === "string") return terminal.misuse(chosen);
  await loadEnvironment(flags.envFile);
  const saved = flags.from === undefined ? undefined : await readInput(flags.from);
  const sampling = prepareRequests(source, flags, { ...(saved !== undefined && { saved }) });
  const results: Inference[] = [];
  const kept: SpecEdit[] = [];
  let text = target.spec.text;
  for (const each of chosen) {
    const result = await inferResource(each, { sampling, saved, flags, target });
    const applied = await apply(target, kept, result);
    kept.push(...applied.edits);
    text = applied.text ?? text;
    const shown = applied.problem === undefined ? result : { ...result, problem: applied.problem };
    results.push(shown);
    if (!terminal.isJson) terminal.print(format(shown, terminal.style));
  }
  const outcome = { path, results, edits: kept, before: target.spec.text, after: text };
  return await conclude(terminal, outcome, flags);
}

interface Context {
  readonly sampling: Detection;
  readonly saved: string | undefined;
  readonly flags: InferFlags;
  readonly target: Target;
}

async function inferResource({ name, index }: Gaps, context: Context): Promise<Inference> {
  const { sampling, saved, flags, target } = context;
  const limit = flags.records ?? 500;
  const resource = sampling.source.resources.find((each) => each.name === name);
  const listed = saved === undefined ? undefined : readRecordFile(saved);
  const sample: Sample = listed
    ? { records: listed.slice(0, limit), pages: 1, isCut: listed.length > limit }
    : resource
      ? await sampleRecords(sampling, resource, { records: limit, pages: maxPages })
      : { records: [], pages: 0, isCut: false, problem: "unknown resource" };
  const inferred = inferSchema(sample.records);
  const problem = inferred ? undefined : (sample.problem ?? whyNone(sample));
  const written = own(valueAt(target.spec.value, ["resources", index]), "schema");
  const inherited = own(own(target.spec.value, "resource_defaults"), "schema");
  const schema = written ?? inherited;
  return {
    name,
    index,
    sample,
    ...(inferred && { inferred }),
    ...(inferred &&
      schema !== undefined && {
        comparison: compareOf(schema, written !== undefined, { inferred, spec: target.spec.value }),
      }),
    ...(problem !== undefined && { problem }),
  };
}

/**
 * Compares records with the schema of a resource. Adds nothing to a schema from the defaults, because it applies to all
 * resources.
 */
function compareOf(
  schema: unknown,
  isOwn: boolean,
  { inferred, spec }: { readonly inferred: InferredSchema; readonly spec: JsonValue },
): SchemaComparison {
  const { additions, contradictions } = compareSchema(schema, inferred.seen, {
    schemas: own(spec, "schemas"),
  });
  return { additions: isOwn ? additions : [], contradictions };
}

function whyNone({ records }: Sample): string {
  return records.length === 0
    ? "the response has no records, so their type is unknown"
    : "not every record is an object, so there are no fields to describe";
}

interface Applied {
  readonly edits: readonly SpecEdit[];
  readonly text?: string;
  readonly problem?: string;
}

async function apply(target: Target, kept: readonly SpecEdit[], inference: Inference): Promise<Applied> {
  const edits = editsOf(inference);
  if (edits.length === 0) return { edits };
  try {
    const text = await tryEdits(target, [...kept, ...edits]);
    if (typeof text === "string") return { edits, text };
    return { edits: [], problem: `this schema would make the spec invalid: ${text.problem}` };
  } catch (error) {
    const why = messageOf(error);
    return { edits: [], problem: `cannot edit the spec (${why}); add the schema by hand` };
  }
}

function editsOf({ index, inferred, comparison }: Inference): readonly SpecEdit[] {
  if (!inferred) return [];
  if (!comparison) return [{ index, key: "schema", value: inferred.schema }];
  return comparison.additions.map(({ at, schema }) => ({ index, key: "schema", value: schema, within: at }));
}

function format(inference: Inference, style: Terminal["style"]): string {
  const { name, sample, inferred, comparison, problem } = inference;
  const title = style("bold", name);
  const where = sample.request ? `${sample.request.method} ${sample.request.url}  ` : "";
  const size = `${count(sample.records.length, "record")} from ${count(sample.pages, "page")}`;
  const lines = [`${title}  ${where}${size}${sample.isCut ? " (there are more)" : ""}`];
  if (inferred) lines.push(`  fields  ${describeFields(inferred)}`);
  if (problem !== undefined) lines.push(`  ${style("red", problem.replaceAll("\n", "\n  "))}`);
  else if (sample.problem !== undefined)
    lines.push(`  ${style("yellow", `the read ended early: ${sample.problem}`)}`);
  if (comparison) lines.push(...describeComparison(comparison, style));
  const notes: readonly Note[] = comparison?.contradictions ?? inferred?.notes ?? [];
  return [...lines, ...formatNotes(notes).map((line) => `  ${style("dim", line)}`), ""].join("\n");
}

function describeComparison(
  { additions, contradictions }: SchemaComparison,
  style: Terminal["style"],
): string[] {
  if (additions.length === 0 && contradictions.length === 0) return ["  the schema of the spec matches"];
  const names = additions.slice(0, 5).map(({ path }) => path);
  const more = additions.length > names.length ? ", …" : "";
  return [
    ...(additions.length > 0
      ? [`  ${count(additions.length, "field")} to add to the schema: ${names.join(", ")}${more}`]
      : []),
    ...(contradictions.length > 0
      ? [
          `  ${style("yellow", `${count(contradictions.length, "contradiction")} of the schema; it stays as it is`)}`,
        ]
      : []),
  ];
}

interface Outcome {
  readonly path: string;
  readonly results: readonly Inference[];
  readonly edits: readonly SpecEdit[];
  readonly before: string;
  readonly after: string;
}

async function conclude(terminal: Terminal, outcome: Outcome, flags: InferFlags): Promise<number> {
  const { path, results, edits, before, after } = outcome;
  let hasProblem = results.some(({ problem }) => problem !== undefined);
  let isWritten = false;
  if (edits.length === 0) terminal.info("Nothing to write.");
  else if (flags.dryRun || path === "-") {
    if (!terminal.isJson)
      terminal.print(
        `${shortDiff(path, { before, after }, { labels: ["now", "inferred"], longest: Infinity })}\n`,
      );
    terminal.info("Nothing was written.");
  } else {
    isWritten = await saveSpec(terminal, path, { before, after, command: "infer" });
    hasProblem ||= !isWritten;
    if (isWritten) terminal.info(`Wrote ${path}. Next:\n  ${toCommand("generate", path)}`);
  }
  if (terminal.isJson)
    terminal.print(
      `${JSON.stringify({ ok: !hasProblem, spec: path, written: isWritten, resources: results.map(toJson) }, null, 2)}\n`,
    );
  return hasProblem ? 1 : 0;
}

function toJson({ name, sample, inferred, comparison, problem }: Inference): object {
  const { records, pages, isCut, request } = sample;
  return {
    name,
    ...(request && { request }),
    records: records.length,
    pages,
    isComplete: !isCut && sample.problem === undefined,
    ...(inferred && { schema: inferred.schema, fields: inferred.fields, notes: inferred.notes }),
    ...(comparison && {
      additions: comparison.additions.map(({ path }) => path),
      contradictions: comparison.contradictions,
    }),
    ...((problem ?? sample.problem) !== undefined && { problem: problem ?? sample.problem }),
  };
}

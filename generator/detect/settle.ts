import { isError } from "../diagnostics.js";
import { loadSpec } from "../spec/load/load.js";
import { parseSpec, type ParseOptions } from "../spec/parse.js";
import type { ResourceReport } from "./detect-resource.js";
import { editSpec, editValue, type SpecEdit, type SpecText } from "./edit.js";
import { undecided, type Finding } from "./finding.js";

/** A spec file and how it is read. */
export interface Target {
  readonly file: string;
  readonly spec: SpecText;
  readonly parse: ParseOptions;
}

/** What is proposed, and the text of the spec with it. */
export interface Settled {
  readonly reports: readonly ResourceReport[];
  readonly edits: readonly SpecEdit[];
  /** Absent when the layout of the spec leaves no place for the edits. */
  readonly text?: string;
  /** Why there is none. */
  readonly obstacle?: string;
}

/**
 * Puts the findings into the spec's text, and takes back those with which it would not be valid: a key that its schema does
 * not know, say.
 */
export async function settle(target: Target, reports: readonly ResourceReport[]): Promise<Settled> {
  const edits = editsOf(reports);
  if (edits.length === 0) return { reports, edits, text: target.spec.text };
  try {
    const text = await tryEdits(target, edits);
    if (typeof text === "string") return { reports, edits, text };
    return await settleOneByOne(target, reports, edits);
  } catch (error) {
    return { reports, edits, obstacle: error instanceof Error ? error.message : String(error) };
  }
}

function editsOf(reports: readonly ResourceReport[]): readonly SpecEdit[] {
  return reports.flatMap(({ index, findings }) =>
    findings.flatMap(({ key, value }) => (value === undefined ? [] : [{ index, key, value }])),
  );
}

/** The text with the edits, or what makes it invalid. */
async function tryEdits(
  { file, spec, parse }: Target,
  edits: readonly SpecEdit[],
): Promise<string | { readonly problem: string }> {
  const text = await editSpec(spec, edits);
  const document = await loadSpec(file, text);
  if (
    JSON.stringify(document.value) !== JSON.stringify(reordered(document.value, editValue(spec.value, edits)))
  )
    throw new Error("the edits would change more than they should");
  const error = parseSpec(document, parse).diagnostics.find(isError);
  return error ? { problem: error.message } : text;
}

/** A value with its keys in the order of another: where a new key stands in an object does not matter. */
function reordered(like: unknown, value: unknown): unknown {
  if (Array.isArray(like) && Array.isArray(value))
    return value.map((item: unknown, at) => reordered((like as readonly unknown[])[at], item));
  if (!isPlain(like) || !isPlain(value)) return value;
  const names = [...new Set([...Object.keys(like), ...Object.keys(value)])].filter((name) => name in value);
  return Object.fromEntries(names.map((name) => [name, reordered(like[name], value[name])]));
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function settleOneByOne(
  target: Target,
  reports: readonly ResourceReport[],
  edits: readonly SpecEdit[],
): Promise<Settled> {
  const kept: SpecEdit[] = [];
  const refused = new Map<string, string>();
  let text = target.spec.text;
  for (const edit of edits) {
    const result = await tryEdits(target, [...kept, edit]);
    if (typeof result !== "string") {
      refused.set(idOf(edit), result.problem);
      continue;
    }
    kept.push(edit);
    text = result;
  }
  const settled = reports.map((report) => {
    const findings = report.findings.map((finding): Finding => {
      const problem = refused.get(idOf({ index: report.index, key: finding.key }));
      if (problem === undefined || finding.value === undefined) return finding;
      const alternative = { value: finding.value, reason: finding.reasons.join("; ") };
      return undecided(finding.key, [`the spec would not be valid with it: ${problem}`], [alternative]);
    });
    return { ...report, findings };
  });
  return { reports: settled, edits: kept, text };
}

function idOf({ index, key }: Pick<SpecEdit, "index" | "key">): string {
  return `${index} ${key}`;
}

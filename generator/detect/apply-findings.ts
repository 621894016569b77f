import { isError } from "../diagnostics.js";
import { loadSpec } from "../spec/load/load.js";
import { parseSpec, type ParseOptions } from "../spec/parse.js";
import { isObject } from "../spec/values.js";
import { messageOf } from "../spec/wording.js";
import type { ResourceReport } from "./detect-resource.js";
import { editSpec, editValue, type SpecEdit, type SpecText } from "./edit.js";
import { undecided, type Finding } from "./finding.js";
import { sharePaginator } from "./share-paginator.js";

/** A spec file and the options to parse it. */
export interface Target {
  readonly file: string;
  readonly spec: SpecText;
  readonly parse: ParseOptions;
}

/** The findings and the text of the spec with them. */
export interface AppliedFindings {
  readonly reports: readonly ResourceReport[];
  readonly edits: readonly SpecEdit[];
  /** Edited text of the spec; absent if the layout does not allow the edits. */
  readonly text?: string;
  /** Why there is no edited text. */
  readonly obstacle?: string;
}

/**
 * Applies the findings to the text of the spec. Withdraws findings that would make the spec invalid, such as a key that
 * its schema does not have.
 */
export async function applyFindings(
  target: Target,
  reports: readonly ResourceReport[],
): Promise<AppliedFindings> {
  const edits = sharePaginator(target.spec.value, editsOf(reports));
  if (edits.length === 0) return { reports, edits, text: target.spec.text };
  try {
    const text = await tryEdits(target, edits);
    if (typeof text === "string") return { reports, edits, text };
    return await applyOneByOne(target, reports, editsOf(reports));
  } catch (error) {
    return { reports, edits, obstacle: messageOf(error) };
  }
}

function editsOf(reports: readonly ResourceReport[]): readonly SpecEdit[] {
  return reports.flatMap(({ index, findings }) =>
    findings.flatMap(({ key, value }) => (value === undefined ? [] : [{ index, key, value }])),
  );
}

/** Returns the text of the spec with the edits, or why it would be invalid. Throws if the layout does not allow an edit. */
export async function tryEdits(
  { file, spec, parse }: Target,
  edits: readonly SpecEdit[],
): Promise<string | { readonly problem: string }> {
  const text = await editSpec(spec, edits);
  const document = await loadSpec(file, text);
  if (
    JSON.stringify(document.value) !== JSON.stringify(reordered(document.value, editValue(spec.value, edits)))
  )
    throw new Error("the edits would change other values");
  const error = parseSpec(document, parse).diagnostics.find(isError);
  return error ? { problem: error.message } : text;
}

/** Sorts the keys of a value like those of another, because the position of a new key in an object does not matter. */
function reordered(like: unknown, value: unknown): unknown {
  if (Array.isArray(like) && Array.isArray(value))
    return value.map((item: unknown, index) => reordered((like as readonly unknown[])[index], item));
  if (!isObject(like) || !isObject(value)) return value;
  const names = [...new Set([...Object.keys(like), ...Object.keys(value)])].filter((name) => name in value);
  return Object.fromEntries(names.map((name) => [name, reordered(like[name], value[name])]));
}

async function applyOneByOne(
  target: Target,
  reports: readonly ResourceReport[],
  edits: readonly SpecEdit[],
): Promise<AppliedFindings> {
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
  const checked = reports.map((report) => {
    const findings = report.findings.map((finding): Finding => {
      const problem = refused.get(idOf({ index: report.index, key: finding.key }));
      if (problem === undefined || finding.value === undefined) return finding;
      const alternative = { value: finding.value, reason: finding.reasons.join("; ") };
      return undecided(finding.key, [`the value would make the spec invalid: ${problem}`], [alternative]);
    });
    return { ...report, findings };
  });
  return { reports: checked, edits: kept, text };
}

function idOf({ index, key }: Pick<SpecEdit, "index" | "key">): string {
  return `${index} ${key}`;
}

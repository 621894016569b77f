import { printableReport } from "../diagnostics.js";
import type { ResourceReport } from "./detect-resource.js";
import { count, findingKeys, type Finding } from "./finding.js";
import { printJson } from "../spec/print-json.js";

/** Styles a part of the report. */
export type Style = (format: "bold" | "dim" | "green" | "red" | "yellow", text: string) => string;

/** Width of the labels, without the longest one, which is rare. */
const width = Math.max(
  ...findingKeys.filter((key) => key !== "include_from_parent").map((key) => key.length),
);

const indent = " ".repeat(2 + width + 2);

/** Formats the findings for all resources as text. */
export function formatReport(reports: readonly ResourceReport[], style: Style): string {
  return reports.map((report) => printableReport(formatResource(report, style))).join("");
}

function formatResource({ name, request, findings, problem }: ResourceReport, style: Style): string {
  const title = style("bold", name);
  if (problem !== undefined) {
    const [first = "", ...hints] = problem.split("\n");
    return [`${title}  ${style("red", first)}`, ...hints.map((hint) => `  ${hint}`), ""].join("\n");
  }
  if (!request) return `${title}  ${style("dim", "nothing to detect")}\n`;
  const { method, url, status, records } = request;
  const outcome = `${status === undefined ? "" : `${status}, `}${count(records, "record")}`;
  return [
    `${title}  ${method} ${url}  ${outcome}`,
    ...findings.flatMap((each) => formatFinding(each, style)),
    "",
  ].join("\n");
}

function formatFinding(
  { key, value, confidence, reasons, alternatives }: Finding,
  style: Style,
): readonly string[] {
  const label = `  ${`${key}  `.padEnd(indent.length - 2)}`;
  const why = `${indent}${style("dim", reasons.join("; "))}`;
  if (value !== undefined) {
    const mark = confidence === "likely" ? style("yellow", "  likely") : "";
    return [`${label}${style("green", printJson(value))}${mark}`, why];
  }
  const choices = alternatives.map(
    (each) => `${indent}possibly ${printJson(each.value)}: ${style("dim", each.reason)}`,
  );
  return [`${label}${style("yellow", "undecided")}`, why, ...choices];
}

import type { JsonValue } from "@connector-gen/runtime";

import type { ResourceReport } from "./detect-resource.js";
import { findingKeys, type Finding } from "./finding.js";
import { count } from "./words.js";

/** How parts of the report are set off. */
export type Style = (format: "bold" | "dim" | "green" | "red" | "yellow", text: string) => string;

const INDENT = " ".repeat(2 + Math.max(...findingKeys.map((key) => key.length)) + 2);

/** What was found out about the resources, as text for people. */
export function formatReport(reports: readonly ResourceReport[], style: Style): string {
  return reports.map((report) => printable(formatResource(report, style))).join("");
}

function formatResource({ name, request, findings, problem }: ResourceReport, style: Style): string {
  const title = style("bold", name);
  if (problem !== undefined) {
    const [first = "", ...hints] = problem.split("\n");
    return [`${title}  ${style("red", first)}`, ...hints.map((hint) => `  ${hint}`), ""].join("\n");
  }
  if (!request) return `${title}  ${style("dim", "nothing is left open")}\n`;
  const { method, url, status, records } = request;
  const answer = `${status === undefined ? "" : `${status}, `}${count(records, "record")}`;
  return [
    `${title}  ${method} ${url}  ${answer}`,
    ...findings.flatMap((each) => formatFinding(each, style)),
    "",
  ].join("\n");
}

function formatFinding(
  { key, value, confidence, reasons, alternatives }: Finding,
  style: Style,
): readonly string[] {
  const label = `  ${key.padEnd(INDENT.length - 2)}`;
  const why = `${INDENT}${style("dim", reasons.join("; "))}`;
  if (value !== undefined) {
    const mark = confidence === "likely" ? style("yellow", "  likely") : "";
    return [`${label}${style("green", printValue(value))}${mark}`, why];
  }
  const perhaps = alternatives.map(
    (each) => `${INDENT}perhaps ${printValue(each.value)}: ${style("dim", each.reason)}`,
  );
  return [`${label}${style("yellow", "not decided")}`, why, ...perhaps];
}

/** A value as it goes into the spec, on one line. */
function printValue(value: JsonValue): string {
  if (Array.isArray(value)) return `[${(value as readonly JsonValue[]).map(printValue).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const rows = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${printValue(item)}`);
  return `{ ${rows.join(", ")} }`;
}

/** Names of a response must not steer the terminal; colours are ours. */
function printable(text: string): string {
  return text.replaceAll(/(?!\n|\u001b\[\d+m)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, "\ufffd");
}

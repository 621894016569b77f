import { writeFileSync } from "node:fs";
import type { Vector } from "./vector.js";

/** The result for one vector. Without problems, it passed. */
export interface Result {
  readonly vector: Vector;
  readonly problems: readonly string[];
  /** Why the config was rejected, if it was. */
  readonly rejection: readonly string[];
}

/** How many vectors passed, by group. */
export function formatTable(results: readonly Result[]): string {
  const groups = [...new Set(results.map(({ vector }) => vector.group))];
  const rows = groups.map((group) =>
    toRow(
      group,
      results.filter(({ vector }) => vector.group === group),
    ),
  );
  return [...rows, toRow("all", results)].join("\n");
}

function toRow(name: string, results: readonly Result[]): string {
  const passed = results.filter(({ problems }) => problems.length === 0).length;
  return `${passed === results.length ? "✓" : "✗"} ${name.padEnd(26)} ${passed}/${results.length}`;
}

/** Writes the table, one line per failure, and the reasons for rejected configs, to check that each names the mistake. */
export function writeReport(file: string, results: readonly Result[]): void {
  const failures = results.flatMap(({ vector, problems }) => toLine(vector, problems));
  const rejections = results.flatMap(({ vector, problems, rejection }) =>
    problems.length === 0 ? toLine(vector, rejection) : [],
  );
  const sections = [
    formatTable(results),
    failures.join("\n"),
    `Rejected, as expected:\n${rejections.join("\n")}`,
  ];
  writeFileSync(file, `${sections.join("\n\n")}\n`);
}

function toLine({ id, about }: Vector, reasons: readonly string[]): readonly string[] {
  return reasons.length > 0 ? [`${id}: ${reasons.join(" | ").replaceAll("\n", " ")} (${about})`] : [];
}

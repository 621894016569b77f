import { arch, availableParallelism, cpus, platform } from "node:os";
import { plain } from "./units.js";

/** A benchmark that can be run by itself. */
export interface Part {
  readonly name: string;
  readonly run: (context: Context) => Promise<readonly Section[]>;
}

/** The input of a part. */
export interface Context {
  /** The part's own folder inside the repository, from where `@connector-gen/runtime` resolves. */
  readonly scratch: string;
  readonly progress: (text: string) => void;
  /** A Python interpreter with dlt and the Airbyte CDK. If it is absent, they are left out. */
  readonly python?: string;
}

/** A table. Its rows hold raw figures, and its columns define how to print them. */
export interface Section {
  readonly title: string;
  /** How it was measured, one line each. */
  readonly notes: readonly string[];
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly targets: readonly Target[];
}

/** A column of a table. The first column is aligned left, the others right. */
export interface Column {
  readonly key: string;
  readonly head: string;
  readonly print?: (value: number) => string;
}

/** The cells of a row by column; `undefined` is an empty cell. */
export type Row = Readonly<Record<string, string | number | undefined>>;

/** The required limit of a ratio. */
export interface Target {
  readonly what: string;
  readonly value: number;
  readonly limit: number;
  readonly must: "at least" | "at most";
  readonly print?: (value: number) => string;
}

/** Whether a ratio meets its target. */
export function isMet({ value, limit, must }: Target): boolean {
  return must === "at least" ? value >= limit : value <= limit;
}

/** Describes the machine in one line. */
export function describeMachine(): string {
  const model = cpus()[0]?.model ?? "unknown processor";
  return `connector-gen bench · node ${process.version} · ${platform()} ${arch()} · ${availableParallelism()} × ${model}`;
}

/** Formats a section as text: title, notes, table, targets. */
export function printSection({ title, notes, columns, rows, targets }: Section): string {
  const cells = rows.map((row) => columns.map((column) => printCell(column, row[column.key])));
  const lines = [columns.map(({ head }) => head), ...cells];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  const [head, ...body] = lines.map((line) => printLine(line, widths));
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  const table = [head, rule, ...body].map((line) => `  ${line ?? ""}`);
  return [title, ...notes.map((note) => `  ${note}`), "", ...table, ...printTargets(targets)].join("\n");
}

/** Formats all figures as JSON. */
export function toJson(parts: Readonly<Record<string, readonly Section[]>>, seconds: number): string {
  return JSON.stringify({ machine: describeMachine(), seconds, parts: figuresOf(parts) }, null, 2);
}

/** Returns the figures of all parts, without layout. */
export function figuresOf(parts: Readonly<Record<string, readonly Section[]>>): object {
  return Object.fromEntries(Object.entries(parts).map(([name, sections]) => [name, sections.map(toFigures)]));
}

function toFigures({ title, rows, targets }: Section): object {
  const ratios = targets.map((target) => {
    const { what, value, must, limit } = target;
    return { what, value, must, limit, isMet: isMet(target) };
  });
  return { title, rows, targets: ratios };
}

function printCell({ print = plain }: Column, value: string | number | undefined): string {
  return typeof value === "number" ? print(value) : (value ?? "");
}

function printLine(cells: readonly string[], widths: readonly number[]): string {
  const padded = cells.map((cell, index) =>
    index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0),
  );
  return padded.join("  ").trimEnd();
}

function printTargets(targets: readonly Target[]): readonly string[] {
  if (targets.length === 0) return [];
  const lines = targets.map((target) => {
    const { what, value, limit, must, print = plain } = target;
    return `  ${isMet(target) ? "✓" : "✗"} ${what}: ${print(value)}, ${must} ${print(limit)}`;
  });
  return ["", ...lines];
}

import type { JsonValue } from "@connector-gen/runtime";

import type { Diagnostic } from "../../diagnostics.js";
import { createLineIndex } from "../../diagnostics.js";

/** The way from the root of a spec to one of its values. */
export type Path = readonly (string | number)[];

/** A piece of a source text, in UTF-16 units. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** A value of a spec as it stands in the text. */
export interface SpecNode {
  readonly value: Span;
  /** Where its name stands; absent for list items and the root. */
  readonly key?: Span;
  /** By name, or by index. */
  readonly children?: ReadonlyMap<string | number, SpecNode>;
}

/** A problem before its place is known as line and column. */
export interface Problem {
  /** Left out: an error. */
  readonly severity?: "warning";
  readonly code: string;
  readonly message: string;
  readonly path: Path;
  /** What to point at. Left out: the value. */
  readonly at?: "key" | "value";
  /** A spot inside the text that stands at the path. */
  readonly text?: Span;
  /** The key that is missed; nothing is said when a misspelt key was meant for it. */
  readonly missing?: string;
  /** The key that an unknown one was likely meant for. */
  readonly meant?: string;
}

/** Takes a problem down; the reader goes on. */
export type Report = (problem: Problem) => void;

/** A spec's text with its value and the places of everything in it. */
export interface SpecDocument {
  readonly file: string;
  /** Without byte order mark. */
  readonly text: string;
  /** Plain data, with `__proto__` as an ordinary key; absent after a syntax error. */
  readonly value?: JsonValue;
  /** What is wrong with the text itself. */
  readonly diagnostics: readonly Diagnostic[];
  /** Where a value or its key stands; what is missing is placed at the nearest value around it. */
  locate(path: Path, part?: "key" | "value"): Span;
  /** Turns a problem into a diagnostic with its line and column. */
  diagnose(problem: Problem): Diagnostic;
}

/** What a format's reader finds in a text. */
export interface Loaded {
  readonly value?: JsonValue;
  readonly root?: SpecNode;
  readonly problems: readonly LoadProblem[];
}

/** A problem of the text itself, placed by offset. */
export interface LoadProblem extends Span {
  readonly code: string;
  readonly message: string;
}

/** The text that a document is made from. */
export interface SpecText {
  readonly file: string;
  readonly text: string;
  readonly format: "json" | "yaml";
}

/** Joins a text and what its reader found. */
export function createDocument(source: SpecText, loaded: Loaded): SpecDocument {
  const { file, text, format } = source;
  const root: SpecNode = loaded.root ?? { value: { offset: 0, length: 0 } };
  const lines = createLineIndex(text);
  const at = (span: Span, problem: Pick<Problem, "severity" | "code" | "message">): Diagnostic => {
    const start = lines.at(span.offset);
    const end = lines.at(span.offset + span.length);
    const { severity = "error", code, message } = problem;
    return { severity, code, message, file, ...start, endLine: end.line, endColumn: end.column };
  };
  const locate = (path: Path, part: "key" | "value" = "value"): Span => locateNode(root, path, part);
  return {
    file,
    text,
    ...(loaded.value !== undefined && { value: loaded.value }),
    diagnostics: loaded.problems.map((problem) => at(problem, problem)),
    locate,
    diagnose: (problem) => {
      const span = locate(problem.path, problem.at);
      return at(problem.text ? spotIn(text, format, { whole: span, spot: problem.text }) : span, problem);
    },
  };
}

function locateNode(root: SpecNode, path: Path, part: "key" | "value"): Span {
  let node = root;
  for (const step of path) {
    const child = node.children?.get(step);
    // What is missing is pointed out at what should hold it: its key, not its many lines.
    if (!child) return node.children ? keyOf(node) : node.value;
    node = child;
  }
  return part === "key" ? keyOf(node) : node.value;
}

/** The key of a node; a list item or the root has none, so its first character stands for it. */
function keyOf(node: SpecNode): Span {
  return node.key ?? (node.children ? { offset: node.value.offset, length: 1 } : node.value);
}

/** Finds a spot of a decoded text in its source, through quotes and escapes; the whole, where that is not clear. */
function spotIn(text: string, format: "json" | "yaml", place: { whole: Span; spot: Span }): Span {
  const { whole, spot } = place;
  const source = text.slice(whole.offset, whole.offset + whole.length);
  const quoted = source.startsWith('"') || source.startsWith("'");
  if (format === "yaml" && /[\\\n\r]|''|^[|>]/.test(source)) return whole;
  const from = sourceOffset(source, quoted ? 1 : 0, spot.offset);
  const to = sourceOffset(source, quoted ? 1 : 0, spot.offset + spot.length);
  const offset = Math.min(from, Math.max(0, source.length - 1));
  return { offset: whole.offset + offset, length: Math.max(1, Math.min(to, source.length) - offset) };
}

function sourceOffset(source: string, start: number, units: number): number {
  let at = start;
  for (let unit = 0; unit < units && at < source.length; unit += 1) {
    if (source[at] !== "\\") at += 1;
    else at += source[at + 1] === "u" ? 6 : 2;
  }
  return at;
}

import type { JsonValue } from "@connector-gen/runtime";
import { createLineIndex, type Diagnostic } from "../../diagnostics.js";
import { once } from "../values.js";

/** The keys and indexes that lead from the root of a spec to one of its values. */
export type Path = readonly (string | number)[];

/** A range of a source text, in UTF-16 code units. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** The source position of a value and of everything inside it. */
export interface SpecNode {
  readonly value: Span;
  /** The span of its key; absent for list items and the root. */
  readonly key?: Span;
  /** Nodes of the properties by name, or of the items by index. */
  readonly children?: ReadonlyMap<string | number, SpecNode>;
}

/** A problem located by its path; `SpecDocument.diagnose` adds line and column. */
export interface Problem {
  /** Default: an error. */
  readonly severity?: "warning";
  readonly code: string;
  readonly message: string;
  readonly path: Path;
  /** The part of the entry at which the diagnostic points. Default: the value. */
  readonly at?: "key" | "value";
  /** A range within the string at the path. */
  readonly text?: Span;
  /** The missing key. The problem is dropped when a misspelt key is probably meant for it. */
  readonly missing?: string;
  /** The key that an unknown key is probably meant to be. */
  readonly meant?: string;
}

/** Records a problem; reading continues. */
export type Report = (problem: Problem) => void;

/** The text of a spec, its value, and the source positions of everything in it. */
export interface SpecDocument {
  readonly file: string;
  /** Without a byte order mark. */
  readonly text: string;
  readonly format: SpecSource["format"];
  /** Plain data, with `__proto__` as an ordinary key; absent after a syntax error. */
  readonly value?: JsonValue;
  /** Problems of the text itself: syntax, size, duplicate keys. */
  readonly diagnostics: readonly Diagnostic[];
  /** Returns the span of a value or its key; for a missing value, that of the nearest enclosing one. */
  locate(path: Path, part?: "key" | "value"): Span;
  /** Turns a problem into a diagnostic with its line and column. */
  diagnose(problem: Problem): Diagnostic;
}

/** The result of a JSON or YAML reader. */
export interface Loaded {
  readonly value?: JsonValue;
  /** The positions of all values; found when a problem needs one. */
  readonly root?: () => SpecNode;
  readonly problems: readonly LoadProblem[];
}

/** A problem of the text itself, located by offset. */
export interface LoadProblem extends Span {
  readonly code: string;
  readonly message: string;
}

/** The source of a document. */
export interface SpecSource {
  readonly file: string;
  readonly text: string;
  readonly format: "json" | "yaml";
}

/** Creates a document from its source and the result of its reader. */
export function createDocument(source: SpecSource, loaded: Loaded): SpecDocument {
  const { file, text, format } = source;
  const root = once((): SpecNode => loaded.root?.() ?? { value: { offset: 0, length: 0 } });
  const linesOf = once(() => createLineIndex(text));
  const diagnosticAt = (span: Span, problem: Pick<Problem, "severity" | "code" | "message">): Diagnostic => {
    const lines = linesOf();
    const start = lines.at(span.offset);
    const end = lines.at(span.offset + span.length);
    const { severity = "error", code, message } = problem;
    return { severity, code, message, file, ...start, endLine: end.line, endColumn: end.column };
  };
  const locate = (path: Path, part: "key" | "value" = "value"): Span => locateNode(root(), path, part);
  return {
    file,
    text,
    format,
    ...(loaded.value !== undefined && { value: loaded.value }),
    diagnostics: loaded.problems.map((problem) => diagnosticAt(problem, problem)),
    locate,
    diagnose: (problem) => {
      const span = locate(problem.path, problem.at);
      const range = problem.text ? rangeIn(text, format, { whole: span, range: problem.text }) : span;
      return diagnosticAt(range, problem);
    },
  };
}

function locateNode(root: SpecNode, path: Path, part: "key" | "value"): Span {
  let node = root;
  for (const step of path) {
    const child = node.children?.get(step);
    // Point at the key of the enclosing value, because the value itself may span many lines.
    if (!child) return node.children ? keyOf(node) : node.value;
    node = child;
  }
  return part === "key" ? keyOf(node) : node.value;
}

/** Returns the span of a node's key. List items and the root have no key; their first character represents them. */
function keyOf(node: SpecNode): Span {
  return node.key ?? (node.children ? { offset: node.value.offset, length: 1 } : node.value);
}

/** Maps a range of a decoded string to the source, across quotes and escapes; falls back to the whole string. */
function rangeIn(
  text: string,
  format: "json" | "yaml",
  { whole, range }: { whole: Span; range: Span },
): Span {
  const source = text.slice(whole.offset, whole.offset + whole.length);
  const quoted = source.startsWith('"') || source.startsWith("'");
  if (format === "yaml" && /[\\\n\r]|''|^[|>]/.test(source)) return whole;
  const from = sourceOffset(source, quoted ? 1 : 0, range.offset);
  const to = sourceOffset(source, quoted ? 1 : 0, range.offset + range.length);
  const offset = Math.min(from, Math.max(0, source.length - 1));
  return { offset: whole.offset + offset, length: Math.max(1, Math.min(to, source.length) - offset) };
}

function sourceOffset(source: string, start: number, units: number): number {
  let offset = start;
  for (let unit = 0; unit < units && offset < source.length; unit += 1) {
    if (source[offset] !== "\\") offset += 1;
    else offset += source[offset + 1] === "u" ? 6 : 2;
  }
  return offset;
}

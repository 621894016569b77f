import { styleText } from "node:util";

import { codeFrameColumns } from "@babel/code-frame";

/** A problem in a spec: where it is, what it is, and how to mend it. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  /** kebab-case, stable: `unknown-key`. */
  readonly code: string;
  /** One sentence that names the thing, the valid choices and, where there is one, the likely meaning. */
  readonly message: string;
  /** As the user gave it; `<stdin>` for standard input. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
  /** 1-based end of the offending text, exclusive. */
  readonly endLine: number;
  readonly endColumn: number;
}

/** How diagnostics are printed. */
export interface FormatOptions {
  /** Colours and highlighting; off unless asked for. */
  readonly color?: boolean;
}

/** Lines around the place that a frame shows. */
const CONTEXT = 2;
/** Longer lines (a spec on one line) are cut to a window around the place. */
const WINDOW = 120;
const LINE_END = /\r\n|\n|\r/g;

/**
 * Prints a diagnostic as `file:line:column error code: message` with a code frame below.
 *
 * `sourceText` is what frames may show: pass the parser's `frameText`, in which literal secrets are masked.
 */
export function formatDiagnostic(
  diagnostic: Diagnostic,
  sourceText: string,
  options: FormatOptions = {},
): string {
  const { color = false } = options;
  const { file, line, column, severity, code, message } = diagnostic;
  const place = paint(`${printable(file)}:${line}:${column}`, "cyan", color);
  const what = paint(`${severity} ${code}:`, severity === "error" ? "red" : "yellow", color);
  const frame = formatFrame(diagnostic, sourceText, color);
  return `${place} ${what} ${printable(message)}\n${frame && `${frame}\n`}`;
}

/** Counts diagnostics in words: `2 errors, 1 warning`; empty when there are none. */
export function summarizeDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(isError).length;
  return [count(errors, "error"), count(diagnostics.length - errors, "warning")].filter(Boolean).join(", ");
}

/** Whether a diagnostic forbids output. */
export function isError(diagnostic: Diagnostic): boolean {
  return diagnostic.severity === "error";
}

/** Turns offsets of a text into lines and columns, 1-based. */
export interface LineIndex {
  at(offset: number): { readonly line: number; readonly column: number };
}

/** Prepares the line index of a text; lines end as editors see them: `\n`, `\r\n` or `\r`. */
export function createLineIndex(text: string): LineIndex {
  const starts = [0, ...Array.from(text.matchAll(LINE_END), (end) => end.index + end[0].length)];
  return {
    at: (offset) => {
      const line = lastAtMost(starts, offset);
      return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
    },
  };
}

function lastAtMost(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((sorted[middle] ?? 0) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}

function formatFrame(diagnostic: Diagnostic, sourceText: string, color: boolean): string {
  const { line, column, endLine, endColumn } = diagnostic;
  const first = Math.max(1, line - CONTEXT);
  const lines = linesOf(sourceText, first, line + CONTEXT);
  const own = lines[line - first];
  if (own === undefined) return "";
  const cut = own.length > WINDOW ? Math.max(0, column - WINDOW / 2) : 0;
  // Only the first line of a longer place is marked: a wrong object of 200 lines need not be shown whole.
  const end = endLine === line ? endColumn : own.length + 1;
  const loc = {
    start: { line, column: column - cut },
    end: { line, column: Math.max(column + 1, Math.min(end, cut + WINDOW + 1)) - cut },
  };
  const excerpt = lines.map((text) => printable(text.slice(cut, cut + WINDOW))).join("\n");
  // `startLine` is younger than the types of the package.
  const options = { startLine: first, highlightCode: color, forceColor: color };
  const frame = codeFrameColumns(excerpt, loc, options);
  return frame.replaceAll(/[ \t]+$/gm, "");
}

/** The lines `first` to `last` (1-based), without reading further. */
function linesOf(text: string, first: number, last: number): string[] {
  const lines: string[] = [];
  const body = text.startsWith("\ufeff") ? text.slice(1) : text;
  let start = 0;
  let number = 1;
  for (const end of body.matchAll(LINE_END)) {
    if (number >= first) lines.push(body.slice(start, end.index));
    start = end.index + end[0].length;
    number += 1;
    if (number > last) return lines;
  }
  lines.push(body.slice(start));
  return lines;
}

/** A spec may come from anywhere: its text must not steer the terminal. Keeps the length. */
function printable(text: string): string {
  return text.replaceAll(/(?!\t)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, "\ufffd");
}

function paint(text: string, style: "cyan" | "red" | "yellow", color: boolean): string {
  return color ? styleText(style, text, { validateStream: false }) : text;
}

function count(number: number, word: string): string {
  return number === 0 ? "" : `${number} ${word}${number === 1 ? "" : "s"}`;
}

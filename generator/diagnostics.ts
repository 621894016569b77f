import { styleText } from "node:util";
import { codeFrameColumns } from "@babel/code-frame";

/** A problem in a spec: where it is, why it is a problem, and how to fix it. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  /** Stable code in kebab-case, such as `unknown-key`. */
  readonly code: string;
  /** One sentence that names the problem, the valid choices and, if one is close, the likely choice. */
  readonly message: string;
  /** File name as the user gave it; `<stdin>` for standard input. */
  readonly file: string;
  /** Line number, from 1. */
  readonly line: number;
  /** Column number, from 1, in UTF-16 code units. */
  readonly column: number;
  /** Line of the end of the invalid text, from 1. */
  readonly endLine: number;
  /** Column after the invalid text, from 1. */
  readonly endColumn: number;
}

/** Options of `formatDiagnostic`. */
export interface FormatOptions {
  /** Colours and syntax highlighting. Default: false. */
  readonly color?: boolean;
}

/** Lines that a code frame shows before and after the invalid text. */
const contextLines = 2;
/** Maximum length of a line, in characters. Longer lines, such as a spec on one line, are cut around the invalid text. */
const maxLineLength = 120;
const lineEnd = /\r\n|\n|\r/g;

/**
 * Formats a diagnostic as `file:line:column error code: message` with a code frame below.
 *
 * The frame shows `sourceText`: pass the parser's `frameText`, in which literal secrets are masked.
 */
export function formatDiagnostic(
  diagnostic: Diagnostic,
  sourceText: string,
  options: FormatOptions = {},
): string {
  const { color = false } = options;
  const { file, line, column, severity, code, message } = diagnostic;
  const position = paint(`${printable(file)}:${line}:${column}`, "cyan", color);
  const label = paint(`${severity} ${code}:`, severity === "error" ? "red" : "yellow", color);
  const frame = formatFrame(diagnostic, sourceText, color);
  return `${position} ${label} ${printable(message)}\n${frame && `${frame}\n`}`;
}

/** Counts diagnostics: `2 errors, 1 warning`. Returns an empty string if there are none. */
export function summarizeDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(isError).length;
  return [count(errors, "error"), count(diagnostics.length - errors, "warning")].filter(Boolean).join(", ");
}

/** Whether a diagnostic is an error, which prevents all output. */
export function isError(diagnostic: Diagnostic): boolean {
  return diagnostic.severity === "error";
}

/** Maximum number of diagnostics for one spec. More would only fill the terminal. */
const maxDiagnostics = 200;

/**
 * Sorts diagnostics by position and keeps the first 200, errors before warnings. A further one says how many are missing.
 */
export function limitDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const sorted = [...diagnostics].sort((a, b) => a.line - b.line || a.column - b.column);
  if (sorted.length <= maxDiagnostics) return sorted;
  const ranked = [...sorted.filter(isError), ...sorted.filter((each) => !isError(each))];
  const shown = new Set(ranked.slice(0, maxDiagnostics));
  const [first, ...others] = ranked.slice(maxDiagnostics);
  if (!first) return sorted;
  const message = `${others.length + 1} more problems are not shown: the limit is ${maxDiagnostics} per spec`;
  return [...sorted.filter((each) => shown.has(each)), { ...first, code: "too-many-problems", message }];
}

/** Converts offsets in a text to lines and columns, both from 1. */
export interface LineIndex {
  at(offset: number): { readonly line: number; readonly column: number };
}

/** Creates the line index of a text. Lines end with `\n`, `\r\n` or `\r`. */
export function createLineIndex(text: string): LineIndex {
  const starts = [0, ...Array.from(text.matchAll(lineEnd), (end) => end.index + end[0].length)];
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
  const first = Math.max(1, line - contextLines);
  const lines = linesOf(sourceText, first, line + contextLines);
  const own = lines[line - first];
  if (own === undefined) return "";
  const cut = own.length > maxLineLength ? Math.max(0, column - maxLineLength / 2) : 0;
  // Mark only the first line, because an invalid object may span 200 lines.
  const end = endLine === line ? endColumn : own.length + 1;
  const loc = {
    start: { line, column: column - cut },
    end: { line, column: Math.max(column + 1, Math.min(end, cut + maxLineLength + 1)) - cut },
  };
  const excerpt = lines.map((text) => printable(text.slice(cut, cut + maxLineLength))).join("\n");
  // A variable avoids the excess property check: the package's types lack `startLine`.
  const options = { startLine: first, highlightCode: color, forceColor: color };
  const frame = codeFrameColumns(excerpt, loc, options);
  return frame.replaceAll(/[ \t]+$/gm, "");
}

/** The lines of the text that was shown last. So a text with many problems is split only once. */
let split: { readonly text: string; readonly lines: readonly string[] } = { text: "", lines: [""] };

/** Returns the lines `first` to `last`, from 1. */
function linesOf(text: string, first: number, last: number): string[] {
  if (split.text !== text) {
    const body = text.startsWith("\ufeff") ? text.slice(1) : text;
    split = { text, lines: body.split(lineEnd) };
  }
  return split.lines.slice(first - 1, last);
}

/** Replaces control characters, because text of a spec or a file name must not control the terminal. Keeps the length. */
export function printable(text: string): string {
  return text.replaceAll(/(?!\t)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, "\ufffd");
}

/** Replaces control characters, too, but keeps line breaks and colours. */
export function printableReport(text: string): string {
  return text.replaceAll(
    /\u001b(?!\[[\d;]*m)|(?![\t\n\u001b])[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    "\ufffd",
  );
}

/** Escapes in JSON what `printable` replaces in text. */
export function escapeUnprintable(json: string): string {
  return json.replaceAll(
    /(?![\t\n])[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function paint(text: string, style: "cyan" | "red" | "yellow", color: boolean): string {
  return color ? styleText(style, text, { validateStream: false }) : text;
}

function count(number: number, word: string): string {
  return number === 0 ? "" : `${number} ${word}${number === 1 ? "" : "s"}`;
}

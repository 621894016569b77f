import { styleText } from "node:util";
import {
  escapeUnprintable,
  formatDiagnostic,
  isError,
  printable,
  printableReport,
  summarizeDiagnostics,
  type Diagnostic,
} from "../diagnostics.js";

/** Options of every command. */
export interface TerminalOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
  readonly debug?: boolean;
}

/** Output of a command: results go to standard output, messages to standard error. */
export interface Terminal {
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  readonly isInteractive: boolean;
  readonly color: boolean;
  /** Prints a result, such as code or a schema. */
  readonly print: (text: string) => void;
  /** Prints progress and outcomes; silent with `--quiet` and `--json`. */
  readonly info: (text: string) => void;
  /** Prints a problem that has no diagnostic. With `--json`, it becomes one of the `messages` of the document. */
  readonly warn: (text: string) => void;
  /** Prints diagnostics with code frames and a summary; silent with `--json`. */
  readonly report: (diagnostics: readonly Diagnostic[], texts: ReadonlyMap<string, string>) => void;
  /** With `--json`, prints one document to standard error. */
  readonly reportJson: (document: object) => void;
  /** Prints what is wrong with the arguments of a command. Returns the exit code 2. */
  readonly misuse: (problem: string) => number;
  /** Prints a failure of the tool itself. */
  readonly fail: (error: unknown) => void;
  /** Ends the output of a command. With `--json`, prints the messages that no document contains yet. */
  readonly close: (exitCode: number) => void;
  readonly style: (format: "bold" | "dim" | "green" | "red" | "yellow", text: string) => string;
}

/** Creates the terminal of this process. */
export function createTerminal(options: TerminalOptions): Terminal {
  const { json: isJson = false, quiet = false, debug = false } = options;
  const color = options.color ?? wantsColor();
  const write = (text: string): void => void process.stderr.write(`${printableReport(text)}\n`);
  const messages: string[] = [];
  const warn = isJson
    ? (text: string): void => void messages.push(text.replace(/^connector-gen: /, ""))
    : write;
  const reportJson = (document: object): void => {
    const rest = messages.length > 0 ? { messages: messages.splice(0) } : {};
    if (isJson) write(escapeUnprintable(JSON.stringify({ ...document, ...rest }, null, 2)));
  };
  const style: Terminal["style"] = (format, text) =>
    color ? styleText(format, text, { validateStream: false }) : text;
  return {
    isJson,
    isQuiet: quiet,
    // Standard input is opened when it is first asked for, which takes a millisecond.
    isInteractive: process.stderr.isTTY && process.stdin.isTTY,
    color,
    print: (text) => void process.stdout.write(text),
    info: (text) => {
      if (!quiet && !isJson) warn(text);
    },
    warn,
    report: (diagnostics, texts) => {
      const shown = quiet ? diagnostics.filter(isError) : diagnostics;
      if (isJson || shown.length === 0) return;
      for (const diagnostic of shown)
        warn(`${formatDiagnostic(diagnostic, texts.get(diagnostic.file) ?? "", { color })}\n`);
      warn(summarizeDiagnostics(shown));
    },
    reportJson,
    misuse: (problem) => {
      warn(`connector-gen: ${problem}`);
      return 2;
    },
    fail: (error) => {
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      const lines = (debug ? (stack ?? message) : explain(error, message)).split("\n").map(printable);
      // Indent further lines, so they do not look like separate messages.
      warn(`connector-gen: ${lines.join("\n  ")}`);
    },
    close: (exitCode) => {
      if (messages.length > 0) reportJson({ ok: exitCode === 0 });
    },
    style,
  };
}

/** Decides by the environment and the terminal if no flag is given. */
function wantsColor(): boolean {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  if (NO_COLOR) return false;
  return (FORCE_COLOR !== undefined && FORCE_COLOR !== "0") || process.stderr.isTTY;
}

function explain(error: unknown, message: string): string {
  const { code, path } = error as NodeJS.ErrnoException;
  if ((code === "ENOENT" || code === "ENOTDIR") && path) return `file not found: ${printable(path)}`;
  if (code === "EISDIR")
    return path ? `${printable(path)} is a folder: pass a file` : "expected a file, not a folder";
  if ((code === "EACCES" || code === "EPERM" || code === "EROFS") && path)
    return `permission denied: ${printable(path)}`;
  return message;
}

/** Returns a command to copy: `npx` finds a connector-gen that is installed in the project, or globally. */
export function toCommand(...words: readonly string[]): string {
  return ["npx connector-gen", ...words.map(quoteForShell)].join(" ");
}

/** Quotes a word of a command. The name of a file must not become another command. */
function quoteForShell(word: string): string {
  const safe = printable(word);
  return /^[\w./:@%+=,\\-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", "'\\''")}'`;
}

import {
  createRecognition,
  type Declaration,
  declarationOf,
  endOf,
  noteLine,
  type Recognition,
  stableForms,
} from "./declaration.js";
import { printTyped, typeName as name } from "./print-type.js";
import { lineWidth, printRow } from "./print-value.js";
import { plainKey, quotedKey, readRow } from "./read-value.js";

/** A statement of a rendered module. */
export interface Statement {
  readonly text: string;
  /** The statement as prettier prints it; absent if it holds a line that only prettier can lay out. */
  readonly laidOut?: string;
  /** The declaration, if each line of the statement shows that it does nothing else. */
  readonly declares?: Declaration;
}

/** Returns the statements of a rendered module, laid out. */
export function readStatements(text: string): readonly Statement[] {
  return statementsOf(text).map(layOutStatement);
}

/**
 * Splits a rendered module into statements. An empty line separates them; an empty line inside a statement precedes an
 * indented line.
 */
export function statementsOf(text: string): readonly string[] {
  return text.trim().split(/\n{2,}(?=\S)/);
}

/** The state of laying out a statement, up to one of its lines. */
interface Layout {
  readonly lines: string[];
  depth: number;
  isComment: boolean;
  readonly recognition: Recognition;
}

/** Characters that end a line for the compiler, but not for this module. */
const otherLineEnds: readonly string[] = ["\r", "\u2028", "\u2029"];

/**
 * Lays out a printed statement as prettier does. Prettier leaves the result unchanged: tests compare both over all cases and
 * random specs. They also compare the recognised declarations with those that the compiler finds.
 */
export function layOutStatement(text: string): Statement {
  const layout: Layout = { lines: [], depth: 0, isComment: false, recognition: createRecognition() };
  if (otherLineEnds.some((end) => text.includes(end))) return { text };
  for (const raw of text.split("\n")) if (!addLine(raw.trimStart(), layout)) return { text };
  const { lines, recognition, depth, isComment } = layout;
  const laidOut = lines.join("\n");
  const declares = depth === 0 && !isComment ? declarationOf(recognition) : undefined;
  return { text, laidOut, ...(declares && { declares }) };
}

/** Lays out the next line of a statement. Returns whether that is possible. */
function addLine(line: string, layout: Layout): boolean {
  const { lines, depth } = layout;
  if (layout.isComment || line.startsWith("/*")) return addComment(line, layout);
  if (depth === 0 && lineComment.test(line)) return lines.push(line) > 0;
  if (line.startsWith("}")) return addEnd(line, layout);
  if (line === "") {
    // Prettier keeps one empty line, but none at the start of a block.
    if (/[^{]$/.test(lines.at(-1) ?? "")) lines.push("");
    return true;
  }
  const isMember = depth > 0 && layout.recognition.declares?.kind === "type";
  const laidOut = isMember ? layOutMember(line, 2 * depth) : layOutLine(line, layout);
  if (laidOut === undefined) return false;
  lines.push(laidOut);
  if (line.endsWith("{")) layout.depth += 1;
  return true;
}

/**
 * Adds a comment, which must end at the end of a line. Prettier indents its lines if each begins with an asterisk, and
 * removes trailing spaces.
 */
function addComment(line: string, layout: Layout): boolean {
  if ((layout.isComment && !line.startsWith("*")) || line.endsWith(" ")) return false;
  const end = line.indexOf("*/", layout.isComment ? 0 : 2);
  if (end >= 0 && end < line.length - 2) return false;
  layout.lines.push(" ".repeat(2 * layout.depth + (layout.isComment ? 1 : 0)) + line);
  layout.isComment = end < 0;
  return true;
}

function addEnd(line: string, layout: Layout): boolean {
  const { lines } = layout;
  if (layout.depth === 0) return false;
  layout.depth -= 1;
  if (line !== endOf(layout.recognition, layout.depth)) layout.recognition.isWhole = false;
  if (lines.at(-1) === "") lines.pop();
  // Prettier closes an empty block on the line that opens it.
  const open = lines.at(-1)?.endsWith("{") ? lines.pop() : undefined;
  const close = (open ?? " ".repeat(2 * layout.depth)) + line;
  if (close.length > lineWidth) return false;
  lines.push(close);
  return true;
}

/** Lays out a line of a type: a property, or a method of the client. */
function layOutMember(line: string, indent: number): string | undefined {
  const property = propertyForm.exec(line);
  if (property)
    return isTooWide(line, indent) ? undefined : printTyped(property[1] ?? "", property[2] ?? "", indent);
  return methodForm.test(line) ? layOutStable(line, indent) : undefined;
}

/** Lays out a line of code. */
function layOutLine(line: string, { depth, recognition }: Layout): string | undefined {
  const indent = 2 * depth;
  if (isTooWide(line, indent)) return undefined;
  const row = readRow(line);
  noteLine(recognition, line, { row, depth });
  const alias = aliasForm.exec(line);
  if (alias) return printTyped(alias[1] ?? "", alias[2] ?? "", indent);
  if (row) return printRow(row, indent);
  return stableForms.some((form) => form.test(line)) || interfaceStart.test(line)
    ? layOutStable(line, indent)
    : undefined;
}

/** A comment up to the end of its line. */
const lineComment = /^\/\/ [ -~]*[!-~]$/;

/** Whether a line with non-ASCII characters, which take up to two columns, might be too long. */
function isTooWide(line: string, indent: number): boolean {
  return indent + 2 * line.length > lineWidth && !/^[\x20-\x7e]*$/.test(line);
}

function layOutStable(line: string, indent: number): string | undefined {
  return indent + line.length <= lineWidth ? " ".repeat(indent) + line : breakLine(line, indent);
}

const aliasForm = new RegExp(`^(export type ${name} =) (.+);$`);

/** A property of a type. */
const propertyForm = new RegExp(`^(readonly (?:${plainKey}|${quotedKey})\\??:) (.+);$`);

/** A method of the client. */
const methodForm = new RegExp(
  `^(?:${plainKey}|${quotedKey})\\((?:${name}\\??: ${name}(?:, (?=[\\w$])|(?=\\))))+\\): ${name}<${name}>;$`,
);

/** The first line of an interface. */
const interfaceStart = new RegExp(`^export interface ${name}(?: extends ${name})? \\{$`);

/** Breaks a line that is too long: an import, a list of parameters, or a method before its body. */
function breakLine(line: string, indent: number): string | undefined {
  const spaces = " ".repeat(indent);
  const parts =
    /^(import (?:type )?\{) (.+) (\} from .+)$/.exec(line) ?? /^([^(]+\()([^=]*:.*?)(\): .+)$/.exec(line);
  const [, start, items, end] = parts ?? [];
  if (start !== undefined && items !== undefined && end !== undefined) {
    const lines = [start, ...items.split(", ").map((item) => `  ${item},`), end];
    return fitting(lines.map((each) => spaces + each));
  }
  const [, method, body] = /^(.+ =>) (.+)$/.exec(line) ?? [];
  return method === undefined || body === undefined
    ? undefined
    : fitting([spaces + method, `${spaces}  ${body}`]);
}

function fitting(lines: readonly string[]): string | undefined {
  return lines.every(({ length }) => length <= lineWidth) ? lines.join("\n") : undefined;
}

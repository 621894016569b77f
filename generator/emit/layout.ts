import { printTyped, reserved, typeName as name } from "./print-type.js";
import { lineWidth, printRow } from "./print-value.js";
import { readRow, type Value } from "./read-value.js";

/** A statement of a rendered module. */
export interface Statement {
  readonly text: string;
  /** The statement as prettier prints it; absent if it holds a line that only prettier can lay out. */
  readonly laidOut?: string;
  /** What the statement declares, if each of its lines shows that it does nothing else. */
  readonly declares?: Declaration;
}

/** An exported type, or a constant. */
export interface Declaration {
  readonly kind: "type" | "constant";
  readonly name: string;
  readonly isExported: boolean;
  /** What the rows of a constant call, and what else they name. All others are literals. */
  readonly calls: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
}

/** The statements of a rendered module, laid out. */
export function readStatements(text: string): readonly Statement[] {
  return statementsOf(text).map(layOutStatement);
}

/** The statements of a rendered module: an empty line is before each, and those inside are followed by an indented line. */
export function statementsOf(text: string): readonly string[] {
  return text.trim().split(/\n{2,}(?=\S)/);
}

/** What is known of a statement up to one of its lines. */
interface Layout {
  readonly lines: string[];
  depth: number;
  isComment: boolean;
  /** What begins the statement, and whether all else is documentation or part of it. */
  declares: (Declaration & { readonly calls: Set<string>; readonly names: Set<string> }) | undefined;
  isWhole: boolean;
}

/**
 * Lays out a printed statement as prettier does. Prettier leaves the result unchanged: tests compare both over all cases and
 * random specs. They also compare what the statement declares with what the compiler finds.
 */
export function layOutStatement(text: string): Statement {
  const layout: Layout = { lines: [], depth: 0, isComment: false, declares: undefined, isWhole: true };
  for (const raw of text.split("\n")) if (!addLine(raw.trimStart(), layout)) return { text };
  const { lines, declares, isWhole, depth, isComment } = layout;
  const laidOut = lines.join("\n");
  return declares && isWhole && depth === 0 && !isComment ? { text, laidOut, declares } : { text, laidOut };
}

/** Lays out the next line of a statement; returns whether it can. */
function addLine(line: string, layout: Layout): boolean {
  const { lines, depth } = layout;
  if (layout.isComment || line.startsWith("/*")) return addComment(line, layout);
  if (line.startsWith("}")) return addEnd(line, layout);
  if (line === "") {
    if (lines.at(-1)?.endsWith("{") === false) lines.push("");
    return true;
  }
  if (depth === 0) noteStart(line, layout);
  const laidOut =
    depth > 0 && layout.declares?.kind === "type" ? layOutMember(line, 2 * depth) : layOutLine(line, layout);
  if (laidOut === undefined) return false;
  lines.push(laidOut);
  if (line.endsWith("{")) layout.depth += 1;
  return true;
}

/** A comment ends at the end of a line. */
function addComment(line: string, layout: Layout): boolean {
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
  if (line !== endOf(layout)) layout.isWhole = false;
  // Prettier closes an empty block on the line that opens it.
  const open = lines.at(-1)?.endsWith("{") ? lines.pop() : undefined;
  const close = (open ?? " ".repeat(2 * layout.depth)) + line;
  if (close.length > lineWidth) return false;
  lines.push(close);
  return true;
}

/** How a block of a declaration ends. */
function endOf({ declares, depth }: Layout): string {
  if (declares?.kind === "type") return "}";
  return depth > 0 ? "}," : "};";
}

/** Notes what a line outside of all blocks declares. */
function noteStart(line: string, layout: Layout): void {
  const type = typeStart.exec(line);
  const constant = constantStart.exec(line);
  const name = type?.[1] ?? constant?.[2];
  if (layout.declares || name === undefined) {
    layout.isWhole = false;
    return;
  }
  const isExported = type !== null || constant?.[1] !== undefined;
  layout.declares = {
    ...{ kind: type ? "type" : "constant", name, isExported },
    ...{ calls: new Set(), names: new Set() },
  };
}

/** Notes what a value calls and names. */
function noteWords(value: Value, layout: Layout): void {
  const { declares } = layout;
  const word = value.kind === "call" ? value.name : value.kind === "name" ? value.flat : undefined;
  if (word !== undefined && reserved.has(word)) layout.isWhole = false;
  else if (word !== undefined) declares?.[value.kind === "call" ? "calls" : "names"].add(word);
  if (value.kind === "object") for (const row of value.rows) noteWords(row.value, layout);
  if (value.kind === "list" || value.kind === "call") for (const item of value.items) noteWords(item, layout);
}

/** Lays out a line of a type: a property, or a method of the client. */
function layOutMember(line: string, indent: number): string | undefined {
  const property = propertyForm.exec(line);
  if (property)
    return isTooWide(line, indent) ? undefined : printTyped(property[1] ?? "", property[2] ?? "", indent);
  return methodForm.test(line) ? layOutStable(line, indent) : undefined;
}

/** Lays out a line of code. */
function layOutLine(line: string, layout: Layout): string | undefined {
  const { depth, declares } = layout;
  const indent = 2 * depth;
  if (isTooWide(line, indent)) return undefined;
  if (indent === 0 && line.startsWith("// ")) return line;
  const alias = aliasForm.exec(line);
  if (alias) return printTyped(alias[1] ?? "", alias[2] ?? "", indent);
  const row = readRow(line);
  if (row) {
    if (declares && depth > 0) noteWords(row.value, layout);
    return printRow(row, indent);
  }
  const shorthand = shorthandForm.exec(line)?.[1];
  if (shorthand !== undefined && depth > 0) declares?.names.add(shorthand);
  else if (depth > 0 && line !== "resources: {") layout.isWhole = false;
  return stable.some((form) => form.test(line)) ? layOutStable(line, indent) : undefined;
}

/** Whether a line with characters outside ASCII, which take up to two columns, might be too long. */
function isTooWide(line: string, indent: number): boolean {
  return indent + 2 * line.length > lineWidth && !/^[\x20-\x7e]*$/.test(line);
}

function layOutStable(line: string, indent: number): string | undefined {
  return indent + line.length <= lineWidth ? " ".repeat(indent) + line : breakLine(line, indent);
}

/** The first line of an exported type. */
const typeStart = new RegExp(`^export (?:interface|type) (${name})(?: extends ${name})?(?: = .+;| \\{)$`);

/** The first line of a constant that holds rows. */
const constantStart = new RegExp(
  `^(export )?const (${name}): ${name}(?:<(?:${name}|never)(?:, ${name})?>)? = \\{$`,
);

/** A constant as a row, named like its key. */
const shorthandForm = new RegExp(`^(${name}),$`);

const aliasForm = new RegExp(`^(export type ${name} =) (.+);$`);

/** A property of a type. */
const propertyForm = /^(readonly (?:[A-Za-z_$][\w$]*|"[ !#-[\]-~]*")\??:) (.+);$/;

/** A method of the client. */
const methodForm = new RegExp(
  `^(?:[A-Za-z_$][\\w$]*|"[ !#-'*-[\\]-~]*")\\((?:${name}\\??: ${name}(?:, (?=[\\w$])|(?=\\))))+\\): ${name}<${name}>;$`,
);

/** Lines that prettier leaves unchanged as long as they fit. */
const stable: readonly RegExp[] = [
  /^import (?:type )?\{ [\w$]+(?:, [\w$]+)* \} from "[^"\\]+";$/,
  /^export interface [\w$]+(?: extends [\w$]+)? \{$/,
  /^export function [\w$]+\(options: [\w$]+(?: = \{\})?\): [\w$]+ \{$/,
  /^(?:const reader = )?createReader\([\w$]+, options\);$/,
  /^return \{$/,
  /^\[[\w$]+\]: [\w$]+,$/,
  /^(?:export )?const [\w$]+: [\w$]+(?:<[\w$]+(?:, [\w$]+)?>)? = \{$/,
  /^resources: \{$/,
  shorthandForm,
  /^(?:[\w$]+|"[ !#-'*-[\]-~]*"): \((?:params, )?read\) => reader\.read\((?:[\w$]+|decodeDates\([\w$]+, [\w$]+, "[\w$]+"\)), (?:params|\{\}), read\),$/,
];

/** Breaks a line that is too long: an import, parameters, or before the body of a method. */
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

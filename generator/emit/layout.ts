import { printTyped } from "./print-type.js";
import { lineWidth, printRow } from "./print-value.js";
import { readRow } from "./read-value.js";

/** The statements of a rendered module: an empty line is before each, and those inside are followed by an indented line. */
export function statementsOf(text: string): readonly string[] {
  return text.trim().split(/\n{2,}(?=\S)/);
}

/**
 * Lays out a printed statement as prettier does. Returns nothing if it holds a line that only prettier can lay out. Prettier
 * leaves the result unchanged: tests compare both over all cases and random specs.
 */
export function layOutStatement(text: string): string | undefined {
  const lines: string[] = [];
  let depth = 0;
  let isComment = false;
  for (const raw of text.split("\n")) {
    const line = raw.trimStart();
    const indent = 2 * depth;
    if (isComment || line.startsWith("/*")) {
      lines.push(" ".repeat(isComment ? indent + 1 : indent) + line);
      isComment = !line.endsWith("*/");
    } else if (line.startsWith("}")) {
      depth -= 1;
      // Prettier closes an empty block on the line that opens it.
      const open = lines.at(-1)?.endsWith("{") ? lines.pop() : undefined;
      const close = (open ?? " ".repeat(2 * depth)) + line;
      if (close.length > lineWidth) return undefined;
      lines.push(close);
    } else if (line === "") {
      if (lines.at(-1)?.endsWith("{") === false) lines.push("");
    } else {
      const laidOut = layOutLine(line, indent);
      if (laidOut === undefined) return undefined;
      lines.push(laidOut);
      if (line.endsWith("{")) depth += 1;
    }
  }
  return lines.join("\n");
}

/** Lays out a line of code. */
function layOutLine(line: string, indent: number): string | undefined {
  // A character outside ASCII takes up to two columns.
  const isPlain = /^[\x20-\x7e]*$/.test(line);
  if (!isPlain && indent + 2 * line.length > lineWidth) return undefined;
  if (indent === 0 && line.startsWith("// ")) return line;
  const member = /^(readonly (?:[\w$]+|"[ !#-[\]-~]*")\??:) (.+);$/.exec(line);
  if (member) return printTyped(member[1] ?? "", member[2] ?? "", indent);
  const alias = /^(export type [\w$]+ =) (.+);$/.exec(line);
  if (alias) return printTyped(alias[1] ?? "", alias[2] ?? "", indent);
  const row = readRow(line);
  if (row) return printRow(row, indent);
  if (indent + line.length <= lineWidth) return isStable(line) ? " ".repeat(indent) + line : undefined;
  return breakLine(line, indent);
}

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
  /^[\w$]+,$/,
  /^(?:[\w$]+|"[ !#-'*-[\]-~]*"): \((?:params, )?read\) => reader\.read\((?:[\w$]+|decodeDates\([\w$]+, [\w$]+, "[\w$]+"\)), (?:params|\{\}), read\),$/,
  /^(?:[\w$]+|"[ !#-'*-[\]-~]*")\((?:[\w$]+\??: [\w$]+(?:, )?)+\): [\w$]+<[\w$]+>;$/,
];

function isStable(line: string): boolean {
  return stable.some((form) => form.test(line));
}

/** Breaks a line that is too long: an import, parameters, or before the body of a method. */
function breakLine(line: string, indent: number): string | undefined {
  if (!isStable(line)) return undefined;
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

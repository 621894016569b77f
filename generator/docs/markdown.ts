import { printJson } from "../spec/print-json.js";

/** Formats text as inline code. Keeps backticks and surrounding spaces. */
export function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const mark = "`".repeat(longest + 1);
  const pad = text === "" || /^`|`$|^ .* $/.test(text) ? " " : "";
  return mark + pad + text + pad + mark;
}

/** Formats a fenced code block. */
export function fence(language: string, text: string): string {
  return ["```" + language, text.trimEnd(), "```"].join("\n");
}

/** Formats a table. Cells are Markdown on one line. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(toCell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Escapes bars, which separate cells even in code. */
function toCell(text: string): string {
  return text.replaceAll("|", String.raw`\|`).replaceAll(/\s*\n\s*/g, " ");
}

/** Joins blocks with blank lines. Skips empty and missing blocks. */
export function blocks(...parts: readonly (string | undefined | false)[]): string {
  return parts.filter(Boolean).join("\n\n");
}

/** Joins words to a list in a sentence: `a, b or c`. */
export function either(words: readonly string[]): string {
  const tail = words.at(-1) ?? "";
  return words.length > 1 ? `${words.slice(0, -1).join(", ")} or ${tail}` : tail;
}

/** Formats JSON as a code block. Prettier breaks long lines later. */
export function jsonBlock(value: unknown): string {
  return fence("json", printJson(value));
}

/** Returns the anchor of a heading: `response_actions[]` → `response_actions`. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
    .replaceAll(" ", "-");
}

import type { Span } from "./python/nodes.js";

/** A fenced code block. */
export interface CodeBlock {
  /** First word after the fence, in lower case; empty if there is none. */
  readonly language: string;
  /** Ranges of the code in the document, without the indentation of the fence. */
  readonly ranges: readonly Span[];
}

const fencePattern = /^([ \t]*(?:>[ \t]?)*)(`{3,}|~{3,})[ \t]*\{?\.?([\w+-]*)/;

/**
 * Returns the format of a file by its extension. If the extension is unknown, a file with a fence at the start of a line
 * may have either format.
 */
export function formatOf(file: string, text: string): "python" | "markdown" | "either" {
  if (/\.pyi?$/i.test(file)) return "python";
  if (/\.(?:md|markdown|mdx|mkd)$/i.test(file)) return "markdown";
  return /^(?:```|~~~)/m.test(text) ? "either" : "python";
}

/** Lists the fenced code blocks of a document (CommonMark §4.5). An unclosed block extends to the end. */
export function readCodeBlocks(text: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { readonly indent: number; readonly fence: string; readonly ranges: Span[] } | undefined;
  for (const { from, to, line } of linesOf(text)) {
    const [, prefix = "", fence = "", language = ""] = fencePattern.exec(line) ?? [];
    if (!open) {
      if (!fence) continue;
      open = { indent: prefix.length, fence, ranges: [] };
      blocks.push({ language: language.toLowerCase(), ranges: open.ranges });
    } else if (closes(line, open.fence)) open = undefined;
    else open.ranges.push({ from: from + indentOf(line, open.indent), to });
  }
  return blocks;
}

/** Whether a block may contain Python: its language is Python or missing. */
export function isPython({ language }: CodeBlock): boolean {
  return /^(?:py(?:thon)?(?:[\d.]*|-.*))?$/.test(language);
}

function* linesOf(text: string): Generator<Span & { readonly line: string }> {
  for (let from = 0; from < text.length;) {
    const end = text.indexOf("\n", from);
    const to = end < 0 ? text.length : end + 1;
    yield { from, to, line: text.slice(from, to).replace(/\r?\n$/, "") };
    from = to;
  }
}

function closes(line: string, fence: string): boolean {
  const closing = line.replace(/^[ \t>]*/, "").trimEnd();
  return closing.length >= fence.length && closing === fence.charAt(0).repeat(closing.length);
}

/** Returns the indentation to remove from a line: that of the fence, or less if the line has less. */
function indentOf(line: string, indent: number): number {
  const own = /^[ \t>]*/.exec(line)?.[0].length ?? 0;
  return Math.min(indent, own);
}

import type { Span } from "./python/nodes.js";

/** A fenced code block: the ranges of the document that are its code, without the indentation of its fence. */
export interface CodeBlock {
  /** The first word behind the fence, in lower case; empty when there is none. */
  readonly language: string;
  readonly ranges: readonly Span[];
}

const FENCE = /^([ \t]*(?:>[ \t]?)*)(`{3,}|~{3,})[ \t]*\{?\.?([\w+-]*)/;

/** What a file holds: its extension says so, else a fence at a line's start makes it a possible document. */
export function formatOf(file: string, text: string): "python" | "markdown" | "either" {
  if (/\.pyi?$/i.test(file)) return "python";
  if (/\.(?:md|markdown|mdx|mkd)$/i.test(file)) return "markdown";
  return /^(?:```|~~~)/m.test(text) ? "either" : "python";
}

/** Lists the fenced code blocks of a document (CommonMark §4.5). A block that is never closed runs to the end. */
export function readCodeBlocks(text: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { readonly indent: number; readonly fence: string; readonly ranges: Span[] } | undefined;
  for (const { from, to, line } of linesOf(text)) {
    const [, prefix = "", fence = "", language = ""] = FENCE.exec(line) ?? [];
    if (!open) {
      if (!fence) continue;
      open = { indent: prefix.length, fence, ranges: [] };
      blocks.push({ language: language.toLowerCase(), ranges: open.ranges });
    } else if (closes(line, open.fence)) open = undefined;
    else open.ranges.push({ from: from + indentOf(line, open.indent), to });
  }
  return blocks;
}

/** Whether a block may hold Python: it says so, or does not say what it holds. */
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

/** What a fence is indented by, its block is; less, where a line does not go that far. */
function indentOf(line: string, indent: number): number {
  const own = /^[ \t>]*/.exec(line)?.[0].length ?? 0;
  return Math.min(indent, own);
}

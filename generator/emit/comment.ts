/** The width of text in a comment. It keeps lines within prettier's 80 columns. */
const width = 74;
const longest = 2_000;

/** Words of ASCII characters other than `@`, with single spaces: nothing to escape, collapse or wrap. */
const plain = /^[!-?A-~]+(?: [!-?A-~]+)*$/;

/** Prints a documentation comment. Text from a spec can neither end the comment nor act as a tag or a compiler directive. */
export function printComment(text: string): string {
  if (text.length <= width && plain.test(text) && !text.includes("*/")) return `/** ${text} */`;
  const lines = toCommentLines(text);
  if (lines.length === 0) return "";
  const [only = ""] = lines;
  if (lines.length === 1 && only.length <= width) return `/** ${only} */`;
  return ["/**", ...lines.map((line) => ` * ${line}`.trimEnd()), " */"].join("\n");
}

/** Returns the lines of a text, escaped and wrapped. Keeps the author's line breaks. */
export function toCommentLines(text: string): readonly string[] {
  if (text.trim() === "") return [];
  // Cut first, because a text may be much longer than the printed part.
  const start = text.slice(0, 2 * longest);
  const clean = /^[\n -~]*$/.test(start)
    ? start
    : start.replace(/\r\n?|[\u2028\u2029]/g, "\n").replace(/[^\P{C}\n]/gu, " ");
  const short = clean.length > longest ? `${clean.slice(0, longest).trimEnd()}…` : clean;
  return short
    .trim()
    .replace(/\n{3,}/g, "\n\n")
    .split("\n")
    .flatMap(wrap)
    .map(escapeLine);
}

/**
 * Escapes `*​/`, which ends a comment; an `@` at the start of a line, which is a tag; and `@ts-…`, which is a directive
 * anywhere.
 */
function escapeLine(line: string): string {
  if (!/@|\*\//.test(line)) return line;
  return line
    .replaceAll("*/", "*\\/")
    .replace(/^(\s*)@/, "$1\\@")
    .replace(/@(?=ts-)/g, "\\@")
    .replace(/^(\s*)\\\\@/, "$1\\@");
}

function wrap(line: string): readonly string[] {
  if (line.length <= width && isSingleSpaced.test(line)) return [line];
  const indent = /^\s*([-*] |\d+\. )?/.exec(line)?.[0].length ?? 0;
  const lines: string[] = [];
  let current = "";
  for (const word of wordsOf(line)) {
    if (current && current.length + 1 + word.length > width) {
      lines.push(current);
      current = " ".repeat(indent) + word;
    } else {
      current = current ? `${current} ${word}` : word;
    }
  }
  return [...lines, current.trimEnd()];
}

/** Words with single spaces between them. */
const isSingleSpaced = /^\S+(?: \S+)*$/;

/** Words between spaces. A code span is one word, up to twice the width of a line. */
function wordsOf(line: string): readonly string[] {
  const parts = line.split(/(`[^`]+`)/);
  const isCode = (at: number): boolean => at % 2 === 1 && (parts[at]?.length ?? 0) < 2 * width;
  const marked = parts.map((part, at) => (isCode(at) ? part.replaceAll(" ", "\u0000") : part)).join("");
  return marked.split(/(?<=\S) +/).map((word) => word.replaceAll("\u0000", " "));
}

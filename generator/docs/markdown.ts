/** Writes text as inline code; backticks and the edges of the text survive. */
export function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const mark = "`".repeat(longest + 1);
  const pad = text === "" || /^`|`$|^ .* $/.test(text) ? " " : "";
  return mark + pad + text + pad + mark;
}

/** A fenced block of code. */
export function fence(language: string, text: string): string {
  return ["```" + language, text.trimEnd(), "```"].join("\n");
}

/** A table; cells are Markdown of one line. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(toCell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Bars part the cells of a table, in code as well. */
function toCell(text: string): string {
  return text.replaceAll("|", String.raw`\|`).replaceAll(/\s*\n\s*/g, " ");
}

/** Puts blocks under each other; those that are empty or left out are skipped. */
export function blocks(...parts: readonly (string | undefined | false)[]): string {
  return parts.filter(Boolean).join("\n\n");
}

/** Words as a list in a sentence: `a, b or c`. */
export function either(words: readonly string[], last = "or"): string {
  const tail = words.at(-1) ?? "";
  return words.length > 1 ? `${words.slice(0, -1).join(", ")} ${last} ${tail}` : tail;
}

/** JSON on one line, with spaces: `{ "a": [1, 2] }`. A function may write some values in its own way. */
export function inlineJson(
  value: unknown,
  write: (value: unknown) => string | undefined = () => undefined,
): string {
  const print = (part: unknown): string => {
    const own = write(part);
    if (own !== undefined) return own;
    if (Array.isArray(part)) return `[${part.map(print).join(", ")}]`;
    if (typeof part !== "object" || part === null) return JSON.stringify(part);
    const entries = Object.entries(part).map(([key, inner]) => `${JSON.stringify(key)}: ${print(inner)}`);
    return entries.length > 0 ? `{ ${entries.join(", ")} }` : "{}";
  };
  return print(value);
}

/** JSON as a block of code; prettier breaks the lines of what is long. */
export function jsonBlock(value: unknown): string {
  return fence("json", inlineJson(value));
}

/** The anchor that a heading gets: `response_actions[]` is `response_actions`. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
    .replaceAll(" ", "-");
}

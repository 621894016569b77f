import type { Span } from "./nodes.js";

/** Comments for tools or for the author. */
const toolComment =
  /^(?:type:|noqa|pylint|fmt:|pragma|todo|fixme|xxx|hack|ruff:|mypy:|pyright:|isort|nosec|-\*-|!)/i;
/** Comments about the code instead of the data, such as `<-- the transformer` or `unique resource name`. */
const codeComment =
  /^(?:<|->|=>|\^|↑|←|here\b|this is\b|we\b|see\b|note\b|optional\b|required\b|default\b|(?:the |unique |a )*(?:name|id|resource|table|endpoint|path|dict|config(?:uration)?)(?: (?:name|of|for|in)\b.*)?$)|\b(?:resource name|table name|name of (?:the|this) (?:resource|table))\b/i;
/** Commented-out code. */
const commentedCode = /^["'{}[\])@]|[{[(}\]]$|[)}\]"'],$|^\w+\s*=\s*\S|^[\w.]+\(.*\)$/;
/** Maximum length of a description, in characters. */
const maxLength = 1000;

/** Returns the comments about a dict as its description: directly above it, after its brace, or after its name. */
export function describeDict(
  text: string,
  { dict, name }: { readonly dict: Span; readonly name: Span | undefined },
): string | undefined {
  return (
    toProse(commentsAbove(text, dict.from)) ??
    toProse(commentAfter(text, dict.from + 1)) ??
    (name && toProse(commentAfter(text, name.to)))
  );
}

/** Returns the comment lines directly above a dict that starts its line or is the value of an assignment. */
function commentsAbove(text: string, offset: number): readonly string[] {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  if (!/^\s*(?:\w+\s*(?::[^=]+)?=\s*)?(?:\w+\()?$/.test(text.slice(lineStart, offset))) return [];
  const lines: string[] = [];
  for (let end = lineStart - 1; end > 0;) {
    const start = text.lastIndexOf("\n", end - 1) + 1;
    const comment = /^\s*#(.*)$/.exec(text.slice(start, end).trimEnd())?.[1];
    if (comment === undefined) break;
    lines.unshift(comment);
    end = start - 1;
  }
  return lines;
}

/** Returns the comment at the end of a line if only a comma precedes it. */
function commentAfter(text: string, offset: number): readonly string[] {
  const comment = /^[ \t]*,?[ \t]*#([^\r\n]*)/.exec(text.slice(offset, offset + 2 * maxLength))?.[1];
  return comment === undefined ? [] : [comment];
}

function toProse(comments: readonly string[]): string | undefined {
  // Lines and boxes drawn with dashes are decoration.
  if (comments.some((comment) => codeComment.test(comment.trim()))) return undefined;
  const lines = comments.map((comment) => comment.replaceAll(/^[\s#=*~\-_]+|[\s#=*~\-_]+$/g, ""));
  if (lines.some((line) => toolComment.test(line) || commentedCode.test(line))) return undefined;
  const prose = lines.filter(Boolean).join(" ").slice(0, maxLength).trim();
  return prose || undefined;
}

import type { Span } from "./nodes.js";

/** Comments that speak to tools or to their author. */
const NO_DOCUMENTATION =
  /^(?:type:|noqa|pylint|fmt:|pragma|todo|fixme|xxx|hack|ruff:|mypy:|pyright:|isort|nosec|-\*-|!)/i;
/** Code that was commented out. */
const CODE = /^["'{}[\])@]|[{[(}\]]$|[)}\]"'],$|^\w+\s*=\s*\S|^[\w.]+\(.*\)$/;
const MAX_LENGTH = 1000;

/** What comments say about a dict: those directly above it, behind its brace, or behind its name. */
export function describeAt(text: string, place: { dict: Span; name: Span | undefined }): string | undefined {
  const { dict, name } = place;
  return (
    toProse(above(text, dict.from)) ??
    toProse(behind(text, dict.from + 1)) ??
    (name && toProse(behind(text, name.to)))
  );
}

/** The comment lines directly above; the dict must begin its line, or be what the line assigns. */
function above(text: string, at: number): readonly string[] {
  const lineStart = text.lastIndexOf("\n", at - 1) + 1;
  if (!/^\s*(?:\w+\s*(?::[^=]+)?=\s*)?(?:\w+\()?$/.test(text.slice(lineStart, at))) return [];
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

/** The comment that ends the line a place is on, if nothing but a comma comes before it. */
function behind(text: string, at: number): readonly string[] {
  const comment = /^[ \t]*,?[ \t]*#([^\r\n]*)/.exec(text.slice(at, at + 2 * MAX_LENGTH))?.[1];
  return comment === undefined ? [] : [comment];
}

function toProse(comments: readonly string[]): string | undefined {
  // Rules and frames of dashes are decoration.
  const lines = comments.map((comment) => comment.replaceAll(/^[\s#=*~\-_]+|[\s#=*~\-_]+$/g, ""));
  if (lines.some((line) => NO_DOCUMENTATION.test(line) || CODE.test(line))) return undefined;
  const prose = lines.filter(Boolean).join(" ").slice(0, MAX_LENGTH).trim();
  return prose || undefined;
}

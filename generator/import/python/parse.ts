import type { SyntaxNode, Tree } from "@lezer/common";
import { parser } from "@lezer/python";
import { childrenOf, closingBracket, isStarError, type Span } from "./nodes.js";

/** Python source: one file, or the code blocks of a document, parsed separately. All offsets refer to the document. */
export interface PythonSource {
  readonly text: string;
  readonly trees: readonly Tree[];
}

/** A syntax error and its position. */
export interface SyntaxProblem extends Span {
  readonly message: string;
}

/** Parses the code blocks of a document, each given as the ranges of its code. */
export function parsePython(text: string, blocks: readonly (readonly Span[])[]): PythonSource {
  // The parser counts offsets from the first range, so an empty range at 0 makes them offsets in the document.
  const fromStart = (ranges: readonly Span[]): readonly Span[] =>
    ranges[0]?.from === 0 ? ranges : [{ from: 0, to: 0 }, ...ranges];
  const trees = blocks.map((ranges) =>
    parser.parse(text, [], fromStart(withoutBlankEnd(text, cutDeep(text, ranges)))),
  );
  return { text, trees };
}

/** Removes the spaces at the end, which the parser would read as an indented line. */
function withoutBlankEnd(text: string, ranges: readonly Span[]): readonly Span[] {
  const last = ranges.at(-1);
  if (!last) return ranges;
  const { from, to } = last;
  const blanks = /[ \t]*$/.exec(text.slice(from, to))?.[0].length ?? 0;
  return [...ranges.slice(0, -1), { from, to: to - blanks }];
}

/** Finds the syntax errors below a node in order, at most one per bracket. */
export function findSyntaxErrors(node: SyntaxNode, text: string): readonly SyntaxProblem[] {
  const errors = new Map<number, SyntaxProblem>();
  node.cursor().iterate((cursor) => {
    if (!cursor.type.isError || isStarError(cursor.node)) return;
    const problem = explain(cursor.node, text);
    if (!errors.has(problem.from)) errors.set(problem.from, problem);
  });
  return [...errors.values()].sort((a, b) => a.from - b.from);
}

function explain(error: SyntaxNode, text: string): SyntaxProblem {
  const open = findOpenBracket(error);
  if (open) {
    const bracket = text.slice(open.from, open.to);
    const message = `unclosed ${bracket}: add the missing ${closingBracket(bracket)}, or a comma before the next item`;
    return { from: open.from, to: open.to, message };
  }
  const from = error.to > error.from ? error.from : Math.max(0, error.from - 1);
  const to = Math.max(error.to, from + 1);
  const word = /^\S{1,20}/.exec(text.slice(from, to))?.[0];
  const problem = word === undefined ? "invalid Python" : `unexpected ${JSON.stringify(word)}`;
  return { from, to, message: `${problem}; run python -m py_compile for details` };
}

function findOpenBracket(error: SyntaxNode): SyntaxNode | undefined {
  for (let node = error.parent; node; node = node.parent) {
    const children = childrenOf(node);
    const closing = closingBracket(children[0]?.name ?? "");
    if (closing !== undefined && children.at(-1)?.name !== closing) return children[0];
  }
  return undefined;
}

/** Maximum number of open brackets. Python itself allows 200, but this count includes brackets in strings. */
const maxOpenBrackets = 1000;

/**
 * Cuts the ranges before a bracket that is nested too deeply. The parser builds its tree recursively and would overflow
 * the stack.
 */
function cutDeep(text: string, ranges: readonly Span[]): readonly Span[] {
  const kept: Span[] = [];
  let open = 0;
  for (const { from, to } of ranges) {
    for (let at = from; at < to; at++) {
      const character = text.charAt(at);
      if ("([{".includes(character)) open++;
      else if (")]}".includes(character)) open = Math.max(0, open - 1);
      if (open > maxOpenBrackets) return [...kept, { from, to: at + 1 }];
    }
    kept.push({ from, to });
  }
  return kept;
}

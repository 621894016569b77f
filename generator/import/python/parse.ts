import type { SyntaxNode, Tree } from "@lezer/common";
import { parser } from "@lezer/python";

import { childrenOf, closingBracket, type Span } from "./nodes.js";

/** Python source: one file, or the code blocks of a document, each parsed by itself. All offsets are the document's. */
export interface PythonSource {
  readonly text: string;
  readonly trees: readonly Tree[];
}

/** A place that is no Python. */
export interface SyntaxFault extends Span {
  readonly message: string;
}

/** Parses the pieces of a document: of each block, the ranges that are code. */
export function parsePython(text: string, blocks: readonly (readonly Span[])[]): PythonSource {
  // The parser counts from the first range: an empty one in front makes its offsets the document's.
  const fromStart = (ranges: readonly Span[]): readonly Span[] =>
    ranges[0]?.from === 0 ? ranges : [{ from: 0, to: 0 }, ...ranges];
  const trees = blocks.map((ranges) => parser.parse(text, [], fromStart(cutDeep(text, ranges))));
  return { text, trees };
}

/** What is wrong with a piece of Python, the first fault first; at most one per bracket. */
export function findFaults(node: SyntaxNode, text: string): readonly SyntaxFault[] {
  const faults = new Map<number, SyntaxFault>();
  node.cursor().iterate((cursor) => {
    if (!cursor.type.isError) return;
    const fault = explain(cursor.node, text);
    if (!faults.has(fault.from)) faults.set(fault.from, fault);
  });
  return [...faults.values()].sort((a, b) => a.from - b.from);
}

function explain(error: SyntaxNode, text: string): SyntaxFault {
  const open = findOpenBracket(error);
  if (open) {
    const bracket = text.slice(open.from, open.to);
    const message = `this ${bracket} is not closed: write the ${closingBracket(bracket)} that is missing, or the comma before what follows`;
    return { from: open.from, to: open.to, message };
  }
  const from = error.to > error.from ? error.from : Math.max(0, error.from - 1);
  const to = Math.max(error.to, from + 1);
  const word = /^\S{1,20}/.exec(text.slice(from, to))?.[0];
  const what = word === undefined ? "this is no Python" : `${JSON.stringify(word)} is not expected here`;
  return { from, to, message: `${what}: python -m py_compile tells more` };
}

function findOpenBracket(error: SyntaxNode): SyntaxNode | undefined {
  for (let node = error.parent; node; node = node.parent) {
    const children = childrenOf(node);
    const closing = closingBracket(children[0]?.name ?? "");
    if (closing !== undefined && children.at(-1)?.name !== closing) return children[0];
  }
  return undefined;
}

/** Python itself allows 200 open brackets; brackets in strings count here. */
const mostOpenBrackets = 1000;

/** The ranges up to the bracket that is nested too deeply: the parser builds its tree recursively, which overflows the stack. */
function cutDeep(text: string, ranges: readonly Span[]): readonly Span[] {
  const kept: Span[] = [];
  let open = 0;
  for (const { from, to } of ranges) {
    for (let at = from; at < to; at++) {
      const character = text.charAt(at);
      if ("([{".includes(character)) open++;
      else if (")]}".includes(character)) open = Math.max(0, open - 1);
      if (open > mostOpenBrackets) return [...kept, { from, to: at + 1 }];
    }
    kept.push({ from, to });
  }
  return kept;
}

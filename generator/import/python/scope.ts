import type { SyntaxNode, Tree } from "@lezer/common";
import { collectEvents, type NameEvent } from "./events.js";
import { isInside } from "./nodes.js";
import type { PythonSource } from "./parse.js";

/** What is known of a name at a place. */
export interface Lookup {
  /** What gave the name its value. */
  readonly base: NameEvent;
  /** What changed that value afterwards, in order. */
  readonly changes: readonly NameEvent[];
  /** Assignments and changes that may or may not have happened: in a branch, in a loop. */
  readonly doubts: readonly NameEvent[];
  /** Whether the name belongs to the function, or file, that the place is in. */
  readonly isLocal: boolean;
}

/** Finds out what the names of a source mean. */
export interface Scopes {
  /** What a name means at a node; nothing, when the source never assigns it. */
  lookUp(name: string, at: SyntaxNode): Lookup | undefined;
  /** The innermost function around a node. */
  functionAround(node: SyntaxNode): SyntaxNode | undefined;
}

interface Scope {
  readonly node: SyntaxNode;
  readonly outer: Scope | undefined;
  readonly events: ReadonlyMap<string, readonly NameEvent[]>;
}

/** Prepares the scopes of a source: a function sees its file, a code block those before it, as in a notebook. */
export function createScopes({ text, trees }: PythonSource): Scopes {
  const known = new Map<string, Scope>();
  const scopeOf = (node: SyntaxNode): Scope => {
    const owner = functionAround(node) ?? topOf(node);
    const tree = topOf(node).tree;
    const index = tree ? trees.indexOf(tree) : -1;
    const id = `${index}:${owner.name}:${owner.from}`;
    const scope = known.get(id) ?? {
      node: owner,
      outer: owner.name === "Script" ? blockBefore(index) : scopeOf(owner),
      events: collectEvents(owner, text),
    };
    known.set(id, scope);
    return scope;
  };
  const blockBefore = (index: number): Scope | undefined => {
    const tree: Tree | undefined = index > 0 ? trees[index - 1] : undefined;
    return tree && scopeOf(tree.topNode);
  };
  return {
    functionAround,
    lookUp: (name, at) => {
      const own = scopeOf(at);
      for (let scope: Scope | undefined = own; scope; scope = scope.outer) {
        const found = sortOut(scope, name, { at, isLocal: scope === own });
        if (found) return found;
      }
      return undefined;
    },
  };
}

function sortOut(
  scope: Scope,
  name: string,
  { at, isLocal }: { at: SyntaxNode; isLocal: boolean },
): Lookup | undefined {
  const events = (scope.events.get(name) ?? []).filter((event) => !isLocal || event.at.to <= at.from);
  const isSure = (event: NameEvent): boolean => isCertain(event.at, scope.node, at);
  const start = lastIndex(events, (event) => event.kind !== "change" && isSure(event));
  const base = events[start] ?? events[0];
  if (!base) return undefined;
  const later = events.slice(start + 1);
  return {
    base,
    changes: later.filter((event) => event.kind === "change" && isSure(event)),
    doubts: later.filter((event) => !isSure(event)),
    isLocal,
  };
}

function lastIndex<T>(items: readonly T[], matches: (item: T) => boolean): number {
  return items.reduce((last, item, index) => (matches(item) ? index : last), -1);
}

const BRANCHES = new Set(["IfStatement", "ForStatement", "WhileStatement", "TryStatement", "MatchClause"]);

/** Whether a statement was carried out before its scope goes on to a place: no branch or loop stands between them. */
function isCertain(statement: SyntaxNode, scope: SyntaxNode, at: SyntaxNode): boolean {
  for (let node = statement; node.parent && node.parent.from >= scope.from; node = node.parent) {
    const { parent } = node;
    if (parent.name === scope.name && parent.from === scope.from && parent.to === scope.to) return true;
    if (!BRANCHES.has(parent.name) || isInside(at, node)) continue;
    // What is tried comes first, and as a rule succeeds.
    if (parent.name !== "TryStatement" || node.from !== parent.getChild("Body")?.from) return false;
  }
  return true;
}

/** The function whose body or header a node is in; what stands in the header is read outside of it. */
function functionAround(node: SyntaxNode): SyntaxNode | undefined {
  for (let child = node; child.parent; child = child.parent) {
    if (child.name === "Body" && child.parent.name === "FunctionDefinition") return child.parent;
  }
  return undefined;
}

function topOf(node: SyntaxNode): SyntaxNode {
  let top = node;
  while (top.parent) top = top.parent;
  return top;
}

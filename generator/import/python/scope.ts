import type { SyntaxNode, Tree } from "@lezer/common";
import { collectEvents, type NameEvent } from "./events.js";
import { isInside } from "./nodes.js";
import type { PythonSource } from "./parse.js";

/** The events that determine the value of a name at a node. */
export interface Lookup {
  /** The event that gives the name its value. */
  readonly base: NameEvent;
  /** Later changes of that value, in order. */
  readonly changes: readonly NameEvent[];
  /** Assignments and changes in branches and loops, which may not happen. */
  readonly uncertain: readonly NameEvent[];
  /** Whether the name belongs to the same function or file as the node. */
  readonly isLocal: boolean;
}

/** Resolves the names of a source. */
export interface Scopes {
  /** Looks up a name at a node. Returns `undefined` if the source never assigns the name. */
  lookUp(name: string, node: SyntaxNode): Lookup | undefined;
  /** Returns the innermost function around a node. */
  functionAround(node: SyntaxNode): SyntaxNode | undefined;
}

interface Scope {
  readonly node: SyntaxNode;
  readonly outer: Scope | undefined;
  readonly events: ReadonlyMap<string, readonly NameEvent[]>;
}

/** Creates the scopes of a source. A function sees its file; a code block sees the blocks before it, as in a notebook. */
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
    lookUp: (name, node) => {
      const own = scopeOf(node);
      for (let scope: Scope | undefined = own; scope; scope = scope.outer) {
        const found = lookUpIn(scope, name, { use: node, isLocal: scope === own });
        if (found) return found;
      }
      return undefined;
    },
  };
}

function lookUpIn(
  scope: Scope,
  name: string,
  { use, isLocal }: { readonly use: SyntaxNode; readonly isLocal: boolean },
): Lookup | undefined {
  const events = (scope.events.get(name) ?? []).filter((event) => !isLocal || event.node.to <= use.from);
  const isSure = (event: NameEvent): boolean => isCertain(event.node, scope.node, use);
  const start = lastIndex(events, (event) => event.kind !== "change" && isSure(event));
  const base = events[start] ?? events[0];
  if (!base) return undefined;
  const later = events.slice(start + 1);
  return {
    base,
    changes: later.filter((event) => event.kind === "change" && isSure(event)),
    uncertain: later.filter((event) => !isSure(event)),
    isLocal,
  };
}

function lastIndex<T>(items: readonly T[], matches: (item: T) => boolean): number {
  return items.reduce((last, item, index) => (matches(item) ? index : last), -1);
}

const branchingStatements = new Set([
  "IfStatement",
  "ForStatement",
  "WhileStatement",
  "TryStatement",
  "MatchClause",
]);

/** Whether a statement always runs before a node of its scope: no branch or loop separates them. */
function isCertain(statement: SyntaxNode, scope: SyntaxNode, use: SyntaxNode): boolean {
  for (let node = statement; node.parent && node.parent.from >= scope.from; node = node.parent) {
    const { parent } = node;
    if (parent.name === scope.name && parent.from === scope.from && parent.to === scope.to) return true;
    if (!branchingStatements.has(parent.name) || isInside(use, node)) continue;
    // The body of a try statement runs first and usually succeeds.
    if (parent.name !== "TryStatement" || node.from !== parent.getChild("Body")?.from) return false;
  }
  return true;
}

/** Returns the function whose body contains a node. Its header is evaluated outside the function. */
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

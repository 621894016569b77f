import type { SyntaxNode } from "@lezer/common";

/** A range of the text, as offsets in UTF-16 code units; `to` is exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** An argument of a call. */
export interface Argument {
  /** Keyword; absent for positional arguments. */
  readonly name?: string;
  /** `*` or `**` before the value. */
  readonly star?: "*" | "**";
  readonly value: SyntaxNode;
}

/** A parameter of a function. */
export interface Parameter {
  readonly name: string;
  readonly node: SyntaxNode;
  readonly default?: SyntaxNode;
  /** Whether it is `*args` or `**kwargs`. */
  readonly isRest: boolean;
}

/** An element of a list or tuple. */
export interface Element {
  readonly isSpread: boolean;
  readonly value: SyntaxNode;
}

/** An entry of a dict display: `key: value`, or `**value`. */
export interface DictItem {
  readonly key?: SyntaxNode;
  readonly value: SyntaxNode;
}

/** An assignment: `a = b = 1`, `a, b = 1, 2`, `a: T = 1`. */
export interface Assignment {
  /** One list per `=`, with the targets and the commas and stars between them. */
  readonly targets: readonly (readonly SyntaxNode[])[];
  readonly annotation?: SyntaxNode;
  /** Values with the commas and stars between them; empty for a bare annotation. */
  readonly values: readonly SyntaxNode[];
}

/** Returns the children of a node without comments. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== "Comment") children.push(child);
  }
  return children;
}

/** Returns the statements of a body. */
export function statementsOf(body: SyntaxNode | undefined): readonly SyntaxNode[] {
  return body ? childrenOf(body).filter((child) => child.name !== ":" && child.name !== ";") : [];
}

/** Returns the first child with a name. */
export function childOf(node: SyntaxNode, name: string): SyntaxNode | undefined {
  return node.getChild(name) ?? undefined;
}

/** Returns the elements of a list, tuple or subscript. */
export function elementsOf(node: SyntaxNode): readonly Element[] {
  return readElements(inner(node));
}

/** Returns the elements between commas. */
export function readElements(nodes: readonly SyntaxNode[]): readonly Element[] {
  return splitByCommas(nodes).flatMap((parts): Element[] => {
    const [first, second] = parts;
    if (first?.name === "*" && second) return [{ isSpread: true, value: second }];
    return first && parts.length === 1 ? [{ isSpread: false, value: first }] : [];
  });
}

/** Whether a syntax error is a star that Python allows, as in the comprehension `[b for a, *b in c]`. */
export function isStarError(node: SyntaxNode): boolean {
  return node.type.isError && node.firstChild?.name === "*" && node.prevSibling?.name === ",";
}

/** Returns the star in place of the error node that the parser creates for it. */
export function withoutStarError(node: SyntaxNode): readonly SyntaxNode[] {
  return isStarError(node) ? childrenOf(node) : [node];
}

/** Returns the entries of a dict display. */
export function dictItemsOf(node: SyntaxNode): readonly DictItem[] {
  return splitByCommas(inner(node)).flatMap((parts): DictItem[] => {
    const [first, second, third] = parts;
    if (first?.name === "**" && second) return [{ value: second }];
    return first && second?.name === ":" && third ? [{ key: first, value: third }] : [];
  });
}

/** Returns the arguments of a call from its `ArgList`. */
export function argumentsOf(list: SyntaxNode, text: string): readonly Argument[] {
  return splitByCommas(inner(list)).flatMap((parts): Argument[] => {
    const [first, second, third] = parts;
    if (!first) return [];
    if ((first.name === "*" || first.name === "**") && second) return [{ star: first.name, value: second }];
    if (second?.name === "AssignOp" && third)
      return [{ name: text.slice(first.from, first.to), value: third }];
    return [{ value: first }];
  });
}

/** Returns the parameters of a function from its `ParamList`. */
export function parametersOf(list: SyntaxNode, text: string): readonly Parameter[] {
  return splitByCommas(inner(list)).flatMap((parts): Parameter[] => {
    const isRest = parts[0]?.name === "*" || parts[0]?.name === "**";
    const node = parts.find((part) => part.name === "VariableName");
    if (!node) return [];
    const operator = parts.findIndex((part) => part.name === "AssignOp");
    const fallback = operator < 0 ? undefined : parts[operator + 1];
    return [{ name: text.slice(node.from, node.to), node, isRest, ...(fallback && { default: fallback }) }];
  });
}

/** Splits an assignment into its targets, its annotation and its values. */
export function assignmentOf(statement: SyntaxNode): Assignment {
  const parts: SyntaxNode[][] = [[]];
  let annotation: SyntaxNode | undefined;
  for (const child of childrenOf(statement)) {
    if (child.name === "AssignOp") parts.push([]);
    else if (child.name === "TypeDef") annotation = child;
    else parts.at(-1)?.push(child);
  }
  const values = parts.length > 1 ? (parts.pop() ?? []) : [];
  return { targets: parts, values, ...(annotation && { annotation }) };
}

/** Whether a span lies inside another. */
export function isInside(inside: Span, outside: Span): boolean {
  return outside.from <= inside.from && inside.to <= outside.to;
}

/** Visits a node and its descendants in order. If `visit` returns `false`, skips the children of the node. */
export function walk(node: SyntaxNode, visit: (node: SyntaxNode) => boolean | undefined): void {
  // A cursor avoids recursion, because brackets may be nested deeper than the stack.
  node.cursor().iterate((cursor) => visit(cursor.node));
}

const brackets: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** Returns the closing bracket for an opening one, and `undefined` for other text. */
export function closingBracket(opening: string): string | undefined {
  return brackets[opening];
}

function inner(node: SyntaxNode): readonly SyntaxNode[] {
  const children = childrenOf(node);
  const start = closingBracket(children[0]?.name ?? "") === undefined ? 0 : 1;
  const hasEnd = start === 1 && children.at(-1)?.name === closingBracket(children[0]?.name ?? "");
  return children.slice(start, hasEnd ? -1 : undefined);
}

function splitByCommas(nodes: readonly SyntaxNode[]): readonly (readonly SyntaxNode[])[] {
  const groups: SyntaxNode[][] = [[]];
  for (const node of nodes) {
    if (node.name === ",") groups.push([]);
    else groups.at(-1)?.push(node);
  }
  return groups.filter((group) => group.length > 0);
}

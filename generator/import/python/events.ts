import type { SyntaxNode } from "@lezer/common";
import { argumentsOf, assignmentOf, childOf, childrenOf, elementsOf, parametersOf } from "./nodes.js";

/** An event that gives a name a value or changes its value. */
export type NameEvent =
  | { readonly kind: "assign"; readonly node: SyntaxNode; readonly value: SyntaxNode }
  | { readonly kind: "import"; readonly node: SyntaxNode; readonly qualified: string }
  | {
      readonly kind: "parameter";
      readonly node: SyntaxNode;
      readonly default?: SyntaxNode;
      readonly isRest: boolean;
    }
  | { readonly kind: "definition"; readonly node: SyntaxNode; readonly what: "function" | "class" }
  | { readonly kind: "opaque"; readonly node: SyntaxNode; readonly what: string }
  | { readonly kind: "change"; readonly node: SyntaxNode; readonly change: Change };

/** A change of a value in place, or of the value under some of its keys. */
export interface Change {
  readonly keys: readonly SyntaxNode[];
  readonly update:
    | { readonly kind: "set"; readonly value: SyntaxNode }
    | { readonly kind: "augment"; readonly operator: string; readonly value: SyntaxNode }
    | { readonly kind: "method"; readonly method: string; readonly args: readonly SyntaxNode[] };
}

/** Methods that do not change a value. */
const harmlessMethods = new Set([
  "get",
  "copy",
  "items",
  "keys",
  "values",
  "format",
  "join",
  "index",
  "count",
]);

/** Lists the events of the names in a function or file, in order. Nested functions are scopes of their own. */
export function collectEvents(scope: SyntaxNode, text: string): ReadonlyMap<string, readonly NameEvent[]> {
  const collector: Collector = { text, events: new Map() };
  const body = scope.name === "Script" ? scope : childOf(scope, "Body");
  const params = scope.name === "Script" ? undefined : childOf(scope, "ParamList");
  if (params) readParameters(collector, params);
  if (body) readBlock(collector, body);
  return collector.events;
}

interface Collector {
  readonly text: string;
  readonly events: Map<string, NameEvent[]>;
}

function readParameters(collector: Collector, params: SyntaxNode): void {
  for (const { name, node, default: fallback, isRest } of parametersOf(params, collector.text)) {
    add(collector, name, { kind: "parameter", node, isRest, ...(fallback && { default: fallback }) });
  }
}

function readBlock(collector: Collector, block: SyntaxNode): void {
  for (const statement of childrenOf(block)) readStatement(collector, statement);
}

function readStatement(collector: Collector, statement: SyntaxNode): void {
  if (statement.name === "AssignStatement") readAssignment(collector, statement);
  else if (statement.name === "UpdateStatement") readUpdate(collector, statement);
  else if (statement.name === "ExpressionStatement") readExpression(collector, statement);
  else if (statement.name === "ImportStatement") readImport(collector, statement);
  else if (statement.name === "FunctionDefinition") define(collector, statement, "function");
  else if (statement.name === "ClassDefinition") define(collector, statement, "class");
  else readCompound(collector, statement);
}

function readCompound(collector: Collector, statement: SyntaxNode): void {
  if (statement.name === "ForStatement") readTargets(collector, statement, "loop variable");
  if (statement.name === "WithStatement" || statement.name === "TryStatement")
    readAliases(collector, statement);
  // The blocks of compound statements and the definitions below decorators.
  for (const child of childrenOf(statement)) {
    if (child.name === "Body") readBlock(collector, child);
    else if (child.name === "MatchBody" || child.name === "MatchClause") readCompound(collector, child);
    else if (statement.name === "DecoratedStatement") readStatement(collector, child);
  }
}

function readAssignment(collector: Collector, statement: SyntaxNode): void {
  const { targets, values } = assignmentOf(statement);
  const [value] = values;
  if (!value) return;
  for (const target of targets) {
    const names = target.length === 1 ? unpack(target[0]) : target;
    const parts = values.length > 1 ? values : unpack(value);
    names.forEach((name, index) => {
      const part = parts[index];
      if (names.length === 1 && values.length === 1) assign(collector, name, { node: statement, value });
      else if (part && parts.length === names.length)
        assign(collector, name, { node: statement, value: part });
      else if (name.name === "VariableName")
        add(collector, slice(collector, name), { kind: "opaque", node: statement, what: "unpacked name" });
    });
  }
}

function assign(
  collector: Collector,
  target: SyntaxNode,
  { node, value }: { readonly node: SyntaxNode; readonly value: SyntaxNode },
): void {
  if (target.name === "VariableName")
    add(collector, slice(collector, target), { kind: "assign", node, value });
  else change(collector, target, { node, update: { kind: "set", value } });
}

function change(
  collector: Collector,
  target: SyntaxNode,
  { node, update }: { readonly node: SyntaxNode; readonly update: Change["update"] },
): void {
  const path = readSubscripts(target);
  if (!path) return;
  const { root, keys } = path;
  add(collector, slice(collector, root), { kind: "change", node, change: { keys, update } });
}

function readUpdate(collector: Collector, statement: SyntaxNode): void {
  const [target, operator, value] = childrenOf(statement);
  if (!target || !operator || !value) return;
  const update = { kind: "augment", operator: slice(collector, operator).slice(0, -1), value } as const;
  change(collector, target, { node: statement, update });
}

/** Reads method calls such as `names.append(x)` and `config["resources"].append(x)`. */
function readExpression(collector: Collector, statement: SyntaxNode): void {
  const call = statement.firstChild;
  const [callee, list] = call?.name === "CallExpression" ? childrenOf(call) : [];
  if (callee?.name !== "MemberExpression" || list?.name !== "ArgList") return;
  const property = callee.lastChild;
  const object = callee.firstChild;
  if (property?.name !== "PropertyName" || !object) return;
  const method = slice(collector, property);
  if (harmlessMethods.has(method)) return;
  const args = argumentsOf(list, collector.text).map((argument) => argument.value);
  change(collector, object, { node: statement, update: { kind: "method", method, args } });
}

function readImport(collector: Collector, statement: SyntaxNode): void {
  const words = childrenOf(statement);
  const start = words.findIndex((word) => word.name === "import");
  const module = words
    .slice(1, Math.max(1, start))
    .map((word) => slice(collector, word))
    .join("");
  const prefix = words[0]?.name === "from" ? `${module}.` : "";
  for (const group of splitAtCommas(words.slice(start + 1))) {
    const alias = group.findIndex((word) => word.name === "as");
    const path = (alias < 0 ? group : group.slice(0, alias)).map((word) => slice(collector, word)).join("");
    const given = alias < 0 ? undefined : group[alias + 1];
    // `import a.b` defines `a`; `import a.b as c` defines `c` as the whole path.
    const name = given ? slice(collector, given) : (path.split(".", 1)[0] ?? path);
    const qualified = prefix + (given || prefix ? path : name);
    if (/^\w+$/.test(name)) add(collector, name, { kind: "import", node: statement, qualified });
  }
}

function define(collector: Collector, statement: SyntaxNode, what: "function" | "class"): void {
  const name = childOf(statement, "VariableName");
  if (name) add(collector, slice(collector, name), { kind: "definition", node: statement, what });
}

function readTargets(collector: Collector, statement: SyntaxNode, what: string): void {
  for (const child of childrenOf(statement)) {
    if (child.name === "in") return;
    for (const name of unpack(child)) {
      if (name.name === "VariableName")
        add(collector, slice(collector, name), { kind: "opaque", node: child, what });
    }
  }
}

function readAliases(collector: Collector, statement: SyntaxNode): void {
  const children = childrenOf(statement);
  children.forEach((child, index) => {
    if (child.name === "VariableName" && children[index - 1]?.name === "as")
      add(collector, slice(collector, child), { kind: "opaque", node: child, what: "name" });
  });
}

function add(collector: Collector, name: string, event: NameEvent): void {
  const events = collector.events.get(name);
  if (events) events.push(event);
  else collector.events.set(name, [event]);
}

function slice(collector: Collector, node: SyntaxNode): string {
  return collector.text.slice(node.from, node.to);
}

/** Splits `a["x"]["y"]` into its root and its keys. A plain `a` has no keys. Returns `undefined` for other targets. */
function readSubscripts(
  target: SyntaxNode,
): { readonly root: SyntaxNode; readonly keys: readonly SyntaxNode[] } | undefined {
  const keys: SyntaxNode[] = [];
  let node = target;
  while (node.name === "MemberExpression") {
    const [object, open, key, close, ...more] = childrenOf(node);
    if (!object || open?.name !== "[" || !key || close?.name !== "]" || more.length > 0) return undefined;
    keys.unshift(key);
    node = object;
  }
  return node.name === "VariableName" ? { root: node, keys } : undefined;
}

function unpack(node: SyntaxNode | undefined): readonly SyntaxNode[] {
  if (node?.name === "TupleExpression" || node?.name === "ArrayExpression")
    return elementsOf(node).map((element) => element.value);
  return node ? [node] : [];
}

function splitAtCommas(nodes: readonly SyntaxNode[]): readonly (readonly SyntaxNode[])[] {
  const groups: SyntaxNode[][] = [[]];
  for (const node of nodes) {
    if (node.name === ",") groups.push([]);
    else if (node.name !== "(" && node.name !== ")") groups.at(-1)?.push(node);
  }
  return groups.filter((group) => group.length > 0);
}

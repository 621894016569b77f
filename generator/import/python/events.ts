import type { SyntaxNode } from "@lezer/common";
import { argumentsOf, assignmentOf, childOf, childrenOf, elementsOf, parametersOf } from "./nodes.js";

/** Something that gives a name a value, or changes it. */
export type NameEvent =
  | { readonly kind: "assign"; readonly at: SyntaxNode; readonly value: SyntaxNode }
  | { readonly kind: "import"; readonly at: SyntaxNode; readonly qualified: string }
  | {
      readonly kind: "parameter";
      readonly at: SyntaxNode;
      readonly default?: SyntaxNode;
      readonly isRest: boolean;
    }
  | { readonly kind: "definition"; readonly at: SyntaxNode; readonly what: "function" | "class" }
  | { readonly kind: "opaque"; readonly at: SyntaxNode; readonly what: string }
  | { readonly kind: "change"; readonly at: SyntaxNode; readonly change: Change };

/** How a value, or what it holds under some keys, is changed in place. */
export interface Change {
  readonly keys: readonly SyntaxNode[];
  readonly update:
    | { readonly kind: "set"; readonly value: SyntaxNode }
    | { readonly kind: "augment"; readonly operator: string; readonly value: SyntaxNode }
    | { readonly kind: "method"; readonly method: string; readonly args: readonly SyntaxNode[] };
}

/** Methods that leave a value as it is, or whose effect cannot matter. */
const HARMLESS = new Set(["get", "copy", "items", "keys", "values", "format", "join", "index", "count"]);

/** Lists what happens to the names of a function or file, in order. Functions inside are scopes of their own. */
export function collectEvents(scope: SyntaxNode, text: string): ReadonlyMap<string, readonly NameEvent[]> {
  const collector = new Collector(text);
  const body = scope.name === "Script" ? scope : childOf(scope, "Body");
  const params = scope.name === "Script" ? undefined : childOf(scope, "ParamList");
  if (params) collector.readParameters(params);
  if (body) collector.readBlock(body);
  return collector.events;
}

class Collector {
  readonly events = new Map<string, NameEvent[]>();
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  readParameters(params: SyntaxNode): void {
    for (const { name, node, default: fallback, isRest } of parametersOf(params, this.#text)) {
      this.#add(name, { kind: "parameter", at: node, isRest, ...(fallback && { default: fallback }) });
    }
  }

  readBlock(block: SyntaxNode): void {
    for (const statement of childrenOf(block)) this.#readStatement(statement);
  }

  #readStatement(statement: SyntaxNode): void {
    if (statement.name === "AssignStatement") this.#readAssignment(statement);
    else if (statement.name === "UpdateStatement") this.#readUpdate(statement);
    else if (statement.name === "ExpressionStatement") this.#readExpression(statement);
    else if (statement.name === "ImportStatement") this.#readImport(statement);
    else if (statement.name === "FunctionDefinition") this.#define(statement, "function");
    else if (statement.name === "ClassDefinition") this.#define(statement, "class");
    else this.#readCompound(statement);
  }

  #readCompound(statement: SyntaxNode): void {
    if (statement.name === "ForStatement") this.#readTargets(statement, "loop variable");
    if (statement.name === "WithStatement" || statement.name === "TryStatement") this.#readAliases(statement);
    // Blocks of compound statements, and what decorators are put on.
    for (const child of childrenOf(statement)) {
      if (child.name === "Body") this.readBlock(child);
      else if (child.name === "MatchBody" || child.name === "MatchClause") this.#readCompound(child);
      else if (statement.name === "DecoratedStatement") this.#readStatement(child);
    }
  }

  #readAssignment(statement: SyntaxNode): void {
    const { targets, values } = assignmentOf(statement);
    const [value] = values;
    if (!value) return;
    for (const target of targets) {
      const names = target.length === 1 ? unpack(target[0]) : target;
      const parts = values.length > 1 ? values : unpack(value);
      names.forEach((name, index) => {
        const part = parts[index];
        if (names.length === 1 && values.length === 1) this.#assign(name, statement, value);
        else if (part && parts.length === names.length) this.#assign(name, statement, part);
        else if (name.name === "VariableName")
          this.#add(this.#slice(name), { kind: "opaque", at: statement, what: "unpacked name" });
      });
    }
  }

  #assign(target: SyntaxNode, at: SyntaxNode, value: SyntaxNode): void {
    if (target.name === "VariableName") this.#add(this.#slice(target), { kind: "assign", at, value });
    else this.#change(target, at, { kind: "set", value });
  }

  #change(target: SyntaxNode, at: SyntaxNode, update: Change["update"]): void {
    const path = readSubscripts(target);
    if (path) this.#add(this.#slice(path.root), { kind: "change", at, change: { keys: path.keys, update } });
  }

  #readUpdate(statement: SyntaxNode): void {
    const [target, operator, value] = childrenOf(statement);
    if (!target || !operator || !value) return;
    this.#change(target, statement, { kind: "augment", operator: this.#slice(operator).slice(0, -1), value });
  }

  /** `names.append(x)`, `config["resources"].append(x)` */
  #readExpression(statement: SyntaxNode): void {
    const call = statement.firstChild;
    const [callee, list] = call?.name === "CallExpression" ? childrenOf(call) : [];
    if (callee?.name !== "MemberExpression" || list?.name !== "ArgList") return;
    const property = callee.lastChild;
    const object = callee.firstChild;
    if (property?.name !== "PropertyName" || !object) return;
    const method = this.#slice(property);
    if (HARMLESS.has(method)) return;
    const args = argumentsOf(list, this.#text).map((argument) => argument.value);
    this.#change(object, statement, { kind: "method", method, args });
  }

  #readImport(statement: SyntaxNode): void {
    const words = childrenOf(statement);
    const start = words.findIndex((word) => word.name === "import");
    const module = words
      .slice(1, Math.max(1, start))
      .map((word) => this.#slice(word))
      .join("");
    const prefix = words[0]?.name === "from" ? `${module}.` : "";
    for (const group of splitAtCommas(words.slice(start + 1))) {
      const alias = group.findIndex((word) => word.name === "as");
      const path = (alias < 0 ? group : group.slice(0, alias)).map((word) => this.#slice(word)).join("");
      const given = alias < 0 ? undefined : group[alias + 1];
      // `import a.b` makes `a` known, `import a.b as c` gives `c` the whole path.
      const name = given ? this.#slice(given) : (path.split(".", 1)[0] ?? path);
      const qualified = prefix + (given || prefix ? path : name);
      if (/^\w+$/.test(name)) this.#add(name, { kind: "import", at: statement, qualified });
    }
  }

  #define(statement: SyntaxNode, what: "function" | "class"): void {
    const name = childOf(statement, "VariableName");
    if (name) this.#add(this.#slice(name), { kind: "definition", at: statement, what });
  }

  #readTargets(statement: SyntaxNode, what: string): void {
    for (const child of childrenOf(statement)) {
      if (child.name === "in") return;
      for (const name of unpack(child)) {
        if (name.name === "VariableName") this.#add(this.#slice(name), { kind: "opaque", at: child, what });
      }
    }
  }

  #readAliases(statement: SyntaxNode): void {
    const children = childrenOf(statement);
    children.forEach((child, index) => {
      if (child.name === "VariableName" && children[index - 1]?.name === "as")
        this.#add(this.#slice(child), { kind: "opaque", at: child, what: "name" });
    });
  }

  #add(name: string, event: NameEvent): void {
    const events = this.events.get(name);
    if (events) events.push(event);
    else this.events.set(name, [event]);
  }

  #slice(node: SyntaxNode): string {
    return this.#text.slice(node.from, node.to);
  }
}

/** `a["x"]["y"]` as its root and its keys, of which `a` has none; nothing for any other target. */
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

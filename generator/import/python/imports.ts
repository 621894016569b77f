import type { SyntaxNode } from "@lezer/common";
import { setName } from "./assign.js";
import type { Evaluator } from "./evaluator.js";
import type { Frame } from "./heap.js";
import { childrenOf } from "./nodes.js";
import { unknown } from "./values.js";

/** Executes an import: its names become unknown values with a qualified name. */
export function importNames(evaluator: Evaluator, statement: SyntaxNode, frame: Frame): void {
  const textOf = (node: SyntaxNode): string => evaluator.text.slice(node.from, node.to);
  const words = childrenOf(statement);
  const start = words.findIndex((word) => word.name === "import");
  const module = words.slice(1, Math.max(1, start)).map(textOf).join("");
  const prefix = words[0]?.name === "from" ? `${module}.` : "";
  for (const group of splitAtCommas(words.slice(start + 1))) {
    const alias = group.findIndex((word) => word.name === "as");
    const path = (alias < 0 ? group : group.slice(0, alias)).map(textOf).join("");
    const given = alias < 0 ? undefined : group[alias + 1];
    // `import a.b` defines `a`; `import a.b as c` defines `c` as the whole path.
    const name = given ? textOf(given) : (path.split(".", 1)[0] ?? path);
    const qualified = prefix + (given || prefix ? path : name);
    if (!/^\w+$/.test(name)) continue;
    const value = unknown("imported name", statement, { name: qualified, isImported: true });
    setName(evaluator, frame, { name, key: statement, value });
  }
}

function splitAtCommas(nodes: readonly SyntaxNode[]): readonly (readonly SyntaxNode[])[] {
  const groups: SyntaxNode[][] = [[]];
  for (const node of nodes) {
    if (node.name === ",") groups.push([]);
    else if (node.name !== "(" && node.name !== ")") groups.at(-1)?.push(node);
  }
  return groups.filter((group) => group.length > 0);
}

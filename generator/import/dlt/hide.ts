import type { SyntaxNode } from "@lezer/common";
import { argumentsOf, assignmentOf, dictItemsOf, parametersOf, type Span, walk } from "../python/nodes.js";
import type { PythonSource } from "../python/parse.js";
import { isSecretName } from "./credentials.js";

/** Literals that may be secrets by the names they stand under, wherever that is: no code frame shows them. */
export function hiddenLiterals({ text, trees }: PythonSource): readonly Span[] {
  const hidden: Span[] = [];
  for (const tree of trees)
    walk(tree.topNode, (node) => {
      for (const [name, value] of namedValues(node, text)) {
        if (value.name.endsWith("String") && isSecretName(name)) hidden.push(value);
      }
      return undefined;
    });
  return hidden;
}

/** The values that a node gives names to, with those names. */
function namedValues(node: SyntaxNode, text: string): readonly (readonly [string, SyntaxNode])[] {
  const slice = ({ from, to }: Span): string => text.slice(from, to);
  switch (node.name) {
    case "DictionaryExpression":
      return dictItemsOf(node).flatMap(({ key, value }) =>
        key ? [[slice(key).replaceAll(/^\W+|\W+$/g, ""), value]] : [],
      );
    case "ParamList":
      return parametersOf(node, text).flatMap(({ name, default: value }) => (value ? [[name, value]] : []));
    case "AssignStatement": {
      const { targets, values } = assignmentOf(node);
      const [target] = targets[0] ?? [];
      return target && values[0] ? [[slice(target), values[0]]] : [];
    }
    case "ArgList": {
      // Whatever makes credentials is given them: `BearerTokenAuth("…")`.
      const callee = node.prevSibling ? slice(node.prevSibling) : "";
      const isCredentials = /auth|credential/i.test(callee);
      return argumentsOf(node, text).map(({ name = "", value }) => [isCredentials ? "token" : name, value]);
    }
    default:
      return [];
  }
}

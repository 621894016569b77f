import type { SyntaxNode } from "@lezer/common";
import { readString } from "./literals.js";
import { childOf, childrenOf } from "./nodes.js";

/** Returns the docstring of a function without quotes and indentation, if it has one. */
export function docstringOf(definition: SyntaxNode, text: string): string | undefined {
  const body = childOf(definition, "Body");
  const first = body && childrenOf(body).find((child) => child.name !== ":");
  const literal = first?.name === "ExpressionStatement" ? first.firstChild : undefined;
  if (literal?.name !== "String") return undefined;
  const lines = readString(text.slice(literal.from, literal.to)).split("\n");
  const indents = lines.slice(1).flatMap((line) => (line.trim() ? [line.search(/\S/)] : []));
  const indent = Math.min(...indents, 200);
  return [lines[0], ...lines.slice(1).map((line) => line.slice(indent))].join("\n").trim();
}

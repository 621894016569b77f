import type { SyntaxNode } from "@lezer/common";
import { docstringOf } from "../python/docstrings.js";
import { type Evaluator, lookUp, slice } from "../python/evaluator.js";
import { argumentsOf, assignmentOf, childOf } from "../python/nodes.js";
import { readString } from "../python/literals.js";

/** Returns the innermost function whose body contains a node. */
function functionAround(node: SyntaxNode): SyntaxNode | undefined {
  for (let child = node; child.parent; child = child.parent)
    if (child.name === "Body" && child.parent.name === "FunctionDefinition") return child.parent;
  return undefined;
}

/** Returns the summary of the docstring of a function that returns the resources of a statement. */
export function summaryOf(statement: SyntaxNode, evaluator: Evaluator): string | undefined {
  const around = functionAround(statement);
  if (!around) return undefined;
  const isResult = /^(?:Return|Yield)Statement$/.test(statement.name);
  return isResult || decoratorOf(around, evaluator)
    ? withoutSections(docstringOf(around, evaluator.text))
    : undefined;
}

/** Returns a docstring without its sections about arguments and results. */
function withoutSections(docstring: string | undefined): string | undefined {
  return docstring
    ?.split(
      /\n\s*(?:Args?|Arguments|Parameters|Params|Returns?|Yields?|Raises|Examples?|Notes?|Usage)\s*:?\s*\n|\n\s*:\w+/,
    )[0]
    ?.trim();
}

/** Lists the names of a configuration's decorator, function and variable, the best first. */
export function namesAround(node: SyntaxNode, evaluator: Evaluator): readonly string[] {
  const names: string[] = [];
  const around = functionAround(node);
  const own = around && slice(evaluator, childOf(around, "VariableName") ?? around);
  const decorator = around && decoratorOf(around, evaluator);
  if (decorator && own !== undefined) names.push(...decoratorName(decorator, evaluator), own);
  for (let parent = node.parent; parent && !stops.test(parent.name); parent = parent.parent) {
    const target = parent.name === "AssignStatement" ? assignmentOf(parent).targets[0]?.[0] : undefined;
    if (target?.name === "VariableName") names.push(slice(evaluator, target));
  }
  if (own !== undefined) names.push(own);
  return names;
}

/**
 * Nodes at which the search for the variable stops, because a variable outside them does not hold the configuration
 * itself.
 */
const stops = /^(?:Script|Body|ArgList|\w*ComprehensionExpression)$/;

function decoratorName(decorator: SyntaxNode, evaluator: Evaluator): readonly string[] {
  const list = childOf(decorator, "ArgList");
  const given = list && argumentsOf(list, evaluator.text).find(({ name }) => name === "name");
  if (!given) return [];
  if (given.value.name === "String") return [readString(slice(evaluator, given.value))];
  const value =
    given.value.name === "VariableName" ? lookUp(evaluator.module, slice(evaluator, given.value)) : undefined;
  return value?.kind === "constant" && typeof value.value === "string" ? [value.value] : [];
}

/** Finds the decorator `@dlt.source(…)` of a function. */
function decoratorOf(definition: SyntaxNode, evaluator: Evaluator): SyntaxNode | undefined {
  const decorated = definition.parent?.name === "DecoratedStatement" ? definition.parent : undefined;
  return decorated
    ?.getChildren("Decorator")
    .find((decorator) => /^@\s*(?:dlt\.)?source\b/.test(slice(evaluator, decorator)));
}

/** Names that do not describe the source. */
const vagueNames =
  /^(?:my|the|rest|api|rest_?api|source|src|config|cfg|conf|settings|data|resources?|result|pipeline|load|run|main|get|dlt|test|example|x|_|lambda|__init__|fetch|extract|etl|ingest|make|build|create|wrapper|res|rs|ret|out|by_name)?$/i;

/** Chooses a unique name for each configuration: from the names around it, otherwise from its file. */
export function nameConfigs(
  sites: readonly { readonly names: readonly string[] }[],
  file: string,
): readonly string[] {
  const taken = new Set<string>();
  return sites.map(({ names }) => {
    const base = names.map(simplifyName).find((name) => !vagueNames.test(name)) ?? nameOfFile(file);
    let name = base;
    for (let number = 2; taken.has(name.toLowerCase()); number += 1) name = `${base}-${number}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

/** Removes words without meaning: `get_github_source` becomes `github`. */
function simplifyName(name: string): string {
  const words = name.replace(/^_+/, "").replace(/^(?:get|make|build|create|load|run|fetch)_/i, "");
  return toFileName(words.replace(/_?(?:rest_?api_?)?(?:source|src|config|cfg|resources|pipeline)$/i, ""));
}

function nameOfFile(file: string): string {
  if (file === "<stdin>") return "rest_api";
  const base = file.split(/[/\\]/).at(-1) ?? file;
  return toFileName(base.replace(/\.\w+$/, "")) || "rest_api";
}

/** Replaces characters that a spec's name, and so a file name, must not contain. */
function toFileName(text: string): string {
  return text
    .replaceAll(/[^\p{L}\p{M}\p{N} ._-]+/gu, "-")
    .replace(/^[^\p{L}\p{N}]+/u, "")
    .slice(0, 100);
}

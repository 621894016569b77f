import type { SyntaxNode } from "@lezer/common";
import { docstringOf, type Evaluator, type Locals } from "../python/evaluate.js";
import {
  argumentsOf,
  assignmentOf,
  childOf,
  childrenOf,
  dictItemsOf,
  parametersOf,
  type Span,
  walk,
} from "../python/nodes.js";
import type { PythonSource } from "../python/parse.js";
import type { PyCall, PyDict, PyValue } from "../python/values.js";

/** A configuration in a source. */
export interface ConfigSite {
  /** The statement that contains the configuration. */
  readonly statement: SyntaxNode;
  /** Position for messages: the call, or the assigned name. */
  readonly origin: Span;
  /** What introduces the configuration, such as `rest_api_source`. */
  readonly what: string;
  readonly config: PyValue;
  /** Possible names, the best first. */
  readonly names: readonly string[];
  readonly description?: string;
  /** Arguments other than the configuration. */
  readonly others: ReadonlyMap<string, PyValue>;
}

const configCalls = /(?:^|\.)(rest_api_source|rest_api_resources|rest_api)$/;

/** Finds all configurations: in calls and under names annotated as `RESTAPIConfig`, otherwise dicts with the typical keys. */
export function findConfigs(source: PythonSource, evaluator: Evaluator): readonly ConfigSite[] {
  const calls = nodesOf(source, "CallExpression").flatMap((node) => readCall(node, evaluator));
  const annotated = nodesOf(source, "AssignStatement").flatMap((node) => readAnnotated(node, evaluator));
  const returned = nodesOf(source, "FunctionDefinition").flatMap((node) => readReturned(node, evaluator));
  const sites = [...calls, ...annotated, ...returned].sort((a, b) => a.origin.from - b.origin.from);
  if (sites.some(({ config }) => config.kind === "dict")) return sites;
  const plain = nodesOf(source, "DictionaryExpression").flatMap((node) => readPlain(node, evaluator));
  return plain.length > 0 ? plain : sites;
}

/** Reads `rest_api_source({...}, name="x")`. */
function readCall(node: SyntaxNode, evaluator: Evaluator): readonly ConfigSite[] {
  const callee = node.firstChild;
  const list = childOf(node, "ArgList");
  const what = callee && configCalls.exec(evaluator.qualify(callee) ?? "")?.[1];
  if (!what || !list) return [];
  const read = evaluator.evaluate(node);
  const call: PyCall =
    read.kind === "call"
      ? read
      : { kind: "call", callee: what, positional: [], keywords: new Map(), origin: node };
  const keywords = new Map(call.keywords);
  const given = keywords.get("config") ?? call.positional[0];
  keywords.delete("config");
  const config = given ? followCall(evaluator, given, node) : fromKeywords(keywords, node);
  // `rest_api` is also the name of a module.
  if (!config || (what === "rest_api" && config.kind !== "dict")) return [];
  const argument = argumentsOf(list, evaluator.text)[0]?.value;
  const named = keywords.get("name");
  const names = [
    ...(named?.kind === "constant" && typeof named.value === "string" ? [named.value] : []),
    ...namesAround(node, evaluator),
    ...(argument?.name === "VariableName" ? [slice(evaluator, argument)] : []),
  ];
  keywords.delete("name");
  return [{ ...contextOf(node, evaluator), what, config, names, others: keywords }];
}

/** Reads `config: RESTAPIConfig = {...}`, unless it is an argument of a call. */
function readAnnotated(node: SyntaxNode, evaluator: Evaluator): readonly ConfigSite[] {
  const { annotation, targets, values } = assignmentOf(node);
  const target = targets[0]?.[0];
  const [value] = values;
  if (!annotation || !target || !value || !/\bRESTAPIConfig\b/.test(slice(evaluator, annotation))) return [];
  if (value.name === "DictionaryExpression" && evaluator.hasEvaluated(value)) return [];
  const config = evaluator.evaluate(value);
  // The configuration may be an argument of a later call that cannot be resolved.
  if (config.kind !== "dict") return [];
  const names = [slice(evaluator, target), ...namesAround(node, evaluator)];
  return [
    {
      ...contextOf(node, evaluator),
      origin: target,
      what: "RESTAPIConfig",
      config,
      names,
      others: new Map(),
    },
  ];
}

/** Reads `def config() -> RESTAPIConfig: return {...}`, unless it is an argument of a call. */
function readReturned(node: SyntaxNode, evaluator: Evaluator): readonly ConfigSite[] {
  const annotation = childOf(node, "TypeDef");
  const result = returnOf(node);
  if (!annotation || !result || !/\bRESTAPIConfig\b/.test(slice(evaluator, annotation))) return [];
  if (result.name === "DictionaryExpression" && evaluator.hasEvaluated(result)) return [];
  const config = evaluator.evaluate(result);
  if (config.kind !== "dict" || result.name !== "DictionaryExpression") return [];
  const names = [slice(evaluator, childOf(node, "VariableName") ?? node)];
  return [{ ...contextOf(result, evaluator), what: "RESTAPIConfig", config, names, others: new Map() }];
}

/** Reads a dict with the keys `client` and `resources`. */
function readPlain(node: SyntaxNode, evaluator: Evaluator): readonly ConfigSite[] {
  const keys = dictItemsOf(node).map(({ key }) => key && evaluator.evaluate(key));
  const has = (word: string): boolean => keys.some((key) => key?.kind === "constant" && key.value === word);
  if (!has("client") || !has("resources")) return [];
  const config = evaluator.evaluate(node);
  const names = namesAround(node, evaluator);
  return [{ ...contextOf(node, evaluator), what: "dict", config, names, others: new Map() }];
}

/** Resolves a call of a function in the source to the value that the function returns. */
function followCall(evaluator: Evaluator, value: PyValue, node: SyntaxNode): PyValue {
  const base = value.kind === "call" ? evaluator.scopes.lookUp(value.callee, node)?.base : undefined;
  const result = base?.kind === "definition" && base.what === "function" ? returnOf(base.node) : undefined;
  if (value.kind !== "call" || !base || !result) return value;
  return evaluator.evaluate(result, bindArguments(evaluator, base.node, value));
}

function bindArguments(evaluator: Evaluator, definition: SyntaxNode, call: PyCall): Locals {
  const list = childOf(definition, "ParamList");
  const names = list ? parametersOf(list, evaluator.text).map(({ name }) => name) : [];
  const positional = names.flatMap((name, index) => {
    const value = call.positional[index];
    return value ? [[name, value] as const] : [];
  });
  return new Map([...positional, ...call.keywords]);
}

function returnOf(definition: SyntaxNode): SyntaxNode | undefined {
  const results: (SyntaxNode | undefined)[] = [];
  const body = childOf(definition, "Body");
  if (body)
    walk(body, (node) => {
      if (node.name === "ReturnStatement") results.push(childrenOf(node)[1]);
      return node.name !== "FunctionDefinition" && node.name !== "LambdaExpression";
    });
  return results.length === 1 ? results[0] : undefined;
}

function fromKeywords(keywords: Map<string, PyValue>, node: SyntaxNode): PyDict | undefined {
  const entries = ["client", "resources", "resource_defaults"].flatMap((key) => {
    const value = keywords.get(key);
    keywords.delete(key);
    return value ? [[key, { key: value.origin, value }] as const] : [];
  });
  if (entries.length === 0) return undefined;
  return { kind: "dict", entries: new Map(entries), rest: [], origin: node };
}

function contextOf(
  node: SyntaxNode,
  evaluator: Evaluator,
): Pick<ConfigSite, "statement" | "origin" | "description"> {
  let statement = node;
  while (statement.parent && !/^(?:Script|Body)$/.test(statement.parent.name)) statement = statement.parent;
  const around = evaluator.scopes.functionAround(node);
  const isSource =
    around !== undefined &&
    (/^(?:Return|Yield)Statement$|^ReturnStatement$/.test(statement.name) || decoratorOf(around, evaluator));
  const description = isSource ? summaryOf(docstringOf(around, evaluator.text)) : undefined;
  return { statement, origin: node, ...(description && { description }) };
}

/** Returns a docstring without its sections about arguments and results. */
function summaryOf(docstring: string | undefined): string | undefined {
  return docstring
    ?.split(
      /\n\s*(?:Args?|Arguments|Parameters|Params|Returns?|Yields?|Raises|Examples?|Notes?|Usage)\s*:?\s*\n|\n\s*:\w+/,
    )[0]
    ?.trim();
}

/** Lists names around a configuration: of its decorator, its function and its variable. */
function namesAround(node: SyntaxNode, evaluator: Evaluator): readonly string[] {
  const names: string[] = [];
  const around = evaluator.scopes.functionAround(node);
  const decorator = around && decoratorOf(around, evaluator);
  if (around && decorator) {
    const list = childOf(decorator, "ArgList");
    const given = list && argumentsOf(list, evaluator.text).find(({ name }) => name === "name");
    const value = given && evaluator.evaluate(given.value);
    if (value?.kind === "constant" && typeof value.value === "string") names.push(value.value);
    names.push(slice(evaluator, childOf(around, "VariableName") ?? around));
  }
  for (
    let parent = node.parent;
    parent && !/^(?:Script|Body|ArgList)$/.test(parent.name);
    parent = parent.parent
  ) {
    const target = parent.name === "AssignStatement" ? assignmentOf(parent).targets[0]?.[0] : undefined;
    if (target?.name === "VariableName") names.push(slice(evaluator, target));
  }
  return names;
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
  /^(?:my|the|rest|api|rest_?api|source|src|config|cfg|conf|settings|data|resources?|result|pipeline|load|run|main|get|dlt|test|example|x)?$/i;

/** Chooses a unique name for each configuration: from the names around it, otherwise from its file. */
export function nameConfigs(sites: readonly ConfigSite[], file: string): readonly string[] {
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
  const words = name.replace(/^_+/, "").replace(/^(?:get|make|build|create|load)_/i, "");
  return toFileName(words.replace(/_?(?:rest_?api_?)?(?:source|src|config|cfg|resources)$/i, ""));
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

function nodesOf({ trees }: PythonSource, name: string): readonly SyntaxNode[] {
  const nodes: SyntaxNode[] = [];
  for (const tree of trees)
    walk(tree.topNode, (node) => {
      if (node.name === name) nodes.push(node);
      return undefined;
    });
  return nodes;
}

function slice(evaluator: Evaluator, node: Span): string {
  return evaluator.text.slice(node.from, node.to);
}

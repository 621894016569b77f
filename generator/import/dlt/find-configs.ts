import type { SyntaxNode } from "@lezer/common";
import { copyValue } from "../python/copy-value.js";
import { createExternalObject } from "../python/classes.js";
import { createEvaluator } from "../python/evaluate.js";
import { executeCells } from "../python/statements.js";
import { type Assumption, type Evaluator, type Observer, slice } from "../python/evaluator.js";
import { callWithParameters, decoratorNames } from "../python/functions.js";
import { assignmentOf, childOf, isInside, type Span, statementsOf } from "../python/nodes.js";
import type { PythonSource } from "../python/parse.js";
import {
  emptyDict,
  isTextConstant,
  type PyCall,
  type PyDict,
  type PyFunction,
  type PyValue,
} from "../python/values.js";
import { chooseEvaluations } from "./choose-evaluations.js";
import { namesAround, summaryOf } from "./names.js";

/** A change of the resources after the configuration was read, such as `source.orders.add_map(f)`. */
export interface LaterChange {
  /** The name of the resource; absent if the change applies to all. */
  readonly resource?: string;
  /** The method and its arguments. An assigned attribute has the callee `=`. */
  readonly call: PyCall;
}

/** A configuration in a source. */
export interface ConfigSite {
  /** The statement that contains the configuration. */
  readonly statement: SyntaxNode;
  /** Position for messages: the call, or the assigned name. */
  readonly origin: Span;
  /** The call or type that introduces the configuration, such as `rest_api_source`. */
  readonly what: string;
  readonly config: PyValue;
  /** Possible names, the best first. */
  readonly names: readonly string[];
  readonly description?: string;
  /** Arguments other than the configuration. */
  readonly others: ReadonlyMap<string, PyValue>;
  readonly changes: readonly LaterChange[];
  /** Conditions in the enclosing functions that were decided by the defaults of parameters. */
  readonly assumptions: readonly Assumption[];
}

/** A call with a configuration, evaluated in one way. */
export interface Evaluation {
  readonly id: number;
  readonly node: SyntaxNode;
  readonly what: string;
  readonly config: PyValue;
  readonly keywords: ReadonlyMap<string, PyValue>;
  readonly argument: string | undefined;
  /** The functions that were being evaluated, the outermost first. */
  readonly stack: readonly PyFunction[];
  /** Whether the source itself calls the outermost function. Otherwise its parameters have external values. */
  readonly isCalled: boolean;
}

/** A dict that may be a configuration. */
interface Candidate {
  readonly node: SyntaxNode;
  readonly origin: Span;
  readonly dict: PyDict;
  readonly names: readonly string[];
}

/** The results of the evaluation of a source. */
interface Findings {
  readonly evaluations: Evaluation[];
  readonly changes: { readonly id: number; readonly change: LaterChange }[];
  readonly annotated: Map<number, Candidate>;
  readonly plain: Map<number, Candidate>;
  isCalled: boolean;
}

/** The configurations of a source, and the evaluator that found them. */
export interface FoundConfigs {
  readonly sites: readonly ConfigSite[];
  readonly evaluator: Evaluator;
}

const configCalls = /(?:^|\.)(rest_api_source|rest_api_resources|rest_api)$/;

/** Text that shows that a function may contain a configuration. */
const configText = /rest_api|RESTAPIConfig|["']resources["']/;

/**
 * Finds all configurations: arguments of calls and names annotated as `RESTAPIConfig`; if there are none, dicts with the
 * typical keys.
 */
export function findConfigs(source: PythonSource): FoundConfigs {
  const findings: Findings = {
    evaluations: [],
    changes: [],
    annotated: new Map(),
    plain: new Map(),
    isCalled: true,
  };
  const evaluator: Evaluator = createEvaluator(
    source,
    createObserver(findings, () => evaluator),
  );
  for (const tree of source.trees) evaluator.execute(statementsOf(tree.topNode), evaluator.module);
  executeCells(evaluator);
  findings.isCalled = false;
  runFunctions(evaluator, findings);
  return { sites: collectSites(evaluator, findings), evaluator };
}

function createObserver(findings: Findings, evaluator: () => Evaluator): Observer {
  return {
    onCall: (call, node) => {
      const read = readCall(evaluator(), call, node);
      if (!read) return undefined;
      const { isCalled, evaluations } = findings;
      const id = evaluations.length;
      evaluations.push({ ...read, id, isCalled, stack: [...evaluator().stack] });
      return { kind: "handle", site: id, origin: node };
    },
    onAnnotated: (statement, value) => {
      const { annotation, targets } = assignmentOf(statement);
      const target = targets[0]?.[0];
      if (value.kind !== "dict" || !annotation || !target) return;
      if (!/\bRESTAPIConfig\b/.test(slice(evaluator(), annotation))) return;
      const names = [slice(evaluator(), target), ...namesAround(statement, evaluator())];
      findings.annotated.set(statement.from, { node: statement, origin: target, dict: value, names });
    },
    onDict: (node, dict) => {
      if (dict.entries.has("client") && dict.entries.has("resources"))
        findings.plain.set(node.from, { node, origin: node, dict, names: namesAround(node, evaluator()) });
    },
    onChange: ({ site, resource }, call) => {
      findings.changes.push({ id: site, change: { call, ...(resource !== undefined && { resource }) } });
    },
  };
}

/** Calls the functions that may contain a configuration, with external values as arguments. */
function runFunctions(evaluator: Evaluator, findings: Findings): void {
  const done = new Set<number>();
  for (;;) {
    const relevant = findRelevant(evaluator);
    const next = relevant.find(({ node }) => !done.has(node.from));
    if (!next) return;
    done.add(next.node.from);
    const owner = evaluator.owners.get(next.node.from);
    const self = owner && createExternalObject(evaluator, owner);
    const result = callWithParameters(evaluator, next, self);
    noteOtherResources(findings, next, result);
    const annotation = childOf(next.node, "TypeDef");
    const isConfig = annotation !== undefined && /\bRESTAPIConfig\b/.test(slice(evaluator, annotation));
    if (isConfig && result?.kind === "dict")
      findings.annotated.set(next.node.from, {
        node: next.node,
        origin: result.origin,
        dict: result,
        names: [next.name],
      });
  }
}

/** Records the resources of a source that are not endpoints, such as functions decorated with `@dlt.resource`. */
function noteOtherResources(
  { evaluations, changes }: Findings,
  fn: PyFunction,
  result: PyValue | undefined,
): void {
  const site = evaluations.filter(({ isCalled, stack }) => !isCalled && stack[0]?.node === fn.node).at(-1);
  const items = result?.kind === "list" ? result.items : result ? [result] : [];
  const others = items.filter((item) => item.kind === "resource" || isResource(item));
  for (const { origin } of site ? others : [])
    changes.push({
      id: site?.id ?? 0,
      change: { call: { kind: "call", callee: "yield", positional: [], keywords: new Map(), origin } },
    });
}

function isResource(value: PyValue): boolean {
  return (
    value.kind === "function" &&
    decoratorNames(value).some((name) => /(?:^|\.)(?:resource|transformer)$/.test(name))
  );
}

/** Finds the functions that may contain a configuration or refer to such a function. */
function findRelevant(evaluator: Evaluator): readonly PyFunction[] {
  const all = [...evaluator.functions.values()];
  const isFound = new Set(all.filter(({ node }) => configText.test(slice(evaluator, node))));
  for (let size = -1; size !== isFound.size;) {
    size = isFound.size;
    const names = new RegExp(`\\b(?:${[...isFound].map(({ name }) => name).join("|")})\\b`);
    for (const one of all) if (size > 0 && names.test(slice(evaluator, one.node))) isFound.add(one);
  }
  return all.filter((one) => isFound.has(one));
}

/** Reads `rest_api_source({...}, name="x")`. */
function readCall(
  evaluator: Evaluator,
  call: PyCall,
  node: SyntaxNode,
): Omit<Evaluation, "id" | "isCalled" | "stack"> | undefined {
  // `rest_api_source.clone(…)` and `.with_args(…)` return the function with other defaults.
  const what = configCalls.exec(call.callee.replace(/\.(?:clone|with_args)$/, ""))?.[1];
  if (!what || /\.(?:clone|with_args)$/.test(call.callee)) return undefined;
  const keywords = new Map(call.keywords);
  const given = keywords.get("config") ?? call.positional[0];
  keywords.delete("config");
  const config = given ?? fromKeywords(keywords, node);
  // `rest_api` is also the name of a module.
  if (!config || (what === "rest_api" && config.kind !== "dict")) return undefined;
  const list = childOf(node, "ArgList");
  const argument = list?.firstChild?.nextSibling;
  return {
    node,
    what,
    // Later changes of the dict do not matter.
    config: copyValue(evaluator, config, "deep"),
    keywords,
    argument: argument?.name === "VariableName" ? slice(evaluator, argument) : undefined,
  };
}

function fromKeywords(keywords: Map<string, PyValue>, node: SyntaxNode): PyDict | undefined {
  const config = emptyDict(node);
  for (const key of ["client", "resources", "resource_defaults"]) {
    const value = keywords.get(key);
    keywords.delete(key);
    if (value) config.entries = new Map([...config.entries, [key, { key: value.origin, value }]]);
  }
  return config.entries.size > 0 ? config : undefined;
}

function collectSites(evaluator: Evaluator, findings: Findings): readonly ConfigSite[] {
  const { evaluations, annotated, plain } = findings;
  const chosen = chooseEvaluations(evaluator, evaluations);
  const calls = chosen.map((evaluation) => siteOfCall(evaluator, findings, { evaluation, chosen }));
  const used = new Set(evaluations.flatMap(({ config }) => originsOf(config)));
  const unused = [...annotated.values()].filter(
    ({ dict }) => !originsOf(dict).some((from) => used.has(from)),
  );
  const sites = [...calls, ...unused.map((one) => siteOfDict(evaluator, one, "RESTAPIConfig"))];
  sites.sort((a, b) => a.origin.from - b.origin.from);
  if (sites.some(({ config }) => config.kind === "dict")) return sites;
  const others = [...plain.values()].map((one) => siteOfDict(evaluator, one, "dict"));
  return others.length > 0 ? others.sort((a, b) => a.origin.from - b.origin.from) : sites;
}

/** Returns the positions that identify a configuration: its own and that of its client. */
function originsOf(config: PyValue): readonly number[] {
  const client = config.kind === "dict" ? config.entries.get("client")?.value : undefined;
  return [config.origin.from, ...(client?.kind === "dict" ? [client.origin.from] : [])];
}

function siteOfCall(
  evaluator: Evaluator,
  { evaluations, changes }: Findings,
  { evaluation, chosen }: { readonly evaluation: Evaluation; readonly chosen: readonly Evaluation[] },
): ConfigSite {
  const { node, what, config, argument, stack } = evaluation;
  const keywords = new Map(evaluation.keywords);
  const named = keywords.get("name");
  const root = stack.length > 1 ? stack[0] : undefined;
  const names = [
    ...(isTextConstant(named) ? [named.value] : []),
    ...(root ? [root.name] : []),
    ...namesAround(node, evaluator),
    ...(argument === undefined ? [] : [argument]),
    ...[...stack].reverse().flatMap(({ name, self }) => [name, ...classNameOf(self)]),
  ];
  keywords.delete("name");
  const same = new Set(evaluations.filter((one) => one.node.from === node.from).map(({ id }) => id));
  const isChosen = (id: number): boolean => chosen.some((one) => one.id === id);
  const own = changes.filter(({ id }) => id === evaluation.id || (same.has(id) && !isChosen(id)));
  const seen = new Set<number>();
  const distinct = own.filter(
    ({ change: { call } }) => !seen.has(call.origin.from) && seen.add(call.origin.from),
  );
  return {
    ...contextOf(node, evaluator),
    what,
    config,
    names,
    others: keywords,
    changes: distinct.map(({ change }) => change),
    assumptions: assumptionsFor(evaluator, evaluation, evaluations),
  };
}

/** Lists the assumptions of the functions around a call and of the helpers that they may have called. */
function assumptionsFor(
  { assumptions }: Evaluator,
  own: Evaluation,
  evaluations: readonly Evaluation[],
): readonly Assumption[] {
  const isIn = (one: Assumption, { node, stack }: Evaluation): boolean =>
    isInside(one, node) || stack.some((fn) => isInside(one, fn.node));
  return [...assumptions.values()].filter(
    (one) =>
      isIn(one, own) || (one.parameter === undefined && !evaluations.some((other) => isIn(one, other))),
  );
}

function assumptionsIn({ assumptions }: Evaluator, node: Span): readonly Assumption[] {
  return [...assumptions.values()].filter((one) => isInside(one, node));
}

/** Returns the name of the class of an object, without words such as `Client`. */
function classNameOf(self: PyValue | undefined): readonly string[] {
  const own =
    self?.kind === "object"
      ? self.of.name.replace(/(?:Rest)?(?:Api)?(?:Client|Source|Pipeline|Connector|Loader)$/i, "")
      : "";
  return own === "" ? [] : [own.replaceAll(/([a-z\d])([A-Z])/g, "$1_$2").toLowerCase()];
}

function siteOfDict(
  evaluator: Evaluator,
  { node, origin, dict, names }: Candidate,
  what: string,
): ConfigSite {
  const config = copyValue(evaluator, dict, "deep");
  const assumptions = assumptionsIn(evaluator, node);
  const context = contextOf(node, evaluator);
  return { ...context, origin, what, config, names, assumptions, others: new Map(), changes: [] };
}

function contextOf(
  node: SyntaxNode,
  evaluator: Evaluator,
): Pick<ConfigSite, "statement" | "origin" | "description"> {
  let statement = node;
  while (statement.parent && !/^(?:Script|Body)$/.test(statement.parent.name)) statement = statement.parent;
  const summary = summaryOf(statement, evaluator);
  return { statement, origin: node, ...(summary && { description: summary }) };
}

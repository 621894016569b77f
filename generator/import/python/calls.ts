import type { SyntaxNode } from "@lezer/common";
import type { Evaluator, Locals } from "./evaluate.js";
import { toPythonText } from "./literals.js";
import { argumentsOf, childOf, childrenOf } from "./nodes.js";
import { formatText } from "./strings.js";
import {
  constant,
  isTextConstant,
  joinText,
  mergeDicts,
  type PyCall,
  type PyDict,
  type PyEntry,
  type PyReference,
  type PyValue,
  unknown,
} from "./values.js";

/** Constructors of dicts: `dict` and the typed dicts of dlt. */
const dictConstructors =
  /^(?:dict|RESTAPIConfig|ClientConfig|EndpointResource|EndpointResourceBase|Endpoint|IncrementalConfig|ProcessingSteps|\w+PaginatorConfig|\w+AuthConfig|OAuth2ClientCredentialsConfig|ResolveParamConfig|IncrementalParamConfig|ResponseActionDict)$/;

/** Stores of external values by the full name of the mapping. */
const stores: readonly (readonly [RegExp, PyReference["store"]])[] = [
  [/^(?:dlt\.)?secrets$/, "secrets"],
  [/^dlt\.config$/, "config"],
  [/^(?:os\.)?environ$/, "environment"],
];

/** A call or member access to evaluate. */
interface Access {
  readonly node: SyntaxNode;
  readonly locals: Locals;
}

/** Evaluates `a.b`, `a["b"]` and calls: external values, items of dicts and lists, and known functions and methods. */
export function evaluateCall(evaluator: Evaluator, node: SyntaxNode, locals: Locals): PyValue {
  const access = { node, locals };
  if (node.name === "MemberExpression") return readMember(evaluator, access);
  const callee = node.firstChild;
  const list = childOf(node, "ArgList");
  if (!callee || !list) return unknown("call", node);
  const name = evaluator.qualify(callee, locals);
  const call = readArguments(evaluator, list, { ...access, callee: name ?? slice(evaluator, callee) });
  return (
    (name === undefined ? undefined : readStoreCall(name, call)) ??
    (name === undefined ? undefined : readKnownCall(name, call)) ??
    readMethod(evaluator, callee, { call, locals }) ??
    call
  );
}

function readMember(evaluator: Evaluator, { node, locals }: Access): PyValue {
  const [object, open, index, close] = childrenOf(node);
  if (!object) return unknown("name", node);
  if (open?.name !== "[" || !index || close?.name !== "]") return readProperty(evaluator, { node, locals });
  const key = evaluator.evaluate(index, locals);
  const store = storeOf(evaluator.qualify(object, locals));
  if (store && isTextConstant(key)) return { kind: "reference", store, key: key.value, origin: node };
  const value = evaluator.evaluate(object, locals);
  if (key.kind !== "constant") return unknown("subscript", node);
  if (value.kind === "reference" && isTextConstant(key) && value.store !== "parameter")
    return { ...value, key: `${value.key}.${key.value}`, origin: node };
  return itemOf(value, key.value) ?? unknown("subscript", node, { name: String(key.value) });
}

function readProperty(evaluator: Evaluator, { node, locals }: Access): PyValue {
  const name = evaluator.qualify(node, locals);
  const property = slice(evaluator, node.lastChild ?? node);
  // The parameter or key that receives `dlt.secrets.value` gives it its name.
  const store = name?.endsWith(".value") ? storeOf(name.slice(0, -".value".length)) : undefined;
  if (store) return { kind: "reference", store, key: "", origin: node };
  return unknown("name", node, { name: name ?? property });
}

function readArguments(
  evaluator: Evaluator,
  list: SyntaxNode,
  { node, locals, callee }: Access & { readonly callee: string },
): PyCall {
  const positional: PyValue[] = [];
  const keywords = new Map<string, PyValue>();
  for (const { name, star, value } of argumentsOf(list, evaluator.text)) {
    const read = evaluator.evaluate(value, locals);
    if (name !== undefined) keywords.set(name, read);
    else if (star === "**" && read.kind === "dict")
      for (const [key, entry] of read.entries) keywords.set(key, entry.value);
    else if (star === "*" && read.kind === "list") positional.push(...read.items);
    else positional.push(star ? unknown("spread", value, { isSpread: true }) : read);
  }
  return { kind: "call", callee, positional, keywords, origin: node };
}

/** Reads external values such as `dlt.secrets.get("x")` and `os.getenv("X", "default")`. */
function readStoreCall(name: string, { positional, origin }: PyCall): PyValue | undefined {
  const [key, fallback] = positional;
  const store = /^(?:os\.)?getenv$/.test(name)
    ? "environment"
    : name.endsWith(".get")
      ? storeOf(name.slice(0, -".get".length))
      : undefined;
  if (!store || !isTextConstant(key)) return undefined;
  const isDefault = store === "environment" && fallback !== undefined;
  return { kind: "reference", store, key: key.value, origin, ...(isDefault && { fallback }) };
}

function storeOf(name: string | undefined): PyReference["store"] | undefined {
  return stores.find(([pattern]) => name !== undefined && pattern.test(name))?.[1];
}

function readKnownCall(name: string, call: PyCall): PyValue | undefined {
  const [first, second] = call.positional;
  const last = name.split(".").at(-1) ?? name;
  if (dictConstructors.test(last)) return readDictCall(call);
  if (/^(?:typing\.)?cast$/.test(name)) return second;
  if (/^(?:copy\.)?(?:deep)?copy$/.test(name)) return first;
  if (/^(?:list|tuple)$/.test(name)) return first?.kind === "list" ? first : undefined;
  if (/^(?:str|int|float|bool)$/.test(name) && first) return convert(name, first);
  // A time given as ISO text is converted to that text.
  if (/(?:^|\.)(?:pendulum\.parse|fromisoformat)$/.test(name) && isTextConstant(first) && isIso(first.value))
    return { ...first, origin: call.origin, isComputed: true };
  return undefined;
}

function readDictCall({ positional, keywords, origin }: PyCall): PyDict {
  const own = new Map<string, PyEntry>();
  for (const [key, value] of keywords) own.set(key, { key: value.origin, value });
  const dict: PyDict = { kind: "dict", entries: own, rest: [], origin };
  const [base] = positional;
  if (!base) return dict;
  return base.kind === "dict" ? { ...mergeDicts(base, dict), origin } : { ...dict, rest: positional };
}

function convert(name: string, value: PyValue): PyValue | undefined {
  // An external value remains external, because options are usually text.
  if (value.kind === "reference") return value;
  if (value.kind !== "constant") return undefined;
  if (name === "str") return constant(toPythonText(value.value), value.origin);
  if (name === "bool") return constant(Boolean(value.value), value.origin);
  const number = typeof value.value === "number" ? value.value : Number(value.value ?? Number.NaN);
  if (!Number.isFinite(number)) return undefined;
  return constant(name === "int" ? Math.trunc(number) : number, value.origin);
}

/** Evaluates methods of known values. */
function readMethod(
  evaluator: Evaluator,
  callee: SyntaxNode,
  { call, locals }: { readonly call: PyCall; readonly locals: Locals },
): PyValue | undefined {
  const property = callee.lastChild;
  if (callee.name !== "MemberExpression" || property?.name !== "PropertyName" || !callee.firstChild)
    return undefined;
  const value = evaluator.evaluate(callee.firstChild, locals);
  const method = slice(evaluator, property);
  const [key, fallback] = call.positional;
  if (method === "format" && isTextConstant(value)) {
    const pieces = formatText(value.value, call);
    return pieces && joinText(pieces, call.origin);
  }
  if (/^(?:isoformat|to_iso8601_string)$/.test(method) && isTextConstant(value) && value.isComputed)
    return value;
  if (method === "copy" && (value.kind === "dict" || value.kind === "list")) return value;
  if (value.kind !== "dict") return undefined;
  if (method === "get" && key?.kind === "constant") {
    const isWhole = value.rest.length === 0;
    return itemOf(value, key.value) ?? (isWhole ? (fallback ?? constant(null, call.origin)) : undefined);
  }
  return value.rest.length === 0 ? listEntries(value, method) : undefined;
}

function listEntries({ entries, origin }: PyDict, method: string): PyValue | undefined {
  const list = (items: readonly PyValue[]): PyValue => ({ kind: "list", items, origin });
  const pairs = [...entries].map(([name, { key, value }]) => ({ key: constant(name, key), value }));
  if (method === "keys") return list(pairs.map(({ key }) => key));
  if (method === "values") return list(pairs.map(({ value }) => value));
  return method === "items" ? list(pairs.map(({ key, value }) => list([key, value]))) : undefined;
}

function itemOf(value: PyValue, key: string | number | boolean | null): PyValue | undefined {
  if (value.kind === "dict") return value.entries.get(String(key))?.value;
  if (value.kind !== "list" || typeof key !== "number") return undefined;
  return value.items.some((item) => item.kind === "unknown" && item.isSpread)
    ? undefined
    : value.items.at(key);
}

function isIso(text: string): boolean {
  return /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/.test(text);
}

function slice(evaluator: Evaluator, node: SyntaxNode): string {
  return evaluator.text.slice(node.from, node.to);
}

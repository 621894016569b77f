import { isTruthy, unknownCondition } from "./choices.js";
import type { Evaluator } from "./evaluator.js";
import { callFunction } from "./functions.js";
import { itemsOf, pairList } from "./iterate.js";
import { toPythonText } from "./literals.js";
import { dictOfPairs, sortItems } from "./sequences.js";
import { createTime } from "./times.js";
import { joinUrl } from "./urls.js";
import {
  constant,
  emptyDict,
  isTextConstant,
  isWhole,
  listValue,
  mergeDicts,
  type PyCall,
  type PyDict,
  type PyValue,
} from "./values.js";

/** Constructors of dicts: `dict` and the typed dicts of dlt. */
const dictConstructors =
  /^(?:dict|OrderedDict|RESTAPIConfig|ClientConfig|EndpointResource|EndpointResourceBase|Endpoint|IncrementalConfig|ProcessingSteps|\w+PaginatorConfig|\w+AuthConfig|OAuth2ClientCredentialsConfig|ResolveParamConfig|IncrementalParamConfig|ResponseActionDict)$/;

/** Most numbers of a `range`. */
const maxRange = 10_000;

/** Calls a known function by its full name. Returns `undefined` for unknown results. */
export function callBuiltin(evaluator: Evaluator, name: string, call: PyCall): PyValue | undefined {
  const [first, second] = call.positional;
  const last = name.split(".").at(-1) ?? name;
  if (dictConstructors.test(last)) return createDict(call);
  if (/^(?:typing\.)?cast$/.test(name)) return second;
  if (/^(?:copy\.)?copy$/.test(name)) return first && copyValue(evaluator, first, "shallow");
  if (/^(?:copy\.)?deepcopy$/.test(name)) return first && copyValue(evaluator, first, "deep");
  if (/^(?:str|int|float|bool)$/.test(name)) return first && convert(name, first);
  if (/(?:^|\.)(?:SecretStr|TSecretStrValue|TSecretValue)$/.test(name)) return first;
  if (/^(?:dataclasses\.|pydantic\.)?[fF]ield$/.test(name)) return readField(evaluator, call);
  if (/^(?:json\.|orjson\.|simplejson\.)loads$/.test(name)) return parseJson(first, call);
  return (
    callSequence(evaluator, name, call) ??
    callFunctional(evaluator, name, call) ??
    createTime(name, call) ??
    joinUrl(name, call)
  );
}

function createDict({ positional, keywords, origin }: PyCall): PyDict {
  const own = emptyDict(origin);
  own.entries = new Map([...keywords].map(([key, value]) => [key, { key: value.origin, value }]));
  const [base] = positional;
  if (!base) return own;
  const pairs = base.kind === "list" ? dictOfPairs(base) : base;
  return pairs?.kind === "dict"
    ? { ...mergeDicts(pairs, own), origin: base.kind === "dict" ? pairs.origin : origin }
    : { ...own, rest: positional };
}

/** Copies a value, with everything in it if the copy is deep. */
export function copyValue(evaluator: Evaluator, value: PyValue, depth: "deep" | "shallow"): PyValue {
  // Shared parts are copied once for each use, which counts as steps: a spec has no shared parts.
  const copy = (part: PyValue, level: number): PyValue => {
    if (level > 200 || !evaluator.spend(1)) return part;
    const inner = (child: PyValue): PyValue => (depth === "deep" ? copy(child, level + 1) : child);
    if (part.kind === "list") {
      const own = listValue(part.items.map(inner), part.origin);
      evaluator.heap.stamp(own);
      return own;
    }
    if (part.kind === "dict") {
      const own: PyDict = { kind: "dict", entries: new Map(), rest: part.rest, origin: part.origin };
      own.entries = new Map(
        [...part.entries].map(([name, entry]) => [name, { ...entry, value: inner(entry.value) }]),
      );
      evaluator.heap.stamp(own);
      return own;
    }
    if (part.kind === "choice" && depth === "deep")
      return {
        ...part,
        then: part.then && inner(part.then),
        otherwise: part.otherwise && inner(part.otherwise),
      };
    return part;
  };
  return copy(value, 0);
}

function convert(name: string, value: PyValue): PyValue | undefined {
  // An external value remains external, because options are usually text.
  if (value.kind === "reference") return value;
  if (name === "str" && value.kind === "text") return value;
  if (value.kind !== "constant") {
    const truth = name === "bool" ? isTruthy(value) : undefined;
    return truth === undefined ? undefined : constant(truth, value.origin);
  }
  if (name === "str") {
    if (value.isTime) return undefined;
    return constant(toPythonText(value), value.origin);
  }
  if (name === "bool") return constant(Boolean(value.value), value.origin);
  const number = typeof value.value === "number" ? value.value : Number(value.value ?? Number.NaN);
  if (!Number.isFinite(number) || value.value === "") return undefined;
  return name === "int"
    ? constant(Math.trunc(number), value.origin)
    : { ...constant(number, value.origin), isFloat: true };
}

function readField(evaluator: Evaluator, { positional, keywords }: PyCall): PyValue | undefined {
  const factory = keywords.get("default_factory");
  if (factory) {
    const name = factory.kind === "unknown" ? factory.name : undefined;
    if (name === "list") return listValue([], factory.origin);
    if (name === "dict") return emptyDict(factory.origin);
    return callCallback(evaluator, factory, []);
  }
  const given = keywords.get("default") ?? positional[0];
  return given?.kind === "unknown" ? undefined : given;
}

function parseJson(value: PyValue | undefined, { origin }: PyCall): PyValue | undefined {
  if (!isTextConstant(value)) return undefined;
  try {
    return fromJson(JSON.parse(value.value), origin);
  } catch {
    return undefined;
  }
}

function fromJson(value: unknown, origin: PyValue["origin"]): PyValue {
  if (Array.isArray(value))
    return listValue(
      value.map((item) => fromJson(item, origin)),
      origin,
    );
  if (typeof value !== "object" || value === null)
    return constant(value as string | number | boolean | null, origin);
  const dict = emptyDict(origin);
  dict.entries = new Map(
    Object.entries(value).map(([name, entry]) => [name, { key: origin, value: fromJson(entry, origin) }]),
  );
  return dict;
}

function callSequence(evaluator: Evaluator, name: string, call: PyCall): PyValue | undefined {
  const { origin, positional } = call;
  const [first] = positional;
  const items = first && itemsOf(first);
  switch (name) {
    case "list":
    case "tuple":
    case "set":
    case "frozenset":
    case "iter":
      if (first?.kind === "handle") return first;
      return first ? items && listValue(items, origin) : listValue([], origin);
    case "len":
      return items && (first.kind !== "list" || isWhole(first)) ? constant(items.length, origin) : undefined;
    case "range":
      return range(call);
    case "enumerate": {
      const start = positional[1] ?? call.keywords.get("start");
      const from = start?.kind === "constant" ? Number(start.value) : 0;
      if (!items || (start && start.kind !== "constant")) return undefined;
      return pairList(
        items.map((item, index) => [constant(from + index, origin), item] as const),
        origin,
      );
    }
    case "zip":
    case "itertools.product":
    case "product":
    case "itertools.chain":
    case "chain":
      return combine(name, call);
    case "sorted": {
      const sorted = items && sortItems(evaluator, items, call);
      return sorted && listValue(sorted, origin);
    }
    case "reversed":
      return items && listValue([...items].reverse(), origin);
    case "next":
      return items?.[0]?.kind === "choice" ? undefined : items?.[0];
    case "sum":
    case "min":
    case "max":
      return reduce(name, positional.length > 1 ? positional : items, origin);
    default:
      return undefined;
  }
}

function range({ positional, origin }: PyCall): PyValue | undefined {
  const numbers = positional.map((value) => (value.kind === "constant" ? value.value : undefined));
  if (numbers.length === 0 || !numbers.every((number) => Number.isInteger(number))) return undefined;
  const [a = 0, b, step = 1] = numbers as readonly number[];
  const [start, end] = b === undefined ? [0, a] : [a, b];
  const length = Math.max(0, Math.ceil((end - start) / step));
  if (step === 0 || length > maxRange) return undefined;
  return listValue(
    Array.from({ length }, (_, index) => constant(start + index * step, origin)),
    origin,
  );
}

function combine(name: string, { positional, origin }: PyCall): PyValue | undefined {
  const lists = positional.flatMap((value) => {
    const items = value.kind !== "list" || isWhole(value) ? itemsOf(value) : undefined;
    return items ? [items] : [];
  });
  if (lists.length < positional.length) return undefined;
  const tuple = (items: readonly PyValue[]): PyValue => listValue(items, origin);
  if (name.endsWith("chain")) return tuple(lists.flat());
  if (name === "zip") {
    const length = Math.min(...lists.map((items) => items.length));
    return tuple(
      Array.from({ length }, (_, index) => tuple(lists.flatMap((items) => items.slice(index, index + 1)))),
    );
  }
  const size = lists.reduce((count, items) => count * items.length, 1);
  if (size > maxRange) return undefined;
  const rows = lists.reduce<readonly (readonly PyValue[])[]>(
    (before, items) => before.flatMap((row) => items.map((item) => [...row, item])),
    [[]],
  );
  return tuple(rows.map(tuple));
}

function reduce(
  name: string,
  items: readonly PyValue[] | undefined,
  origin: PyValue["origin"],
): PyValue | undefined {
  if (!items) return undefined;
  const constants = items.flatMap((item) => (item.kind === "constant" ? [item.value] : []));
  const numbers = constants.filter((value) => typeof value === "number");
  const texts = constants.filter((value) => typeof value === "string").sort();
  if (numbers.length === items.length) {
    if (name === "sum")
      return constant(
        numbers.reduce((total, value) => total + value, 0),
        origin,
      );
    const extreme = name === "min" ? Math.min(...numbers) : Math.max(...numbers);
    return items.length > 0 ? constant(extreme, origin) : undefined;
  }
  const extreme = name === "min" ? texts[0] : texts.at(-1);
  return name === "sum" || texts.length < items.length || extreme === undefined
    ? undefined
    : constant(extreme, origin);
}

function callFunctional(evaluator: Evaluator, name: string, call: PyCall): PyValue | undefined {
  const { origin, positional } = call;
  const [first, second] = positional;
  switch (name) {
    case "map": {
      const lists = positional.slice(1).map(itemsOf);
      const items = lists[0];
      if (!first || !items || lists.length > 1) return undefined;
      const results = items.flatMap((item) => callCallback(evaluator, first, [item]) ?? []);
      return results.length === items.length ? listValue(results, origin) : undefined;
    }
    case "filter": {
      const items = second && itemsOf(second);
      const truths = items?.map((item) =>
        isTruthy((first && callCallback(evaluator, first, [item])) ?? item),
      );
      if (!items || !truths || truths.includes(undefined)) return undefined;
      return listValue(
        items.filter((_, index) => truths[index]),
        origin,
      );
    }
    case "any":
    case "all": {
      const truths = first && itemsOf(first)?.map(isTruthy);
      if (!truths) return undefined;
      if (truths.includes(undefined)) return name === "all" ? allGiven(first, origin) : undefined;
      return constant(name === "any" ? truths.includes(true) : !truths.includes(false), origin);
    }
    case "functools.partial":
    case "partial": {
      if (first?.kind !== "function") return undefined;
      const preset = { positional: positional.slice(1), keywords: call.keywords };
      return { ...first, preset };
    }
    case "isinstance":
      return isInstance(first, second, origin);
    case "print":
      return constant(null, origin);
    default:
      return undefined;
  }
}

/** Evaluates `all([a, b])` of external values. */
function allGiven(list: PyValue, origin: PyValue["origin"]): PyValue | undefined {
  const given = (itemsOf(list) ?? []).filter((item) => item.kind === "reference");
  return unknownCondition("call", { test: origin, given, missing: [] });
}

function isInstance(
  value: PyValue | undefined,
  type: PyValue | undefined,
  origin: PyValue["origin"],
): PyValue | undefined {
  const names = (type?.kind === "list" ? type.items : [type]).map((one) =>
    one?.kind === "unknown" ? one.name : undefined,
  );
  if (!value || names.includes(undefined)) return undefined;
  const own = value.kind === "constant" ? typeNames[typeof value.value] : typeNames[value.kind];
  return own === undefined ? undefined : constant(names.includes(own), origin);
}

/** Types of Python by the types of constants and the kinds of values. */
const typeNames: Readonly<Record<string, string>> = {
  string: "str",
  number: "int",
  boolean: "bool",
  object: "NoneType",
  text: "str",
  list: "list",
  dict: "dict",
};

/** Calls a function of the source, or a known one, that is passed as an argument. */
export function callCallback(
  evaluator: Evaluator,
  callee: PyValue,
  positional: readonly PyValue[],
): PyValue | undefined {
  const call = { positional, keywords: new Map<string, PyValue>(), origin: callee.origin };
  if (callee.kind === "function") return callFunction(evaluator, callee, call);
  if (callee.kind !== "unknown" || callee.name === undefined) return undefined;
  return callBuiltin(evaluator, callee.name, { kind: "call", callee: callee.name, ...call });
}

import { isTruthy, unknownCondition } from "./choices.js";
import type { Evaluator } from "./evaluator.js";
import { createObject } from "./classes.js";
import { createDuration } from "./durations.js";
import { copyValue } from "./copy-value.js";
import { callFunction } from "./functions.js";
import { itemsOf, replaceItem } from "./iterate.js";
import { toPythonText } from "./literals.js";
import { callMethod } from "./methods.js";
import { callObjectFunction } from "./object-functions.js";
import { callSequence, hasOtherKeywords } from "./sequence-functions.js";
import { dictOfPairs } from "./sequences.js";
import { callTextFunction } from "./text-functions.js";
import { createTime, timeText } from "./times.js";
import { joinUrl } from "./urls.js";
import {
  constant,
  emptyDict,
  isNone,
  isTextConstant,
  isUncertainItem,
  listValue,
  mergeDicts,
  type PyCall,
  type PyDict,
  type PyValue,
  tupleValue,
} from "./values.js";

/** Constructors of dicts: `dict` and the typed dicts of dlt. */
const dictConstructors =
  /^(?:dict|OrderedDict|RESTAPIConfig|ClientConfig|EndpointResource|EndpointResourceBase|Endpoint|IncrementalConfig|ProcessingSteps|\w+PaginatorConfig|\w+AuthConfig|OAuth2ClientCredentialsConfig|ResolveParamConfig|IncrementalParamConfig|ResponseActionDict)$/;

/** Calls a known function by its full name. Returns `undefined` for unknown results. */
export function callBuiltin(evaluator: Evaluator, name: string, call: PyCall): PyValue | undefined {
  const [first, second] = call.positional;
  const last = name.split(".").at(-1) ?? name;
  if (dictConstructors.test(last)) return createDict(call);
  if (name === "dict.fromkeys") return dictFromKeys(call);
  const [, method] = /^(?:str|list|dict|set)\.(\w+)$/.exec(name) ?? [];
  if (method !== undefined && first)
    return callMethod(evaluator, first, { call: { ...call, positional: call.positional.slice(1) }, method });
  if (hasOtherKeywords(name, call)) return undefined;
  if (/^(?:typing\.)?cast$/.test(name)) return second;
  if (/^(?:copy\.)?copy$/.test(name)) return first && copyValue(evaluator, first, "shallow");
  if (/^(?:copy\.)?deepcopy$/.test(name)) return first && copyValue(evaluator, first, "deep");
  if (/^(?:str|int|float|bool)$/.test(name)) return second ? undefined : first && convert(name, first);
  if (/(?:^|\.)(?:SecretStr|TSecretStrValue|TSecretValue)$/.test(name)) return first;
  if (/^(?:dataclasses\.|pydantic\.)?[fF]ield$/.test(name)) return readField(evaluator, call);
  if (/^(?:json\.|orjson\.|simplejson\.)loads$/.test(name)) return parseJson(first, call);
  return (
    callSequence(evaluator, name, call) ??
    callFunctional(evaluator, name, call) ??
    callObjectFunction(evaluator, name, call) ??
    callTextFunction(name, call) ??
    createTime(name, call) ??
    createDuration(name, call) ??
    joinUrl(name, call)
  );
}

function dictFromKeys({ positional, origin }: PyCall): PyDict | undefined {
  const [keys, value = constant(null, origin)] = positional;
  const items = keys && itemsOf(keys);
  return (
    items &&
    dictOfPairs(
      listValue(
        items.map((key) => tupleValue([key, value], origin)),
        origin,
      ),
    )
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

function convert(name: string, value: PyValue): PyValue | undefined {
  if (value.kind === "constant" && value.isDuration) return undefined;
  // An external value stays external, because options are usually text.
  if (value.kind === "reference") return value;
  if (name === "str" && value.kind === "text") return value;
  if (value.kind !== "constant") {
    const truth = name === "bool" ? isTruthy(value) : undefined;
    return truth === undefined ? undefined : constant(truth, value.origin);
  }
  if (name === "str") {
    const text = value.isTime ? timeText(value) : toPythonText(value);
    return text === undefined ? undefined : constant(text, value.origin);
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

function callFunctional(evaluator: Evaluator, name: string, call: PyCall): PyValue | undefined {
  const { origin, positional } = call;
  const [first, second] = positional;
  switch (name) {
    case "map": {
      const [only, ...others] = positional.slice(1);
      if (first && only && others.length === 0) return mapItems(evaluator, first, { value: only, origin });
      const lists = positional.slice(1).flatMap((value) => [itemsOf(value) ?? []]);
      const length = Math.min(...lists.map((items) => items.length));
      if (!first || !positional.slice(1).every(itemsOf) || lists.flat().some(isUncertainItem))
        return undefined;
      const results = Array.from({ length }, (_, index) =>
        callCallback(
          evaluator,
          first,
          lists.flatMap((items) => items.slice(index, index + 1)),
        ),
      ).flatMap((result) => result ?? []);
      return results.length === length ? listValue(results, origin) : undefined;
    }
    case "filter": {
      const items = second && itemsOf(second);
      const truths = items?.map((item) => {
        const kept = isNone(first) ? item : first && callCallback(evaluator, first, [item]);
        return kept && isTruthy(kept);
      });
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
    case "print":
      return constant(null, origin);
    default:
      return undefined;
  }
}

function mapItems(
  evaluator: Evaluator,
  fn: PyValue,
  { value, origin }: { readonly value: PyValue; readonly origin: PyValue["origin"] },
): PyValue | undefined {
  const items = itemsOf(value);
  const results = items?.flatMap(
    (item) => replaceItem(item, (one) => callCallback(evaluator, fn, [one])) ?? [],
  );
  return results && results.length === items?.length ? listValue(results, origin) : undefined;
}

/** Evaluates `all([a, b])` of external values. */
function allGiven(list: PyValue, origin: PyValue["origin"]): PyValue | undefined {
  const given = (itemsOf(list) ?? []).filter((item) => item.kind === "reference");
  return unknownCondition("call", { test: origin, given, missing: [] });
}

/** Calls a function of the source, or a known one, that is passed as an argument. */
export function callCallback(
  evaluator: Evaluator,
  callee: PyValue,
  positional: readonly PyValue[],
): PyValue | undefined {
  const call = { positional, keywords: new Map<string, PyValue>(), origin: callee.origin };
  if (callee.kind === "function") return callFunction(evaluator, callee, call);
  if (callee.kind === "class") return createObject(evaluator, callee, call);
  if (callee.kind !== "unknown" || callee.name === undefined) return undefined;
  if (callee.bound) {
    const { object, method } = callee.bound;
    return callMethod(evaluator, object, { call: { kind: "call", callee: method, ...call }, method });
  }
  return callBuiltin(evaluator, callee.name, { kind: "call", callee: callee.name, ...call });
}

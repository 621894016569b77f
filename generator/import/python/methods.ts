import { addUnknownChange, extend, withoutItem } from "./assign.js";
import type { Evaluator } from "./evaluator.js";
import { callInheritedMethod } from "./object-functions.js";
import { callDurationMethod } from "./durations.js";
import { itemsOf, pairList, pairsOf } from "./iterate.js";
import { dictOfPairs, sortItems } from "./sequences.js";
import { callPartialText, callTextMethod } from "./text-methods.js";
import { callTimeMethod } from "./times.js";
import { entryName, entryUnder } from "./entries.js";
import {
  constant,
  isSame,
  isTextConstant,
  isWhole,
  listValue,
  mergeDicts,
  type PyCall,
  type PyDict,
  type PyList,
  type PyValue,
  unknown,
} from "./values.js";

interface MethodCall {
  readonly call: PyCall;
  readonly method: string;
}

/** Calls a method of a partly known value. Returns `undefined` for unknown results. */
export function callMethod(
  evaluator: Evaluator,
  object: PyValue,
  { call, method }: MethodCall,
): PyValue | undefined {
  switch (object.kind) {
    case "constant":
      if (object.isTime) return callTimeMethod(object, method, call);
      if (object.isDuration) return callDurationMethod(object, method, call.origin);
      return isTextConstant(object) ? callTextMethod(object.value, method, call) : undefined;
    case "text":
      return callPartialText(object, method, call);
    case "reference":
      // Spaces and slashes at the ends of an external value do not matter.
      if (/^[lr]?strip$|^(?:get_secret_value|encode|decode)$/.test(method))
        return isTextConstant(object.fallback)
          ? { ...object, fallback: callTextMethod(object.fallback.value, method, call) ?? object.fallback }
          : object;
      return undefined;
    case "list":
      return callListMethod(evaluator, object, { call, method });
    case "dict":
      return callDictMethod(evaluator, object, { call, method });
    case "handle":
      if (method === "get" && isTextConstant(call.positional[0]) && object.resource === undefined)
        return { ...object, resource: call.positional[0].value, origin: call.origin };
      if (method === "items") return pairList([[unknown("name", call.origin), object]], call.origin);
      if (method !== "values" && method !== "keys")
        evaluator.observer.onChange(object, { ...call, callee: method });
      return object;
    case "object":
      return callInheritedMethod(object, method, call);
    case "choice":
      if (object.then && !object.otherwise) return callMethod(evaluator, object.then, { call, method });
      return undefined;
    default:
      return undefined;
  }
}

/** Methods that do not change a value. */
const harmlessMethods = new Set([
  "index",
  "count",
  "issubset",
  "issuperset",
  "union",
  "difference",
  "intersection",
  "__len__",
]);

function callListMethod(
  evaluator: Evaluator,
  list: PyList,
  { call, method }: MethodCall,
): PyValue | undefined {
  const { heap } = evaluator;
  const [first, second] = call.positional;
  const none = constant(null, call.origin);
  switch (method) {
    case "append":
    case "add":
      if (!first) return undefined;
      extend(evaluator, list, listValue([first], call.origin));
      return none;
    case "extend":
    case "update":
      if (!first) return undefined;
      extend(evaluator, list, first);
      return none;
    case "copy":
      return { ...listValue(list.items, call.origin), type: list.type };
    case "clear":
      heap.setItems(list, []);
      return none;
    case "index": {
      const at = first ? list.items.findIndex((item) => isSame(item, first)) : -1;
      return at >= 0 && isWhole(list) ? constant(at, call.origin) : undefined;
    }
  }
  if (harmlessMethods.has(method)) return undefined;
  if (isWhole(list)) {
    const changed = changeList(evaluator, list, { method, first, second, call });
    if (changed) return changed;
  }
  addUnknownChange(evaluator, list);
  return undefined;
}

function changeList(
  evaluator: Evaluator,
  list: PyList,
  {
    method,
    first,
    second,
    call,
  }: MethodCall & { readonly first: PyValue | undefined; readonly second: PyValue | undefined },
): PyValue | undefined {
  const { heap } = evaluator;
  const none = constant(null, call.origin);
  const index = first?.kind === "constant" && typeof first.value === "number" ? first.value : undefined;
  switch (method) {
    case "insert":
      if (index === undefined || !second) return undefined;
      heap.setItems(list, [...list.items.slice(0, index), second, ...list.items.slice(index)]);
      return none;
    case "remove":
    case "discard": {
      const at = list.items.findIndex((item) => isSame(item, first));
      if (at >= 0) heap.setItems(list, withoutItem(list.items, at));
      return none;
    }
    case "pop": {
      if (first && index === undefined) return undefined;
      const item = list.items.at(index ?? -1);
      heap.setItems(list, withoutItem(list.items, index ?? -1));
      return item;
    }
    case "reverse":
      heap.setItems(list, [...list.items].reverse());
      return none;
    case "sort": {
      const sorted = sortItems(evaluator, list.items, call);
      if (!sorted) return undefined;
      heap.setItems(list, sorted);
      return none;
    }
    default:
      return undefined;
  }
}

function callDictMethod(
  evaluator: Evaluator,
  dict: PyDict,
  { call, method }: MethodCall,
): PyValue | undefined {
  const { origin, positional } = call;
  const [key, fallback] = positional;
  const isKnown = dict.rest.length === 0;
  const none = constant(null, origin);
  switch (method) {
    case "get":
    case "__getitem__": {
      if (key?.kind !== "constant") return undefined;
      return dict.entries.get(entryName(key))?.value ?? (isKnown ? (fallback ?? none) : undefined);
    }
    case "keys": {
      const items = itemsOf(dict);
      return items && listValue(items, origin);
    }
    case "values":
      return isKnown
        ? listValue(
            [...dict.entries.values()].map((entry) => entry.value),
            origin,
          )
        : undefined;
    case "items": {
      const pairs = pairsOf(dict);
      return pairs && pairList(pairs, origin);
    }
    case "copy":
      return { kind: "dict", entries: dict.entries, rest: dict.rest, origin: dict.origin };
    default:
      return changeDict(evaluator, dict, { call, method });
  }
}

function changeDict(evaluator: Evaluator, dict: PyDict, { call, method }: MethodCall): PyValue | undefined {
  const { heap } = evaluator;
  const [key, fallback] = call.positional;
  const none = constant(null, call.origin);
  const name = key?.kind === "constant" ? entryName(key) : undefined;
  const old = name === undefined ? undefined : dict.entries.get(name)?.value;
  if (method === "update") {
    const keywords = new Map([...call.keywords].map(([word, value]) => [word, { key: value.origin, value }]));
    const pairs = key?.kind === "list" ? dictOfPairs(key) : key;
    if (pairs && pairs.kind !== "dict") {
      addUnknownChange(evaluator, dict);
      return none;
    }
    const merged = pairs ? mergeDicts(dict, pairs) : dict;
    heap.setDict(dict, { entries: new Map([...merged.entries, ...keywords]), rest: merged.rest });
    return none;
  }
  if (method === "setdefault" && key?.kind === "constant" && dict.rest.length === 0) {
    if (old) return old;
    heap.setEntry(dict, entryName(key), entryUnder(key, { key: key.origin, value: fallback ?? none }));
    return fallback ?? none;
  }
  if (method === "pop" && name !== undefined && dict.rest.length === 0) {
    heap.removeEntry(dict, name);
    return old ?? fallback;
  }
  if (method === "clear") {
    heap.setDict(dict, { entries: new Map(), rest: [] });
    return none;
  }
  addUnknownChange(evaluator, dict);
  return undefined;
}

import type { Evaluator } from "./evaluator.js";
import { itemsOf, replaceItem } from "./iterate.js";
import { sortItems } from "./sequences.js";
import {
  constant,
  isUncertainItem,
  isWhole,
  listValue,
  type PyCall,
  type PyValue,
  setValue,
  tupleValue,
  unknown,
} from "./values.js";

/** Maximum length of a `range`. */
const maxRange = 10_000;

/** Keywords that known functions take. */
const keywordsOf: Readonly<Record<string, readonly string[]>> = {
  enumerate: ["start"],
  sorted: ["key", "reverse"],
  max: ["key"],
  min: ["key"],
  zip: ["strict"],
};

/** Whether a function that works on sequences has keywords that are not supported. */
export function hasOtherKeywords(name: string, { keywords }: PyCall): boolean {
  if (!sequenceFunctions.test(name)) return false;
  const known = Object.hasOwn(keywordsOf, name) ? (keywordsOf[name] ?? []) : [];
  return [...keywords.keys()].some((word) => !known.includes(word));
}

const sequenceFunctions =
  /^(?:str|int|float|bool|list|tuple|set|frozenset|iter|len|range|enumerate|zip|(?:itertools\.)?(?:product|chain)|sorted|reversed|next|sum|min|max|map|filter|any|all)$/;

/** Calls a known function that creates or reads a sequence. Returns `undefined` for unknown results. */
export function callSequence(evaluator: Evaluator, name: string, call: PyCall): PyValue | undefined {
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
      return first ? items && collection(name, items, origin) : collection(name, [], origin);
    case "len":
      return items && (first.kind !== "list" || isWhole(first)) ? constant(items.length, origin) : undefined;
    case "range":
      return range(call);
    case "enumerate": {
      const start = positional[1] ?? call.keywords.get("start");
      const from = start?.kind === "constant" ? Number(start.value) : 0;
      if (!items || (start && start.kind !== "constant")) return undefined;
      return enumerate(items, from, origin);
    }
    case "zip":
    case "itertools.product":
    case "product":
    case "itertools.chain":
    case "chain":
      return combine(name, positional, origin);
    case "itertools.chain.from_iterable":
    case "chain.from_iterable":
      return items && combine("chain", items, origin);
    case "sorted": {
      const sorted = items && sortItems(evaluator, items, call);
      return sorted && listValue(sorted, origin);
    }
    case "reversed":
      return items && listValue([...items].reverse(), origin);
    case "next":
      return takeNext(evaluator, first, positional[1]);
    case "sum":
      return sum(items, positional[1], origin);
    case "min":
    case "max":
      return extreme(evaluator, positional.length > 1 ? positional : items, call);
    default:
      return undefined;
  }
}

/** Pairs each item with its position. After an item that the list may lack, positions are unknown. */
function enumerate(items: readonly PyValue[], from: number, origin: PyValue["origin"]): PyValue {
  const first = items.findIndex(isUncertainItem);
  const pairs = items.flatMap((item, index) => {
    const isKnown = first < 0 || index <= first;
    const position = isKnown ? constant(from + index, origin) : unknown("position", origin);
    return replaceItem(item, (one) => tupleValue([position, one], origin)) ?? [];
  });
  return listValue(pairs, origin);
}

function collection(name: string, items: readonly PyValue[], origin: PyValue["origin"]): PyValue {
  if (name.endsWith("set")) return setValue(items, origin);
  if (name === "tuple") return tupleValue(items, origin);
  return name === "iter" ? { ...listValue(items, origin), type: "iterator" } : listValue(items, origin);
}

/** Takes the next item of an iterator, or the default of one that has ended. */
function takeNext(
  { heap }: Evaluator,
  iterator: PyValue | undefined,
  fallback: PyValue | undefined,
): PyValue | undefined {
  if (iterator?.kind === "handle") return iterator;
  if (iterator?.kind !== "list") return undefined;
  const [first, ...rest] = iterator.items;
  if (!first) return fallback;
  if (isUncertainItem(first)) return undefined;
  heap.setItems(iterator, rest);
  return first;
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

function combine(
  name: string,
  positional: readonly PyValue[],
  origin: PyValue["origin"],
): PyValue | undefined {
  const lists = positional.flatMap((value) => {
    const items = value.kind !== "list" || isWhole(value) ? itemsOf(value) : undefined;
    return items ? [items] : [];
  });
  if (lists.length < positional.length) return undefined;
  const tuple = (items: readonly PyValue[]): PyValue => tupleValue(items, origin);
  if (name.endsWith("chain")) return listValue(lists.flat(), origin);
  if (name === "zip") {
    const length = Math.min(...lists.map((items) => items.length));
    return listValue(
      Array.from({ length }, (_, index) => tuple(lists.flatMap((items) => items.slice(index, index + 1)))),
      origin,
    );
  }
  const size = lists.reduce((count, items) => count * items.length, 1);
  if (size > maxRange) return undefined;
  const rows = lists.reduce<readonly (readonly PyValue[])[]>(
    (before, items) => before.flatMap((row) => items.map((item) => [...row, item])),
    [[]],
  );
  return listValue(rows.map(tuple), origin);
}

function sum(
  items: readonly PyValue[] | undefined,
  start: PyValue | undefined,
  origin: PyValue["origin"],
): PyValue | undefined {
  const all = items && [start ?? constant(0, origin), ...items];
  if (all?.every((item) => item.kind === "list"))
    return listValue(
      all.flatMap((item) => item.items),
      origin,
    );
  const numbers = (all ?? []).flatMap((item) =>
    item.kind === "constant" && item.value !== null && typeof item.value !== "string" ? [item] : [],
  );
  if (!all || numbers.length < all.length) return undefined;
  const total = numbers.reduce((before, { value }) => before + Number(value), 0);
  const isFloat = numbers.some((number) => number.isFloat === true);
  return isFloat ? { ...constant(total, origin), isFloat } : constant(total, origin);
}

/** Returns the least or the greatest item; among equal items, the first one. */
function extreme(
  evaluator: Evaluator,
  items: readonly PyValue[] | undefined,
  call: PyCall,
): PyValue | undefined {
  const sorted = items && sortItems(evaluator, items, { ...call, keywords: sortedBy(call) });
  return sorted?.[0];
}

/** Returns the keywords that sort a list so that the least or the greatest item comes first. */
function sortedBy({ callee, keywords, origin }: PyCall): PyCall["keywords"] {
  const reverse = constant(callee === "max", origin);
  return new Map([...keywords, ["reverse", reverse]]);
}

import type { Evaluator } from "./evaluator.js";
import { entryName, entryUnder } from "./entries.js";
import type { PyCall, PyDict, PyList, PyValue, PyEntry } from "./values.js";

/** Sorts constants. Applies the keywords `key` and `reverse`. */
export function sortItems(
  evaluator: Evaluator,
  items: readonly PyValue[],
  call: PyCall,
): readonly PyValue[] | undefined {
  const key = call.keywords.get("key");
  const keyed = items.flatMap((item) => {
    const own = key ? evaluator.callValue(key, [item]) : item;
    const value = own?.kind === "constant" ? own.value : undefined;
    return typeof value === "string" || typeof value === "number" ? [{ item, key: value }] : [];
  });
  if (keyed.length < items.length || new Set(keyed.map((one) => typeof one.key)).size > 1) return undefined;
  const reverse = call.keywords.get("reverse");
  if (reverse && reverse.kind !== "constant") return undefined;
  // Equal items keep their order, even with `reverse`.
  const sign = reverse?.value ? -1 : 1;
  return keyed.sort((a, b) => sign * (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ item }) => item);
}

/** Creates a dict from a list of pairs. Returns `undefined` for other lists. */
export function dictOfPairs(list: PyList): PyDict | undefined {
  const entries = new Map<string, PyEntry>();
  for (const item of list.items) {
    const [key, value] = item.kind === "list" ? item.items : [];
    if (key?.kind !== "constant" || !value) return undefined;
    entries.set(entryName(key), entryUnder(key, { key: key.origin, value }));
  }
  return { kind: "dict", entries, rest: [], origin: list.origin };
}

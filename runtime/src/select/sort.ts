import { isBefore } from "./compare.js";
import type { Find } from "./filter.js";

/** A compiled sort key. */
interface Key {
  readonly find: Find;
  readonly descending: boolean;
}

/** Sorts a copy of a list. Elements whose keys are missing or not comparable keep their order. */
export function toSorted(list: readonly unknown[], keys: readonly Key[]): readonly unknown[] {
  const rows = list.map((element) => ({
    element,
    values: keys.map(({ find }) => find(element, { root: element, known: new Map() })),
  }));
  rows.sort((left, right) => {
    for (const [index, { descending }] of keys.entries()) {
      const order = compare(left.values[index] ?? [], right.values[index] ?? []);
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  });
  return rows.map(({ element }) => element);
}

/** Compares two keys; a key with no match or several is not comparable. */
function compare(left: readonly unknown[], right: readonly unknown[]): number {
  if (left.length !== 1 || right.length !== 1) return 0;
  if (isBefore(left[0], right[0])) return -1;
  return isBefore(right[0], left[0]) ? 1 : 0;
}

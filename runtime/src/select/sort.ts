import { isBefore } from "./compare.js";
import type { Find } from "./filter.js";

/** A key made ready. */
interface Key {
  readonly find: Find;
  readonly descending: boolean;
}

/** A sorted copy; elements of which a key says nothing, because it is not there or not comparable, keep their order. */
export function toSorted(list: readonly unknown[], keys: readonly Key[]): readonly unknown[] {
  const rows = list.map((element) => ({
    element,
    values: keys.map(({ find }) => find(element, { root: element, known: new Map() })),
  }));
  rows.sort((left, right) => {
    for (const [at, { descending }] of keys.entries()) {
      const order = compare(left.values[at] ?? [], right.values[at] ?? []);
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  });
  return rows.map(({ element }) => element);
}

/** Several matches are no key. */
function compare(left: readonly unknown[], right: readonly unknown[]): number {
  if (left.length !== 1 || right.length !== 1) return 0;
  if (isBefore(left[0], right[0])) return -1;
  return isBefore(right[0], left[0]) ? 1 : 0;
}

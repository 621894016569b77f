/** A record of the tests' APIs. */
export interface Row {
  readonly id: number;
  readonly name: string;
}

/** `count` records with the ids 1, 2, 3, … */
export function rows(count: number): Row[] {
  return Array.from({ length: count }, (_, index) => ({ id: index + 1, name: `row ${index + 1}` }));
}

/** The ids of records. */
export function idsOf(records: readonly Row[]): number[] {
  return records.map(({ id }) => id);
}

/** The numbers from `first` to `last`. */
export function span(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

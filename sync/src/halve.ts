/** A range of places, both ends included. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** How refused places are found. */
export interface Search {
  /** Returns why the places of a range are refused, or `undefined` if they are not. */
  readonly refusal: (range: Range) => Promise<string | undefined>;
  /** Called for every single place that is refused, in ascending order. */
  readonly found: (place: number, reason: string) => void | Promise<void>;
}

/** Halves a range until the refused places are alone. */
export async function halve({ from, to }: Range, search: Search): Promise<void> {
  if (from > to) return;
  const reason = await search.refusal({ from, to });
  if (reason === undefined) return;
  if (from === to) {
    await search.found(from, reason);
    return;
  }
  const middle = from + Math.floor((to - from) / 2);
  await halve({ from, to: middle }, search);
  await halve({ from: middle + 1, to }, search);
}

/** A range of row numbers, including both ends. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The functions of a search for refused rows. */
export interface Search {
  /** Resolves to the reason why the rows of a range are refused, or to `undefined` if they are not. */
  readonly refusal: (range: Range) => Promise<string | undefined>;
  /** Called for every refused row, in ascending order. */
  readonly found: (place: number, reason: string) => void | Promise<void>;
}

/** Halves a range until each refused row is alone. */
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

import type { Page } from "../read/pages.js";
import type { Slot } from "./plan.js";

/** A page of one sequence of several. */
export interface SlotPage {
  readonly slot: Slot;
  readonly page: Page<unknown>;
  /** Whether nothing follows, in this sequence or after it. */
  readonly isLast: boolean;
}

type Pages = AsyncGenerator<Page<unknown>, void, undefined>;

/** A sequence, with its first page if that is being read ahead. */
interface Begun {
  readonly slot: Slot;
  readonly pages: Pages;
  readonly first: Promise<IteratorResult<Page<unknown>, void>> | undefined;
}

/** How sequences are read. */
export interface Turns {
  /** How many are under way at a time: the one whose turn it is, and the first pages of those that follow. */
  readonly width: number;
  /** The pages of a sequence. */
  readonly start: (slot: Slot) => Pages;
}

/** The pages of several sequences, one sequence after the other, whatever the width. */
export async function* inTurn(
  slots: AsyncGenerator<Slot, void, undefined>,
  { width, start }: Turns,
): AsyncGenerator<SlotPage, void, undefined> {
  const begin = async (): Promise<Begun | undefined> => {
    const { value: slot } = await slots.next();
    if (!slot) return undefined;
    const pages = start(slot);
    const first = width > 1 ? pages.next() : undefined;
    first?.catch(() => undefined);
    return { slot, pages, first };
  };
  const queue: Promise<Begun | undefined>[] = [];
  const fill = (length: number): void => {
    while (queue.length < length) {
      const begun = begin();
      // Its failure is thrown in its turn.
      begun.catch(() => undefined);
      queue.push(begun);
    }
  };
  for (;;) {
    fill(width);
    const current = await queue.shift();
    if (!current) return;
    fill(width - 1);
    const { slot, pages, first } = current;
    for (let turn = await (first ?? pages.next()); !turn.done; turn = await pages.next()) {
      const page = turn.value;
      const isEnd = page.checkpoint.position === null;
      if (isEnd) fill(1);
      // A failure of what follows is no reason to hold this page back.
      const isLast =
        isEnd &&
        (await (queue[0] as Promise<unknown>).then(
          (next) => !next,
          () => false,
        ));
      yield { slot, page, isLast };
    }
  }
}

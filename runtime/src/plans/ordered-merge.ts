import type { Page, PageIterator } from "../read/page.js";
import type { Partition } from "./plan.js";

/** A page of one of several sequences. */
export interface PartitionPage {
  readonly partition: Partition;
  readonly page: Page<unknown>;
  /** Whether it is the last page of the last sequence. */
  readonly isLast: boolean;
}

/** A sequence, with its first page if that is being read ahead. */
interface Sequence {
  readonly partition: Partition;
  readonly pages: PageIterator;
  readonly first: Promise<IteratorResult<Page<unknown>, void>> | undefined;
}

/** How sequences are read. */
export interface MergeOptions {
  /** Number of sequences in progress: the current one, and the first pages of the following ones. */
  readonly concurrency: number;
  /** Whether the next sequence starts while the consumer works on the last page of the current one. */
  readonly readAhead: boolean;
  /** Returns the pages of a sequence. */
  readonly start: (partition: Partition) => PageIterator;
}

/** Returns the pages of several sequences, one sequence after the other, whatever the concurrency. */
export async function* mergeInOrder(
  partitions: AsyncGenerator<Partition, void, undefined>,
  { concurrency, readAhead, start }: MergeOptions,
): AsyncGenerator<PartitionPage, void, undefined> {
  const startsFirst = readAhead || concurrency > 1;
  const begin = async (): Promise<Sequence | undefined> => {
    const { value: partition } = await partitions.next();
    if (!partition) return undefined;
    const pages = start(partition);
    const first = startsFirst ? pages.next() : undefined;
    first?.catch(() => undefined);
    return { partition, pages, first };
  };
  const queue: Promise<Sequence | undefined>[] = [];
  const fill = (length: number): void => {
    while (queue.length < length) {
      const sequence = begin();
      // Its error is thrown when the sequence is due.
      sequence.catch(() => undefined);
      queue.push(sequence);
    }
  };
  for (;;) {
    fill(concurrency);
    const current = await queue.shift();
    if (!current) return;
    fill(concurrency - 1);
    const { partition, pages, first } = current;
    for (let turn = await (first ?? pages.next()); !turn.done; turn = await pages.next()) {
      const page = turn.value;
      if (page.isLast) fill(1);
      // An error of the next sequence must not hold this page back.
      const isLast =
        page.isLast &&
        (await (queue[0] as Promise<unknown>).then(
          (next) => !next,
          () => false,
        ));
      yield { partition, page, isLast };
    }
  }
}

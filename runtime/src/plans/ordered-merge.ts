import type { Page, PageIterator } from "../read/page.js";
import type { Partition } from "./plan.js";

/** A page of one of several sequences. */
export interface PartitionPage {
  readonly partition: Partition;
  readonly page: Page<unknown>;
  /** Whether it is the last page of the last sequence. */
  readonly isLast: boolean;
}

/** A sequence, with its first page until the page is returned. */
interface Sequence {
  readonly partition: Partition;
  readonly pages: PageIterator;
  first: Promise<IteratorResult<Page<unknown>, void>> | undefined;
}

/** The options for reading sequences. */
export interface MergeOptions {
  /** Number of sequences in progress: the current one, and the first pages of the following ones. */
  readonly concurrency: number;
  /** Whether the next sequence starts while the consumer works on the last page of the current one. */
  readonly readAhead: boolean;
  /** Returns the pages of a sequence. */
  readonly start: (partition: Partition) => PageIterator;
}

/**
 * Returns a function that returns the next page of several sequences, or `undefined` at the end. The order of sequences does
 * not depend on the concurrency.
 */
export function mergeInOrder(
  partitions: AsyncGenerator<Partition, void, undefined>,
  { concurrency, readAhead, start }: MergeOptions,
): () => Promise<PartitionPage | undefined> {
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
      // The error is thrown when the sequence has its turn.
      sequence.catch(() => undefined);
      queue.push(sequence);
    }
  };
  const turn = async (): Promise<Sequence | undefined> => {
    fill(concurrency);
    const next = await queue.shift();
    if (next) fill(concurrency - 1);
    return next;
  };
  let current: Sequence | undefined;
  return async () => {
    while ((current ??= await turn())) {
      const { partition, pages, first } = current;
      current.first = undefined;
      const { value: page } = await (first ?? pages.next());
      if (page) {
        if (page.isLast) fill(1);
        // An error of the next sequence must not delay this page.
        const isLast =
          page.isLast &&
          (await (queue[0] as Promise<unknown>).then(
            (next) => !next,
            () => false,
          ));
        return { partition, page, isLast };
      }
      current = undefined;
    }
    return undefined;
  };
}

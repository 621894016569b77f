import { readPages, type Page } from "./pages.js";
import type { Reading } from "./reading.js";

/** The records of a resource. Lazy: nothing is requested until it is iterated, and each iteration starts afresh. */
export interface RecordStream<R> extends AsyncIterable<R> {
  /** The same records page by page, each page with the checkpoint after it. */
  pages(): AsyncIterable<Page<R>>;
  /** All records, or the first `max`, in memory. */
  toArray(options?: { readonly max?: number }): Promise<R[]>;
  /** The first record, if there is one. */
  first(): Promise<R | undefined>;
}

/** The stream of one read. */
export function createRecordStream<R>(reading: Reading): RecordStream<R> {
  const pages = (overrides?: Reading["options"]): AsyncGenerator<Page<R>, void, undefined> =>
    readPages({ ...reading, options: { ...reading.options, ...overrides } }) as AsyncGenerator<
      Page<R>,
      void,
      undefined
    >;
  const take = async (max: number, overrides?: Reading["options"]): Promise<R[]> => {
    const records: R[] = [];
    if (max <= 0) return records;
    for await (const page of pages(overrides)) {
      for (const record of page.records) if (records.push(record) >= max) return records;
    }
    return records;
  };
  return {
    pages: () => ({ [Symbol.asyncIterator]: () => pages() }),
    [Symbol.asyncIterator]: () => iterateRecords(pages()),
    toArray: ({ max = Infinity } = {}) => take(max),
    first: async () => (await take(1, { concurrency: 1 }))[0],
  };
}

/** By hand: an async generator takes three times as long for each record. */
function iterateRecords<R>(pages: AsyncGenerator<Page<R>, void, undefined>): AsyncIterator<R, undefined> {
  let records: readonly R[] = [];
  let at = 0;
  let turning: Promise<IteratorResult<R, undefined>> | undefined;

  const turn = async (): Promise<IteratorResult<R, undefined>> => {
    do {
      const page = await pages.next();
      if (page.done) return { done: true, value: undefined };
      records = page.value.records;
      at = 0;
    } while (records.length === 0);
    turning = undefined;
    return { done: false, value: records[at++] as R };
  };
  const next = (): Promise<IteratorResult<R, undefined>> => {
    // Calls that do not wait for each other are answered in turn.
    if (turning) return turning.then((result) => (result.done ? result : next()));
    if (at < records.length) return Promise.resolve({ done: false, value: records[at++] as R });
    return (turning = turn());
  };
  return {
    next,
    return: async () => {
      await pages.return();
      records = [];
      return { done: true, value: undefined };
    },
  };
}

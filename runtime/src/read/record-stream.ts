import type { ReadOptions } from "../client/options.js";
import type { Page, PageIterator } from "./page.js";
import { readPages } from "./pages.js";
import type { ReadRequest } from "./session.js";

/** The options of `toArray`. */
export interface ArrayOptions {
  /** The maximum number of records. Default: all. */
  readonly max?: number | undefined;
}

/** The records of a resource. Lazy: no request is sent before the first iteration. Each iteration reads from the start. */
export interface RecordStream<R> extends AsyncIterable<R> {
  /** Returns the same records page by page, each page with a checkpoint. */
  pages(): AsyncIterable<Page<R>>;
  /** Returns all records, or the first `max`, in memory. */
  toArray(options?: ArrayOptions): Promise<R[]>;
  /** Returns the first record, or `undefined` if there is none. */
  first(): Promise<R | undefined>;
}

/** Creates the stream of one read. */
export function createRecordStream<R>(request: ReadRequest): RecordStream<R> {
  const pages = (arrayOptions?: ArrayOptions, overrides?: ReadOptions): PageIterator<R> =>
    readPages({
      ...request,
      arrayOptions,
      options: { ...request.options, ...overrides },
    }) as PageIterator<R>;
  const take = async (arrayOptions?: ArrayOptions, overrides?: ReadOptions): Promise<R[]> => {
    const records: R[] = [];
    const { max = Infinity } = arrayOptions ?? {};
    if (max === 0) return records;
    for await (const page of pages(arrayOptions, overrides)) {
      for (const record of page.records) if (records.push(record) >= max) return records;
    }
    return records;
  };
  return {
    pages: () => ({ [Symbol.asyncIterator]: pages }),
    [Symbol.asyncIterator]: () => iterateRecords(pages()),
    toArray: take,
    first: async () => (await take({ max: 1 }, { readAhead: false, concurrency: 1 }))[0],
  };
}

/** Written by hand: an async generator takes three times as long per record. */
function iterateRecords<R>(pages: PageIterator<R>): AsyncIterator<R, undefined> {
  let records: readonly R[] = [];
  let index = 0;
  let turning: Promise<IteratorResult<R, undefined>> | undefined;

  const turn = async (): Promise<IteratorResult<R, undefined>> => {
    // Frees the page before the next one is read. Otherwise, it would survive garbage collections until then.
    records = [];
    const page = await pages.next();
    turning = undefined;
    if (page.done) return { done: true, value: undefined };
    records = page.value.records;
    index = 0;
    return next();
  };
  const next = (): Promise<IteratorResult<R, undefined>> => {
    // Processes overlapping calls in order.
    if (turning) return turning.then((result) => (result.done ? result : next()));
    if (index < records.length) return Promise.resolve({ done: false, value: records[index++] as R });
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

/** The loop that reads the pages. */
export type Way =
  "by-hand" | "for-await" | "for-await-fetch" | "pages" | "undici" | "node-http" | "socket" | "parse";

/** The task of a reading process: its only argument, as JSON. */
export interface ReadTask {
  readonly way: Way;
  readonly baseUrl: string;
  /** Number of pages of the server. */
  readonly pages: number;
  /** The path of the generated client. */
  readonly client: string;
  /** Option of the generated client. Default: that of the client. */
  readonly readAhead?: boolean;
  /** How long the consumer waits after each page, in milliseconds, as if it wrote to a database. */
  readonly work?: number;
  /** Number of pages of the server, if the heap is to be measured after each page. Needs `--expose-gc`. */
  readonly watchedPages?: number;
}

/** The output of a reading process. */
export interface ReadFigures {
  readonly records: number;
  /** Sum of one field of all records. It must be equal for all loops; otherwise one of them did not read everything. */
  readonly sum: number;
  /**
   * Elapsed time from the first request to the end of the last page, without starting the process and loading the client.
   */
  readonly seconds: number;
  /** Processor time of all threads, in seconds. It hardly depends on other processes. */
  readonly cpu: number;
  /** Peak of the heap in bytes, including garbage; 0 if it was not measured. */
  readonly peakHeap: number;
  /** Heap in bytes after garbage collection at the last page, with the stream still open; 0 if it was not measured. */
  readonly liveHeap: number;
}

/** How the pages are read. */
export type Way =
  "by-hand" | "for-await" | "for-await-fetch" | "pages" | "undici" | "node-http" | "socket" | "parse";

/** What a reading process is to do: its one argument, as JSON. */
export interface ReadTask {
  readonly way: Way;
  readonly baseUrl: string;
  /** Pages of the server. */
  readonly pages: number;
  /** The path of the generated client. */
  readonly client: string;
  /** Of the generated client; its own default if left out. */
  readonly readAhead?: boolean;
  /** Milliseconds that the consumer waits after each page, as for a database. */
  readonly work?: number;
  /** Pages of the server; set when the heap is to be looked at after each of them. Needs `--expose-gc`. */
  readonly watchedPages?: number;
}

/** What it answers, on standard output. */
export interface ReadFigures {
  readonly records: number;
  /** Of the field that was touched: equal for every way, or something was not read. */
  readonly sum: number;
  /** From the first request to the end of the last page; without starting the process and loading the client. */
  readonly seconds: number;
  /** Processor time of all threads, in seconds: what others do on the machine hardly shows in it. */
  readonly cpu: number;
  /** Bytes in use at most, garbage included; 0 unless it was watched. */
  readonly peakHeap: number;
  /** Bytes in use at the last page, the stream still open, once the garbage is gone; 0 unless it was watched. */
  readonly liveHeap: number;
}

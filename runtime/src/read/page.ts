import type { Checkpoint } from "../checkpoint.js";

/** One page of records. */
export interface Page<R> {
  readonly records: readonly R[];
  /** 1-based, counted over all resumptions. */
  readonly number: number;
  /** Whether the read is complete with this page. */
  readonly isLast: boolean;
  /** The requested URL, secrets redacted. */
  readonly url: string;
  /** The total that the response states, in the API's unit: records or, for some APIs with page numbers, pages. */
  readonly total?: number | undefined;
  /** The state of the read after this page. Pass it as `from` to continue. */
  readonly checkpoint: Checkpoint;
}

/** The pages of a read, one after the other. */
export type PageGenerator = AsyncGenerator<Page<unknown>, void, undefined>;

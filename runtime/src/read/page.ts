import type { Checkpoint } from "../checkpoint.js";

/** One page of records. */
export interface Page<R> {
  readonly records: readonly R[];
  /** 1-based, counted over all resumptions. */
  readonly number: number;
  /** Whether the read is complete with this page. */
  readonly isLast: boolean;
  /** The requested URL, without secrets. */
  readonly url: string;
  /** The total in the response: of records or, in some APIs with page numbers, of pages. */
  readonly total?: number | undefined;
  /** The state of the read after this page. Pass it as `from` to continue. */
  readonly checkpoint: Checkpoint;
}

/** Iterates over the pages of a read. */
export interface PageIterator<R = unknown> extends AsyncIterable<Page<R>> {
  readonly next: () => Promise<IteratorResult<Page<R>, void>>;
  readonly return: () => Promise<IteratorResult<Page<R>, void>>;
}

/** Pages for a caller that requests one at a time. */
export interface PageSource {
  /** Returns the next `Page`, or no value at the end. */
  readonly next: () => Promise<{ readonly value?: unknown }>;
  readonly return?: () => Promise<unknown>;
}

/**
 * Creates an iterator of pages. `pull` returns the next page, or `undefined` at the end; `close` is called once, when the
 * pages end or are no longer needed. An async generator would keep each page in memory until it has the next one, and would
 * be slower.
 */
export function createPageIterator<R>(
  pull: () => Promise<Page<R> | undefined>,
  close?: () => void | Promise<void>,
): PageIterator<R> {
  let isOpen = true;
  let turn: Promise<unknown> = Promise.resolve();
  /** Processes overlapping calls in order. */
  const inTurn = (step?: typeof pull): Promise<IteratorResult<Page<R>, void>> => {
    const result = turn.then(async () => {
      let value: Page<R> | undefined;
      try {
        if (isOpen) value = await step?.();
      } finally {
        if (isOpen && !value) {
          isOpen = false;
          await close?.();
        }
      }
      return { done: !value, value } as IteratorResult<Page<R>, void>;
    });
    // Does not keep the result, which contains the page.
    turn = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  };
  return {
    next: () => inTurn(pull),
    return: () => inTurn(),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

import type { Position } from "../checkpoint.js";
import { budgetOf, type RequestBudget } from "../limit/request-budget.js";
import type { SignalLike } from "../platform.js";
import { fetchPage, type PagePosition } from "../read/fetch-page.js";
import { warn, type ReadSession } from "../read/session.js";
import { requestAhead, type AheadContext, type AheadPlace, type PageAhead } from "./page-ahead.js";
import type { ParallelPages } from "./paginator.js";
import { isTotalStated } from "./range-total.js";

/** The expected pages after a position of a range. */
export interface Forecast {
  /** The number of the page at the position. */
  readonly at: number;
  /** The distance between two pages. */
  readonly step: number;
  /** The end of the range, exclusive; `Infinity` if nothing states it. */
  readonly end: number;
  /** Whether `end` comes from a total. */
  readonly isPromised: boolean;
}

/** The default number of requests in flight of a read whose spec names the total. */
const manyPages = 16;
/** Pages that may be ahead per page that the consumer has taken: a read that ends early requests few unused pages. */
const pace = 4;

/** Returns the maximum number of requests in flight of a read. */
export function requestsInFlight(session: ReadSession): number {
  const { parallel, options } = session.resource.paginator;
  return givenConcurrency(session) ?? (parallel && isTotalStated(options) ? manyPages : 1);
}

/** Returns the concurrency in the options of the read or its client. */
function givenConcurrency({ options, client }: ReadSession): number | undefined {
  return options.concurrency ?? client.options.concurrency;
}

/**
 * Reads the pages of a sequence in order, and requests later pages before their turn. A page ahead is only requested and
 * decoded. The paginator, the guards and the transformations process it in its turn, as if it had just arrived. Returns
 * `undefined` for a sequential read.
 */
export function readInParallel(
  given: ReadSession,
  last: number,
  forecast: (position: Position) => Forecast,
): ParallelPages | undefined {
  const most = requestsInFlight(given);
  // The read of parents shares the limit of its children, whose requests come first.
  if (most < 2 || given.semaphore) return undefined;
  const budget = budgetOf(given.client);
  budget.allow(most - 1);
  const session = { ...given, emit: emitVia(given, budget) };
  const queue = createQueue(session, budget);
  const canGuess = givenConcurrency(given) !== undefined;
  let taken = 0;
  let latest: PagePosition | undefined;

  const fill = (): void => {
    if (!latest) return;
    const { at, step, end, isPromised } = forecast(latest.position);
    if (!isPromised && !canGuess) return;
    const length = Math.min(most, pace * taken) - 1;
    const left = Math.min(last - latest.number, Math.ceil((end - at) / step) - 1);
    while (queue.length() < Math.min(length, left)) {
      const distance = queue.length() + 1;
      const position = { ...latest.position, at: at + distance * step };
      queue.add({ position, number: latest.number + distance, isPromised });
    }
  };
  return {
    fetch: async (place) => {
      latest = place;
      const { position, number } = place;
      const { at } = forecast(position);
      const page = queue.take(number, (expected) => forecast(expected).at === at);
      if (!page) await queue.quiet();
      const fetching = page?.take(position) ?? fetchPage(session, place);
      fill();
      try {
        const result = await fetching;
        if (!result.step.next) queue.close(number);
        return result;
      } catch (error) {
        queue.close();
        throw error;
      }
    },
    advance: () => {
      taken++;
      fill();
    },
  };
}

/** Forwards the events of a session, and adapts the budget to the responses. */
function emitVia({ emit }: ReadSession, budget: RequestBudget): ReadSession["emit"] {
  return (event, warning) => {
    if (event.type === "response") budget.observe(event);
    emit(event, warning);
  };
}

/** The pages of a sequence that are requested ahead, in order. */
interface PageQueue {
  readonly length: () => number;
  readonly add: (place: AheadPlace) => void;
  /** Returns the first page if it begins where the previous page ends. Otherwise, discards all pages. */
  readonly take: (number: number, fits: (position: Position) => boolean) => PageAhead | undefined;
  /** Waits for the requests in flight of discarded pages. */
  readonly quiet: () => Promise<unknown>;
  /** Discards the pages, because the sequence is over. `number` is its last page; absent after an error. */
  readonly close: (number?: number) => void;
}

function createQueue(session: ReadSession, budget: RequestBudget): PageQueue {
  const onAbort = new Set<() => void>();
  const outer: SignalLike = session.signal;
  const abort = (): void => onAbort.forEach((each) => each());
  let pages: PageAhead[] = [];
  let isClosed = false;
  let leaving: Promise<unknown> = Promise.resolve();

  const discard = (number?: number): void => {
    isClosed = true;
    const count = pages.length;
    leaving = Promise.all([leaving, ...pages.map((page) => page.discard())]);
    pages = [];
    if (number !== undefined && count > 0) session.emit({ type: "pages.discarded", page: number, count });
  };
  const goSequential = (number: number, why: string): Promise<unknown> => {
    discard(number);
    warn(session, number, `${why}; from here, the read requests one page at a time`);
    return leaving;
  };
  const context: AheadContext = { session, budget, onAbort, goSequential };
  return {
    length: () => (isClosed ? Infinity : pages.length),
    add: (place) => {
      // One listener for all pages, because engines warn about a signal with many listeners.
      outer.addEventListener("abort", abort);
      pages.push(requestAhead(context, place));
    },
    take: (number, fits) => {
      const [first] = pages;
      if (first && !fits(first.position))
        void goSequential(
          number,
          "the size of the pages varies, so that pages requested ahead begin elsewhere",
        );
      return pages.shift();
    },
    quiet: () => leaving,
    close: (number) => {
      outer.removeEventListener("abort", abort);
      discard(number);
    },
  };
}

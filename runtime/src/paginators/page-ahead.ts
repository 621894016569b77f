import type { Position } from "../checkpoint.js";
import { PageError, ReadFailure, isReadFailure } from "../errors.js";
import type { Limiter } from "../limit/limiter.js";
import type { RequestBudget } from "../limit/request-budget.js";
import { platform, throwIfAborted, type FetchSignal } from "../platform.js";
import { fetchPage, type PageResult } from "../read/fetch-page.js";
import type { ReadSession } from "../read/session.js";
import type { Exchange, Paginator, Step } from "./paginator.js";

/** A page that is requested before its turn. */
export interface PageAhead {
  readonly position: Position;
  /** Gives the page its turn, with the position that the previous page has determined. */
  readonly take: (position: Position) => Promise<PageResult>;
  /** Discards the page. Waits for a request in flight, because the server processes it anyway. */
  readonly discard: () => Promise<unknown>;
}

/** The sequence of a page ahead. */
export interface AheadContext {
  readonly session: ReadSession;
  readonly budget: RequestBudget;
  /** Called when the read aborts. */
  readonly onAbort: Set<() => void>;
  /** Called when a page does not follow the previous page. Waits until no page ahead is in flight. */
  readonly goSequential: (number: number, why: string) => Promise<unknown>;
}

/** The expected position and number of a page ahead. */
export interface AheadPlace {
  /** The expected start of the page. */
  readonly position: Position;
  readonly number: number;
  /** Whether the page exists according to a total. */
  readonly isPromised: boolean;
}

/** Requests a page before its turn. The response waits for the turn, and is then processed as if it had just arrived. */
export function requestAhead(context: AheadContext, place: AheadPlace): PageAhead {
  const { position, number } = place;
  const state = createAheadState(context, place);
  let check = (): void => undefined;
  const turn = async (): Promise<Position> => {
    const actual = (await state.settled) ?? position;
    throwIfAborted(state.signal);
    check();
    check = () => undefined;
    return actual;
  };
  const session = toAheadSession(context, { state, number, onRequest: (guard) => (check = guard) });
  const result = fetchPage(session, { position, number, turn });
  result.then(state.leave, state.leave);
  return {
    position,
    take: (actual) => {
      state.settle(actual);
      return result;
    },
    discard: state.discard,
  };
}

interface AheadParts {
  readonly state: AheadState;
  readonly number: number;
  /** Called with the guard of the request, which must wait for the turn. */
  readonly onRequest: (guard: () => void) => void;
}

function toAheadSession(
  { session, budget, goSequential }: AheadContext,
  { state, number, onRequest }: AheadParts,
): ReadSession {
  const { guards, resource } = session;
  const { paginator } = resource;
  const next: Paginator["next"] = (position, exchange) => {
    if (!state.isEarly()) return paginator.next(position, exchange);
    return follow(paginator, [position, exchange], (why) => {
      const message = `page ${number} was requested ahead and does not follow the page before: ${why}`;
      state.holdUntil(goSequential(number, message));
    });
  };
  return {
    ...session,
    signal: state.signal,
    // Those of the session listen to another signal.
    watches: undefined,
    limiters: [state.gate, ...session.limiters],
    emit: (event, warning) => {
      if (event.type === "request") state.enter();
      if (event.type === "response") state.receive(event.status);
      if (!state.isDiscarded()) session.emit(event, warning);
      else if (event.type === "response") budget.observe(event);
    },
    guards: { ...guards, request: (...request) => onRequest(() => guards.request(...request)) },
    resource: { ...resource, paginator: { ...paginator, next } },
  };
}

/** Returns the paginator's decision. If it contradicts the previous page, the page is requested again in its turn. */
function follow(
  paginator: Paginator,
  exchange: readonly [Position, Exchange],
  onContradiction: (why: string) => void,
): Step {
  let why: string;
  try {
    const step = paginator.next(...exchange);
    if (!step.drift) return step;
    why = step.drift.message;
  } catch (error) {
    // Errors that are worth a retry are retried as usual.
    if (!isReadFailure(error) || error.details.retries) throw error;
    why = error.message;
  }
  onContradiction(why);
  throw new ReadFailure(PageError, "PAGE_DRIFT", why, { isStale: true, retries: Infinity });
}

/** The state of a page ahead until it is settled: it gets its turn or is discarded. */
interface AheadState {
  /** Lets its attempts start. */
  readonly gate: Limiter;
  readonly signal: FetchSignal;
  /** The position of the page, once it has its turn. */
  readonly settled: Promise<Position | undefined>;
  readonly settle: (position?: Position) => void;
  readonly discard: () => Promise<unknown>;
  /** Makes the next attempt wait. */
  readonly holdUntil: (time: Promise<unknown>) => void;
  readonly isDiscarded: () => boolean;
  /** Whether the current attempt began before the page got its turn. */
  readonly isEarly: () => boolean;
  /** Called when an attempt sends its request. */
  readonly enter: () => void;
  /** Called with the status of every response. */
  readonly receive: (status: number) => void;
  /** Called when the page is complete. */
  readonly leave: () => void;
}

function createAheadState(
  { session, budget, onAbort }: AheadContext,
  { isPromised }: AheadPlace,
): AheadState {
  const controller = new platform.AbortController();
  const abort = (): void => controller.abort(session.signal.reason);
  onAbort.add(abort);
  const leave = (): void => void onAbort.delete(abort);
  let phase: "ahead" | "due" | "discarded" = "ahead";
  let isEarly = true;
  let isSent = false;
  let isInFlight = false;
  let isRefused = false;
  let quiet: Promise<unknown> | undefined;
  let resolve: (position?: Position) => void;
  const settled = new Promise<Position | undefined>((fulfil) => (resolve = fulfil));
  const close = (): void => {
    abort();
    resolve();
  };
  return {
    settled,
    signal: controller.signal,
    gate: {
      acquire: async () => {
        // A total may be wrong, so a page is requested only once before its turn, unless the server rejected the request
        // with 429.
        if (isSent && !(isPromised && isRefused)) await settled;
        await quiet;
        const free = await budget.acquire(settled);
        isEarly = phase === "ahead";
        return () => {
          free();
          isInFlight = false;
          if (phase === "discarded") close();
        };
      },
    },
    settle: (position) => {
      phase = "due";
      resolve(position);
    },
    discard: () => {
      phase = "discarded";
      leave();
      if (!isInFlight) close();
      return settled;
    },
    holdUntil: (time) => {
      quiet = time;
    },
    isDiscarded: () => phase === "discarded",
    isEarly: () => isEarly,
    enter: () => (isSent = isInFlight = true),
    receive: (status) => (isRefused = status === 429),
    leave,
  };
}

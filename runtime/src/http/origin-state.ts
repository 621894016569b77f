/** The state of an origin, which all reads of a client share. Times are `Date.now()`. */
export interface OriginState {
  readonly origin: string;
  /** No request starts before this time, because a response at `askedAt` asked to wait. */
  resumesAt: number;
  askedAt: number;
  /** Retries taken from the retry budget, and the time of the last one. */
  spent: number;
  spentAt: number;
}

/** Milliseconds without a retry after which the budget is full again. */
const recovery = 60_000;

/** Returns the state of an origin. Creates it if necessary. */
export function originState(origins: Map<string, OriginState>, origin: string): OriginState {
  const state = origins.get(origin) ?? { origin, resumesAt: 0, askedAt: 0, spent: 0, spentAt: 0 };
  origins.set(origin, state);
  return state;
}

/** Returns the milliseconds until requests may start. A clock that was set back must not prolong a wait. */
export function pauseOf({ resumesAt, askedAt }: OriginState): number {
  const now = Date.now();
  return now < askedAt ? 0 : Math.max(0, resumesAt - now);
}

/** Takes a retry from the budget. Returns `false` if it is used up. */
export function takeRetry(state: OriginState, budget: number): boolean {
  const now = Date.now();
  if (Math.abs(now - state.spentAt) > recovery) state.spent = 0;
  if (state.spent >= budget) return false;
  state.spent++;
  state.spentAt = now;
  return true;
}
